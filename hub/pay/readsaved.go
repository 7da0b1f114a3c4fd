package pay

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/checkout/session"
	"github.com/stripe/stripe-go/v76/customer"
	"github.com/stripe/stripe-go/v76/setupintent"
)

// readSetup reads a SetupIntent as an Intent without money.
func (c *Client) readSetup(ctx context.Context, id string) (*Intent, error) {
	var si stripe.SetupIntent
	p := &stripe.SetupIntentParams{Params: stripe.Params{Context: ctx}}
	p.AddExpand("latest_attempt")
	if err := c.backend.Call(http.MethodGet, "/v1/setup_intents/"+id, string(c.cfg.Key), p, &si); err != nil {
		return nil, unread("setup intent "+id, err)
	}
	in := &Intent{
		ID: si.ID, Status: string(si.Status), Created: time.Unix(si.Created, 0).UTC(), Ended: string(si.CancellationReason),
		Shop: si.Metadata["shop"], Payment: si.Metadata["payment"], Sale: si.Metadata["sale"], Device: si.Metadata["device"],
	}
	if si.Customer != nil {
		in.Customer = si.Customer.ID
	}
	present := slices.Contains(si.PaymentMethodTypes, "card_present")
	if si.PaymentMethod != nil && !present {
		in.Method = si.PaymentMethod.ID
	}
	if si.LastSetupError != nil {
		in.Decline = codeOf(si.LastSetupError)
	}
	// A card at a reader is kept as another one that can be charged without it,
	// if its kind can be kept at all.
	if a := si.LatestAttempt; a != nil && a.PaymentMethodDetails != nil {
		if d := a.PaymentMethodDetails.CardPresent; d != nil && d.GeneratedCard != nil {
			in.Method = d.GeneratedCard.ID
		}
	}
	return in, nil
}

func (c *Client) readSession(ctx context.Context, id string) (*Session, error) {
	var cs stripe.CheckoutSession
	p := &stripe.CheckoutSessionParams{Params: stripe.Params{Context: ctx}}
	if err := c.backend.Call(http.MethodGet, "/v1/checkout/sessions/"+id, string(c.cfg.Key), p, &cs); err != nil {
		return nil, unread("session "+id, err)
	}
	s := &Session{ID: cs.ID, Status: string(cs.Status), URL: cs.URL}
	if cs.PaymentIntent != nil {
		s.Intent = cs.PaymentIntent.ID
	}
	if cs.SetupIntent != nil {
		s.Intent = cs.SetupIntent.ID
	}
	return s, nil
}

// readMethod reads a saved card. One that Stripe does not know belongs to nobody.
func (c *Client) readMethod(ctx context.Context, id string) (*Method, error) {
	var pm stripe.PaymentMethod
	p := &stripe.PaymentMethodParams{Params: stripe.Params{Context: ctx}}
	err := c.backend.Call(http.MethodGet, "/v1/payment_methods/"+id, string(c.cfg.Key), p, &pm)
	if err != nil {
		err = unread("saved card "+id, err)
	}
	var u *unclearError
	switch {
	case errors.As(err, &u) && u.code == "resource_missing":
		return &Method{ID: id}, nil
	case err != nil:
		return nil, err
	}
	m := &Method{ID: pm.ID}
	if pm.Customer != nil {
		m.Customer = pm.Customer.ID
	}
	return m, nil
}

// ours reports whether an object was made by an attempt.
func ours(a Attempt, meta map[string]string) bool {
	return meta["shop"] == a.Request.Shop && meta["payment"] == a.Request.Payment
}

func (c *Client) findSetup(ctx context.Context, a Attempt) (string, error) {
	p := &stripe.SetupIntentListParams{CreatedRange: span(a.Begun, c.cfg.Now())}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	it := setupintent.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	for it.Next() {
		if ours(a, it.SetupIntent().Metadata) {
			return it.SetupIntent().ID, nil
		}
	}
	return "", unlisted("list of setup intents", it.Err())
}

func (c *Client) findSession(ctx context.Context, a Attempt) (string, error) {
	p := &stripe.CheckoutSessionListParams{CreatedRange: span(a.Begun, c.cfg.Now())}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	it := session.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	for it.Next() {
		if ours(a, it.CheckoutSession().Metadata) {
			return it.CheckoutSession().ID, nil
		}
	}
	return "", unlisted("list of sessions", it.Err())
}

func (c *Client) findCustomer(ctx context.Context, a Attempt) (string, error) {
	p := &stripe.CustomerListParams{CreatedRange: span(a.Begun, c.cfg.Now())}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	it := customer.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	for it.Next() {
		if ours(a, it.Customer().Metadata) {
			return it.Customer().ID, nil
		}
	}
	return "", unlisted("list of customers", it.Err())
}

func unlisted(what string, err error) error {
	if err == nil {
		return nil
	}
	return unread(what, err)
}
