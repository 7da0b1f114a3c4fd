package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

// auditPage shows how the journal is sealed and what is in it.
type auditPage struct {
	Rows     int64 // in the whole journal
	Sealed   bool  // a checkpoint exists
	Good     bool  // sealed up to now
	State    string
	Words    string
	Code     string // of the latest checkpoint
	Facts    []fact
	Troubles []string
	Typed    string      // code somebody noted, as typed
	Check    *auditCheck // nil: not asked for
	Events   []auditEvent
	First    bool  // the list begins with the newest row
	Older    int64 // where the next page begins; 0: there is none
}

// auditCheck is what checking the journal found, in words.
type auditCheck struct {
	Good  bool
	Title string
	Words string
	Help  string
	Facts []fact // of a code that was found
}

// auditEvent is one row in words.
type auditEvent struct {
	N      int64
	At     time.Time
	What   string
	Device string
	Sale   string // number of the sale it is about, if that is known
	About  string // what else it is about
	Said   string // what somebody typed, while it is kept
	Hash   string // the beginning of it
}

const (
	auditRows = 50
	// sealTime is how long new rows may wait before somebody should look.
	sealTime = 15 * time.Second
)

// audit gathers the page of the journal. With check=1 it verifies everything,
// which takes seconds in an old shop.
func (o *office) audit(v visit) (sheet, error) {
	var p auditPage
	if err := o.sealing(v, &p); err != nil {
		return sheet{}, err
	}
	before, err := strconv.ParseInt(v.URL.Query().Get("before"), 10, 64)
	if err != nil || before < 1 {
		before = 0
	}
	rows, err := o.Store.RowsBefore(v.Context(), before, auditRows+1)
	if err != nil {
		return sheet{}, err
	}
	p.First = before == 0 || before > p.Rows
	if len(rows) > auditRows {
		rows = rows[:auditRows]
		p.Older = rows[auditRows-1].N
	}
	if p.Events, err = o.auditEvents(v, rows); err != nil {
		return sheet{}, err
	}
	if err := o.asked(v, &p); err != nil {
		return sheet{}, err
	}
	return sheet{Name: "audit", Title: "Journal", Data: p}, nil
}

// asked carries out what a button of the page asks for.
func (o *office) asked(v visit, p *auditPage) (err error) {
	q := v.URL.Query()
	var c auditCheck
	switch p.Typed = q.Get("code"); {
	case q.Get("look") == "1":
		c, err = o.lookUp(v, p.Typed)
	case q.Get("check") == "1":
		c = o.checkAudit(v, p.Typed)
	default:
		return nil
	}
	p.Check = &c
	return err
}

// sealing says how far the journal is sealed.
func (o *office) sealing(v visit, p *auditPage) error {
	last, err := o.Store.RowsBefore(v.Context(), 0, 1)
	if err != nil {
		return err
	}
	if len(last) > 0 {
		p.Rows = last[0].N
	}
	signed, err := o.Store.LatestCheckpoint(v.Context())
	if err != nil {
		return err
	}
	var c audit.Checkpoint
	if signed != "" {
		if c, err = audit.ParseCheckpoint(signed); err != nil {
			p.Troubles = append(p.Troubles, "The latest checkpoint cannot be read. Check the whole journal below.")
		}
	}
	waiting, err := o.Store.RowsAfter(v.Context(), c.Size, 1)
	if err != nil {
		return err
	}
	p.Sealed = c.Size > 0
	if p.Sealed {
		p.Code = c.Code()
		p.Facts = append(p.Facts, fact{"Sealed", stamp(v, v.time(c.AtMS))}, fact{"Events sealed", thousands(c.Size)})
	}
	p.Facts = append(p.Facts, fact{"Waiting", thousands(max(0, p.Rows-c.Size))}, fact{"Public key", o.publicKey()})
	p.judge(v, o.AuditKey.String() != "", waiting)
	return nil
}

func (o *office) publicKey() string {
	if o.AuditKey.String() == "" {
		return "missing"
	}
	return o.AuditKey.Code() + " · " + o.AuditKey.String()
}

// judge says in words whether all is well with the sealing.
func (p *auditPage) judge(v visit, hasKey bool, waiting []audit.Row) {
	late := len(waiting) > 0 && v.now.Sub(v.time(waiting[0].AtMS)) > sealTime
	switch {
	case !hasKey:
		p.State, p.Words = "Not sealed", "New events are chained, but not signed."
		p.Troubles = append(p.Troubles, "The hub's audit key is missing. Stop the hub, restore the key file from a backup and start it again. Selling goes on meanwhile.")
	case late:
		p.State, p.Words = "Sealing has stopped", "Events since "+stamp(v, v.time(waiting[0].AtMS))+" are chained, but not signed."
		p.Troubles = append(p.Troubles, "Check the whole journal below and look at the hub's log. Selling goes on meanwhile.")
	case p.Sealed:
		p.Good, p.State, p.Words = len(p.Troubles) == 0, "Sealed", "Every event is signed within a second or two. Note the code: whoever has it can tell later whether anything before it was changed."
	default:
		p.Good, p.State, p.Words = true, "Nothing to seal yet", "The first event will be signed within a second or two."
	}
}

