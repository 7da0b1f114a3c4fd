package special

import "kickstand/protocol"

// Event is something that happens to a customer's order.
type Event string

// The events.
const (
	Arrive   Event = "arrive"    // the goods are here
	PickUp   Event = "pick-up"   // they were sold to the customer
	GiveBack Event = "give-back" // the deposit went back, and with it the order
	Keep     Event = "keep"      // the customer does not come, and the shop keeps the deposit by right
)

// Events returns all of them.
func Events() []Event { return []Event{Arrive, PickUp, GiveBack, Keep} }

// Next is the state after an event, or false when it cannot happen then. It is pure.
// A sale that picks up or gives back has happened whatever the hub thinks of it: an
// order that has ended stays as it is, and the sale carries the difference.
func Next(s protocol.SpecialState, e Event) (protocol.SpecialState, bool) {
	switch {
	case Ended(s):
		return s, false
	case e == Arrive && s == protocol.SpecialOrdered:
		return protocol.SpecialArrived, true
	case e == PickUp:
		return protocol.SpecialPickedUp, true
	case e == GiveBack, e == Keep:
		return protocol.SpecialCancelled, true
	}
	return s, false
}

// Begin is the state that an order begins in: what is laid away is here.
func Begin(k protocol.SpecialKind) protocol.SpecialState {
	if k == protocol.Layaway {
		return protocol.SpecialArrived
	}
	return protocol.SpecialOrdered
}

// Ended reports whether a state is an end.
func Ended(s protocol.SpecialState) bool {
	return s == protocol.SpecialPickedUp || s == protocol.SpecialCancelled
}
