package hub_test

import (
	"strings"
	"testing"

	"kickstand/hub/audit"
	"kickstand/hub/hubtest"
	"kickstand/protocol"
)

// chained is a shop whose till chains its events.
func chained(t *testing.T) *shop {
	s := newShop(t)
	s.till.Chained = true
	s.say(s.till, s.till.Reset(), s.till.Event(s.till.Sale(hubtest.Item(1))))
	return s
}

// book verifies the journal as somebody with the exported file would.
func (s *shop) book() (audit.Report, error) {
	s.t.Helper()
	var r audit.Report
	err := s.store.AuditBook(s.t.Context(), audit.Public{}, func(b audit.Book) (err error) {
		b.Tree = nil
		r, err = audit.VerifyBook(s.t.Context(), b)
		return err
	})
	return r, err
}

func (s *shop) wantBook(linked, breaks int64) {
	s.t.Helper()
	if r, err := s.book(); err != nil || r.Linked != linked || r.Breaks != breaks {
		s.t.Errorf("%d events linked, %d breaks, %v; want %d, %d", r.Linked, r.Breaks, err, linked, breaks)
	}
}

func (s *shop) faults() string {
	s.t.Helper()
	all, err := s.store.Devices(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var words []string
	for _, d := range all {
		for _, f := range d.Faults {
			words = append(words, d.ID+" "+f.Part+": "+f.Detail)
		}
	}
	return strings.Join(words, "\n")
}

func TestADevicesChainIsChecked(t *testing.T) {
	t.Run("every event follows", func(t *testing.T) {
		s := chained(t)
		s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(1))))
		s.wantBook(3, 0)
		if f := s.faults(); f != "" {
			t.Error(f)
		}
	})
	t.Run("what is set aside is part of it", func(t *testing.T) {
		s := chained(t)
		raw := strings.Replace(string(s.till.Event(&protocol.DeviceFault{Part: "x", State: "ok"})), `"state":"ok"`, `"state":"??"`, 1)
		for range 2 {
			if a := s.say(s.till, []byte(raw)); len(a.Rejected) != 1 || a.Rejected[0].Reason != protocol.BadBody {
				t.Errorf("%+v", a)
			}
			s.wantBook(3, 0)
		}
	})
	t.Run("an event that does not follow is applied and told", func(t *testing.T) {
		s := chained(t)
		copied := *s.till
		s.till.Event(&protocol.DeviceFault{Part: "printer", State: "ok"}) // event 3, which the copy is faster with
		s.say(s.till, copied.Event(&protocol.DeviceFault{Part: "scanner:1", State: "ok"}))
		s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(3))))
		s.wantBook(3, 1)
		if got := s.counts().Sales; got != 2 {
			t.Errorf("%d sales, want 2", got)
		}
		if f := s.faults(); !strings.Contains(f, "counter-1 chain: Event 4 does not follow") {
			t.Errorf("faults: %q", f)
		}
	})
	t.Run("a device that stops saying what it follows is told of", func(t *testing.T) {
		s := chained(t)
		plain := hubtest.Till{Device: s.till.Device, Epoch: s.till.Epoch, Seq: s.till.Seq}
		s.say(s.till, plain.Event(&protocol.DeviceFault{Part: "printer", State: "ok"}))
		s.wantBook(2, 1)
	})
	t.Run("a gap is followed by what comes after it", func(t *testing.T) {
		s := newShop(t)
		s.birth(s.till, map[string]string{"hi": s.till.Epoch, "lo": "lo-1"})
		lo := hubtest.Till{Device: "counter-1", Epoch: "lo-1", Chained: true}
		first := lo.Event(&protocol.DeviceFault{Part: "a", State: "ok"})
		lo.Event(&protocol.DeviceFault{Part: "b", State: "ok"})
		gone := lo.Event(&protocol.DeviceFault{Part: "c", State: "ok"})
		after := lo.Event(&protocol.DeviceFault{Part: "d", State: "ok"})
		s.say(&lo, first, gapAfter(&lo, first, gone, 2, 3), after)
		s.wantBook(3, 0)
	})
	t.Run("a hub that was restored goes on", func(t *testing.T) {
		s := chained(t)
		for range 3 {
			_ = s.till.Event(s.till.Sale(hubtest.Item(1))) // acknowledged, and lost with the newer database
		}
		birth := &protocol.DeviceBirth{Session: "s1", Role: protocol.Counter, Epochs: map[string]string{"hi": s.till.Epoch}, First: map[string]uint64{"hi": s.till.Seq + 1}}
		if _, err := s.Handle(t.Context(), s.till.Topic(protocol.Birth), s.till.Plain(birth)); err != nil {
			t.Fatal(err)
		}
		s.say(s.till, s.till.Event(s.till.Sale(hubtest.Item(1))), s.till.Event(s.till.Sale(hubtest.Item(1))))
		s.wantBook(3, 1)
		if f := s.faults(); f != "" {
			t.Error(f)
		}
	})
}

// gapAfter makes the gap that stands for two dropped events.
func gapAfter(till *hubtest.Till, before, last []byte, from, to uint64) []byte {
	env, err := protocol.Seal(till.Device, &protocol.JournalGap{From: from, To: to, N: to - from + 1, Digest: protocol.Digest(last)}, protocol.Stamp{})
	if err != nil {
		panic(err)
	}
	env.Epoch, env.Seq, env.Prev, env.Salt = till.Epoch, to, protocol.Digest(before), hubtest.Salt(till.Epoch, to)
	raw, err := env.Encode()
	if err != nil {
		panic(err)
	}
	return raw
}
