package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// WhyCashSale is the reason of an opening for a sale, which nobody typed.
const WhyCashSale = "cash sale"

// DrawerOpened is the fact that the device sent the drawer its pulse.
type DrawerOpened struct {
	ID       string `json:"id"`
	Sale     string `json:"sale,omitempty"` // the sale it was opened for
	Operator string `json:"operator"`
	Why      string `json:"why"` // WhyCashSale, or the words of the operator
}

// Kind returns KindDrawer.
func (*DrawerOpened) Kind() Kind { return KindDrawer }

// Check reports a missing or malformed id.
func (d *DrawerOpened) Check() error {
	if CheckID(d.ID) != nil || CheckID(d.Operator) != nil || (d.Sale != "" && CheckID(d.Sale) != nil) {
		return errors.New("id, operator and sale must be ids")
	}
	return checkTexts(d.Why)
}

// Proof says how sure the device is that paper came out.
type Proof string

// How sure a device is of a print, best first.
const (
	ProofConfirmed Proof = "confirmed" // the printer answered with the job's number after printing
	ProofSent      Proof = "sent"      // all bytes accepted and the printer healthy afterwards
	ProofUnknown   Proof = "unknown"   // power, paper or cable failed on the way
	ProofSkipped   Proof = "skipped"   // a person chose not to print
)

// ReceiptPrinted is what became of one receipt on paper.
type ReceiptPrinted struct {
	Job   string `json:"job"`
	Sale  string `json:"sale"`
	Copy  int    `json:"copy"` // 0 the original, then 1, 2, … each labelled a copy on the paper
	Proof Proof  `json:"proof"`
	Why   string `json:"why,omitempty"` // what went wrong, in words
}

// Kind returns KindPrinted.
func (*ReceiptPrinted) Kind() Kind { return KindPrinted }

// Check reports malformed ids, an unknown proof or a copy out of 0 to 1000.
func (r *ReceiptPrinted) Check() error {
	switch r.Proof {
	case ProofConfirmed, ProofSent, ProofUnknown, ProofSkipped:
	default:
		return fmt.Errorf("unknown proof %.20q", string(r.Proof))
	}
	if CheckID(r.Job) != nil || CheckID(r.Sale) != nil {
		return errors.New("job and sale must be ids")
	}
	if r.Copy < 0 || r.Copy > 1000 {
		return fmt.Errorf("copy %d is not 0 to 1000", r.Copy)
	}
	return checkTexts(r.Why)
}

// JournalReset is the first event of a new epoch: the device began a new
// journal, and why.
type JournalReset struct {
	Why  string `json:"why"`            // "first start", or what was wrong with the old file
	Kept string `json:"kept,omitempty"` // name of the file set aside
}

// Kind returns KindReset.
func (*JournalReset) Kind() Kind { return KindReset }

// Check reports texts that are too long.
func (r *JournalReset) Check() error { return checkTexts(r.Why, r.Kept) }

// JournalGap stands in the place of events that were dropped because the disk
// was full. Its own seq is To, and the hub accepts it when From follows its
// cursor.
type JournalGap struct {
	From   uint64 `json:"from"`
	To     uint64 `json:"to"`
	N      uint64 `json:"n"`                // how many events are gone
	Digest string `json:"digest,omitempty"` // of the last of them, which is what the event after the gap follows
}

// Kind returns KindGap.
func (*JournalGap) Kind() Kind { return KindGap }

// Check reports an empty or backward range, or a digest that is none.
func (g *JournalGap) Check() error {
	if g.From == 0 || g.To < g.From || g.N != g.To-g.From+1 {
		return fmt.Errorf("gap %d to %d cannot hold %d events", g.From, g.To, g.N)
	}
	if g.Digest != "" && !IsDigest(g.Digest) {
		return fmt.Errorf("%.80q is not the digest of an event", g.Digest)
	}
	return nil
}

// DeviceFault is a peripheral that stopped or started working.
type DeviceFault struct {
	Part   string `json:"part"`  // "printer", "scanner:1", "journal", "clock"
	State  string `json:"state"` // "ok", "warning" or "down"
	Detail string `json:"detail"`
}

// Kind returns KindFault.
func (*DeviceFault) Kind() Kind { return KindFault }

