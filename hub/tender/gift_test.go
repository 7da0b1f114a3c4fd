package tender_test

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// gift asks about a card as a device does.
func (s *shop) gift(device string, b *protocol.GiftAsk) (*protocol.GiftTold, *protocol.RefusedError) {
	s.t.Helper()
	d, err := s.store.Device(s.t.Context(), device)
	if err != nil {
		s.t.Fatal(err)
	}
	s.ids++
	if b.ID == "" {
		b.ID = fmt.Sprintf("g-%04d", s.ids)
	}
	answer, _, err := s.desk.Answer(s.t.Context(), d, b)
	var no *protocol.RefusedError
	if errors.As(err, &no) {
		return nil, no
	}
	if err != nil {
		s.t.Fatal(err)
	}
	told := answer.(*protocol.GiftTold)
	if err := told.Check(); err != nil {
		s.t.Fatal(err)
	}
	return told, nil
}

// TestANewGiftCard is made up once per id, loaded with its sale and spent.
func TestANewGiftCard(t *testing.T) {
	s := openShop(t)
	ask := &protocol.GiftAsk{ID: "g-1", Load: 50_00}
	card, no := s.gift("counter-1", ask)
	if no != nil || len(card.Code) != 15 || !strings.HasPrefix(card.Code, "KS") || card.Ref != protocol.MaskCode(card.Code) {
		t.Fatalf("%+v, %v", card, no)
	}
	s.restart()
	if again, _ := s.gift("counter-1", ask); again.Code != card.Code {
		t.Error("a lost answer costs a card")
	}
	if other, _ := s.gift("counter-1", &protocol.GiftAsk{ID: "g-2", Load: 50_00}); other.Code == card.Code {
		t.Error("two cards have one code")
	}
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: card.Code}); no == nil {
		t.Error("a card that nobody paid for is worth something")
	}
	worth := s.load(card.Code, "")
	told, no := s.gift("counter-2", &protocol.GiftAsk{Code: strings.ToLower(card.Code)})
	if no != nil || told.Balance != worth || told.Account != protocol.Gift || told.Code != "" {
		t.Errorf("%+v, %v", told, no)
	}
}

func TestWhatMayBePutOnACard(t *testing.T) {
	s := openShop(t)
	worth := s.load("CARD-77", "")
	s.load("DEP-1", protocol.Deposit)
	room := 500_00 - worth
	for _, c := range []struct {
		ask  protocol.GiftAsk
		want string
	}{
		{protocol.GiftAsk{Load: 500_00}, ""},
		{protocol.GiftAsk{Load: 500_01}, "A gift card holds at most 500.00."},
		{protocol.GiftAsk{Load: 4_99}, "At least 5.00 is put on a gift card."},
		{protocol.GiftAsk{Code: "card77", Load: room}, ""},
		{protocol.GiftAsk{Code: "card77", Load: room + 1}, fmt.Sprintf("A gift card holds at most 500.00. On this one there is room for %v.", room)},
		{protocol.GiftAsk{Code: "DEP1", Load: 10_00}, "This is a deposit. Only a gift card can be loaded."},
		{protocol.GiftAsk{Code: "FRESH-CARD", Load: 10_00}, ""},
		{protocol.GiftAsk{Code: "KS0123456789AB0", Load: 10_00}, "This code has a wrong sign. Compare it with the card or the paper and type it again."},
	} {
		told, no := s.gift("counter-1", &c.ask)
		switch {
		case c.want == "" && (no != nil || told.Load != c.ask.Load || told.Balance != 0):
			t.Errorf("%+v: %+v, %v", c.ask, told, no)
		case c.want != "" && (no == nil || no.Detail != c.want):
			t.Errorf("%+v: %v, want %q", c.ask, no, c.want)
		}
	}
}

// TestNobodyGuessesACode tries codes until the device is locked: with the balance and
// with payments, over a restart of the hub, and for longer each time. Another device
// works on.
func TestNobodyGuessesACode(t *testing.T) {
	s := openShop(t)
	s.load("9000", "")
	rows := s.audited()
	for n := range 3 {
		s.clock.Add(10 * time.Second)
		if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: fmt.Sprintf("guess-%d", n)}); no == nil || no.Reason != "no-such-code" {
			t.Fatalf("guess %d: %v", n, no)
		}
	}
	for n := range 2 {
		if _, st := s.spend("s-1", fmt.Sprintf("other-%d", n), protocol.Gift, 1_00); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "Nothing is known") {
			t.Fatalf("guess %d: %+v", n, st)
		}
	}
	s.restart()
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: "9000"}); no == nil || no.Reason != "codes-locked" || !strings.Contains(no.Detail, "for 1 min") {
		t.Errorf("after five guesses: %v", no)
	}
	if _, st := s.spend("s-1", "9000", protocol.Gift, 1_00); st.Phase != protocol.TenderDeclined || !strings.Contains(st.Why, "Too many wrong codes") {
		t.Errorf("a payment after five guesses: %+v", st)
	}
	if told, no := s.gift("counter-2", &protocol.GiftAsk{Code: "9000"}); no != nil || told.Balance == 0 {
		t.Errorf("another device: %v", no)
	}
	if faults := s.faults("counter-1"); !strings.Contains(faults, "5 wrong codes") || s.audited() != rows+1 {
		t.Errorf("the office hears %q, and %d rows of the journal", faults, s.audited()-rows)
	}
	s.clock.Add(time.Minute)
	_, _ = s.gift("counter-1", &protocol.GiftAsk{Code: "guess-6"})
	s.clock.Add(time.Minute)
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: "9000"}); no == nil || !strings.Contains(no.Detail, "for 1 min") {
		t.Errorf("the second wait is not longer: %v", no)
	}
	s.clock.Add(time.Minute)
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: "9000"}); no != nil || s.faults("counter-1") != "" {
		t.Errorf("after the waits: %v, %q", no, s.faults("counter-1"))
	}
}

