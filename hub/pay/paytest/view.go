package paytest

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// View is what the player's page shows, also for tests as JSON.
type View struct {
	Readers  []ReaderView  `json:"readers"`
	Payments []PaymentView `json:"payments"` // the newest first, no more than 50
	Captured int64         `json:"captured"` // in the whole ledger
	Refunded int64         `json:"refunded"`
	Fees     int64         `json:"fees"`
	Held     int64         `json:"held"`
	Pages    []PageView    `json:"pages"`  // of Checkout that are open, the newest first
	Cards    []CardView    `json:"cards"`  // that are saved, the newest first
	Faults   []string      `json:"faults"` // queued, in words
	Calls    []CallView    `json:"calls"`  // the newest first, no more than 12
}

// ReaderView is one reader and its screen.
type ReaderView struct {
	ID      string   `json:"id"`
	Offline bool     `json:"offline"`
	State   string   `json:"state"`  // offline, ready, asks, busy
	Amount  int64    `json:"amount"` // asked for
	Money   string   `json:"money"`  // the same with its currency
	Saves   bool     `json:"saves"`  // the card is to be saved, not charged
	Back    bool     `json:"back"`   // the money is given back
	Payment string   `json:"payment"`
	Sale    string   `json:"sale"`
	Device  string   `json:"device"`
	Last    string   `json:"last"`  // how the last action ended, in words
	Bad     bool     `json:"bad"`   // it ended in a failure
	Gone    bool     `json:"gone"`  // the customer has walked away
	Auto    bool     `json:"auto"`  // customers tap by themselves
	Queue   []string `json:"queue"` // what the next customers do, in words
}

// PaymentView is one payment of the ledger.
type PaymentView struct {
	Intent   string       `json:"intent"`
	Payment  string       `json:"payment"`
	Sale     string       `json:"sale"`
	At       time.Time    `json:"at"`
	Status   string       `json:"status"` // Stripe's
	Words    string       `json:"words"`
	Money    string       `json:"money"`
	Captured int64        `json:"captured"`
	Refunded int64        `json:"refunded"`
	Fee      int64        `json:"fee"`
	Until    time.Time    `json:"until,omitzero"` // when a hold lapses
	Disputed bool         `json:"disputed"`
	Refunds  []RefundView `json:"refunds"`
}

// RefundView is one refund of the ledger.
type RefundView struct {
	ID     string `json:"id"`
	Money  string `json:"money"`
	Failed bool   `json:"failed"`
}

// PageView is a page of Checkout.
type PageView struct {
	ID      string    `json:"id"`
	Payment string    `json:"payment"`
	Title   string    `json:"title"`
	Money   string    `json:"money"` // empty when a card is to be saved
	Until   time.Time `json:"until"`
}

// CardView is a saved card.
type CardView struct {
	ID       string `json:"id"`
	Customer string `json:"customer"` // of the shop
	Decline  string `json:"decline"`  // why the bank refuses it
}

// CallView is one call of the API.
type CallView struct {
	Site   string `json:"site"`
	Fault  string `json:"fault"`
	Status int    `json:"status"`
}

// View returns what the player's page shows.
func (s *Stripe) View() View {
	s.mu.Lock()
	defer s.leave()
	s.tick()
	v := View{Readers: []ReaderView{}, Payments: []PaymentView{}}
	for _, id := range sortedKeys(s.Readers) {
		v.Readers = append(v.Readers, s.readerView(s.Readers[id]))
	}
	for _, in := range slices.Backward(s.Intents) {
		if c := in.Charge; c != nil {
			v.Captured += c.Captured
			v.Refunded += c.Refunded
		}
		if in.Status == needsCapture {
			v.Held += in.Charge.Amount
		}
		if len(v.Payments) < 50 {
			v.Payments = append(v.Payments, s.paymentView(in))
		}
	}
	for _, t := range s.Txns {
		v.Fees += t.Fee
	}
	s.kept(&v)
	for _, site := range sites() {
		for _, f := range s.faults[site.name] {
			v.Faults = append(v.Faults, site.name+": "+string(f))
		}
	}
	for _, c := range slices.Backward(s.calls) {
		if len(v.Calls) == 12 {
			break
		}
		v.Calls = append(v.Calls, CallView{Site: c.Site, Fault: string(c.Fault), Status: c.Status})
	}
	return v
}

