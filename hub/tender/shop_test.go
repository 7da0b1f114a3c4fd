package tender_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/tender"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

const (
	reader = "tmr_counter"
	secret = "whsec_test"
)

// shop is a hub with a desk, a simulated Stripe and one till per device.
type shop struct {
	t      testing.TB
	clock  *hubtest.Clock
	store  *store.Store
	stripe *paytest.Stripe
	desk   *tender.Desk
	hub    *hub.Hub
	tills  map[string]*hubtest.Till
	ids    int
}

func openShop(t testing.TB) *shop {
	t.Helper()
	s := &shop{t: t, clock: hubtest.NewClock(), tills: map[string]*hubtest.Till{}}
	s.stripe = paytest.New(paytest.Config{Key: "sk_test_1", Webhook: secret, Now: s.clock.Now, Seed: 1})
	s.stripe.AddReader(reader)
	s.open()
	for i, d := range []string{"counter-1", "counter-2"} {
		if err := s.store.SetReader(t.Context(), d, reader); err != nil {
			t.Fatal(err)
		}
		s.tills[d] = hubtest.NewTill(d, fmt.Sprintf("C%d", i+1))
	}
	s.restart()
	for _, till := range s.tills {
		s.event(till, till.Reset())
	}
	return s
}

// open makes the shop's database, by the test's clock.
func (s *shop) open() {
	s.t.Helper()
	var err error
	cfg := store.Config{Path: filepath.Join(s.t.TempDir(), "demo.db"), Shop: hubtest.Shop, Now: s.clock.Now}
	s.store, err = store.Open(s.t.Context(), storetest.On(s.t, cfg))
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := s.store.Close(); err != nil {
			s.t.Error(err)
		}
	})
	if err := hubtest.Fill(s.t.Context(), s.store, 3, "counter-1", "counter-2"); err != nil {
		s.t.Fatal(err)
	}
}

// restart puts a new process in the place of the old one.
func (s *shop) restart() {
	s.t.Helper()
	book := tender.Book{Store: s.store}
	cards, err := pay.New(pay.Config{
		Shop: hubtest.Shop, Key: "sk_test_1", Webhook: []pay.Secret{secret}, URL: "http://stripe", HTTP: s.stripe.Client(),
		Now: s.clock.Now, Webhooks: book,
	}, book)
	if err != nil {
		s.t.Fatal(err)
	}
	s.desk = tender.New(tender.Config{Store: s.store, Cards: cards, Key: []byte("the hub's own"), Now: s.clock.Now})
	s.hub = hub.New(hub.Config{Store: s.store, Journeys: []hub.Journey{s.desk}, Now: s.clock.Now})
	s.desk.Turn(s.t.Context())
}

func (s *shop) event(till *hubtest.Till, raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), till.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
}

// ask puts a question of counter-1 and returns the answer or the refusal.
func (s *shop) ask(body protocol.Body) (*protocol.TenderState, *protocol.RefusedError) {
	s.t.Helper()
	return s.askAs("counter-1", body)
}

func (s *shop) askAs(device string, body protocol.Body) (*protocol.TenderState, *protocol.RefusedError) {
	s.t.Helper()
	d, err := s.store.Device(s.t.Context(), device)
	if err != nil {
		s.t.Fatal(err)
	}
	answer, mine, err := s.desk.Answer(s.t.Context(), d, body)
	var no *protocol.RefusedError
	if errors.As(err, &no) {
		return nil, no
	}
	if err != nil || !mine {
		s.t.Fatalf("%s: mine %v, %v", body.Kind(), mine, err)
	}
	st := answer.(*protocol.TenderState)
	if err := st.Check(); err != nil {
		s.t.Fatalf("%+v: %v", st, err)
	}
	return st, nil
}

func (s *shop) must(body protocol.Body) *protocol.TenderState {
	s.t.Helper()
	st, no := s.ask(body)
	if no != nil {
		s.t.Fatalf("%s was refused: %v", body.Kind(), no)
	}
	return st
}

// begin is a fresh tender of a sale.
func (s *shop) begin(sale string, tender protocol.Tender, amount money.Cents) *protocol.TenderBegin {
	s.ids++
	return &protocol.TenderBegin{
		ID: fmt.Sprintf("p-%04d", s.ids), Sale: sale, Operator: "op-1", Tender: tender, Amount: amount, Currency: "CAD",
	}
}

