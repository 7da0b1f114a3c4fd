package web

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"kickstand/hub"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// devicesPage lists who speaks for the shop and who tried to.
type devicesPage struct {
	Enrolled []deviceCard
	Unknown  []deviceCard
	Retired  []deviceCard
}

// deviceCard is one device in words.
type deviceCard struct {
	store.DeviceRow
	Called   string // name, or id without one
	State    string // one word
	Good     bool
	Words    string // since when, and what it means
	Facts    []fact
	Troubles []string // what is wrong and what to do
}

// fact is one line of a list.
type fact struct{ Name, Value string }

// devices gathers all devices.
func (o *office) devices(v visit) (sheet, error) {
	rows, err := o.Store.Devices(v.Context())
	if err != nil {
		return sheet{}, err
	}
	want, err := o.Store.Desired(v.Context())
	if err != nil {
		return sheet{}, err
	}
	var live map[string]hub.Metrics
	if o.Live != nil {
		live = o.Live.Metrics()
	}
	var p devicesPage
	for _, r := range rows {
		switch r.State {
		case store.Enrolled:
			p.Enrolled = append(p.Enrolled, o.enrolled(v, r, want, live[r.ID]))
		case store.Unknown:
			p.Unknown = append(p.Unknown, stranger(v, r))
		default:
			p.Retired = append(p.Retired, deviceCard{DeviceRow: r, Called: called(r), State: "Retired"})
		}
	}
	return sheet{Name: "devices", Title: "Devices", Data: p}, nil
}

func called(r store.DeviceRow) string {
	if r.Name != "" {
		return r.Name
	}
	return r.ID
}

// stranger describes a device that tried to speak without being enrolled.
func stranger(v visit, r store.DeviceRow) deviceCard {
	return deviceCard{
		DeviceRow: r, Called: r.ID, State: "Not enrolled",
		Words: fmt.Sprintf("It tried %s, last %s, and was refused.", count(r.Tries, "time", "times"), ago(v.now, v.time(r.TriedMS))),
	}
}

// enrolled describes a device of the shop.
func (o *office) enrolled(v visit, r store.DeviceRow, want protocol.HubDesired, live hub.Metrics) deviceCard {
	silent := r.Online && max(r.SinceMS, r.LastEventMS, live.AtMS) < o.began.UnixMilli()
	c := deviceCard{DeviceRow: r, Called: called(r), Good: r.Online && !silent}
	c.State, c.Words = presence(v, r)
	if silent {
		c.State, c.Words = "Not back yet", "It was connected before the hub was started again "+stamp(v, o.began.In(v.zone))+" and has not come back yet."
	}
	c.Facts = append(c.Facts, fact{"Last contact", heard(v, r)})
	if r.Program != "" {
		c.Facts = append(c.Facts, fact{"Program", r.Program})
	}
	if r.Panel != "" {
		c.Facts = append(c.Facts, fact{"Screen", r.Panel})
	}
	if r.SinceMS > 0 {
		c.Facts = append(c.Facts, fact{"Item list", versionWords(r.Catalogue, want.Catalogue)}, fact{"Settings", versionWords(r.Settings, want.Settings.Version)})
	}
	if r.Online {
		c.addLive(v, live)
	}
	c.addParts()
	if r.Quarantined > 0 {
		c.Troubles = append(c.Troubles, count(r.Quarantined, "message", "messages")+" in quarantine, see there.")
	}
	return c
}

// presence says whether a device is connected and since when.
func presence(v visit, r store.DeviceRow) (state, words string) {
	since := v.time(r.SinceMS)
	switch {
	case r.SinceMS == 0:
		return "Never seen", "It has not connected yet. Start it and check its network."
	case r.Online:
		return "Online", "Connected since " + stamp(v, since) + "."
	case r.Why == "stopped":
		return "Off", "Switched off " + stamp(v, since) + "."
	}
	return "Offline", "The connection was lost " + stamp(v, since) + ". It keeps selling and will send its sales when it is back."
}

// stamp is a moment with as much date as is needed.
func stamp(v visit, t time.Time) string {
	if midnight(t).Equal(midnight(v.now)) {
		return t.Format("15:04") + " (" + ago(v.now, t) + ")"
	}
	return t.Format("2 January 15:04") + " (" + ago(v.now, t) + ")"
}

func heard(v visit, r store.DeviceRow) string {
	last := max(r.SinceMS, r.LastEventMS)
	if last == 0 {
		return "never"
	}
	return stamp(v, v.time(last))
}

func versionWords(have, want int64) string {
	switch {
	case have == want:
		return "up to date (version " + thousands(have) + ")"
	case have == 0:
		return "not loaded yet"
	}
	return fmt.Sprintf("version %s, the newest is %s", thousands(have), thousands(want))
}

// addLive adds what the device measured last.
func (c *deviceCard) addLive(v visit, m hub.Metrics) {
	if n, ok := m.Values["outbox_events"]; ok {
		words := "nothing"
		if n > 0 {
			words = count(int64(n), "event", "events") + " (" + ago(v.now, v.time(m.AtMS)) + ")"
		}
		c.Facts = append(c.Facts, fact{"Waiting to be sent", words})
	}
	if off, ok := m.Values["clock_offset_ms"]; ok {
		c.addClock(time.Duration(off * float64(time.Millisecond)))
	}
}

// clockSlack is how far a clock may be off before a person should care.
const clockSlack = 5 * time.Second

// addClock says how far the device's clock is off; the offset is what has to
// be added to it.
func (c *deviceCard) addClock(offset time.Duration) {
	side := "behind"
	if offset < 0 {
		side = "ahead"
	}
	if offset.Abs() < clockSlack {
		c.Facts = append(c.Facts, fact{"Clock", "right"})
		return
	}
	c.Facts = append(c.Facts, fact{"Clock", lasting(offset) + " " + side})
	c.Troubles = append(c.Troubles, "Its clock is "+lasting(offset)+" "+side+". Set it; sales are booked by the hub's clock meanwhile.")
}

func (c *deviceCard) addParts() {
	for _, part := range slices.Sorted(maps.Keys(c.Parts)) {
		c.Facts = append(c.Facts, fact{"Part: " + part, c.Parts[part]})
	}
	for _, f := range c.Faults {
		c.Troubles = append(c.Troubles, sentence(f.Part+": "+f.Detail))
	}
}

// quarantinePage lists messages nobody has dealt with.
type quarantinePage struct {
	Rows []quarantineRow
	More bool
}

// quarantineRow is one message in words.
type quarantineRow struct {
	store.Quarantined
	First, Last time.Time
	What        string // kind in words
	Why         string // reason in words
	Help        string // what to do
	Size        string
	Text        string // beginning of the message, when it is text
}

const (
	quarantineRows = 100
	shownBytes     = 2000
)

// quarantine gathers the messages the hub could not accept.
func (o *office) quarantine(v visit) (sheet, error) {
	rows, err := o.Store.Quarantined(v.Context(), quarantineRows+1)
	if err != nil {
		return sheet{}, err
	}
	p := quarantinePage{More: len(rows) > quarantineRows}
	for _, q := range rows[:min(len(rows), quarantineRows)] {
		r := quarantineRow{Quarantined: q, First: v.time(q.FirstMS), Last: v.time(q.LastMS), What: whatWords(q), Size: size(q.Size)}
		r.Why, r.Help = reasonWords(q.Reason)
		r.Text = shown(q.Raw)
		p.Rows = append(p.Rows, r)
	}
	return sheet{Name: "quarantine", Title: "Quarantine", Data: p}, nil
}