// Check reports an unknown state or texts that are too long.
func (f *DeviceFault) Check() error {
	switch f.State {
	case "ok", "warning", "down":
		return checkTexts(f.Part, f.Detail)
	}
	return fmt.Errorf("unknown state %.20q", f.State)
}

// Role is what a device is used for.
type Role string

// The roles of a device.
const (
	Counter Role = "counter" // staff sell at it
	Kiosk   Role = "kiosk"   // customers use it themselves
)

// DeviceBirth is sent on every connection, before any event.
type DeviceBirth struct {
	Session   string            `json:"session"` // fresh per connection; the will carries it too
	Role      Role              `json:"role"`
	Program   string            `json:"program"`         // version of the device program
	Panel     string            `json:"panel"`           // "10.1in 1280x800"
	Epochs    map[string]string `json:"epochs"`          // outbox stream ("hi", "lo") to its epoch
	Next      map[string]uint64 `json:"next"`            // stream to the seq its next event will get
	First     map[string]uint64 `json:"first,omitempty"` // stream to the oldest seq the device still has; equal to Next if nothing waits
	Catalogue int64             `json:"catalogue"`
	Settings  int64             `json:"settings"`
}

// Kind returns KindBirth.
func (*DeviceBirth) Kind() Kind { return KindBirth }

// Check reports a malformed session or an unknown role.
func (b *DeviceBirth) Check() error {
	if CheckID(b.Session) != nil {
		return errors.New("session must be an id")
	}
	if b.Role != Counter && b.Role != Kiosk {
		return fmt.Errorf("unknown role %.20q", string(b.Role))
	}
	return checkTexts(b.Program, b.Panel)
}

// DeviceWill is published by the broker when a session ends without goodbye,
// or by the device itself when it leaves. A will whose session is not the
// latest birth's is late and means nothing.
type DeviceWill struct {
	Session string `json:"session"`
	Why     string `json:"why"` // "lost" from the broker, "stopped" from the device
}

// Kind returns KindWill.
func (*DeviceWill) Kind() Kind { return KindWill }

// Check reports a malformed session.
func (w *DeviceWill) Check() error {
	if CheckID(w.Session) != nil {
		return errors.New("session must be an id")
	}
	return checkTexts(w.Why)
}

// DeviceReported is what the device really runs, the answer to HubDesired.
type DeviceReported struct {
	Catalogue int64             `json:"catalogue"`
	Settings  int64             `json:"settings"`
	Program   string            `json:"program"`
	Parts     map[string]string `json:"parts"` // part to its state in words
}

// Kind returns KindReported.
func (*DeviceReported) Kind() Kind { return KindReported }

// Check reports texts that are too long.
func (r *DeviceReported) Check() error { return checkTexts(r.Program) }

// DeviceMetric is a set of measurements, best effort, never stored on the
// device.
type DeviceMetric struct {
	Values map[string]float64 `json:"values"` // name with its unit, "outbox_events", "rss_bytes"
}

// Kind returns KindMetric.
func (*DeviceMetric) Kind() Kind { return KindMetric }

// Check refuses more than 200 values.
func (m *DeviceMetric) Check() error {
	if len(m.Values) > 200 {
		return fmt.Errorf("%d values, the limit is 200", len(m.Values))
	}
	return nil
}

// Operator is a person who may use a device.
type Operator struct {
	ID          string `json:"id"`
	Name        string `json:"name"`
	Role        string `json:"role"`         // owner, service lead, mechanic, sales, junior
	MaxDiscount int64  `json:"max_discount"` // largest discount the person may give, in parts per million
}

// Settings is all a device needs to know of its shop. Version grows with every
// change.
type Settings struct {
	Version   int64         `json:"version"`
	Shop      Letterhead    `json:"shop"`
	Rules     money.Rules   `json:"rules"`
	Notes     []money.Cents `json:"notes"` // banknotes of the currency, for the quick buttons
	Operators []Operator    `json:"operators"`
	Till      TillRules     `json:"till"`
	Receipts  ReceiptWays   `json:"receipts"`
	Gift      GiftRules     `json:"gift"`
	SelfItems int           `json:"self_items,omitempty"` // most pieces that a customer buys alone at a kiosk; 0 is 15
	SelfMax   money.Cents   `json:"self_max,omitempty"`   // most that a customer pays alone at a kiosk; 0 is 500.00
	IdleS     int           `json:"idle_s"`               // seconds without a touch until a sale is parked; 0 is 90
}
