package store

import (
	"context"
	"fmt"

	"kickstand/hub/contact"
)

// Consent is what a customer once said about a channel.
type Consent struct {
	Customer string
	Channel  contact.Channel
	Given    bool // false: refused or withdrawn
	How      contact.How
	Operator string // who recorded it
	AtMS     int64
}

// AddConsent records what a customer said now. Its time is that of the write, and
// the customer's version grows.
func (t *Tx) AddConsent(c Consent) error {
	err := t.exec(`INSERT INTO customer_consents (customer, channel, given, how, operator, at_ms) VALUES ($1, $2, $3, $4, $5, $6)`,
		c.Customer, string(c.Channel), btoi(c.Given), string(c.How), c.Operator, t.atMS)
	if err == nil {
		err = t.touchCustomer(c.Customer)
	}
	if err != nil {
		return fmt.Errorf("consent of %s: %w", c.Customer, err)
	}
	return nil
}

// touchCustomer gives a customer a new version.
func (t *Tx) touchCustomer(id string) error {
	v, err := t.bump(customersVersion)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE customers SET version = $1, changed_ms = $2 WHERE id = $3`, v, t.atMS, id)
}

// Consents returns everything a customer ever said about channels, the latest
// first.
func (s *Store) Consents(ctx context.Context, customer string) ([]Consent, error) {
	return readConsents(s.reader(ctx), customer)
}

// Consents is Store.Consents as of this transaction.
func (t *Tx) Consents(customer string) ([]Consent, error) { return readConsents(t.rows, customer) }

func readConsents(read query, customer string) ([]Consent, error) {
	return list(read, `SELECT customer, channel, given, how, operator, at_ms FROM customer_consents WHERE customer = $1 ORDER BY n DESC`, []any{customer},
		func(scan func(...any) error) (c Consent, err error) {
			var given int
			err = scan(&c.Customer, &c.Channel, &given, &c.How, &c.Operator, &c.AtMS)
			c.Given = given == 1
			return c, err
		})
}

// Holds returns what holds of a list of consents, latest first: one per channel.
func Holds(all []Consent) map[contact.Channel]Consent {
	now := map[contact.Channel]Consent{}
	for _, c := range all {
		if _, later := now[c.Channel]; !later {
			now[c.Channel] = c
		}
	}
	return now
}
