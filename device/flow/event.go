package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// Event is one thing that happened, with the clock and a fresh id that the
// owner of the State stamped on it. Step has no other source of time or ids.
type Event struct {
	WallMS int64  // device wall clock, Unix ms: shown and printed; compared only for the age of print jobs over a restart
	MonoMS int64  // monotonic clock, ms since the process began: for timers
	NewID  string // fresh, 1 to 40 of a-z, 0-9 and -; Step derives every id it needs from it
	Secret string // fresh, at least 128 random bits as 26 to 52 of a-z and 2-7, for what nobody may guess; empty: a sale gets no token
	Is     Happening
}

// Happening is the closed set of events, one struct each.
type Happening interface{ happening() }

type (
	// Booted is the first event after every start of the process.
	Booted struct{}
	// Ticked is the answer to Wake: the time asked for has come.
	Ticked struct{}
	// Tapped is a touch on the node or key with this id.
	Tapped struct{ ID string }
	// Typed is text from a real or virtual keyboard. "\n" is Enter, "\b"
	// Backspace, "\x1b" Escape.
	Typed struct{ Text string }
	// Scanned is a decoded barcode.
	Scanned struct {
		Scanner string // which scanner, for people
		Code    string // text of the code, control characters already replaced
		Wrong   bool   // the check digit is wrong
	}
	// ScanTrouble is a frame that was no code: too long, or garbage.
	ScanTrouble struct{ Scanner, Why string }
	// PartChanged is a change of a peripheral's health.
	PartChanged struct {
		Part   string // "printer", "scanner:1", "journal"
		State  PartState
		Detail string // plain words, "paper is out"
	}
	// Printed is the end of a Print effect.
	Printed struct {
		Job   string
		Proof protocol.Proof
		Fault string // empty, or what happened in words; with ProofUnknown some bytes may have been printed
		Clean bool   // nothing at all reached the paper: the original can be printed again
	}
	// Kicked is the end of a KickDrawer effect; Fault is empty when it worked.
	Kicked struct{ ID, Fault string }
	// LinkChanged says whether the hub can be reached.
	LinkChanged struct {
		Online bool
		Why    string // "no network", "the hub does not answer"; empty when online
	}
	// HubAcked is progress of the outbox: Waiting events are not yet with the hub.
	HubAcked struct{ Waiting int }
	// HubRejected is an event that the hub put into quarantine.
	HubRejected struct {
		Seq    uint64
		Reason protocol.Reason
		Detail string
	}
	// Answered is the hub's answer to an Ask.
	Answered struct {
		ID   string // of the Ask
		Body protocol.Body
	}
	// AskFailed is an Ask without an answer. Unless Refused is set it is not
	// known whether the hub carried out what was asked: ask the same again.
	AskFailed struct {
		ID      string
		Refused bool   // the hub has answered that it will not
		Why     string // in plain words
	}
	// Told is what the hub says unasked, such as a protocol.TenderState.
	Told struct{ Body protocol.Body }
	// SettingsChanged carries the settings the hub wants this device to use.
	SettingsChanged struct{ Settings protocol.Settings }
	// CatalogueChanged hands over a new immutable index.
	CatalogueChanged struct{ Index *catalogue.Index }
	// CatalogueLoading is the progress of a first download, 0 to Total items.
	CatalogueLoading struct{ Have, Total int }
	// ClockChecked is the hub's time less the device's, in ms.
	ClockChecked struct{ OffsetMS int64 }
	// JournalRecovered says that the journal was damaged and set aside at start.
	JournalRecovered struct{ Why string }
	// HistoryAccepted is the word of somebody who may change the device's settings
	// that it may go on with the refused checkpoint of this code.
	HistoryAccepted struct{ Code string }
	// OutboxFilled is how full the journal's outbox is, in percent of its cap.
	OutboxFilled struct{ Percent int }
	// SlipsSeen is the highest slip counter the hub has from this device. After
	// a lost journal it keeps numbers from being used twice.
	SlipsSeen struct {
		Last    int64
		Reports int64 // the same of Z reports
	}
)

// PartState is the health of a peripheral.
type PartState string

// The health of a peripheral.
const (
	PartOK      PartState = "ok"
	PartWarning PartState = "warning" // works, but needs a person soon
	PartDown    PartState = "down"
)

func (Booted) happening()           {}
func (Ticked) happening()           {}
func (Answered) happening()         {}
func (AskFailed) happening()        {}
func (Told) happening()             {}
func (Tapped) happening()           {}
func (Typed) happening()            {}
func (Scanned) happening()          {}
func (ScanTrouble) happening()      {}
func (PartChanged) happening()      {}
func (Printed) happening()          {}
func (Kicked) happening()           {}
func (LinkChanged) happening()      {}
func (HubAcked) happening()         {}
func (HubRejected) happening()      {}
func (SettingsChanged) happening()  {}
func (CatalogueChanged) happening() {}
func (CatalogueLoading) happening() {}
func (ClockChecked) happening()     {}
func (JournalRecovered) happening() {}
func (HistoryAccepted) happening()  {}
func (OutboxFilled) happening()     {}
func (SlipsSeen) happening()        {}

// Cents is short for the amounts of package money.
type Cents = money.Cents
