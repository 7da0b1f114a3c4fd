package tender_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

var rivals = flag.Int("rivals", 10_000, "attempts on one gift card in TestOneGiftCardManyRivals")

// load sells a gift card and returns its code.
func (s *shop) load(code string, as protocol.Tender) money.Cents {
	s.t.Helper()
	till := s.tills["counter-1"]
	sale := till.Sale(hubtest.Item(1))
	sale.Lines[0].Loads, sale.Lines[0].LoadsAs = code, as
	s.sell(till, sale)
	return sale.Totals.Total
}

func (s *shop) spend(sale, code string, tender protocol.Tender, amount money.Cents) (*protocol.TenderBegin, *protocol.TenderState) {
	s.t.Helper()
	b := s.begin(sale, tender, amount)
	b.Code = code
	return b, s.must(b)
}

func TestAGiftCardIsLoadedOnceAndSpentInParts(t *testing.T) {
	s := openShop(t)
	worth := s.load("9000-1234-5678", "")
	if _, st := s.spend("s-1", "900012345678", protocol.Gift, 5_00); st.Phase != protocol.TenderTaken || st.Taken != 5_00 || st.Left != worth-5_00 {
		t.Errorf("a part: %+v", st)
	}
	b, st := s.spend("s-1", "9000 1234 5678", protocol.Gift, 100_00)
	if st.Phase != protocol.TenderTaken || st.Taken != worth-5_00 || st.Left != 0 || !strings.Contains(st.Words, "5678") {
		t.Errorf("the rest: %+v", st)
	}
	if again := s.must(b); *again != *st {
		t.Errorf("asked again: %+v, want %+v", again, st)
	}
	if _, st := s.spend("s-1", "900012345678", protocol.Gift, 1); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "Nothing is left") {
		t.Errorf("an empty card: %+v", st)
	}
	if _, st := s.spend("s-1", "900012345670", protocol.Gift, 1); st.Phase != protocol.TenderDeclined {
		t.Errorf("an unknown card: %+v", st)
	}
	if _, st := s.spend("s-1", "900012345678", protocol.Credit, 1); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "gift card") {
		t.Errorf("a gift card as a store credit: %+v", st)
	}
	if st := s.must(&protocol.TenderCancel{ID: b.ID}); st.Phase != protocol.TenderCanceled || st.Taken != 0 {
		t.Errorf("canceled before the sale: %+v", st)
	}
	if st := s.must(&protocol.TenderCancel{ID: b.ID}); st.Phase != protocol.TenderCanceled {
		t.Errorf("canceled again: %+v", st)
	}
	if _, st := s.spend("s-1", "900012345678", protocol.Gift, 100_00); st.Taken != worth-5_00 {
		t.Errorf("after the cancel there is %+v", st)
	}
}

// TestTheSaleOfAGiftCardIsRepeated loads once, and keeps the code nowhere.
func TestTheSaleOfAGiftCardIsRepeated(t *testing.T) {
	s := openShop(t)
	till := s.tills["counter-1"]
	sale := till.Sale(hubtest.Item(1))
	sale.Lines[0].Loads = "900012345678"
	s.sell(till, sale)
	s.event(till, till.Event(sale)) // the journal was recovered
	if n := s.quarantined(); n != 0 {
		t.Fatalf("the same sale again was put aside")
	}
	if _, st := s.spend("s-1", "900012345678", protocol.Gift, 100_00); st.Taken != sale.Totals.Total {
		t.Errorf("loaded twice: %+v", st)
	}
	f, err := s.store.SaleFile(t.Context(), sale.Slip)
	if err != nil {
		t.Fatal(err)
	}
	if doc := fmt.Sprintf("%+v", f); strings.Contains(doc, "90001234") {
		t.Errorf("the books hold the code: %s", doc)
	}
	s.audited()
}

func TestADepositIsNoGiftCard(t *testing.T) {
	s := openShop(t)
	worth := s.load("DEP-77", protocol.Deposit)
	if _, st := s.spend("s-1", "dep77", protocol.Deposit, 500_00); st.Taken != worth {
		t.Errorf("%+v", st)
	}
}

func TestARefundBecomesAStoreCreditWhoseCodeSurvivesALostAnswer(t *testing.T) {
	s := openShop(t)
	b := s.begin("s-1", protocol.Credit, -30_00)
	st := s.must(b)
	if st.Phase != protocol.TenderTaken || st.Taken != -30_00 || len(st.Code) != 15 {
		t.Fatalf("%+v", st)
	}
	s.restart()
	if again := s.must(b); *again != *st {
		t.Errorf("asked again: %+v, want %+v", again, st)
	}
	wrong := []byte(st.Code)
	wrong[5] = map[bool]byte{true: '1', false: '0'}[wrong[5] == '0']
	if _, st := s.spend("s-2", string(wrong), protocol.Credit, 1_00); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "wrong sign") {
		t.Errorf("a mistyped code: %+v", st)
	}
	if _, st := s.spend("s-2", strings.ToLower(protocol.SpaceCode(st.Code)), protocol.Credit, 10_00); st.Taken != 10_00 || st.Left != 20_00 {
		t.Errorf("%+v", st)
	}
	if st := s.must(&protocol.TenderCancel{ID: b.ID}); st.Phase != protocol.TenderTaken {
		t.Errorf("a credit that was spent in part was canceled: %+v", st)
	}
	s.sell(s.tills["counter-1"], s.namesCredit(b.ID))
	if st := s.must(&protocol.TenderAsk{ID: b.ID}); st.Code != "" {
		t.Errorf("the code is still told after its sale: %+v", st)
	}
}