// settled turns the worker and the clock until a tender is final.
func (s *shop) settled(id string) *protocol.TenderState {
	s.t.Helper()
	for range 2000 {
		s.clock.Add(max(s.desk.Turn(s.t.Context()), time.Second))
		if st := s.must(&protocol.TenderAsk{ID: id}); st.Phase.Final() {
			return st
		}
	}
	s.t.Fatalf("tender %s does not end: %+v", id, s.must(&protocol.TenderAsk{ID: id}))
	return nil
}

// paid makes the till's next sale, paid by these tenders.
func paid(till *hubtest.Till, all ...*protocol.TenderState) *protocol.Sale {
	sale := till.Sale(hubtest.Item(1))
	due := sale.Totals.Total
	sale.Rounding, sale.Payments = 0, nil
	for _, st := range all {
		sale.ID, due = st.Sale, due-st.Taken
		sale.Payments = append(sale.Payments, protocol.Payment{
			ID: st.ID, Tender: st.Tender, Amount: st.Taken, Tendered: st.Taken, Ref: st.Ref, Words: st.Words,
		})
	}
	if due > 0 {
		sale.Payments = append(sale.Payments, protocol.Payment{
			ID: sale.ID + "-rest", Tender: protocol.External, Amount: due, Tendered: due, Ref: "slip 12",
		})
	}
	return sale
}

// sell sends a sale and returns the codes of its differences.
func (s *shop) sell(till *hubtest.Till, sale *protocol.Sale) string {
	s.t.Helper()
	before := s.quarantined()
	s.event(till, till.Event(sale))
	if now := s.quarantined(); now != before {
		all, _ := s.store.Quarantined(s.t.Context(), 1)
		s.t.Fatalf("sale %s went to quarantine: %+v", sale.ID, all)
	}
	f, err := s.store.SaleFile(s.t.Context(), sale.Slip)
	if err != nil {
		s.t.Fatal(err)
	}
	var codes []string
	for _, d := range f.Differences {
		codes = append(codes, string(d.Code))
	}
	return strings.Join(codes, " ")
}

func (s *shop) quarantined() int64 {
	n, err := s.store.QuarantineSize(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return n
}

// total is what one item costs with tax.
func total(t *testing.T) money.Cents {
	t.Helper()
	return hubtest.NewTill("any", "A").Sale(hubtest.Item(1)).Totals.Total
}

// told is what waits for a device to be told, by kind of body.
func (s *shop) told(device string) (states []*protocol.TenderState) {
	s.t.Helper()
	all, err := s.store.Outbox(s.t.Context(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, m := range all {
		body, err := protocol.Envelope{V: protocol.Version, Device: m.Device, Kind: m.Kind, Body: []byte(m.Body)}.Open()
		if err != nil {
			s.t.Fatal(err)
		}
		if st, ok := body.(*protocol.TenderState); ok && m.Device == device {
			states = append(states, st)
		}
	}
	return states
}

// judge compares Stripe's ledger with what the shop believes, by payment.
func (s *shop) judge(want map[string]paytest.Sum) {
	s.t.Helper()
	got := s.stripe.Payments()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		s.t.Errorf("Stripe's ledger is %v, the shop believes %v", got, want)
	}
}

// deliver posts the webhooks that are due.
func (s *shop) deliver() (codes map[int]int) {
	s.t.Helper()
	codes = map[int]int{}
	for _, d := range s.stripe.Deliveries() {
		codes[s.post(string(d.Body), d.Signature)]++
	}
	return codes
}

func (s *shop) post(body, signature string) int {
	r := httptest.NewRequest(http.MethodPost, "/stripe/webhook", strings.NewReader(body))
	r.Header.Set("Stripe-Signature", signature)
	w := httptest.NewRecorder()
	s.desk.Webhook().ServeHTTP(w, r)
	return w.Code
}

// audited is how many audit rows there are.
func (s *shop) audited() int64 {
	s.t.Helper()
	head, err := s.store.VerifyAudit(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return head.N
}

func hubItem() store.Item { return hubtest.Item(1) }

// takeOver has another program of the same Stripe account use the reader.
func (s *shop) takeOver() {
	s.t.Helper()
	book := paytest.NewBook()
	other, err := pay.New(pay.Config{Shop: "other", Key: "sk_test_1", URL: "http://stripe", HTTP: s.stripe.Client(), Now: s.clock.Now}, book)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := other.Collect(s.t.Context(), pay.Charge{Payment: "p-other", Sale: "x", Amount: 1_00, Currency: "cad", Reader: reader}); err != nil {
		s.t.Fatal(err)
	}
}