// checking keeps a second check from starting while one runs.
type checking struct{ mu sync.Mutex }

// checkAudit verifies the whole journal, and that a code somebody noted is part
// of it unless that is empty.
func (o *office) checkAudit(v visit, typed string) auditCheck {
	var code string
	if strings.TrimSpace(typed) != "" {
		var err error
		if code, _, err = audit.ParseCode(typed); err != nil {
			return auditCheck{Title: "This is not a code", Words: sentence(err.Error()), Help: "Nothing was checked. Type the code again, or leave the field empty."}
		}
	}
	if !o.checking.mu.TryLock() {
		return auditCheck{Good: true, Title: "A check is running already", Words: "Somebody else has just asked for it.", Help: "Ask again in a few seconds."}
	}
	defer o.checking.mu.Unlock()
	began := time.Now()
	if o.AuditKey.String() == "" {
		head, err := o.Store.VerifyAudit(v.Context())
		if err != nil {
			return badCheck(err)
		}
		return auditCheck{
			Title: "The signatures cannot be checked",
			Words: "The events follow from each other and agree with the sales: " + count(head.N, "event", "events") + ". Without the hub's audit key nobody can tell whether all of them were made anew.",
			Help:  "Restore the key file from a backup.",
		}
	}
	r, err := o.Store.VerifySealed(v.Context(), o.AuditKey, code)
	if err != nil {
		return badCheck(err)
	}
	c := auditCheck{
		Good: true, Title: "Nothing was changed",
		Words: fmt.Sprintf("%s and %s were computed anew and agree with each other, with the signatures and with every sale. It took %s.",
			count(r.Rows, "event", "events"), count(r.Checkpoints, "checkpoint", "checkpoints"), lasting(time.Since(began))),
		Help: "To be sure that the end was not cut off either, check with a code that somebody noted earlier.",
	}
	if code != "" {
		c.Help = "The code " + code + " is part of this history: everything up to it is as it was when the code was noted."
	}
	return c
}

// badCheck says what is wrong and what to do about it.
func badCheck(err error) auditCheck {
	c := auditCheck{
		Title: "The journal does not hold",
		Words: sentence(err.Error()),
		Help:  "Change nothing. Copy the hub's data directory as it is, compare it with the last backup or export, and find out who could reach the database.",
	}
	var row *audit.BadRowError
	var checkpoint *audit.BadCheckpointError
	switch {
	case errors.Is(err, audit.ErrCodeUnknown):
		c.Title, c.Words = "The code is not part of this journal", "The journal agrees with itself, but it is not the one the code was taken from: events were cut off, or all of it was made anew."
	case errors.As(err, &row):
		c.Title, c.Words = "Event "+thousands(row.N)+" is the first that is wrong", sentence("it "+row.Why)
	case errors.As(err, &checkpoint):
		c.Title, c.Words = "The checkpoint of "+count(checkpoint.Size, "event", "events")+" is the first that is wrong", sentence("it is "+checkpoint.Why)
	}
	return c
}

// auditEvents puts rows into words, newest first.
func (o *office) auditEvents(v visit, rows []audit.Row) ([]auditEvent, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	texts, err := o.Store.AuditTexts(v.Context(), rows[len(rows)-1].N, rows[0].N)
	if err != nil {
		return nil, err
	}
	sales := map[string]string{}
	for _, r := range rows {
		if n := saleNumber(r); n != "" {
			sales[r.Subject] = n
		}
	}
	all := make([]auditEvent, len(rows))
	for i, r := range rows {
		e := auditEvent{N: r.N, At: v.time(r.AtMS), What: auditWords(r.Kind), Device: r.Device, Sale: sales[r.Subject], Hash: r.Hash[:min(len(r.Hash), 10)]}
		if r.Kind == string(protocol.KindFault) {
			e.About = r.Subject
		}
		if strings.HasPrefix(r.Kind, "customer.") {
			e.About = accountOfRow(r)
		}
		e.Said = said(texts[r.N])
		all[i] = e
	}
	return all, nil
}

// accountOfRow is the account number that a row about a customer names.
func accountOfRow(r audit.Row) string {
	var facts struct{ Number, Into string }
	if json.Unmarshal([]byte(r.Body), &facts) != nil {
		return ""
	}
	return facts.Number + facts.Into
}

// said is what people typed with a row.
func said(texts []audit.Text) string {
	var all []string
	for _, t := range texts {
		if t.Gone == 0 {
			all = append(all, "“"+t.Words+"”")
		} else {
			all = append(all, "erased")
		}
	}
	return strings.Join(all, ", ")
}

// saleNumber is the number in a sale's row, "" in other rows.
func saleNumber(r audit.Row) string {
	if r.Kind != string(protocol.KindSale) {
		return ""
	}
	var facts struct {
		Number string `json:"number"`
	}
	if json.Unmarshal([]byte(r.Body), &facts) != nil {
		return "" // altered: the check names it
	}
	return facts.Number
}
