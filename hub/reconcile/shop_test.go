package reconcile_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/hub/reconcile"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

const reader = "tmr_counter1"

// shop is a hub that takes cards over its real database, and its Stripe.
type shop struct {
	t      testing.TB
	clock  *hubtest.Clock
	chance *rand.Rand
	store  *store.Store
	stripe *paytest.Stripe
	desk   *tender.Desk
	hub    *hub.Hub
	books  *reconcile.Desk
	till   *hubtest.Till
	ids    int
}

func openShop(t testing.TB, seed uint64) *shop {
	t.Helper()
	s := &shop{t: t, clock: hubtest.NewClock(), chance: rand.New(rand.NewPCG(seed, 3))}
	s.stripe = paytest.New(paytest.Config{Key: "sk_test_1", Webhook: "whsec_test", Now: s.clock.Now, Seed: seed})
	s.stripe.AddReader(reader)
	cfg := store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: hubtest.Shop, Now: s.clock.Now}
	var err error
	if s.store, err = store.Open(t.Context(), storetest.On(t, cfg)); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := errors.Join(hubtest.Fill(t.Context(), s.store, 3, "counter-1"), s.store.SetReader(t.Context(), "counter-1", reader)); err != nil {
		t.Fatal(err)
	}
	for n := range 3 { // enough for all sales
		if err := s.store.MoveStock(t.Context(), []store.StockChange{{Item: hubtest.Item(n + 1).ID, Delta: 100_000, Reason: "receive"}}); err != nil {
			t.Fatal(err)
		}
	}
	s.till = hubtest.NewTill("counter-1", "C1")
	s.restart()
	s.event(s.till.Reset())
	return s
}

// restart puts a new process in the place of the old one.
func (s *shop) restart() {
	s.t.Helper()
	book := tender.Book{Store: s.store}
	cards, err := pay.New(pay.Config{
		Shop: hubtest.Shop, Key: "sk_test_1", Webhook: []pay.Secret{"whsec_test"}, URL: "http://stripe", HTTP: s.stripe.Client(),
		Now: s.clock.Now, Webhooks: book,
	}, book)
	if err != nil {
		s.t.Fatal(err)
	}
	s.desk = tender.New(tender.Config{Store: s.store, Cards: cards, Key: []byte("the hub's own"), Now: s.clock.Now})
	s.hub = hub.New(hub.Config{Store: s.store, Journeys: []hub.Journey{s.desk}, Now: s.clock.Now})
	s.books = reconcile.New(reconcile.Config{Store: s.store, Cards: cards, Now: s.clock.Now})
}

func (s *shop) event(raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
}

// ask asks the same until there is an answer, as a till does.
func (s *shop) ask(body protocol.Body) (*protocol.TenderState, *protocol.RefusedError) {
	s.t.Helper()
	d, err := s.store.Device(s.t.Context(), "counter-1")
	if err != nil {
		s.t.Fatal(err)
	}
	answer, _, err := s.desk.Answer(s.t.Context(), d, body)
	var no *protocol.RefusedError
	if errors.As(err, &no) {
		return nil, no
	}
	if err != nil {
		s.t.Fatal(err)
	}
	return answer.(*protocol.TenderState), nil
}

// begin asks for a tender until the hub takes it on, each time under another id as
// tills do: after a restart it first calls the card service, which may be down for a
// while.
func (s *shop) begin(b *protocol.TenderBegin) {
	s.t.Helper()
	var no *protocol.RefusedError
	for range 2000 {
		if _, no = s.ask(b); no == nil {
			return
		}
		if no.Reason != "cards-down" && no.Reason != "reader-busy" {
			break
		}
		s.clock.Add(max(s.desk.Turn(s.t.Context()), time.Second))
		b.ID = s.tenderID()
	}
	s.t.Fatalf("%s was refused: %v", b.ID, no)
}

// settled lets time pass until a tender has ended. The process ends now and then,
// and an operator cancels what takes too long.
func (s *shop) settled(b *protocol.TenderBegin) *protocol.TenderState {
	s.t.Helper()
	for n := range 5000 {
		if s.chance.IntN(40) == 0 {
			s.restart()
		}
		body := protocol.Body(&protocol.TenderAsk{ID: b.ID})
		if n > 40 {
			body = &protocol.TenderCancel{ID: b.ID}
		}
		if s.chance.IntN(8) == 0 {
			body = b // the till lost the answer and asks the same again
		}
		st, no := s.ask(body)
		if no != nil && no.Reason == "cards-down" {
			s.clock.Add(max(s.desk.Turn(s.t.Context()), time.Second))
			continue
		}
		if no != nil {
			s.t.Fatalf("%s of %s was refused: %v", body.Kind(), b.ID, no)
		}
		if st.Phase == protocol.TenderPerson {
			s.t.Fatalf("%s was handed to a person: %+v", b.ID, st)
		}
		if st.Phase.Final() {
			return st
		}
		s.clock.Add(max(s.desk.Turn(s.t.Context()), time.Second))
	}
	s.t.Fatalf("%s does not end", b.ID)
	return nil
}

func (s *shop) tenderID() string {
	s.ids++
	return fmt.Sprintf("p-%06d", s.ids)
}

// card is a fresh card tender of a sale.
func (s *shop) card(sale string, amount money.Cents, of string) *protocol.TenderBegin {
	return &protocol.TenderBegin{
		ID: s.tenderID(), Sale: sale, Operator: "op-1", Tender: protocol.Card, Amount: amount, Currency: "CAD", Of: of,
	}
}

func (s *shop) act() paytest.Act {
	switch s.chance.IntN(10) {
	case 0:
		return paytest.Leave()
	case 1:
		return paytest.Quit()
	case 2, 3:
		return paytest.Decline([]string{"insufficient_funds", "expired_card", "incorrect_pin", "stolen_card"}[s.chance.IntN(4)])
	case 4:
		return paytest.Slow(time.Duration(s.chance.IntN(30)) * time.Second)
	}
	return paytest.Tap()
}

// compared reconciles, however often Stripe fails on the way.
func (s *shop) compared() reconcile.Result {
	s.t.Helper()
	for range 5000 {
		r, err := s.books.Now(s.t.Context())
		if err == nil {
			return r
		}
	}
	s.t.Fatal("no comparison without a fault")
	return reconcile.Result{}
}
