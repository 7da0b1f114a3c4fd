package pay

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/paymentintent"
	"github.com/stripe/stripe-go/v76/refund"
)

const (
	// Overlap is by how much a list of intents reaches beyond the time that was
	// asked for, at both ends. What stands at an edge is seen twice rather than
	// never.
	Overlap  = time.Hour
	pageSize = 100
)

func (c *Client) readReader(ctx context.Context, id string) (*Action, error) {
	var r stripe.TerminalReader
	p := &stripe.TerminalReaderParams{Params: stripe.Params{Context: ctx}}
	if err := c.backend.Call(http.MethodGet, "/v1/terminal/readers/"+id, string(c.cfg.Key), p, &r); err != nil {
		return nil, unread("reader "+id, err)
	}
	a := &Action{}
	if r.Action == nil {
		return a, nil
	}
	a.Status, a.Code = string(r.Action.Status), r.Action.FailureCode
	if p := r.Action.ProcessPaymentIntent; p != nil && p.PaymentIntent != nil {
		a.Intent = p.PaymentIntent.ID
	}
	if p := r.Action.RefundPayment; p != nil {
		a.Refund = p.Metadata["payment"]
	}
	if p := r.Action.ProcessSetupIntent; p != nil && p.SetupIntent != nil {
		a.Intent = p.SetupIntent.ID
	}
	return a, nil
}

func (c *Client) readIntent(ctx context.Context, id string) (*Intent, error) {
	if strings.HasPrefix(id, "seti_") {
		return c.readSetup(ctx, id)
	}
	var pi stripe.PaymentIntent
	p := &stripe.PaymentIntentParams{Params: stripe.Params{Context: ctx}}
	p.AddExpand("latest_charge.balance_transaction")
	if err := c.backend.Call(http.MethodGet, "/v1/payment_intents/"+id, string(c.cfg.Key), p, &pi); err != nil {
		return nil, unread("intent "+id, err)
	}
	in := intentOf(&pi)
	return &in, nil
}

// unread makes any failure to read unclear: a reading changes nothing, so it
// can be done again.
func unread(what string, err error) error {
	code := judge(err).code
	if code == "" {
		code = CodeOffline
	}
	return &unclearError{code: code, err: fmt.Errorf("read %s: %w", what, err)}
}

// find searches Stripe's lists for what an attempt should have made. Lists are
// complete at once, unlike Stripe's search, which lags. An intent is looked for
// from the attempt until now, give or take Overlap. A clock that is further off
// may hide an intent that no reader was ever asked to charge: no money moves.
func (c *Client) find(ctx context.Context, a Attempt) (string, error) {
	switch {
	case a.Request.Step == StepRefund:
		return c.findRefund(ctx, a.Request)
	case a.Request.Step == StepCustomer:
		return c.findCustomer(ctx, a)
	case a.Request.Mode.web():
		return c.findSession(ctx, a)
	case a.Request.Mode == Saving:
		return c.findSetup(ctx, a)
	}
	found := ""
	err := c.list(ctx, a.Begun, c.cfg.Now(), "", func(in Intent) bool {
		if in.Shop == a.Request.Shop && in.Payment == a.Request.Payment {
			found = in.ID
		}
		return found == ""
	})
	return found, err
}

func (c *Client) findRefund(ctx context.Context, r Request) (string, error) {
	found := ""
	err := c.refundsOf(ctx, r.Intent, func(back *stripe.Refund) bool {
		if back.Metadata["shop"] == r.Shop && back.Metadata["payment"] == r.Payment && returnedOf(back).Gave() {
			found = back.ID
		}
		return found == ""
	})
	return found, err
}

// refundsOf hands over every refund of an intent until more says that it has
// seen enough.
func (c *Client) refundsOf(ctx context.Context, intent string, more func(*stripe.Refund) bool) error {
	p := &stripe.RefundListParams{PaymentIntent: stripe.String(intent)}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	it := refund.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	for it.Next() && more(it.Refund()) {
		continue
	}
	if err := it.Err(); err != nil {
		return unread("refunds of "+intent, err)
	}
	return nil
}

