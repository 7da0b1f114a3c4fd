package pay

import (
	"context"
	"errors"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/paymentintent"
)

// Reach asks Stripe for next to nothing, and returns the code of why that did
// not work: CodeOffline, CodeKey, or empty when cards can be charged.
func (c *Client) Reach(ctx context.Context) string {
	p := &stripe.PaymentIntentListParams{}
	p.Context, p.Limit, p.Single = ctx, stripe.Int64(1), true
	it := paymentintent.Client{B: c.backend, Key: string(c.cfg.Key)}.List(p)
	it.Next()
	if it.Err() == nil {
		return ""
	}
	var u *unclearError
	if errors.As(unread("the newest intent", it.Err()), &u) {
		return u.code
	}
	return CodeOffline
}
