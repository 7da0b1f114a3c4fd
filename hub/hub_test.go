package hub_test

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// shop is a hub with one till.
type shop struct {
	*hub.Hub
	t     *testing.T
	path  string // of the database
	store *store.Store
	till  *hubtest.Till
}

func newShop(t *testing.T) *shop {
	t.Helper()
	dir := t.TempDir()
	s := hubtest.Open(t, dir, 3, "counter-1", "counter-2")
	return &shop{Hub: hub.New(hub.Config{Store: s}), t: t, path: filepath.Join(dir, hubtest.Shop+".db"), store: s, till: hubtest.NewTill("counter-1", "C1")}
}

// say hands events of a till to the hub and returns its one acknowledgement,
// or nil.
func (s *shop) say(till *hubtest.Till, raws ...[]byte) *protocol.HubAck {
	s.t.Helper()
	var msgs []hub.Message
	for _, r := range raws {
		msgs = append(msgs, hub.Message{Topic: till.Topic(protocol.Evt), Raw: r})
	}
	replies, err := s.HandleAll(context.Background(), msgs)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(replies) > 1 {
		s.t.Fatalf("got %d replies", len(replies))
	}
	for _, r := range replies {
		ack := body(s.t, r).(*protocol.HubAck)
		ack.ReceivedMS = 0
		return ack
	}
	return nil
}

