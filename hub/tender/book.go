package tender

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
)

// Book keeps the attempts and webhooks of package pay in the shop's database.
type Book struct{ Store *store.Store }

// Begin stores an attempt before it is sent for the first time.
func (b Book) Begin(ctx context.Context, a pay.Attempt) error {
	request, err := json.Marshal(a.Request)
	if err != nil {
		return err
	}
	hash, err := b.Store.BeginAttempt(ctx, store.Attempt{
		Key: a.Key, Hash: a.Hash, Shop: a.Request.Shop, Payment: a.Request.Payment, Step: string(a.Request.Step), N: a.N,
		Request: string(request), Begun: a.Begun, State: string(a.State), Object: a.Object, Code: a.Code,
	})
	if err == nil && hash != a.Hash {
		err = fmt.Errorf("attempt %s: %w", a.Key, pay.ErrChanged)
	}
	return err
}

// Settle notes how an attempt ended.
func (b Book) Settle(ctx context.Context, key string, s pay.State, object, code string) error {
	err := b.Store.SettleAttempt(ctx, key, string(s), object, code)
	if errors.Is(err, store.ErrNotFound) {
		return fmt.Errorf("attempt %s was never begun", key)
	}
	return err
}

// Of returns the attempts of a payment in the order they were begun.
func (b Book) Of(ctx context.Context, shop, payment string) ([]pay.Attempt, error) {
	rows, err := b.Store.Attempts(ctx, shop, payment)
	if err != nil {
		return nil, err
	}
	all := make([]pay.Attempt, len(rows))
	for i, r := range rows {
		all[i] = pay.Attempt{Key: r.Key, Hash: r.Hash, N: r.N, Begun: r.Begun, State: pay.State(r.State), Object: r.Object, Code: r.Code}
		if err := json.Unmarshal([]byte(r.Request), &all[i].Request); err != nil {
			return nil, fmt.Errorf("attempt %s: %w", r.Key, err)
		}
	}
	return all, nil
}

// Once remembers the id of a webhook and reports whether it is new.
func (b Book) Once(ctx context.Context, id string, at time.Time) (bool, error) {
	return b.Store.Webhook(ctx, id, at)
}
