package link

import (
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// Event is something the device should know of.
type Event interface{ event() }

type (
	// Online says that the hub has answered on this connection.
	Online struct{}
	// Offline says that the hub cannot be reached, and why in plain words.
	Offline struct{ Why string }
	// Acked says how many events are not yet with the hub.
	Acked struct{ Waiting int }
	// Rejected is an event that the hub put into quarantine.
	Rejected struct {
		Stream string // "hi" or "lo"
		Seq    uint64
		Reason protocol.Reason
		Detail string
	}
	// Desired is what the hub wants the device to run. The catalogue is fetched
	// without further asking; the settings are for the device to use and keep.
	Desired struct{ *protocol.HubDesired }
	// Told is what the hub says unasked.
	Told struct{ protocol.Body }
	// Loading is the progress of a catalogue snapshot, in items.
	Loading struct{ Have, Total int }
	// Catalogue is a new catalogue, stored in the journal and ready for use.
	Catalogue struct{ *catalogue.Index }
	// Clock is the hub's wall clock less the device's, and the round trip of the
	// exchange that told, both in milliseconds. The error of the first is at most
	// half the second.
	Clock struct{ OffsetMS, RoundTripMS int64 }
)

func (Online) event()    {}
func (Offline) event()   {}
func (Acked) event()     {}
func (Rejected) event()  {}
func (Desired) event()   {}
func (Told) event()      {}
func (Loading) event()   {}
func (Catalogue) event() {}
func (Clock) event()     {}
