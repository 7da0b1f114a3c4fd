package paytest

import (
	"bytes"
	"net/http"
	"net/url"
	"strings"
)

// checkout is what a page of Checkout shows.
type checkout struct {
	PageView
	Open     bool
	Paid     bool
	Done     string
	Away     string
	Refused  string // why the bank did not take the card just now
	Declines [len(declines)][2]string
}

func (s *Stripe) checkout(id string) (checkout, bool) {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	c := s.session(id)
	if c == nil {
		return checkout{}, false
	}
	return checkout{PageView: s.pageView(c), Open: c.Status == "open", Paid: c.Status == "complete", Done: c.Done, Away: c.Away, Declines: declines}, true
}

func (p *page) showCheckout(w http.ResponseWriter, r *http.Request) { p.checkoutPage(w, r, "") }

func (p *page) checkoutPage(w http.ResponseWriter, r *http.Request, refused string) {
	c, found := p.s.checkout(r.PathValue("id"))
	if !found {
		http.NotFound(w, r)
		return
	}
	c.Refused = strings.ReplaceAll(refused, "_", " ")
	var b bytes.Buffer
	if err := p.t.ExecuteTemplate(&b, "checkout.html", c); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	// A browser follows the form to where the shop wants the customer back.
	if u, err := url.Parse(c.Done); err == nil && u.Host != "" {
		w.Header().Set("Content-Security-Policy", strings.Replace(policy, "form-action 'self'", "form-action 'self' "+u.Scheme+"://"+u.Host, 1))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = b.WriteTo(w) // who has gone away needs no page
}

// payCheckout is the customer's card on a page of Checkout.
func (p *page) payCheckout(w http.ResponseWriter, r *http.Request) {
	f, err := values(r, false)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	to, err := p.s.PayPage(r.PathValue("id"), f.Get("decline"))
	if err != nil || to == "" {
		p.checkoutPage(w, r, f.Get("decline")) // closed meanwhile, which it says, or declined
		return
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
