package web

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// change is one form of the office, see the package documentation.
type change struct {
	Section string
	Right   right.Action
	// Show gathers the page with the form: when it is asked for, and again when
	// something was wrong.
	Show func(v visit, f *form) (sheet, error)
	// Do judges what was typed and writes everything it changes, audit row
	// included. What is wrong it says with f.Fail; then nothing is written. It
	// may run twice and must keep nothing but what it returns.
	Do func(v visit, f *form, t *store.Tx) (done, error)
	// Before looks at what was sent before the books are held for writing, when that
	// takes long; nil: there is no need.
	Before func(f *form)
	// Upload is the largest file the form takes; 0 is none.
	Upload int64
}

// done is what became of a form.
type done struct {
	Leads string // the page that is shown next
	Says  string // what was done, in words
}

// maxTyped is the largest form without a file.
const maxTyped = 1 << 20

const (
	formsKept = 48 * time.Hour
	flashTime = 10 * time.Minute
)

// change answers the GET and POST requests of a form.
func (o *office) change(mux *http.ServeMux, path string, c change) {
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) { o.answer(w, r, c, newForm()) })
	o.posted(mux, path, c)
}

// posted answers the POST requests of a form that stands on a page of its own.
func (o *office) posted(mux *http.ServeMux, path string, c change) {
	mux.HandleFunc("POST "+path, func(w http.ResponseWriter, r *http.Request) {
		f, err := readForm(w, r, c.Upload)
		if err != nil {
			http.Error(w, "The form is too large or damaged; go back and try again.", http.StatusBadRequest)
			return
		}
		o.answer(w, r, c, f)
	})
}

// admitted lets somebody in who may, and has answered everybody else. What was typed
// into f is kept while somebody signs in.
func (o *office) admitted(w http.ResponseWriter, r *http.Request, section string, a right.Action, f *form) (visit, bool) {
	v, err := o.visit(r)
	switch {
	case err != nil:
		o.trouble(w, r, err)
	case v.who.ID == "":
		o.askWho(w, v, f)
	case !right.May(v.who.Role, a):
		o.render(w, v, section, refused(v, a))
	default:
		return v, true
	}
	return v, false
}

// answer shows a form or carries it out, for somebody who may.
func (o *office) answer(w http.ResponseWriter, r *http.Request, c change, f *form) {
	v, ok := o.admitted(w, r, c.Section, c.Right, f)
	if !ok {
		return
	}
	if f.sent {
		if c.Before != nil {
			c.Before(f)
		}
		if o.carryOut(w, v, c, f) {
			return
		}
	}
	s, err := c.Show(v, f)
	if errors.Is(err, store.ErrNotFound) {
		s, err = notFound(), nil
	}
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	s.Form = f
	if f.sent && s.status == 0 {
		s.status = http.StatusUnprocessableEntity
	}
	o.render(w, v, c.Section, s)
}

// errWrongForm undoes a write whose form is not in order, errDoneBefore one that
// was carried out earlier.
var (
	errWrongForm  = errors.New("the form is not in order")
	errDoneBefore = errors.New("the form was carried out before")
)

// carryOut writes what a form says and reports whether it has answered; when not,
// the form is shown again with what is wrong.
func (o *office) carryOut(w http.ResponseWriter, v visit, c change, f *form) bool {
	if len(f.Token) != len(newForm().Token) {
		f.Token = newForm().Token
		f.Fail("", "The page was too old. Nothing was changed yet: look at it and send it again.")
		return false
	}
	var d done
	err := o.Store.Write(v.Context(), func(t *store.Tx) error {
		f.top, f.wrong = "", nil
		first, err := t.TakeForm(f.Token, v.who.ID, t.AtMS()-formsKept.Milliseconds())
		if err != nil {
			return err
		}
		if !first {
			return errDoneBefore
		}
		if d, err = c.Do(v, f, t); err != nil {
			return err
		}
		if !f.good() {
			return errWrongForm
		}
		return t.FormLeads(f.Token, d.Leads, d.Says)
	})
	switch {
	case errors.Is(err, errWrongForm):
		return false
	case errors.Is(err, errDoneBefore):
		old, err := o.Store.Form(v.Context(), f.Token)
		if err != nil {
			o.trouble(w, v.Request, err)
			return true
		}
		d.Leads = old.Leads
	case errors.Is(err, store.ErrNotFound):
		o.render(w, v, c.Section, notFound())
		return true
	case err != nil:
		o.trouble(w, v.Request, err)
		return true
	}
	http.Redirect(w, v.Request, withDone(d.Leads, f.Token), http.StatusSeeOther)
	return true
}

// withDone leads to a page that says what was done.
func withDone(path, token string) string {
	sign := "?"
	if strings.Contains(path, "?") {
		sign = "&"
	}
	path, mark, ok := strings.Cut(path, "#")
	if ok {
		mark = "#" + mark
	}
	return path + sign + "done=" + url.QueryEscape(token) + mark
}

// flash is what the form that led to this page did, "" when none did just now.
func (o *office) flash(v visit) (string, error) {
	token := v.URL.Query().Get("done")
	if token == "" || v.who.ID == "" {
		return "", nil
	}
	f, err := o.Store.Form(v.Context(), token)
	if errors.Is(err, store.ErrNotFound) || err == nil && (f.Operator != v.who.ID || v.now.UnixMilli()-f.AtMS > flashTime.Milliseconds()) {
		return "", nil
	}
	return f.Says, err
}

// readForm reads what was sent.
func readForm(w http.ResponseWriter, r *http.Request, upload int64) (*form, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxTyped+upload)
	f := newForm()
	f.sent = true
	if upload > 0 && strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		if err := r.ParseMultipartForm(maxTyped + upload); err != nil {
			return nil, err
		}
		if err := f.readFile(r); err != nil {
			return nil, err
		}
	} else if err := r.ParseForm(); err != nil {
		return nil, err
	}
	f.values = r.PostForm
	f.Token = f.values.Get("form")
	return f, nil
}

// readFile reads the uploaded file, if there is one.
func (f *form) readFile(r *http.Request) error {
	in, head, err := r.FormFile("file")
	if errors.Is(err, http.ErrMissingFile) {
		return nil
	}
	if err != nil {
		return err
	}
	f.name = head.Filename
	f.file, err = io.ReadAll(in)
	return errors.Join(err, in.Close())
}

// audit chains what the visitor does onto the journal. facts must not name
// anybody, nor hold what somebody typed in words of their own: that is said.
func (v visit) audit(t *store.Tx, kind, subject string, facts any, said ...audit.Text) error {
	row, err := audit.Act(kind, subject, v.who.ID, facts, said...)
	if err == nil {
		_, err = t.Audit(row)
	}
	return err
}

// refused says who may do what the visitor may not.
func refused(v visit, a right.Action) sheet {
	return sheet{Name: "message", Title: "Not for your role", status: http.StatusForbidden, Data: message{
		Text: "You are signed in as " + v.who.Name + " (" + v.who.Role + "). Only " + right.Who(a) + " may " + string(a) + ".",
		Link: "/", Word: "Today's sales",
	}}
}

// action is a link or a button with the right it needs, as the template "action"
// draws it.
type action struct {
	Href, Word string
	May        bool
	Who        string // who may
}

// actionOf prepares one: {{template "action" (action $ "change items" "/new" "New item")}}.
func actionOf(f frame, a, href, word string) action {
	return action{Href: href, Word: word, May: f.Who.ID == "" || f.May(a), Who: right.Who(right.Action(a))}
}

// May reports whether the visitor may do something.
func (f frame) May(a string) bool { return right.May(f.Who.Role, right.Action(a)) }