// Intents lists every intent of the account that was created from from until to,
// widened by Overlap at both ends, newest first, also those of other shops and
// those that were made by hand: reconciliation wants to see them.
func (c *Client) Intents(ctx context.Context, from, to time.Time) ([]Intent, error) {
	var all []Intent
	err := c.list(ctx, from, to, withMoney, func(in Intent) bool {
		all = append(all, in)
		return true
	})
	return all, err
}

// withMoney has a list of intents show their charges and fees.
const withMoney = "data.latest_charge.balance_transaction"

// list hands over every intent of a time, widened by Overlap, until more says
// that it has seen enough.
func (c *Client) list(ctx context.Context, from, to time.Time, expand string, more func(Intent) bool) error {
	p := &stripe.PaymentIntentListParams{CreatedRange: span(from, to)}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	if expand != "" {
		p.AddExpand(expand)
	}
	it := paymentintent.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	for it.Next() && more(intentOf(it.PaymentIntent())) {
		continue
	}
	if err := it.Err(); err != nil {
		return unread("list of intents", err)
	}
	return nil
}

func intentOf(pi *stripe.PaymentIntent) Intent {
	in := Intent{
		ID: pi.ID, Status: string(pi.Status), Amount: pi.Amount, Received: pi.AmountReceived, Capturable: pi.AmountCapturable,
		Currency: string(pi.Currency), Created: time.Unix(pi.Created, 0).UTC(),
		Ended: string(pi.CancellationReason), Shop: pi.Metadata["shop"], Payment: pi.Metadata["payment"], Sale: pi.Metadata["sale"], Device: pi.Metadata["device"],
	}
	if pi.Customer != nil {
		in.Customer = pi.Customer.ID
	}
	if pi.PaymentMethod != nil && pi.SetupFutureUsage != "" {
		in.Method = pi.PaymentMethod.ID
	}
	if pi.LastPaymentError != nil {
		in.Decline = codeOf(pi.LastPaymentError)
	}
	if ch := pi.LatestCharge; ch != nil {
		in.charge(ch)
	}
	return in
}

// charge adds what the last charge says.
func (in *Intent) charge(ch *stripe.Charge) {
	in.Refunded, in.Disputed = ch.AmountRefunded, ch.Disputed
	in.Card, in.HeldUntil = cardOf(ch)
	if t := ch.BalanceTransaction; t != nil && t.Created > 0 {
		in.Taken, in.Fee, in.FeeCurrency = time.Unix(t.Created, 0).UTC(), t.Fee, string(t.Currency)
	}
}

// cardOf returns the card of a charge, and until when it may be captured.
func cardOf(ch *stripe.Charge) (Card, time.Time) {
	card, until := Card{Charge: ch.ID}, int64(0)
	d := ch.PaymentMethodDetails
	switch {
	case d == nil:
	case d.CardPresent != nil:
		card.Brand, card.Last4, until = string(d.CardPresent.Brand), d.CardPresent.Last4, d.CardPresent.CaptureBefore
		if r := d.CardPresent.Receipt; r != nil {
			card.AID, card.Auth = r.DedicatedFileName, r.AuthorizationCode
		}
	case d.InteracPresent != nil:
		card.Brand, card.Last4 = "interac", d.InteracPresent.Last4
		if r := d.InteracPresent.Receipt; r != nil {
			card.AID, card.Auth = r.DedicatedFileName, r.AuthorizationCode
		}
	case d.Card != nil:
		card.Brand, card.Last4, until = string(d.Card.Brand), d.Card.Last4, d.Card.CaptureBefore
	}
	if until == 0 {
		return card, time.Time{}
	}
	return card, time.Unix(until, 0).UTC()
}
