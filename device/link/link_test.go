package link_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kickstand/device/journal"
	"kickstand/device/link"
	"kickstand/device/link/linktest"
	"kickstand/protocol"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// patience is how long a test waits for something that should happen at once.
const patience = 30 * time.Second

var here = protocol.Address{Shop: "demo", Device: "counter-1"}

// rig is a device and its hub: a real journal, the link, a real broker and a
// hub that can fail.
type rig struct {
	t      *testing.T
	hub    *linktest.Hub
	j      *journal.Journal
	l      *link.Link
	stop   func() // ends the link; called again it does nothing
	mu     sync.Mutex
	events []link.Event
	news   chan struct{}
}

func newRig(t *testing.T, change func(*link.Config)) *rig {
	t.Helper()
	r := &rig{t: t, hub: linktest.New(here.Shop), news: make(chan struct{}, 1)}
	must(t, r.hub.Start())
	t.Cleanup(func() { must(t, r.hub.Stop()) })
	r.j = openJournal(t)
	cfg := link.Config{
		Broker: r.hub.URL(), Address: here, Role: protocol.Counter, Program: "test", Panel: "none",
		Outbox: r.j, Cache: r.j, Stamp: stamp, Events: r.take,
		Timeout: 5 * time.Second, RetryAfter: 200 * time.Millisecond, MaxBackoff: 50 * time.Millisecond,
	}
	if change != nil {
		change(&cfg)
	}
	l, err := link.New(cfg)
	must(t, err)
	r.l = l
	r.stop = start(t, "link", l.Run)
	return r
}

func openJournal(t *testing.T) *journal.Journal {
	t.Helper()
	j, _, err := journal.Open(filepath.Join(t.TempDir(), "journal.db"), journal.Options{Device: here.Device, Stamp: stamp, Grow: -1})
	must(t, err)
	t.Cleanup(func() { must(t, j.Close()) })
	start(t, "journal", j.Run)
	return j
}

// start runs a goroutine until the test ends.
func start(t *testing.T, name string, run func(context.Context) error) func() {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	})
	t.Cleanup(stop)
	return stop
}

func stamp() protocol.Stamp { return protocol.Stamp{WallMS: time.Now().UnixMilli(), BootID: "boot"} }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (r *rig) take(_ context.Context, e link.Event) {
	r.mu.Lock()
	r.events = append(r.events, e)
	r.mu.Unlock()
	select {
	case r.news <- struct{}{}:
	default:
	}
}

// until waits until the condition holds, looking again whenever the hub or the
// link has heard something.
func (r *rig) until(what string, holds func() bool) {
	r.t.Helper()
	late := time.After(patience)
	look := time.NewTicker(20 * time.Millisecond) // for what changes without a word, such as counters
	defer look.Stop()
	for {
		changed := r.hub.Changed()
		if holds() {
			return
		}
		select {
		case <-changed:
		case <-r.news:
		case <-look.C:
		case <-late:
			r.t.Fatalf("waited %v for: %s; events %+v, applied %d, counters %v", patience, what, r.heard(), len(r.hub.Applied()), r.l.Counters())
		}
	}
}

func (r *rig) heard() []link.Event {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.events)
}

// heardOf returns the events of one type.
func heardOf[E link.Event](r *rig) []E {
	var out []E
	for _, e := range r.heard() {
		if e, ok := e.(E); ok {
			out = append(out, e)
		}
	}
	return out
}

// write commits n events to a stream.
func (r *rig) write(s journal.Stream, n int) {
	r.t.Helper()
	for i := range n {
		e, err := protocol.Seal(here.Device, &protocol.DeviceFault{Part: fmt.Sprintf("part-%d", i), State: "ok"}, stamp())
		must(r.t, err)
		entry := journal.Entry{Hi: []protocol.Envelope{e}}
		if s == journal.Lo {
			entry = journal.Entry{Lo: []protocol.Envelope{e}}
		}
		_, err = r.j.Commit(r.t.Context(), entry)
		must(r.t, err)
	}
}

