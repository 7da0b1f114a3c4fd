package special_test

import (
	"fmt"
	"testing"

	"kickstand/hub/special"
	"kickstand/protocol"
)

// TestNoOrderIsStuck explores all states from both beginnings: every one that is no
// end has a way to an end, and ends stay.
func TestNoOrderIsStuck(t *testing.T) {
	seen := map[protocol.SpecialState]bool{}
	var open func(s protocol.SpecialState) bool
	open = func(s protocol.SpecialState) (ends bool) {
		if special.Ended(s) {
			for _, e := range special.Events() {
				if next, ok := special.Next(s, e); ok || next != s {
					t.Errorf("%s goes on to %s by %s", s, next, e)
				}
			}
			return true
		}
		if seen[s] {
			return true
		}
		seen[s] = true
		ways := 0
		for _, e := range special.Events() {
			next, ok := special.Next(s, e)
			if !ok {
				continue
			}
			if next == s {
				t.Errorf("%s leaves %s as it is", e, s)
			}
			if open(next) {
				ends = true
			}
			if special.Ended(next) {
				ways++
			}
		}
		if ways < 3 {
			t.Errorf("from %s only %d ways end the order", s, ways)
		}
		return ends
	}
	for _, k := range []protocol.SpecialKind{protocol.SpecialOrder, protocol.Layaway} {
		if !open(special.Begin(k)) {
			t.Errorf("a %s never ends", k)
		}
	}
	if len(seen) != 2 {
		t.Errorf("the states that go on are %v", seen)
	}
}

func ExampleNext() {
	s := special.Begin(protocol.SpecialOrder)
	for _, e := range []special.Event{special.Arrive, special.PickUp, special.Keep} {
		next, ok := special.Next(s, e)
		fmt.Println(s, e, next, ok)
		s = next
	}
	// Output:
	// ordered arrive arrived true
	// arrived pick-up picked-up true
	// picked-up keep picked-up false
}
