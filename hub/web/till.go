package web

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// tillRows is how many sessions one page shows.
const tillRows = 200

// tillRow is one session as the list shows it.
type tillRow struct {
	store.TillSession
	Where    string // the till's name
	Who      string // who opened it
	Opened   time.Time
	Ended    time.Time
	Variance money.Cents
}

// tillsPage lists the sessions of all drawers.
type tillsPage struct {
	Open, Ended []tillRow
	More        bool
	Currency    string
}

// tills lists till sessions: those open now, then the closed ones.
func (o *office) tills(v visit) (sheet, error) {
	all, err := o.Store.TillSessions(v.Context(), tillRows+1)
	if err != nil {
		return sheet{}, err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return sheet{}, err
	}
	p := tillsPage{Currency: v.settings.Rules.Currency, More: len(all) > tillRows}
	for _, s := range all[:min(len(all), tillRows)] {
		row := names.row(v, s)
		if s.State == store.TillOpen {
			p.Open = append(p.Open, row)
		} else {
			p.Ended = append(p.Ended, row)
		}
	}
	return sheet{Name: "tills", Title: "Till sessions", Data: p}, nil
}

// tillNames is what devices and people are called.
type tillNames struct{ devices, people map[string]string }

func (o *office) tillNames(v visit) (tillNames, error) {
	n := tillNames{devices: map[string]string{}, people: map[string]string{}}
	devices, err := o.Store.Devices(v.Context())
	if err != nil {
		return n, err
	}
	for _, d := range devices {
		n.devices[d.ID] = d.Name
	}
	for _, p := range v.settings.Operators {
		n.people[p.ID] = p.Name
	}
	return n, nil
}

// device is what a till is called, its id when it has no name.
func (n tillNames) device(id string) string { return cmp.Or(n.devices[id], id) }

// person is what somebody is called.
func (n tillNames) person(id string) string { return cmp.Or(n.people[id], id) }

func (n tillNames) row(v visit, s store.TillSession) tillRow {
	return tillRow{
		TillSession: s, Where: n.device(s.Device), Who: n.person(s.Operator),
		Opened: v.time(s.OpenedMS), Ended: v.time(s.EndedMS), Variance: s.Counted - s.Expected,
	}
}

// tillPage is one session with its report.
type tillPage struct {
	tillRow
	Report   *protocol.TillClosed // nil while there is none
	Late     []lateRow
	Currency string
}

// lateRow is something that came after the Z report.
type lateRow struct {
	store.TillLate
	At time.Time
}

// tillSession shows one session.
func (o *office) tillSession(v visit) (sheet, error) {
	s, z, err := o.Store.ZReport(v.Context(), v.PathValue("id"))
	if err != nil {
		return sheet{}, err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return sheet{}, err
	}
	late, err := o.Store.TillAddendum(v.Context(), s.ID)
	if err != nil {
		return sheet{}, err
	}
	p := tillPage{tillRow: names.row(v, s), Report: z, Currency: v.settings.Rules.Currency}
	for _, l := range late {
		p.Late = append(p.Late, lateRow{TillLate: l, At: v.time(l.AtMS)})
	}
	title := "Till session"
	if z != nil {
		title = fmt.Sprintf("Z report %d", z.Number)
	}
	return sheet{Name: "till", Title: title, Data: p}, nil
}

// zPaper answers with a Z report as an image of its paper.
func (o *office) zPaper(w http.ResponseWriter, r *http.Request) {
	_, z, err := o.Store.ZReport(r.Context(), r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) || err == nil && z == nil {
		http.Error(w, "No such Z report.", http.StatusNotFound)
		return
	}
	image := ""
	if err == nil {
		image, err = paper(slip.Z(z, 0))
	}
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write([]byte(image)) // the reader has gone: nobody to tell
}

// tillsFile is the list as a file.
func (o *office) tillsFile(v visit) (table, string, error) {
	all, err := o.Store.TillSessions(v.Context(), 100_000)
	if err != nil {
		return table{}, "", err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return table{}, "", err
	}
	t := table{Name: "tills", Title: "Till sessions", Columns: append([]column{
		{Name: "Till"}, {Name: "Opened"}, {Name: "Closed"}, {Name: "Opened by"}, {Name: "State"},
	}, numbers("Z report", "Float", "Should be there", "Counted", "Difference", "Came late")...)}
	for _, s := range all {
		r := names.row(v, s)
		closed := ""
		if s.EndedMS > 0 {
			closed = r.Ended.Format(time.DateTime)
		}
		t.Rows = append(t.Rows, []cell{
			text(r.Where), text(r.Opened.Format(time.DateTime)), text(closed), text(r.Who), text(s.State),
			whole(s.Number), cash(s.Float), cash(s.Expected), cash(s.Counted), cash(r.Variance), whole(s.Late),
		})
	}
	return t, v.now.Format(time.DateOnly), nil
}