func (r *rig) delivered() {
	r.t.Helper()
	r.until("every event acknowledged", func() bool { return r.j.Waiting() == 0 })
}

// checkApplied checks that the hub applied every number of both streams once
// and in order.
func (r *rig) checkApplied() {
	r.t.Helper()
	last := map[string]uint64{}
	for _, e := range r.hub.Applied() {
		if e.Seq != last[e.Epoch]+1 {
			r.t.Fatalf("epoch %s: %d was applied after %d", e.Epoch, e.Seq, last[e.Epoch])
		}
		last[e.Epoch] = e.Seq
	}
	want := map[string]uint64{}
	for s, next := range r.j.Next() {
		if next > 1 {
			want[r.j.Epochs()[s]] = next - 1
		}
	}
	if diff := cmp.Diff(want, last); diff != "" {
		r.t.Errorf("applied up to (-want +got):\n%s", diff)
	}
}

func TestEveryEventIsAppliedOnceInOrder(t *testing.T) {
	again := func(r *rig) { // somebody starts the hub again
		must(r.t, r.hub.Stop())
		r.hub.Fail(linktest.Faults{})
		must(r.t, r.hub.Start())
	}
	for name, c := range map[string]struct {
		faults linktest.Faults
		then   func(*rig)
	}{
		"nothing goes wrong":                {},
		"acks are lost":                     {faults: linktest.Faults{DropAcks: 60}},
		"all is delivered twice":            {faults: linktest.Faults{Duplicate: true}},
		"events are lost on the way":        {faults: linktest.Faults{Lose: map[uint64]int{3: 1, 4: 2, 40: 1, 99: 3}}},
		"the hub goes away in mid-window":   {faults: linktest.Faults{StopAfter: 17}, then: again},
		"the hub goes away at the start":    {faults: linktest.Faults{StopAfter: 1}, then: again},
		"the hub is deaf until restarted":   {faults: linktest.Faults{Mute: true}, then: again},
		"the network is cut and comes back": {then: func(r *rig) { r.l.SetNetwork(false); r.write(journal.Hi, 20); r.l.SetNetwork(true) }},
	} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, nil)
			r.hub.Fail(c.faults)
			r.write(journal.Hi, 60)
			r.write(journal.Lo, 60)
			if c.then != nil {
				if c.faults.StopAfter > 0 || c.faults.Mute {
					r.until("the fault", func() bool { return r.hub.Seen() >= c.faults.StopAfter && r.hub.Seen() > 0 })
				}
				c.then(r)
			}
			r.write(journal.Hi, 20)
			r.delivered()
			r.checkApplied()
		})
	}
}

func TestHundredCutsLoseNothing(t *testing.T) {
	r := newRig(t, nil)
	for i := range 100 {
		r.write(journal.Hi, 5)
		r.l.SetNetwork(false)
		if i%10 == 0 {
			must(t, r.hub.Stop())
			must(t, r.hub.Start())
		}
		seen := r.hub.Seen()
		r.l.SetNetwork(true)
		r.until("something arrives", func() bool { return r.hub.Seen() > seen || r.j.Waiting() == 0 })
	}
	r.delivered()
	r.checkApplied()
}

func TestRejectedEventDoesNotBlockTheQueue(t *testing.T) {
	r := newRig(t, nil)
	r.hub.Fail(linktest.Faults{Reject: map[uint64]string{5: "no such item"}})
	r.write(journal.Hi, 10)
	r.delivered()
	want := []link.Rejected{{Stream: "hi", Seq: 5, Reason: protocol.BadBody, Detail: "no such item"}}
	if diff := cmp.Diff(want, heardOf[link.Rejected](r)); diff != "" {
		t.Errorf("rejected (-want +got):\n%s", diff)
	}
	if n := len(r.hub.Applied()); n != 10 { // 11 with the reset, less the rejected one
		t.Errorf("%d events applied, want 10", n)
	}
	acked := heardOf[link.Acked](r)
	if len(acked) == 0 || acked[len(acked)-1].Waiting != 0 {
		t.Errorf("acked %+v, want the last to say 0", acked)
	}
}

