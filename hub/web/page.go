package web

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"time"

	"eliasnaur.com/font/roboto/robotobold"
	"eliasnaur.com/font/roboto/robotomedium"
	"eliasnaur.com/font/roboto/robotoregular"

	"kickstand/hub/right"
	"kickstand/hub/staff"
	"kickstand/hub/store"
	"kickstand/hub/zone"
	"kickstand/protocol"
)

//go:embed templates
var templateFiles embed.FS

//go:embed assets/office.css
var styleSheet []byte

// pages are the parsed templates, by name.
type pages struct {
	byName map[string]*template.Template
	style  string // path of the style sheet, with its digest so that it can be kept for ever
}

func (p *pages) parse() error {
	p.byName = map[string]*template.Template{}
	p.style = "/assets/office.css?v=" + fingerprint(styleSheet)
	base, err := template.New("base.html").Funcs(formats()).ParseFS(templateFiles, "templates/base.html", "templates/part.html", "templates/report.html", "templates/form.html")
	if err != nil {
		return err
	}
	for _, name := range pageNames() {
		t, err := base.Clone()
		if err != nil {
			return err
		}
		if p.byName[name], err = t.ParseFS(templateFiles, "templates/"+name+".html"); err != nil {
			return err
		}
	}
	return nil
}

// pageNames are the templates of single pages.
func pageNames() []string {
	return []string{
		"day", "sale", "stock", "item", "devices", "quarantine", "audit", "reports", "reportstock", "message", "tills", "till", "money", "settle", "payment",
		"signin", "again", "password", "adjust", "bundle", "letterhead", "shoprules", "kiosk", "paperless", "mails",
		"items", "itemedit", "itemretire", "picture", "price", "categories", "taxes", "upload", "import",
		"customers", "customer", "customeredit", "consent", "customermerge", "customererase", "specials", "special",
		"orders", "ordernew", "order", "counts", "countnew", "countsheet", "countreview",
	}
}

func fingerprint(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:6])
}

// assets serves style and fonts. Their names change with their content.
func assets() http.Handler {
	files := map[string]struct {
		kind string
		data []byte
	}{
		"/assets/office.css":  {"text/css; charset=utf-8", styleSheet},
		"/assets/regular.ttf": {"font/ttf", robotoregular.TTF},
		"/assets/medium.ttf":  {"font/ttf", robotomedium.TTF},
		"/assets/bold.ttf":    {"font/ttf", robotobold.TTF},
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		f, ok := files[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Type", f.kind)
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.data))
	})
}

// sheet is one page before it is rendered.
type sheet struct {
	Name   string // template
	Title  string
	Data   any
	Form   *form // nil: a fresh one
	Again  int   // seconds after which the page loads itself again; 0: never
	status int   // 0 is 200
}

// frame is what every page shows around its own data.
type frame struct {
	sheet
	Style    string
	Shop     string
	Menu     menu
	Version  string
	Now      time.Time // in the shop's time zone
	Currency string
	Who      staff.Person // signed in
	Here     string       // path of the page
	Done     string       // what the form that led here did
}

// visit is one request for a page.
type visit struct {
	*http.Request
	settings protocol.Settings
	zone     *time.Location
	now      time.Time // in zone
	who      staff.Person
}

// time returns hub time in the shop's zone.
func (v visit) time(ms int64) time.Time { return time.UnixMilli(ms).In(v.zone) }

// visit reads what every answer needs.
func (o *office) visit(r *http.Request) (visit, error) {
	set, err := o.Store.Settings(r.Context())
	v := visit{Request: r, settings: set, zone: zone.Of(set.Shop)}
	v.now = o.Now().In(v.zone)
	if err == nil {
		v.who, err = o.whoIs(r)
	}
	return v, err
}

// page makes a handler of a function that gathers one page.
func (o *office) page(section string, gather func(visit) (sheet, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := o.visit(r)
		if err != nil {
			o.trouble(w, r, err)
			return
		}
		s, err := gather(v)
		if errors.Is(err, store.ErrNotFound) {
			s, err = notFound(), nil
		}
		if err != nil {
			o.trouble(w, r, err)
			return
		}
		o.render(w, v, section, s)
	}
}

// private makes a handler of a page that not everybody may see, signed in or not.
func (o *office) private(a right.Action, section string, gather func(visit) (sheet, error)) http.HandlerFunc {
	page := o.page(section, gather)
	return func(w http.ResponseWriter, r *http.Request) {
		if _, ok := o.admitted(w, r, section, a, newForm()); ok {
			page(w, r)
		}
	}
}

func (o *office) render(w http.ResponseWriter, v visit, section string, s sheet) {
	f := frame{
		sheet: s, Style: o.pages.style, Shop: v.settings.Shop.Name, Version: o.Version,
		Now: v.now, Currency: v.settings.Rules.Currency, Who: v.who, Here: v.URL.RequestURI(),
	}
	if f.Form == nil {
		f.Form = newForm()
	}
	if f.Shop == "" {
		f.Shop = "Shop " + o.Store.Shop()
	}
	waiting, err := o.Store.QuarantineSize(v.Context())
	if err != nil {
		o.trouble(w, v.Request, err)
		return
	}
	people, err := o.Store.PersonTenderCount(v.Context(), v.stuck())
	if err != nil {
		o.trouble(w, v.Request, err)
		return
	}
	f.Menu = newMenu(section, map[string]int64{"Quarantine": waiting, "Reconciliation": people})
	if f.Done, err = o.flash(v); err != nil {
		o.trouble(w, v.Request, err)
		return
	}
	var b bytes.Buffer
	if err := o.pages.byName[s.Name].ExecuteTemplate(&b, "base.html", f); err != nil {
		o.trouble(w, v.Request, fmt.Errorf("render %s: %w", s.Name, err))
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if s.status != 0 {
		w.WriteHeader(s.status)
	}
	_, _ = b.WriteTo(w) // the reader has gone: nobody to tell
}

// message is a page that says one thing.
type message struct {
	Text string
	Link string // where to go from here
	Word string // of the link
}

func notFound() sheet {
	return sheet{Name: "message", Title: "Not found", status: http.StatusNotFound, Data: message{
		Text: "There is nothing at this address. A sale is found by its number, as in S-000001, or by the number on its receipt.",
		Link: "/", Word: "Today's sales",
	}}
}

func (o *office) nowhere(visit) (sheet, error) { return notFound(), nil }

// trouble answers a request that failed for a reason the reader cannot help.
func (o *office) trouble(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // the reader has gone
	}
	o.Log.Error("page", "path", r.URL.Path, "err", err)
	text := "The hub could not read its database. Try again in a moment; if it stays, look at the hub's log."
	if errors.Is(err, store.ErrBusy) {
		text = "Another program holds the database. Try again in a moment."
	}
	http.Error(w, text, http.StatusInternalServerError)
}
