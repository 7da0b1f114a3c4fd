package pay

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/stripe/stripe-go/v76"
	"github.com/stripe/stripe-go/v76/form"
)

// backend is stripe-go without its own retries, which would hide from us how
// often something was sent, and without its telemetry and log.
func backend(cfg Config) stripe.Backend {
	return stripe.GetBackendWithConfig(stripe.APIBackend, &stripe.BackendConfig{
		URL:               stripe.String(cfg.URL),
		HTTPClient:        cfg.HTTP,
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     &stripe.LeveledLogger{Level: stripe.LevelNull},
	})
}

// Hash is the hex SHA-256 of what is sent for a request: method, path and form.
func Hash(r Request) string {
	path, p := r.params()
	values := &form.Values{}
	form.AppendTo(values, p)
	sum := sha256.Sum256([]byte("POST " + path + "\n" + values.ToValues().Encode()))
	return hex.EncodeToString(sum[:])
}

func (r Request) metadata() map[string]string {
	return map[string]string{"shop": r.Shop, "sale": r.Sale, "payment": r.Payment, "device": r.Device}
}

// made is the part of every answer that matters after a change.
type made struct {
	stripe.APIResource
	ID     string `json:"id"`
	Object string `json:"object"`
	Status string `json:"status"`
}

// post sends a request once and returns the id of what it made.
func (c *Client) post(ctx context.Context, r Request, key string) (string, error) {
	path, p := r.params()
	p.GetParams().Context = ctx
	p.GetParams().SetIdempotencyKey(key)
	var v made
	if err := c.backend.Call(http.MethodPost, path, string(c.cfg.Key), p, &v); err != nil {
		return "", err
	}
	if v.ID == "" {
		return "", fmt.Errorf("answer to %s has no id", key)
	}
	// Made, but the bank is known not to take it: for the shop that is a refusal.
	if r.Step == StepRefund && (v.Status == "failed" || v.Status == "canceled") {
		return "", &stripe.Error{HTTPStatusCode: http.StatusBadRequest, Code: codeReturned}
	}
	return v.ID, nil
}
