package storetest_test

import (
	"path/filepath"
	"testing"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

func ExampleOn() {
	test := func(t *testing.T) {
		s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo"}))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close() // nothing was written
	}
	_ = test // run by go test
}

// TestBareSQLWritesWhatAHubWrote sells through a hub and writes the same again.
func TestBareSQLWritesWhatAHubWrote(t *testing.T) {
	dir := t.TempDir()
	s := hubtest.Open(t, dir, 3, "counter-1")
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	for _, raw := range [][]byte{till.Reset(), till.Event(till.Sale(hubtest.Item(1), hubtest.Item(2))), till.Event(till.Sale(hubtest.Item(1)))} {
		if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), raw); err != nil {
			t.Fatal(err)
		}
	}
	facts, err := storetest.Load(filepath.Join(dir, hubtest.Shop+".db"))
	if err != nil || facts.Sales() != 2 {
		t.Fatalf("%d sales, %v", facts.Sales(), err)
	}
	again := t.TempDir()
	facts.Write(t, again, 1)
	written, err := storetest.Load(filepath.Join(again, "bare-1.db"))
	if err != nil || written.Sales() != 2 {
		t.Errorf("%d sales were written, %v", written.Sales(), err)
	}
}
