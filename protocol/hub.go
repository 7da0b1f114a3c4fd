package protocol

import (
	"errors"
	"fmt"

	"kickstand/protocol/catalogue"
)

// HubAck is the hub's word, after its database commit, that every event of an
// epoch up to and including Upto is applied or quarantined. Only this deletes
// outbox rows.
type HubAck struct {
	Epoch      string     `json:"epoch"`
	Upto       uint64     `json:"upto"`
	Resend     uint64     `json:"resend,omitempty"` // not 0: a gap was seen, send again from this seq
	Rejected   []Rejected `json:"rejected,omitempty"`
	ReceivedMS int64      `json:"received_ms"` // hub wall clock, Unix ms
}

// Rejected is one event the hub put into quarantine for a person to look at.
type Rejected struct {
	Seq    uint64 `json:"seq"`
	Reason Reason `json:"reason"`
	Detail string `json:"detail"`
}

// Kind returns KindAck.
func (*HubAck) Kind() Kind { return KindAck }

// Check reports a missing epoch.
func (a *HubAck) Check() error {
	if !epochPattern.MatchString(a.Epoch) {
		return fmt.Errorf("epoch %.60q is not an epoch", a.Epoch)
	}
	return nil
}

// HubDesired tells a device what to run. It is sent at birth and on change,
// never retained.
type HubDesired struct {
	Catalogue int64    `json:"catalogue"` // fetch pages until this version is reached
	Settings  Settings `json:"settings"`
	Slips     int64    `json:"slips"`             // highest slip counter the hub has of this device, so that a lost journal never repeats one
	Reports   int64    `json:"reports,omitempty"` // highest number of its Z reports, for the same reason
}

// Kind returns KindDesired.
func (*HubDesired) Kind() Kind { return KindDesired }

// Check reports settings no sale could be made with.
func (d *HubDesired) Check() error {
	for _, o := range d.Settings.Operators {
		if CheckID(o.ID) != nil || o.Name == "" {
			return fmt.Errorf("operator %.60q needs an id and a name", o.ID)
		}
	}
	return d.Settings.Rules.Validate()
}

// HubRefused answers a question the hub will not answer.
type HubRefused struct {
	Reason Reason `json:"reason"`
	Detail string `json:"detail"`
}

// Kind returns KindRefused.
func (*HubRefused) Kind() Kind { return KindRefused }

// Check reports a missing reason.
func (r *HubRefused) Check() error {
	if r.Reason == "" {
		return errors.New("a refusal needs a reason")
	}
	return nil
}

// ClockAsk asks the hub for its time.
type ClockAsk struct {
	SentMS int64 `json:"sent_ms"` // device wall clock, Unix ms
}

// Kind returns KindClockAsk.
func (*ClockAsk) Kind() Kind { return KindClockAsk }

// Check accepts any time: a wrong clock is what the question is about.
func (*ClockAsk) Check() error { return nil }

// ClockReading is the hub's answer: the middle two of the four timestamps of
// RFC 5905 section 8.
type ClockReading struct {
	AskedMS    int64 `json:"asked_ms"`    // SentMS of the question
	ReceivedMS int64 `json:"received_ms"` // hub wall clock when the question came
	AnsweredMS int64 `json:"answered_ms"` // hub wall clock when the answer left
}

// Kind returns KindClock.
func (*ClockReading) Kind() Kind { return KindClock }

// Check reports an answer that left before its question came.
func (c *ClockReading) Check() error {
	if c.AnsweredMS < c.ReceivedMS {
		return errors.New("answered before it was received")
	}
	return nil
}

// CatalogueAsk asks for the items that changed after a version, one page at a
// time.
type CatalogueAsk struct {
	Have  int64  `json:"have"`            // version on the device; 0 asks for a whole snapshot
	After string `json:"after,omitempty"` // Next of the page before, empty for the first
	Want  int64  `json:"want,omitempty"`  // Version of the first page, so that all pages are of one version
}

// Kind returns KindItemsAsk.
func (*CatalogueAsk) Kind() Kind { return KindItemsAsk }

// Check reports negative versions and overlong cursors.
func (a *CatalogueAsk) Check() error {
	if a.Have < 0 || a.Want < 0 {
		return errors.New("versions are not negative")
	}
	return checkTexts(a.After)
}

// MaxPageItems is the most items one page of the catalogue carries.
const MaxPageItems = 300

// CataloguePage is one page of a snapshot (From 0) or of a delta.
type CataloguePage struct {
	From    int64            `json:"from"`    // changes after this version; 0: snapshot, forget what you have
	Version int64            `json:"version"` // what the device has once all pages are in
	Items   []catalogue.Item `json:"items"`   // new or changed; Retired ones are to be removed
	Next    string           `json:"next,omitempty"`
	Total   int              `json:"total"` // items in all pages, for the progress bar
}

// Kind returns KindItems.
func (*CataloguePage) Kind() Kind { return KindItems }

// Check reports pages that are too long or go backwards.
func (p *CataloguePage) Check() error {
	if len(p.Items) > MaxPageItems {
		return fmt.Errorf("%d items on a page, the limit is %d", len(p.Items), MaxPageItems)
	}
	if p.Version < p.From || p.From < 0 {
		return fmt.Errorf("page leads from version %d back to %d", p.From, p.Version)
	}
	return nil
}
