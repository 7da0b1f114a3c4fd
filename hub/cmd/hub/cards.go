package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"strings"

	"kickstand/hub/pay"
	"kickstand/hub/reconcile"
	"kickstand/hub/store"
	"kickstand/hub/tender"
)

// cardFlags are the flags of whoever takes cards.
func (c *Config) cardFlags(fs *flag.FlagSet) {
	fs.StringVar(&c.StripeKey, "stripe-key", "", "`file` with the key of the Stripe account; without it the shop takes no cards")
	fs.StringVar(&c.StripeWebhook, "stripe-webhook", "", "`file` with the signing secret of the webhook endpoint; one more a line while it is being changed")
	fs.StringVar(&c.StripeURL, "stripe-url", "", "`address` of a simulated Stripe, for tests")
	fs.BoolVar(&c.Interac, "interac", false, "readers also take Interac debit cards")
}

// openDesk returns the desk that takes money for the devices, and the one that
// compares it with the books.
func openDesk(c Config, db *store.Store, codes []byte, log *slog.Logger) (*tender.Desk, *reconcile.Desk, error) {
	cards, err := openCards(c, db, log)
	if err != nil {
		return nil, nil, err
	}
	if cards == nil {
		log.Info("the shop takes no cards: --stripe-key names no file")
	}
	books := reconcile.Config{Store: db, Log: log}
	if cards != nil {
		books.Cards = cards
	}
	return tender.New(tender.Config{Store: db, Cards: cards, Key: codes, Log: log}), reconcile.New(books), nil
}

// openCards returns the door to card money, or nil for a shop without a key.
func openCards(c Config, db *store.Store, log *slog.Logger) (*pay.Client, error) {
	keys, err := secrets("--stripe-key", c.StripeKey)
	if err != nil || len(keys) == 0 {
		return nil, err
	}
	if len(keys) > 1 {
		return nil, fmt.Errorf("--stripe-key %s holds more than one key", c.StripeKey)
	}
	hooks, err := secrets("--stripe-webhook", c.StripeWebhook)
	if err != nil {
		return nil, err
	}
	if len(hooks) == 0 {
		log.Warn("no signing secret for webhooks: payments are noticed a second later")
	}
	book := tender.Book{Store: db}
	return pay.New(pay.Config{
		Shop: c.Shop, Key: keys[0], Webhook: hooks, URL: c.StripeURL, Interac: c.Interac, Webhooks: book, Log: log,
	}, book)
}

// secrets reads a file of secrets, one a line, which nobody but its owner may
// read. No file has none.
func secrets(name, path string) ([]pay.Secret, error) {
	if path == "" {
		return nil, nil
	}
	about, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if about.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("%s: others may read %s; say chmod 600 %s", name, path, path)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var all []pay.Secret
	for word := range strings.FieldsSeq(string(text)) {
		all = append(all, pay.Secret(word))
	}
	if len(all) == 0 {
		return nil, errors.New(name + ": " + path + " is empty")
	}
	return all, nil
}

// withWebhook puts the address that Stripe posts to beside the office.
func withWebhook(desk *tender.Desk, office http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("POST /stripe/webhook", desk.Webhook())
	mux.Handle("/", office)
	return mux
}
