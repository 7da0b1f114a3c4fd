package paytest

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// session is a Checkout session: a page on which a customer pays or leaves a
// card.
type session struct {
	ID       string
	Status   string // open, complete or expired
	Setup    bool
	Amount   int64
	Currency string
	Title    string
	Customer string
	Manual   bool
	Keep     bool
	Meta     map[string]string // of the session
	IntMeta  map[string]string // of the intent that it makes
	Intent   string            // PaymentIntent or SetupIntent
	Done     string
	Away     string
	Until    time.Time
	Created  time.Time
}

func (s *Stripe) makeSession(req *request) answer {
	f, now := req.form, s.cfg.Now()
	amount, _ := strconv.ParseInt(f.Get("line_items[0][price_data][unit_amount]"), 10, 64) // nonsense is zero, which is refused
	until := time.Unix(bound(req, "expires_at", 0), 0).UTC()
	saves := f.Get("mode") == "setup"
	switch {
	case f.Get("customer") != "" && s.customer(f.Get("customer")) == nil:
		return missing(f.Get("customer"))
	case until.Before(now.Add(30*time.Minute)) || until.After(now.Add(24*time.Hour)):
		return *refusal(http.StatusBadRequest, "", "the expires_at timestamp must be at least 30 minutes and at most 24 hours from Checkout Session creation")
	case !slices.Contains([]string{"payment", "setup"}, f.Get("mode")) || f.Get("success_url") == "":
		return *refusal(http.StatusBadRequest, "parameter_missing", "mode and success_url are needed")
	case !saves && (amount < 50 || f.Get("line_items[0][quantity]") != "1"):
		return *refusal(http.StatusBadRequest, "amount_too_small", "the amount must be at least 50")
	}
	c := &session{
		ID: s.id("cs_test"), Status: "open", Setup: saves, Amount: amount, Currency: f.Get("line_items[0][price_data][currency]"),
		Title: f.Get("line_items[0][price_data][product_data][name]"), Customer: f.Get("customer"),
		Manual: f.Get("payment_intent_data[capture_method]") == "manual", Keep: f.Get("payment_intent_data[setup_future_usage]") != "",
		Meta: metadata(req), IntMeta: metadataOf(req, "payment_intent_data[metadata]["), Done: f.Get("success_url"), Away: f.Get("cancel_url"),
		Until: until, Created: now,
	}
	if saves { // made at once, unlike a PaymentIntent
		c.IntMeta = metadataOf(req, "setup_intent_data[metadata][")
		u := &setup{ID: s.id("seti"), Customer: c.Customer, Meta: c.IntMeta, Status: needsCard, Created: now}
		s.Setups, c.Intent = append(s.Setups, u), u.ID
	}
	s.Sessions = append(s.Sessions, c)
	return ok(s.sessionJSON(c))
}

func (s *Stripe) readSession(req *request) answer {
	c := s.session(req.id)
	if c == nil {
		return missing(req.id)
	}
	return ok(s.sessionJSON(c))
}

func (s *Stripe) listSessions(req *request) answer {
	return list(req, s.Sessions, func(c *session) (string, bool) {
		return c.ID, within(req, c.Created)
	}, s.sessionJSON)
}

func (s *Stripe) expireSession(req *request) answer {
	c := s.session(req.id)
	switch {
	case c == nil:
		return missing(req.id)
	case c.Status != "open":
		return *refusal(http.StatusBadRequest, "", "only Checkout Sessions with a status in [\"open\"] can be expired")
	}
	s.closePage(c)
	return ok(s.sessionJSON(c))
}

func (s *Stripe) closePage(c *session) {
	c.Status = "expired"
	s.touch(c.ID)
	if u := s.setup(c.Intent); u != nil {
		u.Status = canceled
	}
	s.emit("checkout.session.expired", s.sessionJSON(c))
}

// expirePages closes pages whose time has come.
func (s *Stripe) expirePages() {
	now := s.cfg.Now()
	for _, c := range s.Sessions {
		if c.Status == "open" && !now.Before(c.Until) {
			s.closePage(c)
		}
	}
}

// PayPage has a customer pay on a page of Checkout, or leave a card there. With a
// decline code the bank refuses the card, and the page stays open. It returns the
// address that the page leads to.
func (s *Stripe) PayPage(id, decline string) (string, error) {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	c := s.session(id)
	if c == nil || c.Status != "open" {
		return "", fmt.Errorf("there is no open page %q", id)
	}
	s.touch()
	if c.Setup {
		s.finish(s.setup(c.Intent), decline)
	} else {
		s.payPage(c, decline)
	}
	if decline != "" {
		return "", nil
	}
	c.Status = "complete"
	s.emit("checkout.session.completed", s.sessionJSON(c))
	return c.Done, nil
}

// PayLate has a payment arrive that was under way when its page expired: the
// session stays expired, and the intent is charged. It reports whether there was
// such a page.
func (s *Stripe) PayLate(id string) bool {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	c := s.session(id)
	if c == nil || c.Status != "expired" || c.Setup {
		return false
	}
	s.payPage(c, "")
	return true
}

// payPage makes the intent of a page at its first card, and charges it.
func (s *Stripe) payPage(c *session, decline string) {
	in := s.intent(c.Intent)
	if in == nil {
		in = &intent{
			ID: s.id("pi"), Amount: c.Amount, Currency: c.Currency, Methods: []string{"card"}, Capture: "automatic", Meta: c.IntMeta,
			Status: needsCard, Created: s.cfg.Now(), Customer: c.Customer, Keep: c.Keep,
		}
		if c.Manual {
			in.Capture = "manual"
		}
		s.Intents, c.Intent = append(s.Intents, in), in.ID
	}
	if decline != "" {
		in.Declined = decline
		s.emit("payment_intent.payment_failed", s.intentJSON(in, ""))
		return
	}
	in.Card = "pm_page"
	if c.Keep {
		in.Card = s.keepCard(c.Customer)
	}
	s.authorise(in, &charge{})
}

// sessionJSON is a session as the API shows it.
func (s *Stripe) sessionJSON(c *session) map[string]any {
	v := map[string]any{
		"id": c.ID, "object": "checkout.session", "status": c.Status, "mode": "payment", "payment_status": "unpaid", "url": nil,
		"payment_intent": nil, "setup_intent": nil, "customer": nil, "metadata": c.Meta, "created": c.Created.Unix(),
		"expires_at": c.Until.Unix(), "amount_total": c.Amount, "currency": c.Currency, "livemode": false,
	}
	if c.Status == "open" {
		v["url"] = s.cfg.Pages + "/checkout/" + c.ID
	}
	if c.Customer != "" {
		v["customer"] = c.Customer
	}
	if c.Setup {
		v["mode"], v["setup_intent"], v["payment_status"] = "setup", c.Intent, "no_payment_required"
	} else if c.Intent != "" {
		v["payment_intent"] = c.Intent
	}
	if c.Status == "complete" && !c.Setup && !c.Manual {
		v["payment_status"] = "paid"
	}
	return v
}
