package main_test

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/device/flow"
	"kickstand/device/witness"
	"kickstand/hub"
	"kickstand/hub/audit"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	hubwitness "kickstand/hub/witness"
	"kickstand/protocol"
)

// seen is a hub with a real journal and one till that follows it, without
// processes: the till's every question is answered at once.
type seen struct {
	t     *testing.T
	dir   string
	db    *store.Store
	key   *audit.Key
	hub   *hub.Hub
	desk  *hubwitness.Desk
	own   *witness.Key
	till  flow.State
	till1 *hubtest.Till
	sent  []protocol.Body
	ms    int64
}

func openSeen(t *testing.T) *seen {
	dir := t.TempDir()
	s := &seen{t: t, dir: dir, db: hubtest.Open(t, dir, 3, "counter-1"), till1: hubtest.NewTill("counter-1", "C1")}
	var err error
	if s.key, err = audit.CreateKey(filepath.Join(dir, "key"), hubtest.Shop); err != nil {
		t.Fatal(err)
	}
	if s.own, err = witness.Open(filepath.Join(dir, "own"), hubtest.Shop, "counter-1"); err != nil {
		t.Fatal(err)
	}
	s.hub = hub.New(hub.Config{Store: s.db})
	s.desk = hubwitness.New(s.db, s.key.Public(), nil)
	s.till = flow.New(protocol.Counter, "C1")
	s.step(flow.Booted{})
	s.step(flow.SettingsChanged{Settings: protocol.Settings{Version: 1, Operators: []protocol.Operator{
		{ID: "op-1", Name: "Ada", Role: "owner"}, {ID: "op-2", Name: "Ben", Role: "sales"},
	}}})
	s.till1.Chained = true
	s.hear(s.till1.Reset())
	return s
}

// step makes something happen at the till and carries out what follows.
func (s *seen) step(h flow.Happening) {
	s.t.Helper()
	s.ms += 1000
	after, effects := flow.Step(s.till, flow.Event{WallMS: 1_790_000_000_000 + s.ms, MonoMS: s.ms, NewID: fmt.Sprintf("id%d", s.ms), Is: h})
	s.till = after
	for _, e := range effects {
		switch e := e.(type) {
		case flow.Ask:
			s.ask(e.ID, e.Body)
		case flow.Cosign:
			s.ask(e.ID, s.own.Cosign(e.Checkpoint))
		case flow.Send:
			s.sent = append(s.sent, e.Body)
		}
	}
}

func (s *seen) ask(id string, body protocol.Body) {
	s.t.Helper()
	if err := body.Check(); err != nil {
		s.t.Fatal(err)
	}
	answer, mine, err := s.desk.Answer(s.t.Context(), store.Device{ID: "counter-1"}, body)
	switch {
	case !mine:
	case err != nil:
		s.step(flow.AskFailed{ID: id, Refused: true, Why: err.Error()})
	default:
		s.step(flow.Answered{ID: id, Body: answer})
	}
}

// hear hands an event to the hub.
func (s *seen) hear(raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till1.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
}

// sells makes so many sales and seals them in one checkpoint.
func (s *seen) sells(n int) {
	s.t.Helper()
	for range n {
		s.hear(s.till1.Event(s.till1.Sale(hubtest.Item(1))))
	}
	s.seal()
}

