package web

import (
	"errors"
	"net/http"

	"kickstand/hub/staff"
)

// passwordPage changes the visitor's own password.
func (o *office) passwordPage(w http.ResponseWriter, r *http.Request) {
	v, err := o.visit(r)
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	f := newForm()
	if r.Method == http.MethodPost {
		if f, err = readForm(w, r, 0); err != nil {
			http.Error(w, "The form is too large or damaged; go back and try again.", http.StatusBadRequest)
			return
		}
	}
	if v.who.ID == "" {
		o.askWho(w, v, newForm())
		return
	}
	if f.sent && o.changePassword(w, v, f) {
		return
	}
	s := sheet{Name: "password", Title: "Your password", Form: f}
	if f.sent {
		s.status = http.StatusUnprocessableEntity
	}
	o.render(w, v, "", s)
}

// changePassword reports whether it has answered.
func (o *office) changePassword(w http.ResponseWriter, v visit, f *form) bool {
	old, fresh, repeat := f.values.Get("old"), f.values.Get("new"), f.values.Get("repeat")
	for _, name := range []string{"old", "new", "repeat"} {
		f.values.Del(name)
	}
	if err := staff.CheckPassword(fresh); err != nil {
		f.Fail("new", sentence(err.Error()))
	}
	if fresh == staff.DemoPassword || fresh == old {
		f.Fail("new", "Choose another one: this is the present or the demo password.")
	}
	if fresh != repeat {
		f.Fail("repeat", "The two new passwords differ.")
	}
	if !f.good() {
		return false
	}
	err := o.desk.Change(v.Context(), v.who.ID, old, fresh, address(v.Request))
	if words := signWords(err); words != "" {
		f.Fail("old", words)
		return false
	}
	var secret string
	if err == nil { // it ended all sessions; this one begins anew
		secret, err = o.desk.SignIn(v.Context(), v.who.ID, fresh, address(v.Request))
	}
	var wait *staff.WaitError
	if err != nil && !errors.As(err, &wait) {
		o.trouble(w, v.Request, err)
		return true
	}
	setCookie(w, v.Request, secret)
	http.Redirect(w, v.Request, "/", http.StatusSeeOther)
	return true
}