func TestBirthWillAndGoodbye(t *testing.T) {
	r := newRig(t, nil)
	r.delivered()
	births := func() []*protocol.DeviceBirth { return saidOf[*protocol.DeviceBirth](r) }
	wills := func() []*protocol.DeviceWill { return saidOf[*protocol.DeviceWill](r) }
	b := births()[0]
	if b.Role != protocol.Counter || b.Next["hi"] != 2 || b.Epochs["lo"] != r.j.Epochs()["lo"] || b.Program != "test" {
		t.Errorf("birth %+v", b)
	}
	r.l.SetNetwork(false)
	r.until("the will", func() bool { return len(wills()) == 1 })
	if w := wills()[0]; w.Session != b.Session || w.Why != "lost" {
		t.Errorf("will %+v of birth %s", w, b.Session)
	}
	r.until("offline", func() bool { return slices.Contains(heardOf[link.Offline](r), link.Offline{Why: "no network"}) })
	r.l.SetNetwork(true)
	r.until("another birth", func() bool { return len(births()) == 2 })
	r.until("online again", func() bool { return len(heardOf[link.Online](r)) == 2 })
	if births()[1].Session == b.Session {
		t.Error("two connections with one session")
	}
	r.stop()
	r.until("the goodbye", func() bool { return len(wills()) == 2 })
	if w := wills()[1]; w.Session != births()[1].Session || w.Why != "stopped" {
		t.Errorf("goodbye %+v", w)
	}
}

func saidOf[B protocol.Body](r *rig) []B {
	var out []B
	for _, b := range r.hub.Said() {
		if b, ok := b.(B); ok {
			out = append(out, b)
		}
	}
	return out
}

func TestQuestionsHaveDeadlines(t *testing.T) {
	r := newRig(t, func(c *link.Config) { c.Timeout = 2 * time.Second })
	r.until("online", func() bool { return len(heardOf[link.Clock](r)) == 1 })
	b, err := r.l.Ask(t.Context(), &protocol.ClockAsk{SentMS: 7})
	if got, ok := b.(*protocol.ClockReading); err != nil || !ok || got.AskedMS != 7 {
		t.Errorf("answer %+v, %v", b, err)
	}
	var refused *protocol.RefusedError
	if _, err := r.l.Ask(t.Context(), &protocol.HubRefused{Reason: "x"}); !errors.As(err, &refused) || refused.Reason != protocol.UnknownKind {
		t.Errorf("a question the hub refuses: %v", err)
	}
	r.hub.Fail(linktest.Faults{Slow: true})
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := r.l.Ask(ctx, &protocol.ClockAsk{}); !errors.Is(err, link.ErrNoAnswer) {
		t.Errorf("a question nobody answers: %v", err)
	}
	must(t, r.hub.SayOn(here.Answer("nobody-asked"), here.Device, &protocol.ClockReading{}))
	r.until("the late answer is counted", func() bool { return r.l.Counters()["link_late_answers"] == 1 })
	r.l.SetNetwork(false)
	r.until("offline", func() bool { return len(heardOf[link.Offline](r)) > 0 })
	if _, err := r.l.Ask(t.Context(), &protocol.ClockAsk{}); !errors.Is(err, link.ErrOffline) {
		t.Errorf("a question without a network: %v", err)
	}
}

func TestClockOffset(t *testing.T) {
	const year = 365 * 24 * time.Hour
	r := newRig(t, func(c *link.Config) { c.Now = func() time.Time { return time.Now().Add(-year) } })
	r.until("the clock", func() bool { return len(heardOf[link.Clock](r)) == 1 })
	c := heardOf[link.Clock](r)[0]
	if off := c.OffsetMS - year.Milliseconds(); off < -c.RoundTripMS/2-2 || off > c.RoundTripMS/2+2 {
		t.Errorf("offset %d ms, round trip %d ms, want a year within half the round trip", c.OffsetMS, c.RoundTripMS)
	}
}

