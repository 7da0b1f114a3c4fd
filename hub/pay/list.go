package pay

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/balancetransaction"
	"github.com/stripe/stripe-go/v76/refund"
)

// Listed is one payment as Stripe has it, with everything that was given back.
type Listed struct {
	Intent
	Refunds []Returned // in the order of Stripe's ids
}

// Returned is one refund as Stripe has it.
type Returned struct {
	ID       string // Stripe's, "re_..."
	Refund   string // ours, as the next two, from the metadata; empty when it was made by hand
	Sale     string
	Device   string
	Status   string // Stripe's words; failed and canceled gave nothing back
	Amount   int64
	Currency string
	Created  time.Time
}

// Gave reports whether money left the shop, or is about to.
func (r Returned) Gave() bool { return r.Status != "failed" && r.Status != "canceled" }

// List returns what moved at Stripe from from until to: the payments of this
// shop, and those that name no shop, that were begun, captured or refunded in
// that time, which is widened by Overlap at both ends. The order is that of
// their creation. A payment that is older but was captured or refunded in the
// period is among them, and each has all its refunds, whenever they were made.
//
// Lists lag behind for whatever happens while they are read: call List again
// later with a period that overlaps this one. Any error means that nothing is
// known, not that nothing moved.
func (c *Client) List(ctx context.Context, from, to time.Time) ([]Listed, error) {
	w := &window{c: c, rows: map[string]*Listed{}}
	err := c.list(ctx, from, to, withMoney, func(in Intent) bool {
		w.add(in)
		return true
	})
	if err == nil {
		err = w.refunds(ctx, from, to)
	}
	if err == nil {
		err = w.captures(ctx, from, to)
	}
	if err == nil {
		err = w.finish(ctx)
	}
	if err != nil {
		return nil, err
	}
	return w.sorted(), nil
}

// Complete adds to a list the payments that the books name and the list lacks,
// because they were begun before its period. A payment that Stripe does not
// know stays away: Compare then says that it is missing.
func (c *Client) Complete(ctx context.Context, list []Listed, books []Booked) ([]Listed, error) {
	w := &window{c: c, rows: map[string]*Listed{}}
	for _, l := range list {
		w.rows[l.ID] = &l
	}
	for _, b := range books {
		if b.Intent == "" || w.rows[b.Intent] != nil {
			continue
		}
		if err := w.fetch(ctx, b.Intent); err != nil {
			return nil, err
		}
	}
	if err := w.finish(ctx); err != nil {
		return nil, err
	}
	return w.sorted(), nil
}

// window collects the payments of a list.
type window struct {
	c    *Client
	rows map[string]*Listed // by intent
}

func (w *window) add(in Intent) {
	if in.Shop == "" || in.Shop == w.c.cfg.Shop {
		w.rows[in.ID] = &Listed{Intent: in}
	}
}

// fetch reads one payment that the lists do not hold.
func (w *window) fetch(ctx context.Context, intent string) error {
	in, err := w.c.readIntent(ctx, intent)
	var u *unclearError
	switch {
	case errors.As(err, &u) && u.code == "resource_missing":
		return nil
	case err != nil:
		return err
	}
	w.add(*in)
	return nil
}

// refunds adds the refunds of the period.
func (w *window) refunds(ctx context.Context, from, to time.Time) error {
	p := &stripe.RefundListParams{CreatedRange: span(from, to)}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	it := refund.Client{B: w.c.backend, Key: string(w.c.cfg.Key)}.List(p)
	for it.Next() {
		if err := w.refund(ctx, it.Refund()); err != nil {
			return err
		}
	}
	if err := it.Err(); err != nil {
		return unread("list of refunds", err)
	}
	return nil
}

func (w *window) refund(ctx context.Context, r *stripe.Refund) error {
	if r.PaymentIntent == nil {
		return nil // of a charge without an intent: never made here
	}
	id := r.PaymentIntent.ID
	if w.rows[id] == nil {
		if shop := r.Metadata["shop"]; shop != "" && shop != w.c.cfg.Shop {
			return nil
		}
		if err := w.fetch(ctx, id); err != nil || w.rows[id] == nil {
			return err
		}
	}
	w.rows[id].take(returnedOf(r))
	return nil
}

// take adds a refund, or replaces what was known of it.
func (l *Listed) take(r Returned) {
	if i := slices.IndexFunc(l.Refunds, func(o Returned) bool { return o.ID == r.ID }); i >= 0 {
		l.Refunds[i] = r
		return
	}
	l.Refunds = append(l.Refunds, r)
}

// captures adds payments that were captured in the period and begun before it:
// holds.
func (w *window) captures(ctx context.Context, from, to time.Time) error {
	p := &stripe.BalanceTransactionListParams{CreatedRange: span(from, to)}
	p.Context, p.Limit = ctx, stripe.Int64(pageSize)
	p.AddExpand("data.source")
	it := balancetransaction.Client{B: w.c.backend, Key: string(w.c.cfg.Key)}.List(p)
	for it.Next() {
		src := it.BalanceTransaction().Source
		if src == nil || src.Charge == nil || src.Charge.PaymentIntent == nil || w.rows[src.Charge.PaymentIntent.ID] != nil {
			continue
		}
		if shop := src.Charge.Metadata["shop"]; shop != "" && shop != w.c.cfg.Shop {
			continue
		}
		if err := w.fetch(ctx, src.Charge.PaymentIntent.ID); err != nil {
			return err
		}
	}
	if err := it.Err(); err != nil {
		return unread("list of balance transactions", err)
	}
	return nil
}

// finish reads the refunds that were made outside the period.
func (w *window) finish(ctx context.Context) error {
	for _, l := range w.rows {
		var known int64
		for _, r := range l.Refunds {
			if r.Gave() {
				known += r.Amount
			}
		}
		if known == l.Refunded {
			continue
		}
		err := w.c.refundsOf(ctx, l.ID, func(r *stripe.Refund) bool {
			l.take(returnedOf(r))
			return true
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (w *window) sorted() []Listed {
	all := make([]Listed, 0, len(w.rows))
	for _, l := range w.rows {
		slices.SortFunc(l.Refunds, func(a, b Returned) int { return strings.Compare(a.ID, b.ID) })
		all = append(all, *l)
	}
	slices.SortFunc(all, func(a, b Listed) int {
		if d := a.Created.Compare(b.Created); d != 0 {
			return d
		}
		return strings.Compare(a.ID, b.ID)
	})
	return all
}

func (c *Client) readRefund(ctx context.Context, id string) (*Returned, error) {
	var r stripe.Refund
	p := &stripe.RefundParams{Params: stripe.Params{Context: ctx}}
	if err := c.backend.Call(http.MethodGet, "/v1/refunds/"+id, string(c.cfg.Key), p, &r); err != nil {
		return nil, unread("refund "+id, err)
	}
	back := returnedOf(&r)
	return &back, nil
}

func returnedOf(r *stripe.Refund) Returned {
	return Returned{
		ID: r.ID, Refund: r.Metadata["payment"], Sale: r.Metadata["sale"], Device: r.Metadata["device"],
		Status: string(r.Status), Amount: r.Amount, Currency: string(r.Currency), Created: time.Unix(r.Created, 0).UTC(),
	}
}

func span(from, to time.Time) *stripe.RangeQueryParams {
	return &stripe.RangeQueryParams{GreaterThanOrEqual: from.Add(-Overlap).Unix(), LesserThanOrEqual: to.Add(Overlap).Unix()}
}
