package store

import (
	"context"
	"fmt"
	"time"
)

// Attempt is one request to the card service. Hub/tender reads Request.
type Attempt struct {
	Key     string
	Hash    string
	Shop    string
	Payment string
	Step    string
	N       int
	Request string // JSON
	Begun   time.Time
	State   string
	Object  string
	Code    string
}

// BeginAttempt stores an attempt unless its key is known, and returns the hash
// that is stored under the key.
func (s *Store) BeginAttempt(ctx context.Context, a Attempt) (hash string, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		err := t.exec(`INSERT INTO payment_attempts (key, hash, shop, payment, step, attempt, request, begun, state, object, code)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (key) DO NOTHING`,
			a.Key, a.Hash, a.Shop, a.Payment, a.Step, a.N, a.Request, a.Begun.UnixMicro(), a.State, a.Object, a.Code)
		if err != nil {
			return err
		}
		return t.row(`SELECT hash FROM payment_attempts WHERE key = $1`, []any{a.Key}, &hash)
	})
	if err != nil {
		return "", fmt.Errorf("begin attempt %s: %w", a.Key, err)
	}
	return hash, nil
}

// SettleAttempt notes how an attempt ended. An empty object leaves the stored
// one.
func (s *Store) SettleAttempt(ctx context.Context, key, state, object, code string) error {
	return s.Write(ctx, func(t *Tx) error {
		n, err := t.changed(`UPDATE payment_attempts SET state = $1, code = $2, object = CASE WHEN $3 = '' THEN object ELSE $4 END WHERE key = $5`,
			state, code, object, object, key)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		if err != nil {
			return fmt.Errorf("settle attempt %s: %w", key, err)
		}
		return nil
	})
}

// Attempts returns the attempts of a payment in the order they were begun.
func (s *Store) Attempts(ctx context.Context, shop, payment string) ([]Attempt, error) {
	all, err := list(s.reader(ctx), `SELECT key, hash, shop, payment, step, attempt, request, begun, state, object, code
		FROM payment_attempts WHERE shop = $1 AND payment = $2 ORDER BY n`, []any{shop, payment},
		func(scan func(...any) error) (a Attempt, err error) {
			var begun int64
			err = scan(&a.Key, &a.Hash, &a.Shop, &a.Payment, &a.Step, &a.N, &a.Request, &begun, &a.State, &a.Object, &a.Code)
			a.Begun = time.UnixMicro(begun).UTC()
			return a, err
		})
	if err != nil {
		return nil, fmt.Errorf("attempts of %s: %w", payment, err)
	}
	return all, nil
}

// webhookLife is how long the ids of webhooks are kept: Stripe repeats them for
// three days.
const webhookLife = 30 * 24 * time.Hour

// Webhook remembers the id of a webhook and reports whether it is new.
func (s *Store) Webhook(ctx context.Context, id string, at time.Time) (first bool, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		n, err := t.changed(`INSERT INTO webhook_events (id, at_ms) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, id, at.UnixMilli())
		first = n > 0
		if err != nil {
			return err
		}
		return t.exec(`DELETE FROM webhook_events WHERE at_ms < $1`, at.Add(-webhookLife).UnixMilli())
	})
	if err != nil {
		return false, fmt.Errorf("webhook %.60s: %w", id, err)
	}
	return first, nil
}