// kept adds pages and saved cards.
func (s *Stripe) kept(v *View) {
	v.Pages, v.Cards = []PageView{}, []CardView{}
	for _, c := range slices.Backward(s.Sessions) {
		if c.Status == "open" {
			v.Pages = append(v.Pages, s.pageView(c))
		}
	}
	for _, c := range slices.Backward(s.Cards) {
		if who := s.customer(c.Customer); who != nil {
			v.Cards = append(v.Cards, CardView{ID: c.ID, Customer: who.Meta["payment"], Decline: c.Decline})
		}
	}
}

func (s *Stripe) pageView(c *session) PageView {
	v := PageView{ID: c.ID, Payment: c.Meta["payment"], Title: c.Title, Until: c.Until}
	if !c.Setup {
		v.Money = inWords(c.Amount, c.Currency)
	}
	return v
}

func (s *Stripe) readerView(r *reader) ReaderView {
	v := ReaderView{ID: r.ID, Offline: r.Offline, State: "ready", Gone: r.Gone && r.Status == inProgress, Auto: r.Auto, Queue: []string{}}
	for _, a := range r.Acts {
		v.Queue = append(v.Queue, a.words())
	}
	in := s.intent(r.Intent)
	if in != nil {
		v.Amount, v.Money = in.Amount, inWords(in.Amount, in.Currency)
		v.Payment, v.Sale, v.Device = in.Meta["payment"], in.Meta["sale"], in.Meta["device"]
	}
	if in != nil && r.Back != nil {
		v.Back, v.Amount, v.Money = true, r.Back.Amount, inWords(r.Back.Amount, in.Currency)+" back"
	}
	if u := s.setup(r.Intent); u != nil {
		v.Saves, v.Money, v.Payment, v.Device = true, "card", u.Meta["payment"], u.Meta["device"]
	}
	switch {
	case r.Offline:
		v.State = "offline"
	case r.Status == inProgress && r.Tapped:
		v.State = "busy"
	case r.Status == inProgress:
		v.State = "asks"
	case r.Status == "succeeded":
		v.Last = "Approved: " + v.Money
		if v.Saves {
			v.Last = "The card is saved"
		}
	case r.Status == "failed":
		v.Last, v.Bad = "Stopped: "+strings.ReplaceAll(r.Code, "_", " "), true
		if r.Code == "card_declined" {
			v.Last = "Declined: " + strings.ReplaceAll(r.Act.Code, "_", " ")
		}
	}
	return v
}

func (s *Stripe) paymentView(in *intent) PaymentView {
	v := PaymentView{
		Intent: in.ID, Payment: in.Meta["payment"], Sale: in.Meta["sale"], At: in.Created, Status: in.Status,
		Words: statusWords(in.Status), Money: inWords(in.Amount, in.Currency), Refunds: []RefundView{},
	}
	c := in.Charge
	if c == nil {
		return v
	}
	v.Captured, v.Refunded, v.Disputed = c.Captured, c.Refunded, c.Disputed
	if t := s.txn(c.Txn); t != nil {
		v.Fee = t.Fee
	}
	if in.Status == needsCapture {
		v.Until = c.Until
	}
	for _, r := range s.Refunds {
		if r.Intent == in.ID {
			v.Refunds = append(v.Refunds, RefundView{ID: r.ID, Money: inWords(r.Amount, in.Currency), Failed: r.Status == "failed"})
		}
	}
	return v
}

func statusWords(status string) string {
	switch status {
	case needsCard:
		return "not paid"
	case needsCapture:
		return "held"
	case processing:
		return "at the bank"
	case succeeded:
		return "charged"
	}
	return status
}

// words says what a customer is going to do.
func (a Act) words() string {
	switch {
	case a.Kind == "decline":
		return "declined: " + strings.ReplaceAll(a.Code, "_", " ")
	case a.Kind == "leave":
		return "walks away"
	case a.Kind == "quit":
		return "presses the red button"
	case a.Pin:
		return "inserts the card"
	case a.After > 0:
		return "pays after " + a.After.String()
	}
	return "taps"
}

// inWords is an amount with its currency: 12.00 CAD.
func inWords(cents int64, currency string) string {
	return fmt.Sprintf("%d.%02d %s", cents/100, cents%100, strings.ToUpper(currency))
}
