package pay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"
)

const (
	// MaxReplay is how old a request may be to be sent again under its key.
	// Stripe keeps keys for at least 24 hours; an hour is left for clocks
	// that differ.
	MaxReplay = 23 * time.Hour
	// CallTimeout is how long one call may take with the default HTTP client.
	CallTimeout = 20 * time.Second
)

// Secret is a key that shows itself to nobody: it prints, logs and marshals as
// "[secret]". Convert it to a string to use it.
type Secret string

const hidden = "[secret]"

// Format writes "[secret]" for every verb.
func (Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, hidden) } // fmt has no use for the error

// LogValue is "[secret]".
func (Secret) LogValue() slog.Value { return slog.StringValue(hidden) }

// MarshalText is "[secret]".
func (Secret) MarshalText() ([]byte, error) { return []byte(hidden), nil }

// Config says how to reach Stripe, and as whom.
type Config struct {
	Shop     string   // id of the shop, part of every key and of the metadata; required
	Key      Secret   // API key, secret or restricted; required
	Webhook  []Secret // signing secrets of the webhook endpoint: the old and the new one while it is being changed
	URL      string   // where the API is [https://api.stripe.com]
	HTTP     *http.Client
	Interac  bool             // readers also take Interac debit cards (Canada)
	Now      func() time.Time // [time.Now]
	Log      *slog.Logger     // [slog.DiscardHandler]
	Webhooks Replays          // remembers webhook ids; needed by Receive only
	// Pause waits between two looks at a payment in Follow. [a timer]
	Pause func(context.Context, time.Duration) error
}

// LogValue shows what is safe to show.
func (c Config) LogValue() slog.Value {
	return slog.GroupValue(slog.String("shop", c.Shop), slog.String("url", c.URL),
		slog.Bool("interac", c.Interac), slog.Any("key", c.Key))
}

// complete checks what is required and fills in what may be left out.
func (c Config) complete() (Config, error) {
	if c.Shop == "" || strings.ContainsAny(c.Shop, "/ ") {
		return c, fmt.Errorf("shop id %q: it must be set and hold neither space nor slash", c.Shop)
	}
	if c.Key == "" {
		return c, errors.New("the Stripe key is missing")
	}
	if c.URL == "" {
		c.URL = "https://api.stripe.com"
	}
	if c.HTTP == nil {
		c.HTTP = &http.Client{Timeout: CallTimeout}
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Pause == nil {
		c.Pause = pause
	}
	return c, nil
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
