package pay

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kickstand/protocol/money"
)

// Checkout asks for a page of Stripe's on which a customer pays, or has a card
// kept, alone on the web.
type Checkout struct {
	Payment  string      // as in Charge
	Sale     string      // the booking or order it belongs to
	Device   string      // "web" or the like
	Amount   money.Cents // zero to save a card only
	Currency string      // ISO 4217 in lower case
	Title    string      // what is paid for
	Customer string      // Stripe's id; needed to keep the card
	Keep     bool        // keep the card of a payment for later
	Hold     bool        // authorise only, see Client.Capture
	Done     string      // URL that the page leads to when it is paid
	Away     string      // URL that the page leads to when the customer gives up
	Until    time.Time   // when the page expires: 30 minutes to 24 hours from now
}

func (c Checkout) check() error {
	switch {
	case badID(c.Payment):
		return fmt.Errorf("payment id %q: 1 to 180 bytes without spaces and slashes are needed", c.Payment)
	case c.Amount < 0:
		return fmt.Errorf("payment %s: the amount must not be less than zero", c.Payment)
	case c.Amount > 0 && (len(c.Currency) != 3 || strings.ToLower(c.Currency) != c.Currency):
		return fmt.Errorf("payment %s: currency %q is not three lower-case letters", c.Payment, c.Currency)
	case c.Amount > 0 && c.Title == "":
		return fmt.Errorf("payment %s: the page must say what is paid for", c.Payment)
	case (c.Keep || c.Amount == 0) && !strings.HasPrefix(c.Customer, "cus_"):
		return fmt.Errorf("payment %s: a card is kept for a customer, and %q is none", c.Payment, c.Customer)
	case c.Amount == 0 && c.Hold:
		return fmt.Errorf("payment %s: there is nothing to hold", c.Payment)
	case c.Done == "" || c.Away == "" || c.Until.IsZero():
		return fmt.Errorf("payment %s: the page needs two addresses to lead to and a time to expire", c.Payment)
	}
	return nil
}

// Checkout makes a page for a payment, or reads how it stands: asking again with
// the same content leads to the same page. While the Status is Waiting, its URL
// is where the customer pays. Cancel closes the page; when that meets a payment,
// or one arrives although the page has expired, the Status is Captured, and the
// shop must deliver or give the money back.
func (c *Client) Checkout(ctx context.Context, ch Checkout) (Status, error) {
	if err := ch.check(); err != nil {
		return Status{}, err
	}
	mode := Web
	switch {
	case ch.Amount == 0:
		mode = WebSave
	case ch.Hold:
		mode = WebHold
	}
	return c.begin(ctx, Request{
		Step: StepCreate, Shop: c.cfg.Shop, Payment: ch.Payment, Sale: ch.Sale, Device: ch.Device, Amount: ch.Amount,
		Currency: ch.Currency, Methods: "card", Customer: ch.Customer, Mode: mode, Title: ch.Title, Keep: ch.Keep,
		Done: ch.Done, Away: ch.Away, Until: ch.Until.Unix(),
	}, Next)
}

// web goes on with a payment on Stripe's page. What the intent says has the last
// word, also when the page has expired.
func (k Known) web(create Attempt) Move {
	if k.Session == nil {
		return Move{Kind: ReadPage, Object: create.Object}
	}
	if k.Session.Intent != "" && k.Intent == nil {
		return Move{Kind: ReadIntent, Object: k.Session.Intent}
	}
	if k.Intent != nil {
		if m, over := k.webIntent(create); over {
			return m
		}
	}
	switch k.Session.Status {
	case "expired":
		return k.rest(Status{Outcome: Canceled, Code: CodePageExpired})
	case "complete":
		return k.rest(Status{Outcome: Waiting, After: pollReader})
	}
	if k.Want == Stop && !k.tried(StepExpire) {
		m := k.send(create, StepExpire)
		m.Request.Intent = create.Object
		return m
	}
	if e, _ := last(k.Attempts, StepExpire); k.Want == Stop && e.State == Open && k.Failed == e.Key {
		return Move{Kind: Mark, Key: e.Key, State: Refused, Code: CodeNotExecuted}
	}
	if k.Want == Stop {
		return k.rest(Status{Outcome: Unknown, Code: CodeOffline, After: pollUnknown})
	}
	s := Status{Outcome: Waiting, URL: k.Session.URL, After: pollPage}
	if k.Intent != nil {
		s.Code = k.Intent.Decline
	}
	return k.rest(s)
}

// webIntent answers for an intent of a page that is authorised or over.
func (k Known) webIntent(create Attempt) (Move, bool) {
	if m, over := k.hold(create); over {
		return m, true
	}
	switch {
	case k.Intent.Status == "succeeded" && create.Request.Mode == WebSave:
		return k.rest(k.saved()), true
	case k.Intent.Status == "canceled" && k.Session.Status == "open": // the page makes another one, or expires
		return Move{}, false
	}
	return k.final(create)
}

func (k Known) session() Session {
	if k.Session == nil {
		return Session{}
	}
	return *k.Session
}