func (s *seen) seal() {
	s.t.Helper()
	err := audit.NewSealer(audit.SealerConfig{Shop: hubtest.Shop, Ledger: s.db, Key: s.key, Now: func() time.Time { return time.UnixMilli(1_790_000_000_000 + s.ms) }}).SealAll(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
}

// connects lets the till come online, which makes it ask.
func (s *seen) connects() {
	s.t.Helper()
	s.step(flow.LinkChanged{Online: false, Why: "no network"})
	s.step(flow.LinkChanged{Online: true})
}

// rewrites takes the cents of a sale out of the journal as somebody with root and
// the hub's key would: rows, chain, tree and every signature are made anew.
func (s *seen) rewrites(from, to string) {
	s.t.Helper()
	rows, err := s.db.RowsAfter(s.t.Context(), 0, 100_000)
	if err != nil {
		s.t.Fatal(err)
	}
	statements, head := []string{"DELETE FROM audit_checkpoints", "DELETE FROM audit_tiles", "DELETE FROM audit_cosignatures"}, audit.Genesis(hubtest.Shop)
	for _, r := range rows {
		r.Body = strings.Replace(r.Body, from, to, 1)
		r, head = audit.Seal(head, r)
		statements = append(statements, fmt.Sprintf("UPDATE audit_events SET body = '%s', prev = '%s', hash = '%s' WHERE n = %d", r.Body, r.Prev, r.Hash, r.N))
	}
	if err := storetest.Alter(s.t.Context(), filepath.Join(s.dir, hubtest.Shop+".db"), statements...); err != nil {
		s.t.Fatal(err)
	}
	s.seal()
}

func (s *seen) verify() (r audit.Report, err error) {
	err = s.db.AuditBook(s.t.Context(), s.key.Public(), func(b audit.Book) error {
		r, err = audit.VerifyBook(s.t.Context(), b)
		return err
	})
	return r, err
}

func (s *seen) code() string { return s.till.Durable.Seal.Note }

func TestATillFollowsAnHonestJournalAndSignsIt(t *testing.T) {
	s := openSeen(t)
	s.connects() // nothing is sealed yet
	s.sells(3)
	s.connects()
	first := s.code()
	if first == "" {
		t.Fatal("the till accepted nothing")
	}
	told := 0
	say := func(_ context.Context, _ string, body protocol.Body) error {
		told++
		s.step(flow.Told{Body: body})
		return nil
	}
	if _, err := s.hub.Handle(t.Context(), s.till1.Topic(protocol.Birth), s.till1.Plain(&protocol.DeviceBirth{Session: "s", Role: protocol.Counter})); err != nil {
		t.Fatal(err)
	}
	for n := range 5 {
		s.sells(1 + n*37)
		s.ms += 60_000
		for range 2 { // the second time there is nothing new
			if err := s.desk.Tell(t.Context(), say); err != nil {
				t.Fatal(err)
			}
		}
		if latest, err := s.db.LatestCheckpoint(t.Context()); err != nil || s.code() != latest {
			t.Fatalf("round %d: the till has %q, the hub %q, %v", n, s.code(), latest, err)
		}
	}
	if told != 5 {
		t.Errorf("told %d times of 5 checkpoints", told)
	}
	s.seal() // the row of the till's key
	r, err := s.verify()
	if err != nil || r.Cosigned["counter-1"] == 0 || r.Breaks != 0 || r.Linked < 300 {
		t.Errorf("%+v, %v", r, err)
	}
	old, err := audit.ParseCheckpoint(first)
	if err != nil {
		t.Fatal(err)
	}
	f, err := audit.LookUp(t.Context(), s.db, s.key.Public(), strings.ToLower(old.Code()))
	if err != nil || f.Row.N != old.Size {
		t.Errorf("the first receipt's code: %+v, %v", f, err)
	}
	if len(s.till.Durable.Notices) > 0 {
		t.Errorf("notices: %v", s.till.Durable.Notices)
	}
}

// TestATillAloneFindsYesterdayRewritten is somebody with root at the hub: every
// row, hash and signature fits, and only the till can tell.
func TestATillAloneFindsYesterdayRewritten(t *testing.T) {
	s := openSeen(t)
	s.sells(20)
	s.connects()
	before := s.code()
	s.sells(7)
	s.rewrites(`"qty":1`, `"qty":9`)
	if _, err := s.verify(); err != nil {
		t.Fatalf("the forgery is not good enough to test with: %v", err)
	}
	s.connects()
	if s.code() != before {
		t.Fatal("the till accepted a rewritten history")
	}
	if n := s.till.Durable.Notices; len(n) != 1 || !strings.Contains(n[0].Text, "changed behind what this device has seen") {
		t.Errorf("notices: %+v", n)
	}
	fault, ok := s.sent[len(s.sent)-1].(*protocol.DeviceFault)
	if !ok || fault.Part != "history" || fault.State != "down" {
		t.Errorf("the hub is told %+v", s.sent[len(s.sent)-1])
	}
	s.connects()
	if len(s.till.Durable.Notices) != 1 {
		t.Error("the same is noticed twice")
	}
	c, err := audit.ParseCheckpoint(before)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := audit.LookUp(t.Context(), s.db, s.key.Public(), c.Code()); err == nil {
		t.Error("the code on a receipt is still part of history")
	}
	if _, _, err := s.desk.Answer(t.Context(), store.Device{ID: "counter-1"}, s.own.Cosign(before)); err == nil {
		t.Error("the hub takes a signature on what is not its own any more")
	}
	s.accept(t)
}

// accept lets people try to go on; only a manager may, and it is noted.
func (s *seen) accept(t *testing.T) {
	t.Helper()
	refused := s.till.Durable.Seal.Refused
	for _, who := range []string{"op-2", "op-1"} {
		s.step(flow.Tapped{ID: "operator:" + who})
		s.till.Durable.Operator = who
		s.step(flow.Tapped{ID: "device"})
		s.till.Visit.Screen = flow.ScreenDevice
		s.step(flow.Tapped{ID: "history"})
		s.step(flow.Tapped{ID: "dialog:history"})
		if accepted := s.code() == refused; accepted != (who == "op-1") {
			t.Fatalf("%s pressed: accepted is %v", who, accepted)
		}
	}
	for _, b := range s.sent {
		if a, ok := b.(*protocol.SealAccepted); ok {
			if a.Operator != "op-1" || a.Was == a.Now {
				t.Errorf("%+v", a)
			}
			return
		}
	}
	t.Error("nobody noted that the history was accepted")
}

func TestATillRefusesAnotherKeyAndAShorterJournal(t *testing.T) {
	s := openSeen(t)
	s.sells(10)
	s.connects()
	before := s.code()
	other, err := audit.NewKey(hubtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	c, err := audit.ParseCheckpoint(before)
	if err != nil {
		t.Fatal(err)
	}
	forged, err := other.Sign(c)
	if err != nil {
		t.Fatal(err)
	}
	shorter := c
	shorter.Size--
	if shorter, err = s.key.Sign(shorter); err != nil {
		t.Fatal(err)
	}
	for name, b := range map[string]*protocol.SealTold{
		"another key":            {Key: other.Public().String(), Checkpoint: forged.Note},
		"signed by nobody":       {Key: s.key.Public().String(), Checkpoint: forged.Note},
		"shorter":                {Key: s.key.Public().String(), Checkpoint: shorter.Note},
		"longer without a proof": {Key: s.key.Public().String(), Checkpoint: s.longer(c)},
		"not a checkpoint":       {Key: s.key.Public().String(), Checkpoint: "x"},
	} {
		whole := s.till
		s.step(flow.Answered{ID: "x", Body: b})
		if s.code() != before || s.till.Durable.Seal.Refused == "" {
			t.Errorf("%s is accepted: %+v", name, s.till.Durable.Seal)
		}
		s.step(flow.HistoryAccepted{Code: "1-00000-00000"})
		if s.code() != before {
			t.Errorf("%s is accepted with a wrong code", name)
		}
		s.connects() // the hub is as it was: the trouble is over
		if s.till.Durable.Seal.Refused != "" || s.code() != before {
			t.Errorf("%s: an honest hub does not help: %+v", name, s.till.Durable.Seal)
		}
		s.till = whole
	}
}

func (s *seen) longer(c audit.Checkpoint) string {
	c.Size++
	c.Root[0] ^= 1
	c, err := s.key.Sign(c)
	if err != nil {
		s.t.Fatal(err)
	}
	return c.Note
}
