package paytest

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

//go:embed page.html checkout.html page.css page.js
var pageFiles embed.FS

// policy lets the page load nothing from elsewhere and run nothing written into it.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"

// declines are the reasons that the page offers.
var declines = [...][2]string{
	{"insufficient_funds", "no money"},
	{"expired_card", "expired"},
	{"lost_card", "lost"},
	{"stolen_card", "stolen"},
	{"incorrect_pin", "wrong PIN"},
	{"online_or_offline_pin_required", "needs the PIN"},
	{"do_not_honor", "bank says no"},
	{"issuer_not_available", "bank away"},
}

// page is the player's page.
type page struct {
	s *Stripe
	t *template.Template
}

// Page is a page on which a person plays the customers at the readers, breaks
// calls, and reads the ledger. Its links are relative: it works below any path
// that ends in a slash and is stripped.
//
// Tests use the same addresses: GET state answers with a View as JSON; POST act
// takes reader and do (tap, pin, debit, slow, decline with code, leave, quit) and acts
// now, or for the next customer when the reader does not ask; POST reader takes
// reader and offline or auto (true, false); POST fault takes site and fault;
// POST heal; POST refund takes id; POST dispute and lapse take intent; POST card
// takes id and decline. GET checkout/ID is a page of Checkout, and POST there pays
// it, or takes decline. Forms and JSON
// objects of strings are taken; a JSON request gets the View back, a form goes
// back to the page.
func (s *Stripe) Page() http.Handler {
	p := &page{s: s, t: template.Must(template.New("page.html").Funcs(template.FuncMap{
		"money": func(cents int64) string { return strings.TrimSpace(inWords(cents, "")) },
		"clock": func(t time.Time) string { return t.Local().Format("15:04:05") },
		"day":   func(t time.Time) string { return t.Local().Format("2 Jan 15:04") },
	}).ParseFS(pageFiles, "page.html", "checkout.html"))}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { p.show(w, "page.html") })
	mux.HandleFunc("GET /live", func(w http.ResponseWriter, _ *http.Request) { p.show(w, "live") })
	mux.HandleFunc("GET /state", p.state)
	mux.HandleFunc("GET /checkout/{id}", p.showCheckout)
	mux.HandleFunc("POST /checkout/{id}", p.payCheckout)
	mux.Handle("GET /page.css", http.FileServerFS(pageFiles))
	mux.Handle("GET /page.js", http.FileServerFS(pageFiles))
	for path, do := range p.posts() {
		mux.HandleFunc("POST /"+path, func(w http.ResponseWriter, r *http.Request) { p.post(w, r, do) })
	}
	guarded := http.NewCrossOriginProtection().Handler(mux)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		guarded.ServeHTTP(w, r)
	})
}

// shown is what the template gets.
type shown struct {
	View
	Sites    []string
	Kinds    []Fault
	Declines [len(declines)][2]string
}

func (p *page) show(w http.ResponseWriter, name string) {
	var b bytes.Buffer
	err := p.t.ExecuteTemplate(&b, name, shown{View: p.s.View(), Sites: Sites(), Kinds: Faults(), Declines: declines})
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // who has gone away needs no page
}

func (p *page) state(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(p.s.View()) // who has gone away needs no answer
}

// posts lists what can be done.
func (p *page) posts() map[string]func(url.Values) error {
	return map[string]func(url.Values) error{
		"act": p.act, "reader": p.reader, "fault": p.fault, "heal": p.heal,
		"refund": func(f url.Values) error {
			return need(p.s.FailRefund(f.Get("id")), "there is no such refund, or it has failed already")
		},
		"lapse": func(f url.Values) error {
			return need(p.s.Lapse(f.Get("intent")), "there is no such hold")
		},
		"card": func(f url.Values) error {
			return need(p.s.SetCard(f.Get("id"), f.Get("decline")), "there is no such card")
		},
		"dispute": func(f url.Values) error {
			return need(p.s.Dispute(f.Get("intent")), "there is no such charge, or it is disputed already")
		},
	}
}

func (p *page) post(w http.ResponseWriter, r *http.Request, do func(url.Values) error) {
	asJSON := strings.HasPrefix(r.Header.Get("Content-Type"), "application/json")
	f, err := values(r, asJSON)
	if err == nil {
		err = do(f)
	}
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case asJSON:
		p.state(w, r)
	default:
		w.Header().Set("Location", "./")
		w.WriteHeader(http.StatusSeeOther)
	}
}

// values reads a form or a JSON object of strings.
func values(r *http.Request, asJSON bool) (url.Values, error) {
	b, err := io.ReadAll(io.LimitReader(r.Body, 1<<16))
	if err != nil {
		return nil, fmt.Errorf("read what to do: %w", err)
	}
	if !asJSON {
		return url.ParseQuery(string(b))
	}
	m := map[string]string{}
	if err := json.Unmarshal(b, &m); err != nil {
		return nil, fmt.Errorf("read what to do: %w", err)
	}
	f := url.Values{}
	for k, v := range m {
		f.Set(k, v)
	}
	return f, nil
}

func (p *page) act(f url.Values) error {
	a, id := Act{}, f.Get("reader")
	switch f.Get("do") {
	case "tap":
		a = Tap()
		a.Takes = time.Second
	case "pin":
		a = Insert()
		a.Takes = 2 * time.Second
	case "debit":
		a = Debit()
		a.Takes = 2 * time.Second
	case "slow":
		a = Slow(10 * time.Second)
	case "decline":
		a = Decline(f.Get("code"))
		a.Takes = time.Second
	case "leave":
		a = Leave()
	case "quit":
		a = Quit()
	default:
		return fmt.Errorf("%q is nothing that a customer does", f.Get("do"))
	}
	if !p.s.knows(id) {
		return fmt.Errorf("there is no reader %q", id)
	}
	if !p.s.Do(id, a) {
		p.s.Expect(id, a)
	}
	return nil
}

func (p *page) reader(f url.Values) error {
	id := f.Get("reader")
	if !p.s.knows(id) {
		return fmt.Errorf("there is no reader %q", id)
	}
	if f.Has("offline") {
		p.s.SetOffline(id, f.Get("offline") == "true")
	}
	if f.Has("auto") {
		p.s.SetAuto(id, f.Get("auto") == "true")
	}
	return nil
}

func (p *page) fault(f url.Values) error {
	for _, site := range Sites() {
		for _, kind := range Faults() {
			if site == f.Get("site") && string(kind) == f.Get("fault") {
				p.s.Fail(site, kind)
				return nil
			}
		}
	}
	return fmt.Errorf("there is no fault %q at %q", f.Get("fault"), f.Get("site"))
}

func (p *page) heal(url.Values) error {
	p.s.Heal()
	return nil
}

func need(done bool, why string) error {
	if done {
		return nil
	}
	return fmt.Errorf("%s", why)
}
