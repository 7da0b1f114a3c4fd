package web

import (
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"kickstand/hub/right"
	"kickstand/hub/staff"
	"kickstand/protocol"
)

// cookieName holds the secret of a session.
const cookieName = "kickstand_staff"

// signPage asks who somebody is, then for the password.
type signPage struct {
	Staff []protocol.Operator // who can sign in
	Who   protocol.Operator   // picked
	Back  string              // where to go afterwards
	Kept  string              // what was typed into a form before the session ended
	None  bool                // nobody has a password
	Demo  string              // the demo shop's password
	First string              // somebody who could have the first password
	Shop  string
}

// againPage sends a form once more after signing in again.
type againPage struct {
	Back   string
	Values [][2]string
}

// secretOf is the secret in a request's cookie.
func secretOf(r *http.Request) string {
	c, err := r.Cookie(cookieName)
	if err != nil {
		return ""
	}
	return c.Value
}

// whoIs returns who sent a request, the zero Person when nobody is signed in.
func (o *office) whoIs(r *http.Request) (staff.Person, error) {
	p, err := o.desk.Who(r.Context(), secretOf(r))
	if errors.Is(err, staff.ErrSignedOut) {
		return p, nil
	}
	return p, err
}

// askWho leads somebody who is not signed in to the place to do so. What was
// typed is kept.
func (o *office) askWho(w http.ResponseWriter, v visit, f *form) {
	back := v.URL.RequestURI()
	if !f.sent {
		http.Redirect(w, v.Request, "/signin?back="+url.QueryEscape(back), http.StatusSeeOther)
		return
	}
	o.signIn(w, v, newForm(), signPage{Back: back, Kept: f.values.Encode()})
}

// signGet shows who can sign in.
func (o *office) signGet(w http.ResponseWriter, r *http.Request) {
	v, err := o.visit(r)
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	q := r.URL.Query()
	o.signIn(w, v, newForm(), signPage{Back: local(q.Get("back")), Who: protocol.Operator{ID: q.Get("who")}})
}

// signIn renders the page of signing in.
func (o *office) signIn(w http.ResponseWriter, v visit, f *form, p signPage) {
	all, err := o.Store.Passwords(v.Context())
	if err != nil {
		o.trouble(w, v.Request, err)
		return
	}
	has := map[string]bool{}
	for _, one := range all {
		has[one.Operator] = true
		if one.Demo {
			p.Demo = staff.DemoPassword
		}
	}
	picked := p.Who.ID
	p.Who, p.None, p.Shop, p.First = protocol.Operator{}, len(all) == 0, o.Store.Shop(), "ID"
	for _, op := range v.settings.Operators {
		if has[op.ID] {
			p.Staff = append(p.Staff, op)
		}
		if has[op.ID] && op.ID == picked {
			p.Who = op
		}
		if op.Role == right.Owner {
			p.First = op.ID
		}
	}
	s := sheet{Name: "signin", Title: "Sign in", Data: p, Form: f}
	if f.sent {
		s.status = http.StatusUnprocessableEntity
	}
	o.render(w, v, "", s)
}

// signPost checks a password.
func (o *office) signPost(w http.ResponseWriter, r *http.Request) {
	f, err := readForm(w, r, 0)
	if err != nil {
		http.Error(w, "The form is too large or damaged; go back and try again.", http.StatusBadRequest)
		return
	}
	v, err := o.visit(r)
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	p := signPage{Back: local(f.Get("back")), Kept: f.Get("kept"), Who: protocol.Operator{ID: f.Get("who")}}
	if f.values.Get("password") == "" { // somebody was picked
		o.signIn(w, v, newForm(), p)
		return
	}
	secret, err := o.desk.SignIn(r.Context(), p.Who.ID, f.values.Get("password"), address(r))
	f.values.Del("password")
	if words := signWords(err); words != "" {
		f.Fail("password", words)
		o.signIn(w, v, f, p)
		return
	}
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	o.Log.Info("signed in", "operator", p.Who.ID)
	setCookie(w, r, secret)
	if p.Kept == "" {
		http.Redirect(w, r, p.Back, http.StatusSeeOther)
		return
	}
	v.who.ID = p.Who.ID
	o.render(w, v, "", again(p))
}

// signWords says why somebody is not let in, "" for other errors.
func signWords(err error) string {
	var wait *staff.WaitError
	switch {
	case errors.Is(err, staff.ErrWrong):
		return "This is not the password. Check capitals and the keyboard's language."
	case errors.Is(err, staff.ErrNoPassword):
		return "This person has no password. The owner sets one."
	case errors.As(err, &wait):
		return "Too many wrong passwords. Wait " + lasting(max(wait.Wait, time.Second)) + " and try again."
	}
	return ""
}

// again offers to send what was typed before the session ended.
func again(p signPage) sheet {
	a := againPage{Back: p.Back}
	kept, err := url.ParseQuery(p.Kept)
	if err == nil {
		for name, values := range kept {
			for _, v := range values {
				a.Values = append(a.Values, [2]string{name, v})
			}
		}
	}
	return sheet{Name: "again", Title: "Signed in again", Data: a}
}

func setCookie(w http.ResponseWriter, r *http.Request, secret string) {
	c := &http.Cookie{Name: cookieName, Value: secret, Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: r.TLS != nil}
	if secret == "" {
		c.MaxAge = -1
	}
	http.SetCookie(w, c)
}

// signOut ends the session.
func (o *office) signOut(w http.ResponseWriter, r *http.Request) {
	if err := o.desk.SignOut(r.Context(), secretOf(r)); err != nil {
		o.trouble(w, r, err)
		return
	}
	setCookie(w, r, "")
	http.Redirect(w, r, "/", http.StatusSeeOther)
}

// local is a path of this office, whatever somebody put into a link.
func local(back string) string {
	u, err := url.Parse(back)
	if err != nil || u.Scheme != "" || u.Host != "" || !strings.HasPrefix(back, "/") || strings.HasPrefix(back, "//") || strings.ContainsAny(back, "\\\r\n\t") {
		return "/"
	}
	return back
}

// address is where a request comes from, without the port.
func address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// closed keeps pages from people who are not signed in, where others can reach
// them.
func (o *office) closed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		open := r.URL.Path == "/signin" || r.URL.Path == "/healthz" || strings.HasPrefix(r.URL.Path, "/assets/")
		if !o.Closed || open || r.Method != http.MethodGet && r.Method != http.MethodHead {
			next.ServeHTTP(w, r) // a POST asks for itself
			return
		}
		who, err := o.whoIs(r)
		switch {
		case err != nil:
			o.trouble(w, r, err)
		case who.ID == "":
			http.Redirect(w, r, "/signin?back="+url.QueryEscape(r.URL.RequestURI()), http.StatusSeeOther)
		default:
			next.ServeHTTP(w, r)
		}
	})
}