// TestTypingWrongIsNoGuess types wrongly, slowly or with a sign that cannot be right.
func TestTypingWrongIsNoGuess(t *testing.T) {
	s := openShop(t)
	s.load("9000", "")
	for n := range 20 {
		s.clock.Add(61 * time.Second)
		_, _ = s.gift("counter-1", &protocol.GiftAsk{Code: fmt.Sprintf("slow-%d", n)})
	}
	s.clock.Add(61 * time.Second)
	for range 20 {
		_, _ = s.gift("counter-1", &protocol.GiftAsk{Code: "KS0123456789AB0"})
	}
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: "9000"}); no != nil {
		t.Errorf("%v", no)
	}
}

func (s *shop) faults(device string) string {
	s.t.Helper()
	all, err := s.store.Devices(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	var words []string
	for _, d := range all {
		for _, f := range d.Faults {
			if d.ID == device {
				words = append(words, f.Detail)
			}
		}
	}
	return strings.Join(words, "; ")
}

// TestNoCodeIsKept looks for codes in every table: of a store credit whose sale is on
// its way, and of a card whose sale went to quarantine.
func TestNoCodeIsKept(t *testing.T) {
	s := openShop(t)
	credit := s.must(s.begin("s-1", protocol.Credit, -30_00))
	card, _ := s.gift("counter-1", &protocol.GiftAsk{Load: 50_00})
	till := s.tills["counter-1"]
	sale := till.Sale(hubtest.Item(1))
	sale.Lines[0].Loads = card.Code
	sale.Payments[0].Amount, sale.Payments[0].Tendered, sale.Payments[0].Change = 1, 1, 0
	s.event(till, till.Event(sale))
	if s.quarantined() != 1 {
		t.Fatal("a sale that is not paid was accepted")
	}
	var dump strings.Builder
	if err := s.store.AtOneMoment(t.Context(), t.TempDir(), func(m *store.Moment) error { return m.Dump(dumpTo(&dump)) }); err != nil {
		t.Fatal(err)
	}
	for _, code := range []string{credit.Code, card.Code} {
		if text := dump.String(); strings.Contains(text, code) || strings.Contains(text, fmt.Sprintf("%x", code)) {
			t.Errorf("the database holds the code %s", code)
		}
	}
	if text := dump.String(); !strings.Contains(text, fmt.Sprintf("%x", "•••• "+card.Code[11:])) {
		t.Error("the masked code is not in quarantine, so the test shows nothing")
	}
}

func dumpTo(w io.Writer) func(string) (io.Writer, error) {
	return func(string) (io.Writer, error) { return w, nil }
}

// TestCardsToLoadAreNoWayToGuess tries codes as if they were to be loaded.
func TestCardsToLoadAreNoWayToGuess(t *testing.T) {
	s := openShop(t)
	s.load("9000", "")
	locked := 0
	for n := range 40 {
		s.clock.Add(time.Second)
		if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: fmt.Sprintf("fresh-%d", n), Load: 500_00}); no != nil {
			locked++
		}
	}
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Code: "9000", Load: 500_00}); no == nil || no.Reason != "codes-locked" || locked != 10 {
		t.Errorf("%d of 40 were refused, and then: %v", locked, no)
	}
	if _, no := s.gift("counter-1", &protocol.GiftAsk{Load: 50_00}); no != nil {
		t.Errorf("a new card: %v", no)
	}
}

// TestADepositGoesBackAsAStoreCredit gives back what a deposit paid for.
func TestADepositGoesBackAsAStoreCredit(t *testing.T) {
	s := openShop(t)
	worth := s.load("DEP-9", protocol.Deposit)
	paid, _ := s.spend("s-9", "DEP-9", protocol.Deposit, worth)
	back := s.begin("r-9", protocol.Credit, -worth)
	back.Of = paid.ID
	st := s.must(back)
	if st.Phase != protocol.TenderTaken || st.Taken != -worth || len(st.Code) != 15 {
		t.Fatalf("%+v", st)
	}
	s.restart()
	if again := s.must(back); *again != *st {
		t.Errorf("asked again: %+v, want %+v", again, st)
	}
	if _, spent := s.spend("s-10", st.Code, protocol.Credit, worth+1); spent.Taken != worth {
		t.Errorf("the store credit paid %v", spent.Taken)
	}
	more := s.begin("r-10", protocol.Credit, -1)
	more.Of = paid.ID
	if st := s.must(more); st.Phase != protocol.TenderDeclined {
		t.Errorf("more than the deposit goes back: %+v", st)
	}
}