// namesCredit is a sale of sale s-1 in which one piece comes back as the credit.
func (s *shop) namesCredit(id string) *protocol.Sale {
	s.t.Helper()
	till := s.tills["counter-1"]
	sold := till.Sale(hubtest.Item(1))
	s.sell(till, sold)
	part, err := money.Part(sold.Totals.Lines[0], 1, 0, 1)
	if err != nil {
		s.t.Fatal(err)
	}
	back := till.Sale(hubtest.Item(1))
	back.ID = "s-1"
	l := &back.Lines[0]
	l.Money.Qty, l.Money.Stored, l.Of = -1, &part, &protocol.Origin{Sale: sold.ID, Line: 1}
	if back.Totals, err = money.Compute(money.Document{Rules: back.Rules, Lines: []money.Line{l.Money}}); err != nil {
		s.t.Fatal(err)
	}
	back.Rounding = 0
	back.Payments = []protocol.Payment{{ID: id, Tender: protocol.Credit, Amount: -30_00, Tendered: -30_00}}
	return back
}

func TestAGiftCardGetsItsMoneyBackOnce(t *testing.T) {
	s := openShop(t)
	s.load("900012345678", "")
	paid, _ := s.spend("s-1", "900012345678", protocol.Gift, 8_00)
	back := func(amount money.Cents) *protocol.TenderState {
		b := s.begin("s-2", protocol.Gift, -amount)
		b.Of = paid.ID
		return s.must(b)
	}
	if st := back(5_00); st.Phase != protocol.TenderTaken {
		t.Errorf("%+v", st)
	}
	if st := back(3_01); st.Phase != protocol.TenderDeclined {
		t.Errorf("more than was paid: %+v", st)
	}
	undone := back(3_00)
	if st := s.must(&protocol.TenderCancel{ID: undone.ID}); st.Phase != protocol.TenderCanceled {
		t.Errorf("%+v", st)
	}
	if st := back(3_00); st.Phase != protocol.TenderTaken {
		t.Errorf("after the cancel: %+v", st)
	}
	if st := back(1); st.Phase != protocol.TenderDeclined {
		t.Errorf("a refund of a refund: %+v", st)
	}
}

// TestOneGiftCardManyRivals has many tills try the same gift card, and the same
// one-time code, at once.
func TestOneGiftCardManyRivals(t *testing.T) {
	n := *rivals
	if testing.Short() {
		n = min(n, 500)
	}
	s := openShop(t)
	worth := s.load("900012345678", "") // several can spend a part of it
	once := s.must(s.begin("s-0", protocol.Credit, -7_00))
	dev := store.Device{ID: "counter-1"}
	var mu sync.Mutex
	got, winners := money.Cents(0), 0
	try := func(i int, code string, tender protocol.Tender, amount money.Cents) {
		answer, _, err := s.desk.Answer(t.Context(), dev, &protocol.TenderBegin{
			ID: fmt.Sprintf("%s-%d", tender, i), Sale: fmt.Sprintf("rival-%d", i), Tender: tender, Amount: amount, Currency: "CAD", Code: code,
		})
		if err != nil {
			t.Errorf("rival %d: %v", i, err)
			return
		}
		st := answer.(*protocol.TenderState)
		mu.Lock()
		defer mu.Unlock()
		switch {
		case tender == protocol.Gift:
			got += st.Taken
		case st.Phase == protocol.TenderTaken:
			winners++
			if st.Taken != 7_00 {
				t.Errorf("the one-time code gave %v", st.Taken)
			}
		}
	}
	var all sync.WaitGroup
	for w := range 64 {
		all.Go(func() {
			for i := w; i < n; i += 64 {
				if i%2 == 0 {
					try(i, "900012345678", protocol.Gift, 3_00)
				} else {
					try(i, once.Code, protocol.Credit, 7_00)
				}
			}
		})
	}
	all.Wait()
	if got != worth || winners != 1 {
		t.Errorf("%v of a gift card of %v was spent, the one-time code %d times", got, worth, winners)
	}
	moved, err := s.store.AccountTotals(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range moved {
		if a.Balance != 0 || a.Moves != 0 {
			t.Errorf("an account is left with %v, its moves sum to %v", a.Balance, a.Moves)
		}
	}
	t.Logf("%d rivals", n)
}