func body(t *testing.T, r hub.Reply) protocol.Body {
	t.Helper()
	env, err := protocol.Decode(r.Payload)
	if err != nil {
		t.Fatal(err)
	}
	b, err := env.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// counts is what a test looks at in the database.
type counts struct {
	Sales, Audit, Moves, OnHand, Quarantined int64
}

func (s *shop) counts() counts {
	s.t.Helper()
	ctx := context.Background()
	taken, err := s.store.Takings(ctx, 0, 1<<60)
	if err != nil {
		s.t.Fatal(err)
	}
	head, err := s.store.VerifyAudit(ctx)
	if err != nil {
		s.t.Fatal(err)
	}
	row, moves, err := s.store.Stock(ctx, hubtest.Item(1).ID, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	bad, err := s.store.Quarantined(ctx, 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	return counts{taken.Sales, head.N, int64(len(moves)), row.OnHand, int64(len(bad))}
}

func ack(epoch string, upto uint64) *protocol.HubAck {
	return &protocol.HubAck{Epoch: epoch, Upto: upto}
}

var ignoreDetail = cmpopts.IgnoreFields(protocol.Rejected{}, "Detail")

func TestASaleIsAppliedOnceHoweverOftenItComes(t *testing.T) {
	s := newShop(t)
	reset, sale := s.till.Reset(), s.till.Event(s.till.Sale(hubtest.Item(1), hubtest.Item(2)))
	want := counts{Sales: 1, Audit: 2, Moves: 2, OnHand: 99}
	for range 3 {
		if diff := cmp.Diff(ack(s.till.Epoch, 2), s.say(s.till, reset, sale)); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(want, s.counts()); diff != "" {
			t.Errorf("database (-want +got):\n%s", diff)
		}
	}
	f, err := s.store.SaleFile(context.Background(), "S-000001")
	if err != nil {
		t.Fatal(err)
	}
	if f.Total != 22_43 || f.Paid != 22_45 || f.Rounding != 2 || len(f.Lines) != 2 || len(f.Taxes) != 2 || len(f.Differences) != 0 || f.Audit.N != 2 {
		t.Errorf("got %+v", f)
	}
}

func TestAGapIsAskedForAndFilled(t *testing.T) {
	s := newShop(t)
	var all [][]byte
	all = append(all, s.till.Reset())
	for range 3 {
		all = append(all, s.till.Event(s.till.Sale(hubtest.Item(1))))
	}
	want := &protocol.HubAck{Epoch: s.till.Epoch, Upto: 1, Resend: 2}
	if diff := cmp.Diff(want, s.say(s.till, all[0], all[2], all[3])); diff != "" {
		t.Errorf("acknowledgement (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(ack(s.till.Epoch, 4), s.say(s.till, all[1:]...)); diff != "" {
		t.Errorf("acknowledgement after the gap is filled (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(counts{Sales: 3, Audit: 4, Moves: 4, OnHand: 97}, s.counts()); diff != "" {
		t.Errorf("database (-want +got):\n%s", diff)
	}
}

func TestEventsTheDeviceLostDoNotBlockItsQueue(t *testing.T) {
	s := newShop(t)
	s.say(s.till, s.till.Reset())
	s.till.Seq = 7
	late := s.till.Event(s.till.Sale(hubtest.Item(1)))
	var got *protocol.HubAck
	rounds := 0
	for got == nil || got.Resend != 0 {
		if got = s.say(s.till, late); rounds > 20 {
			t.Fatal("the hub asks for ever")
		}
		rounds++
	}
	if diff := cmp.Diff(ack(s.till.Epoch, 8), got); diff != "" {
		t.Errorf("acknowledgement (-want +got):\n%s", diff)
	}
	if rounds < 3 {
		t.Errorf("the hub gave up after %d rounds", rounds)
	}
	bad, _ := s.store.Quarantined(context.Background(), 10)
	if len(bad) != 1 || bad[0].Reason != "missing" || !strings.Contains(bad[0].Detail, "2 to 7") {
		t.Errorf("got %+v, want a note of the missing events", bad)
	}
}

func TestPoisonGoesIntoQuarantineAndTheQueueGoesOn(t *testing.T) {
	sale := func(change func(*protocol.Sale)) func(*hubtest.Till) []byte {
		return func(till *hubtest.Till) []byte {
			s := till.Sale(hubtest.Item(1))
			change(s)
			raw, _ := protocol.Envelope{V: 1, Device: till.Device, Epoch: till.Epoch, Seq: 2, Salt: hubtest.Salt(till.Epoch, 2), Kind: protocol.KindSale, BootID: "b", Body: marshal(s)}.Encode()
			return raw
		}
	}
	edit := func(old, new string) func(*hubtest.Till) []byte {
		return func(till *hubtest.Till) []byte {
			raw := till.At(2, till.Sale(hubtest.Item(1)))
			out := bytes.Replace(raw, []byte(old), []byte(new), 1)
			if bytes.Equal(raw, out) {
				panic("nothing replaced")
			}
			return out
		}
	}
	for _, c := range []struct {
		name   string
		raw    func(*hubtest.Till) []byte
		reason protocol.Reason
	}{
		{"unknown field", edit(`"v":1`, `"v":1,"x":1`), protocol.Malformed},
		{"newer version", edit(`"v":1`, `"v":2`), protocol.UnknownVersion},
		{"unknown kind", edit(`sale.completed`, `sale.exploded`), protocol.UnknownKind},
		{"foreign device", edit(`"device":"counter-1"`, `"device":"counter-2"`), protocol.ForeignDevice},
		{"body of another shape", edit(`"slip":"C1-000001"`, `"slip":7`), protocol.BadBody},
		{"not UTF-8", edit(`"Ada"`, "\"A\xff\""), protocol.Malformed},
		{"not an event", func(till *hubtest.Till) []byte { return till.At(2, &protocol.ClockAsk{}) }, protocol.UnknownKind},
		{"no payment", sale(func(s *protocol.Sale) { s.Payments = nil }), protocol.BadBody},
		{"paid too little", sale(func(s *protocol.Sale) {
			s.Payments[0].Tendered, s.Payments[0].Change, s.Payments[0].Amount = 5_00, 0, 5_00
		}), protocol.BadBody},
		{"negative tender", sale(func(s *protocol.Sale) { s.Payments[0].Tendered, s.Payments[0].Change = -20_00, -31_30 }), protocol.BadBody},
		{"absurd quantity", sale(func(s *protocol.Sale) { s.Lines[0].Money.Qty = 1 << 60 }), protocol.BadBody},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newShop(t)
			reset, bad := s.till.Reset(), c.raw(s.till)
			s.till.Seq = 2
			good := s.till.Event(s.till.Sale(hubtest.Item(1)))
			want := &protocol.HubAck{Epoch: s.till.Epoch, Upto: 3, Rejected: []protocol.Rejected{{Seq: 2, Reason: c.reason}}}
			if diff := cmp.Diff(want, s.say(s.till, reset, bad, good), ignoreDetail); diff != "" {
				t.Errorf("acknowledgement (-want +got):\n%s", diff)
			}
			// Only the good sale touched money, stock and journal.
			if diff := cmp.Diff(counts{Sales: 1, Audit: 2, Moves: 2, OnHand: 99, Quarantined: 1}, s.counts()); diff != "" {
				t.Errorf("database (-want +got):\n%s", diff)
			}
			want.Upto = 2 // no more than was said
			if diff := cmp.Diff(want, s.say(s.till, bad), ignoreDetail); diff != "" {
				t.Errorf("acknowledgement of the repeat (-want +got):\n%s", diff)
			}
			kept, err := s.store.Quarantined(context.Background(), 10)
			if err != nil || len(kept) != 1 || !bytes.Equal(kept[0].Raw, bad) || kept[0].Times != 2 {
				t.Errorf("got %+v, %v; want the bytes kept once and counted twice", kept, err)
			}
		})
	}
}

func TestGarbageWithoutANumberIsKeptOnceAndNotAcknowledged(t *testing.T) {
	s := newShop(t)
	big := append([]byte(`{"seq":`), bytes.Repeat([]byte(" "), protocol.MaxEnvelope)...)
	for _, raw := range [][]byte{[]byte("hello"), []byte("hello"), big, nil, {}} {
		if got := s.say(s.till, raw); got != nil {
			t.Errorf("got %+v, want no acknowledgement", got)
		}
	}
	kept, err := s.store.Quarantined(context.Background(), 10)
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, q := range kept {
		got = append(got, q.Times)
	}
	if diff := cmp.Diff([]int64{2, 1, 2}, got); diff != "" {
		t.Errorf("how often each came, newest first (-want +got):\n%s", diff)
	}
	if len(kept[1].Raw) != protocol.MaxEnvelope || kept[1].Size != len(big) {
		t.Errorf("kept %d of %d bytes", len(kept[1].Raw), kept[1].Size)
	}
}

func TestGarbageCannotFillTheDisk(t *testing.T) {
	s := newShop(t)
	for i := range 300 {
		s.say(s.till, []byte(strings.Repeat("x", i+1)))
	}
	if n := s.counts().Quarantined; n != 200 {
		t.Errorf("%d messages kept, want 200", n)
	}
}

func TestTheSameNumberWithOtherContentIsAConflict(t *testing.T) {
	s := newShop(t)
	first := s.till.Event(&protocol.JournalReset{Why: "first start"})
	s.say(s.till, first, s.till.Event(s.till.Sale(hubtest.Item(1))), s.till.Event(&protocol.DeviceFault{Part: "printer", State: "ok"}))
	clone := s.till.At(2, s.till.Sale(hubtest.Item(2)))
	want := &protocol.HubAck{Epoch: s.till.Epoch, Upto: 2, Rejected: []protocol.Rejected{{Seq: 2, Reason: protocol.Conflict}}}
	for range 2 {
		if diff := cmp.Diff(want, s.say(s.till, clone), ignoreDetail); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
	}
	if diff := cmp.Diff(counts{Sales: 1, Audit: 3, Moves: 2, OnHand: 99, Quarantined: 1}, s.counts()); diff != "" {
		t.Errorf("database (-want +got):\n%s", diff)
	}
}

func TestEpochs(t *testing.T) {
	t.Run("a fresh journal closes the old one, which then is a clone", func(t *testing.T) {
		s := newShop(t)
		s.say(s.till, s.till.Reset())
		old := *s.till
		s.till.Epoch, s.till.Seq = "e2", 0
		if diff := cmp.Diff(ack("e2", 1), s.say(s.till, s.till.Event(&protocol.JournalReset{Why: "damaged"}))); diff != "" {
			t.Errorf("fresh journal (-want +got):\n%s", diff)
		}
		want := &protocol.HubAck{Epoch: old.Epoch, Upto: 2, Rejected: []protocol.Rejected{{Seq: 2, Reason: protocol.Clone}}}
		if diff := cmp.Diff(want, s.say(&old, old.Event(old.Sale(hubtest.Item(1)))), ignoreDetail); diff != "" {
			t.Errorf("old journal (-want +got):\n%s", diff)
		}
	})
	t.Run("a journal that does not begin with a reset is refused and kept", func(t *testing.T) {
		s := newShop(t)
		want := &protocol.HubAck{Epoch: s.till.Epoch, Upto: 1, Rejected: []protocol.Rejected{{Seq: 1, Reason: protocol.Clone}}}
		if diff := cmp.Diff(want, s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(1)))), ignoreDetail); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
	})
	t.Run("the telemetry stream of the birth needs no reset", func(t *testing.T) {
		s := newShop(t)
		s.birth(s.till, map[string]string{"hi": s.till.Epoch, "lo": "lo-1"})
		lo := *s.till
		lo.Epoch, lo.Seq = "lo-1", 5
		got := s.say(&lo, lo.At(5, &protocol.JournalGap{From: 1, To: 5, N: 5}), lo.Event(&protocol.DeviceFault{Part: "printer", State: "down"}))
		if diff := cmp.Diff(ack("lo-1", 6), got); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(ack(s.till.Epoch, 1), s.say(s.till, s.till.Reset())); diff != "" {
			t.Errorf("the other stream (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(ack("lo-1", 7), s.say(&lo, lo.Event(&protocol.DeviceFault{Part: "printer", State: "ok"}))); diff != "" {
			t.Errorf("after the reset of its sibling (-want +got):\n%s", diff)
		}
		// The device dropped what the hub had got meanwhile.
		if diff := cmp.Diff(ack("lo-1", 7), s.say(&lo, lo.At(7, &protocol.JournalGap{From: 6, To: 7, N: 2}))); diff != "" {
			t.Errorf("a late gap (-want +got):\n%s", diff)
		}
		// Inside the gap nothing is known, and nothing is to be done.
		if diff := cmp.Diff(ack("lo-1", 3), s.say(&lo, lo.At(3, &protocol.DeviceFault{Part: "printer", State: "ok"}))); diff != "" {
			t.Errorf("an event of the gap (-want +got):\n%s", diff)
		}
	})
	t.Run("a hub that lost its database goes on with a known birth", func(t *testing.T) {
		s := newShop(t)
		s.birth(s.till, map[string]string{"hi": s.till.Epoch})
		s.till.Seq = 500
		raw := s.till.Event(s.till.Sale(hubtest.Item(1)))
		var got *protocol.HubAck
		for range 10 {
			if got = s.say(s.till, raw); got.Resend == 0 {
				break
			}
		}
		if diff := cmp.Diff(ack(s.till.Epoch, 501), got); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
	})
}

func (s *shop) birth(till *hubtest.Till, epochs map[string]string) []hub.Reply {
	s.t.Helper()
	b := &protocol.DeviceBirth{Session: till.Device + "-1", Role: protocol.Counter, Epochs: epochs}
	replies, err := s.Handle(context.Background(), till.Topic(protocol.Birth), till.Plain(b))
	if err != nil {
		s.t.Fatal(err)
	}
	return replies
}

func TestStrangersAreListedAndKeepTheirEvents(t *testing.T) {
	s := newShop(t)
	stranger := hubtest.NewTill("kiosk-9", "K9")
	if got := s.say(stranger, stranger.Reset()); got != nil {
		t.Errorf("got %+v, want no acknowledgement", got)
	}
	replies := s.birth(stranger, nil)
	if len(replies) != 1 {
		t.Fatalf("got %d replies to the birth, want a refusal", len(replies))
	}
	if no, ok := body(t, replies[0]).(*protocol.HubRefused); !ok || no.Reason != "not-enrolled" {
		t.Errorf("got %+v", body(t, replies[0]))
	}
	rows, err := s.store.Devices(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if last := rows[len(rows)-1]; last.ID != "kiosk-9" || last.State != store.Unknown || last.Tries != 2 {
		t.Errorf("got %+v", last)
	}
	if err := s.store.Enrol(context.Background(), store.Device{ID: "kiosk-9"}); err != nil {
		t.Fatal(err)
	}
	stranger.Seq = 0
	if diff := cmp.Diff(ack(stranger.Epoch, 1), s.say(stranger, stranger.Reset())); diff != "" {
		t.Errorf("once enrolled (-want +got):\n%s", diff)
	}
}

func TestTwoTillsSellTheLastPiece(t *testing.T) {
	s := newShop(t)
	last := hubtest.Item(1)
	if err := s.store.MoveStock(context.Background(), []store.StockChange{{Item: last.ID, Delta: -99, Reason: "count"}}); err != nil {
		t.Fatal(err)
	}
	other := hubtest.NewTill("counter-2", "C2")
	for _, till := range []*hubtest.Till{s.till, other} {
		if diff := cmp.Diff(ack(till.Epoch, 2), s.say(till, till.Reset(), till.Event(till.Sale(last)))); diff != "" {
			t.Errorf("acknowledgement (-want +got):\n%s", diff)
		}
	}
	winner, err := s.store.SaleFile(context.Background(), "C1-000001")
	if err != nil || winner.Oversold || len(winner.Differences) != 0 {
		t.Errorf("first: %+v, %v", winner, err)
	}
	loser, err := s.store.SaleFile(context.Background(), "C2-000001")
	if err != nil || !loser.Oversold || len(loser.Differences) != 1 || loser.Differences[0].Code != "STOCK_SHORT" || !loser.Lines[0].Short {
		t.Errorf("second: %+v, %v", loser, err)
	}
}

func TestPresenceIgnoresLateWills(t *testing.T) {
	s := newShop(t)
	ctx := context.Background()
	online := func() bool {
		rows, err := s.store.Devices(ctx)
		if err != nil {
			t.Fatal(err)
		}
		return rows[0].Online
	}
	replies := s.birth(s.till, nil)
	if want, ok := body(t, replies[0]).(*protocol.HubDesired); !ok || want.Catalogue != 1 || len(want.Settings.Operators) != 1 {
		t.Errorf("got %+v, want the wishes of the hub", body(t, replies[0]))
	}
	for _, c := range []struct {
		session string
		want    bool
	}{{"older", true}, {"counter-1-1", false}} {
		will := s.till.Plain(&protocol.DeviceWill{Session: c.session, Why: "lost"})
		if _, err := s.Handle(ctx, s.till.Topic(protocol.Will), will); err != nil {
			t.Fatal(err)
		}
		if got := online(); got != c.want {
			t.Errorf("after the will of session %s online is %v", c.session, got)
		}
	}
	s.birth(s.till, nil)
	if err := s.AllLost(ctx); err != nil || online() {
		t.Errorf("online after the hub began afresh: %v", err)
	}
}

func TestQuestions(t *testing.T) {
	s := newShop(t)
	topic := s.till.Topic(protocol.Req)
	topic.Corr = "q1"
	ask := func(b protocol.Body) protocol.Body {
		replies, err := s.Handle(context.Background(), topic, s.till.Plain(b))
		if err != nil || len(replies) != 1 {
			t.Fatalf("got %v, %v", replies, err)
		}
		if want := s.till.Address().Answer("q1"); replies[0].Topic != want {
			t.Errorf("answered on %s, want %s", replies[0].Topic, want)
		}
		return body(t, replies[0])
	}
	if c := ask(&protocol.ClockAsk{SentMS: 5}).(*protocol.ClockReading); c.AskedMS != 5 || c.ReceivedMS == 0 {
		t.Errorf("got %+v", c)
	}
	page := ask(&protocol.CatalogueAsk{}).(*protocol.CataloguePage)
	if len(page.Items) != 3 || page.Version != 1 || page.Total != 3 || page.Items[0].OnHand != 100 {
		t.Errorf("got %+v", page)
	}
	if no := ask(&protocol.JournalReset{}).(*protocol.HubRefused); no.Reason != protocol.UnknownKind {
		t.Errorf("got %+v", no)
	}
}
