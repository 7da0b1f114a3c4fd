package paytest

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// state is everything that a Stripe remembers. It is stored as JSON, so its
// fields are exported and refer to each other by id.
type state struct {
	IDs     int
	Intents []*intent // in the order of creation, as all lists here
	Refunds []*refund
	Txns    []*txn
	Readers map[string]*reader
	Keys    map[string]stored
	Events  []delivery

	Customers []*customer
	Cards     []*card
	Setups    []*setup
	Sessions  []*session
}

func newState() state {
	return state{Readers: map[string]*reader{}, Keys: map[string]stored{}}
}

// intent is a PaymentIntent.
type intent struct {
	ID       string
	Amount   int64
	Currency string
	Methods  []string
	Capture  string // automatic or manual
	Meta     map[string]string
	Status   string
	Created  time.Time
	Declined string  // code of the last decline
	Charge   *charge // the one that was authorised, if any
	Ended    string  // why it was canceled
	Customer string
	Card     string // id of a saved card
	Keep     bool   // the card is kept for later
}

// charge is an authorisation and what became of it.
type charge struct {
	ID       string
	Amount   int64 // authorised
	Captured int64
	Refunded int64
	At       time.Time // of the authorisation
	Until    time.Time // when the hold lapses
	Txn      string    // of the capture
	Present  bool      // the card was at a reader
	Pin      bool      // and its PIN was entered
	Interac  bool      // and it is a debit card of Interac
	Disputed bool
}

// txn is a balance transaction: what moved on the shop's account at Stripe.
type txn struct {
	ID       string
	Kind     string // charge, refund or refund_failure
	Source   string // id of the charge or refund
	Intent   string // that the source belongs to
	Amount   int64
	Fee      int64
	Currency string
	Created  time.Time
}

type refund struct {
	ID      string
	Intent  string
	Amount  int64
	Meta    map[string]string
	Status  string
	Created time.Time
}

func intentID(in *intent) string    { return in.ID }
func refundID(r *refund) string     { return r.ID }
func txnID(t *txn) string           { return t.ID }
func customerID(c *customer) string { return c.ID }
func cardID(c *card) string         { return c.ID }
func setupID(u *setup) string       { return u.ID }
func sessionID(c *session) string   { return c.ID }

func (s *Stripe) intent(id string) *intent     { return look(s, s.Intents, id, intentID) }
func (s *Stripe) refundOf(id string) *refund   { return look(s, s.Refunds, id, refundID) }
func (s *Stripe) txn(id string) *txn           { return look(s, s.Txns, id, txnID) }
func (s *Stripe) customer(id string) *customer { return look(s, s.Customers, id, customerID) }
func (s *Stripe) card(id string) *card         { return look(s, s.Cards, id, cardID) }
func (s *Stripe) setup(id string) *setup       { return look(s, s.Setups, id, setupID) }
func (s *Stripe) session(id string) *session   { return look(s, s.Sessions, id, sessionID) }

// look finds something and notes that it may change now.
func look[T any](s *Stripe, all []*T, id string, of func(*T) string) *T {
	s.note(id)
	return find(all, id, of)
}

// find searches by id, in whose order all lists are. It returns nil when there
// is none.
func find[T any](all []*T, id string, of func(*T) string) *T {
	i, ok := slices.BinarySearchFunc(all, id, func(v *T, id string) int { return strings.Compare(of(v), id) })
	if !ok {
		return nil
	}
	return all[i]
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
