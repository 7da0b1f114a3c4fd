package pay

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/webhook"
)

const (
	// Tolerance is how far the time in a webhook's signature may be from ours,
	// in both directions.
	Tolerance = 5 * time.Minute
	// MaxEvent is the size of the largest webhook that is read, in bytes.
	MaxEvent = 64 << 10
	// APIVersion is the version that the webhook endpoint must be pinned to.
	APIVersion = stripe.APIVersion
)

var (
	// ErrSignature is returned for a webhook that none of our secrets signed,
	// or that is too large. Answer 400 and act upon nothing.
	ErrSignature = errors.New("webhook is not signed by Stripe for us")
	// ErrStale is returned for a well signed webhook whose time is more than
	// Tolerance away: a replay by somebody else, or a wrong clock here.
	ErrStale = errors.New("webhook is too old or from the future")
	// ErrVersion is returned for an event of another API version: pin the
	// endpoint in the Stripe dashboard to APIVersion.
	ErrVersion = errors.New("webhook endpoint is not pinned to API version " + APIVersion)
	// ErrReplayed is returned for an event that was received before. Answer
	// 200, there is nothing to do.
	ErrReplayed = errors.New("webhook was received before")
)

// Event is a hint that a payment or a reader is worth reading. Nothing is to be
// concluded from it: events come late, twice and in any order.
type Event struct {
	ID      string
	Type    string // such as "payment_intent.succeeded"
	Created time.Time
	Shop    string // from the metadata of the intent, with Payment; may be empty
	Payment string
	Intent  string // may be empty
	Refund  string // of events of one refund, from its metadata: read it with CheckRefund
	Reader  string // for events of a reader
}

// Replays remembers the ids of webhooks, for at least as long as Stripe repeats
// them, which is three days.
type Replays interface {
	// Once stores id and reports whether it is seen for the first time.
	Once(ctx context.Context, id string, at time.Time) (first bool, err error)
}

// Receive verifies a webhook and remembers its id. Read the payment it names
// with Advance after it returns; that reading is repeated by the pauses of
// Status.After, so a hint that is lost in a crash costs seconds and no money.
func (c *Client) Receive(ctx context.Context, body []byte, signature string) (Event, error) {
	now := c.cfg.Now()
	ev, err := Verify(body, signature, c.cfg.Webhook, now)
	if err != nil {
		return Event{}, err
	}
	if c.cfg.Webhooks == nil {
		return Event{}, errors.New("receive webhook: there is nowhere to remember its id")
	}
	first, err := c.cfg.Webhooks.Once(ctx, ev.ID, now)
	if err != nil {
		return Event{}, fmt.Errorf("remember webhook %s: %w", ev.ID, err)
	}
	if !first {
		return ev, ErrReplayed
	}
	return ev, nil
}

// Verify checks a webhook's body against its Stripe-Signature header, which any
// of the secrets may have made no more than Tolerance from now. It returns
// ErrSignature, ErrStale, ErrVersion, or an error for a signed body that is not
// an event.
func Verify(body []byte, signature string, secrets []Secret, now time.Time) (Event, error) {
	at, ok := signedAt(signature)
	if !ok || len(body) > MaxEvent || !signed(body, signature, secrets) {
		return Event{}, ErrSignature
	}
	if d := now.Sub(at); d > Tolerance || d < -Tolerance {
		return Event{}, fmt.Errorf("%w: signed at %s", ErrStale, at.UTC().Format(time.RFC3339))
	}
	var e stripe.Event
	if err := json.Unmarshal(body, &e); err != nil {
		return Event{}, fmt.Errorf("read webhook: %w", err)
	}
	if e.APIVersion != APIVersion {
		return Event{}, fmt.Errorf("%w: it sends %q", ErrVersion, e.APIVersion)
	}
	if e.ID == "" || e.Data == nil {
		return Event{}, errors.New("read webhook: it has no id or no data")
	}
	return eventOf(&e)
}

// signed lets stripe-go compare the signature with every secret. Its check of
// the time reads the machine's clock, so ours is made apart.
func signed(body []byte, signature string, secrets []Secret) bool {
	for _, s := range secrets {
		if s != "" && webhook.ValidatePayloadIgnoringTolerance(body, signature, string(s)) == nil {
			return true
		}
	}
	return false
}

// signedAt returns the one time in a signature header. Two times are refused:
// it would not be clear which one was signed.
func signedAt(signature string) (time.Time, bool) {
	var at time.Time
	n := 0
	for part := range strings.SplitSeq(signature, ",") {
		s, ok := strings.CutPrefix(part, "t=")
		if !ok {
			continue
		}
		sec, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			return at, false
		}
		at, n = time.Unix(sec, 0), n+1
	}
	return at, n == 1
}

// object is what the hints need of whatever an event is about.
type object struct {
	ID       string            `json:"id"`
	Object   string            `json:"object"`
	Intent   string            `json:"payment_intent"` // of charges and refunds
	Metadata map[string]string `json:"metadata"`
	Action   *struct {
		Process *struct {
			Intent string `json:"payment_intent"`
		} `json:"process_payment_intent"`
		Save *struct {
			Intent string `json:"setup_intent"`
		} `json:"process_setup_intent"`
		Back *struct {
			Intent   string            `json:"payment_intent"`
			Metadata map[string]string `json:"metadata"`
		} `json:"refund_payment"`
	} `json:"action"`
}

func eventOf(e *stripe.Event) (Event, error) {
	ev := Event{ID: e.ID, Type: string(e.Type), Created: time.Unix(e.Created, 0).UTC()}
	var o object
	if err := json.Unmarshal(e.Data.Raw, &o); err != nil {
		return Event{}, fmt.Errorf("read webhook %s: %w", e.ID, err)
	}
	ev.Intent = o.Intent
	switch o.Object {
	case "payment_intent", "setup_intent":
		ev.Intent, ev.Shop, ev.Payment = o.ID, o.Metadata["shop"], o.Metadata["payment"]
	case "refund":
		ev.Shop, ev.Refund = o.Metadata["shop"], o.Metadata["payment"]
	case "checkout.session":
		ev.Shop, ev.Payment = o.Metadata["shop"], o.Metadata["payment"]
	case "terminal.reader":
		ev.Reader = o.ID
		if o.Action != nil && o.Action.Process != nil {
			ev.Intent = o.Action.Process.Intent
		}
		if o.Action != nil && o.Action.Save != nil {
			ev.Intent = o.Action.Save.Intent
		}
		if o.Action != nil && o.Action.Back != nil {
			ev.Intent, ev.Refund = o.Action.Back.Intent, o.Action.Back.Metadata["payment"]
		}
	}
	return ev, nil
}
