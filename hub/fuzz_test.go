package hub_test

import (
	"context"
	"encoding/json"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/protocol"
)

// FuzzHandle gives the hub any bytes as the event after the reset. Whatever
// they are, the hub answers or keeps them, the journal verifies, and the next
// sale gets through.
func FuzzHandle(f *testing.F) {
	till := hubtest.NewTill("counter-1", "C1")
	till.Seq = 1
	f.Add(till.Event(till.Sale(hubtest.Item(1))))
	f.Add(till.At(2, &protocol.JournalGap{From: 2, To: 2, N: 1}))
	f.Add([]byte(`{"epoch":"counter-1-e1","seq":2}`))
	f.Add([]byte(`{"epoch":"counter-1-e1","seq":2,"v":9,"kind":"\u0000"}`))
	f.Add([]byte("\x00\xff"))
	s := hubtest.Open(f, f.TempDir(), 3, "counter-1")
	h := hub.New(hub.Config{Store: s})
	last := uint64(0)
	say := func(t *testing.T, raw []byte) []hub.Reply {
		replies, err := h.Handle(context.Background(), till.Topic(protocol.Evt), raw)
		if err != nil {
			t.Fatal(err)
		}
		return replies
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if last == 0 {
			till.Seq = 0
			say(t, till.Reset())
			last = 1
		}
		for _, r := range say(t, raw) {
			env, err := protocol.Decode(r.Payload)
			if err != nil {
				t.Fatal(err)
			}
			var ack protocol.HubAck
			if err := json.Unmarshal(env.Body, &ack); err != nil {
				t.Fatal(err)
			}
			if ack.Epoch == till.Epoch {
				last = max(last, ack.Upto)
			}
		}
		till.Seq = last
		last++
		if replies := say(t, till.Event(till.Sale(hubtest.Item(1)))); len(replies) != 1 {
			t.Fatalf("%d replies to a good sale", len(replies))
		}
	})
}
