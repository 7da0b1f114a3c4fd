package paytest

import (
	"net/http"
	"time"
)

type customer struct {
	ID      string
	Meta    map[string]string
	Created time.Time
}

// card is a PaymentMethod that was saved.
type card struct {
	ID       string
	Customer string // empty when it was detached
	Decline  string // why the bank refuses it when the customer is away; empty when it does not
	Created  time.Time
}

// setup is a SetupIntent.
type setup struct {
	ID       string
	Customer string
	Meta     map[string]string
	Status   string
	Card     string // saved
	Present  bool   // at a reader
	Once     bool   // its card could not be kept
	Declined string
	Created  time.Time
}

func (s *Stripe) makeCustomer(req *request) answer {
	c := &customer{ID: s.id("cus"), Meta: metadata(req), Created: s.cfg.Now()}
	s.Customers = append(s.Customers, c)
	return ok(c.json())
}

func (c *customer) json() map[string]any {
	return map[string]any{"id": c.ID, "object": "customer", "metadata": c.Meta, "created": c.Created.Unix(), "livemode": false}
}

func (s *Stripe) listCustomers(req *request) answer {
	return list(req, s.Customers, func(c *customer) (string, bool) {
		return c.ID, within(req, c.Created)
	}, (*customer).json)
}

// keepCard saves a card of a customer.
func (s *Stripe) keepCard(customer string) string {
	c := &card{ID: s.id("pm"), Customer: customer, Created: s.cfg.Now()}
	s.Cards = append(s.Cards, c)
	return c.ID
}

// SetCard has a saved card declined with a code whenever it is charged with its
// customer away; authentication_required has the bank ask for the customer, and
// an empty code mends it. It reports whether there is such a card.
func (s *Stripe) SetCard(id, decline string) bool {
	s.mu.Lock()
	defer s.leave()
	c := s.card(id)
	if c == nil {
		return false
	}
	c.Decline = decline
	s.touch()
	return true
}

// CardsOf returns the saved cards of a customer that can be charged.
func (s *Stripe) CardsOf(customer string) []string {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	var all []string
	for _, c := range s.Cards {
		if c.Customer == customer && customer != "" {
			all = append(all, c.ID)
		}
	}
	return all
}

// chargeSaved confirms an intent with a saved card.
func (s *Stripe) chargeSaved(in *intent) answer {
	if code := s.card(in.Card).Decline; code != "" {
		in.Declined = code
		s.emit("payment_intent.payment_failed", s.intentJSON(in, ""))
		return cardError(code, s.intentJSON(in, ""))
	}
	s.authorise(in, &charge{})
	return ok(s.intentJSON(in, ""))
}

func (s *Stripe) makeSetup(req *request) answer {
	if s.customer(req.form.Get("customer")) == nil {
		return missing(req.form.Get("customer"))
	}
	u := &setup{
		ID: s.id("seti"), Customer: req.form.Get("customer"), Meta: metadata(req), Status: needsCard,
		Present: true, Created: s.cfg.Now(),
	}
	s.Setups = append(s.Setups, u)
	return ok(u.json(""))
}

func (s *Stripe) readSetup(req *request) answer {
	u := s.setup(req.id)
	if u == nil {
		return missing(req.id)
	}
	return ok(u.json(req.form.Get("expand[0]")))
}

func (s *Stripe) listSetups(req *request) answer {
	return list(req, s.Setups, func(u *setup) (string, bool) {
		return u.ID, within(req, u.Created)
	}, func(u *setup) map[string]any { return u.json("") })
}

func (s *Stripe) cancelSetup(req *request) answer {
	u := s.setup(req.id)
	switch {
	case u == nil:
		return missing(req.id)
	case u.Status != needsCard || s.authorising(u.ID):
		return *refusal(http.StatusBadRequest, "setup_intent_unexpected_state", "you cannot cancel this SetupIntent because it has a status of "+u.Status)
	}
	u.Status = canceled
	s.emit("setup_intent.canceled", u.json(""))
	return ok(u.json(""))
}

// finish ends a SetupIntent: the card is kept, or declined.
func (s *Stripe) finish(u *setup, decline string) {
	u.Declined = decline
	if decline != "" {
		s.emit("setup_intent.setup_failed", u.json(""))
		return
	}
	u.Status = succeeded
	if !u.Once {
		u.Card = s.keepCard(u.Customer)
	}
	s.emit("setup_intent.succeeded", u.json(""))
}

// json is a SetupIntent as the API shows it. A card at a reader is kept as
// another one, which only the attempt names.
func (u *setup) json(expand string) map[string]any {
	v := map[string]any{
		"id": u.ID, "object": "setup_intent", "status": u.Status, "customer": u.Customer, "metadata": u.Meta, "usage": "off_session",
		"payment_method_types": []string{"card"}, "created": u.Created.Unix(), "livemode": false, "payment_method": nil, "last_setup_error": nil, "latest_attempt": nil,
	}
	if u.Declined != "" {
		v["last_setup_error"] = declined(u.Declined)
	}
	if u.Present {
		v["payment_method_types"] = []string{"card_present"}
	}
	if u.Status != succeeded {
		return v
	}
	v["payment_method"] = u.Card
	if u.Present {
		v["payment_method"], v["latest_attempt"] = "pm_present", u.attempt(expand == "latest_attempt")
	}
	return v
}

// attempt is how a card at a reader was saved.
func (u *setup) attempt(expand bool) any {
	if !expand {
		return "setatt_" + u.ID
	}
	details := map[string]any{"generated_card": nil}
	if u.Card != "" {
		details["generated_card"] = u.Card
	}
	return map[string]any{
		"id": "setatt_" + u.ID, "object": "setup_attempt", "status": "succeeded",
		"payment_method_details": map[string]any{"type": "card_present", "card_present": details},
	}
}

func (s *Stripe) readMethod(req *request) answer {
	c := s.card(req.id)
	if c == nil {
		return missing(req.id)
	}
	return ok(c.json())
}

func (s *Stripe) detach(req *request) answer {
	c := s.card(req.id)
	switch {
	case c == nil:
		return missing(req.id)
	case c.Customer == "":
		return *refusal(http.StatusBadRequest, "", "the payment method you provided is not attached to a customer so detachment is impossible")
	}
	c.Customer = ""
	return ok(c.json())
}

func (c *card) json() map[string]any {
	v := map[string]any{
		"id": c.ID, "object": "payment_method", "type": "card", "customer": nil, "created": c.Created.Unix(), "livemode": false,
		"card": map[string]any{"brand": "visa", "last4": "4242"},
	}
	if c.Customer != "" {
		v["customer"] = c.Customer
	}
	return v
}