func TestHubGoneBehindALivingBroker(t *testing.T) {
	r := newRig(t, nil)
	r.delivered()
	r.hub.Fail(linktest.Faults{Mute: true})
	r.write(journal.Hi, 3)
	r.until("offline", func() bool {
		return slices.Contains(heardOf[link.Offline](r), link.Offline{Why: "the hub does not answer"})
	})
	r.hub.Fail(linktest.Faults{})
	r.until("online again", func() bool { return len(heardOf[link.Online](r)) == 2 })
	r.delivered()
	r.checkApplied()
}

func TestWrongMessagesAreRefusedAndCounted(t *testing.T) {
	r := newRig(t, nil)
	r.delivered()
	r.hub.Fail(linktest.Faults{Mute: true})
	r.write(journal.Hi, 40) // more than a window: some cannot have been sent
	other := protocol.Address{Shop: "demo", Device: "counter-2"}
	epoch := r.j.Epochs()["hi"]
	sends := []func() error{
		func() error { return r.hub.SendRaw(here.Topic(protocol.Ack), []byte("{")) },
		func() error { return r.hub.SendRaw(here.Topic(protocol.Ack), nil) },
		func() error { return r.hub.SendRaw(here.Topic(protocol.Desired), make([]byte, protocol.MaxEnvelope+1)) },
		func() error {
			return r.hub.SendRaw(here.Topic(protocol.Ack), []byte(`{"v":2,"device":"counter-1","kind":"hub.ack"}`))
		},
		func() error {
			return r.hub.SayOn(here.Topic(protocol.Ack), other.Device, &protocol.HubAck{Epoch: epoch, Upto: 2})
		},
		func() error { return r.hub.Say(here, protocol.Ack, &protocol.HubAck{Epoch: "elsewhere", Upto: 1}) },
		func() error { return r.hub.Say(here, protocol.Ack, &protocol.HubAck{Epoch: epoch, Upto: 1 << 40}) },
		func() error { return r.hub.Say(here, protocol.Ack, &protocol.HubAck{Epoch: epoch, Upto: 41}) },
		func() error { return r.hub.Say(here, protocol.Ack, &protocol.HubAck{Epoch: epoch, Upto: 1, Resend: 1}) },
		func() error { return r.hub.Say(here, protocol.Desired, &protocol.HubAck{Epoch: epoch, Upto: 2}) },
		func() error { return r.hub.Say(here, protocol.Ack, &protocol.HubRefused{Reason: "x"}) },
	}
	for i, send := range sends {
		must(t, send())
		r.until("refused", func() bool { return r.l.Counters()["link_refused"] == float64(i+1) })
	}
	if n := r.j.Waiting(); n != 40 {
		t.Errorf("%d events wait, want all 40", n)
	}
	r.hub.Fail(linktest.Faults{})
	r.delivered()
	r.checkApplied()
}

// TestADeviceThatIsTurnedAwayIsNotOnline although the hub answers its questions,
// until the hub says what it desires.
func TestADeviceThatIsTurnedAwayIsNotOnline(t *testing.T) {
	r := newRig(t, nil)
	r.delivered()
	online := len(heardOf[link.Online](r))
	must(t, r.hub.Say(here, protocol.Desired, &protocol.HubRefused{Reason: "not-enrolled", Detail: "add it"}))
	r.until("offline", func() bool {
		return slices.Contains(heardOf[link.Offline](r), link.Offline{Why: "the hub does not know this device: it must be enrolled there"})
	})
	if _, err := r.l.Ask(t.Context(), &protocol.ClockAsk{SentMS: 1}); err != nil {
		t.Errorf("a question meanwhile: %v", err)
	}
	if n := len(heardOf[link.Online](r)); n != online {
		t.Error("the answer made it online")
	}
	must(t, r.hub.Say(here, protocol.Desired, wish(0, 2)))
	r.until("online", func() bool { return len(heardOf[link.Online](r)) == online+1 })
}

func TestPlainWordsForNoConnection(t *testing.T) {
	r := newRig(t, nil)
	r.delivered()
	must(t, r.hub.Stop())
	r.until("offline", func() bool {
		return slices.Contains(heardOf[link.Offline](r), link.Offline{Why: "the hub does not answer"})
	})
}
