package pay_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
)

// TestListHasEverything lists several pages, with refunds of a later day, and
// wants each row once, with its fee.
func TestListHasEverything(t *testing.T) {
	s := newShop(t, 1)
	start := s.clock.Now()
	var first pay.Status
	for i := range 130 {
		st := s.settle(charge(fmt.Sprintf("p%d", i), 1000))
		if i == 0 {
			first = st
		}
	}
	s.clock.Add(72 * time.Hour)
	later := s.clock.Now()
	for i := range 3 {
		s.giveBack(pay.Refund{ID: fmt.Sprintf("r%d", i), Sale: "back", Device: "counter-1", Intent: first.Intent, Amount: 100, Currency: "cad"})
	}
	for _, row := range []struct {
		name     string
		from, to time.Time
		want     int
	}{
		{"both days", start, later, 130},
		{"the day of the sales", start, start, 130},
		{"the day of the refunds: the payment they go back to", later, later, 1},
		{"a quiet day between", start.Add(36 * time.Hour), start.Add(40 * time.Hour), 0},
	} {
		list, err := s.client.List(t.Context(), row.from, row.to)
		if err != nil || len(list) != row.want {
			t.Errorf("%s: %d rows, %v, want %d", row.name, len(list), err, row.want)
			continue
		}
		if row.want == 0 {
			continue
		}
		l := list[0]
		if l.Payment != "p0" || l.Sale != "sale-of-p0" || l.Device != "counter-1" || l.Received != 1000 || l.Refunded != 300 || len(l.Refunds) != 3 {
			t.Errorf("%s: got %+v", row.name, l)
		}
		if l.Fee != 32 || l.FeeCurrency != "cad" || !l.Taken.Equal(start) || l.Refunds[2].Refund != "r2" || l.Refunds[2].Amount != 100 {
			t.Errorf("%s: got %+v", row.name, l)
		}
	}
}

// TestListAndBooks has Stripe and the books differ in the ways that faults and
// people make them, through the real list.
func TestListAndBooks(t *testing.T) {
	s := newShop(t, 1)
	start := s.clock.Now()
	book := func(id string, st pay.Status) pay.Booked {
		return pay.Booked{ID: id, Intent: st.Intent, Sold: true, State: pay.BookTaken, Amount: 1000, Currency: "cad", At: start}
	}
	good, lost := s.settle(charge("good", 1000)), s.settle(charge("orphan", 1000))
	wrong := s.settle(charge("wrong", 1100))
	back := s.settle(charge("back", 1000))
	s.giveBack(pay.Refund{ID: "r", Intent: back.Intent, Amount: 300, Currency: "cad"})
	books := []pay.Booked{
		book("good", good), book("wrong", wrong), book("back", back), book("invented", pay.Status{Intent: "pi_invented"}),
		{ID: "r", Refund: true, Intent: back.Intent, State: pay.BookTaken, Amount: 300, Currency: "cad", At: start},
	}
	compare := func() []string {
		list, err := s.client.List(t.Context(), start, s.clock.Now())
		if err == nil {
			list, err = s.client.Complete(t.Context(), list, books)
		}
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, f := range pay.Compare(s.clock.Now().Add(time.Hour), list, books) {
			ids = append(ids, f.ID)
		}
		return ids
	}
	want := []string{"AMOUNT:wrong", "MISSING:invented", "ORPHAN:" + lost.Intent}
	for range 2 { // twice: asking changes nothing
		if d := cmp.Diff(want, compare()); d != "" {
			t.Error(d)
		}
	}
	re := ""
	list, err := s.client.List(t.Context(), start, start)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range list {
		for _, r := range l.Refunds {
			re = r.ID
		}
	}
	s.clock.Add(4 * 24 * time.Hour) // a bank sends a refund back, days later
	s.stripe.FailRefund(re)
	s.stripe.Dispute(good.Intent)
	want = []string{"AMOUNT:wrong", "DISPUTED:" + good.Intent, "MISSING:invented", "ORPHAN:" + lost.Intent, "REFUND_DIFFERS:r"}
	if d := cmp.Diff(want, compare()); d != "" {
		t.Error(d)
	}
}

// TestListSaysWhenItKnowsNothing: half a list would look like missing payments.
func TestListSaysWhenItKnowsNothing(t *testing.T) {
	for _, site := range []string{"list intents", "list refunds", "list money"} {
		for _, f := range paytest.Faults() {
			s := newShop(t, 1)
			s.settle(charge("p", 1000))
			s.stripe.Fail(site, f)
			list, err := s.client.List(t.Context(), s.clock.Now(), s.clock.Now())
			if err == nil || len(list) != 0 || !strings.Contains(err.Error(), "list of") {
				t.Errorf("%s at %s: %d rows, %v", f, site, len(list), err)
			}
		}
	}
}

// TestListLeavesOtherShopsAlone: two shops may share an account.
func TestListLeavesOtherShopsAlone(t *testing.T) {
	s := newShop(t, 1)
	s.settle(charge("p", 1000))
	other, err := pay.New(pay.Config{Shop: "other", Key: testKey, HTTP: s.http, Now: s.clock.Now}, paytest.NewBook())
	if err != nil {
		t.Fatal(err)
	}
	list, err := other.List(t.Context(), s.clock.Now(), s.clock.Now())
	if err != nil || len(list) != 0 {
		t.Errorf("got %+v, %v", list, err)
	}
}

// TestListHasWhatWasBegunBefore: a hold of Monday that is captured on Tuesday is
// on Tuesday's list, and one that only stands comes in through the books.
func TestListHasWhatWasBegunBefore(t *testing.T) {
	s := newShop(t, 1)
	s.hold(heldAt("captured", 10000))
	stands := s.hold(heldAt("stands", 5000))
	s.clock.Add(30 * time.Hour)
	s.capture("captured", 4000)
	tuesday := s.clock.Now()
	list, err := s.client.List(t.Context(), tuesday, tuesday)
	if err != nil || len(list) != 1 || list[0].Payment != "captured" || list[0].Received != 4000 || list[0].Fee != 113 {
		t.Fatalf("got %+v, %v", list, err)
	}
	books := []pay.Booked{
		{ID: "captured", Intent: list[0].ID, Sold: true, State: pay.BookTaken, Amount: 4000, Currency: "cad", Fee: 113, HasFee: true, At: tuesday},
		{ID: "stands", Intent: stands.Intent, State: pay.BookHeld, Amount: 5000, Currency: "cad", At: tuesday.Add(-30 * time.Hour)},
	}
	list, err = s.client.Complete(t.Context(), list, books)
	if err != nil || len(list) != 2 {
		t.Fatalf("got %+v, %v", list, err)
	}
	got := pay.Compare(tuesday.Add(time.Hour), list, books)
	want := []string{"HELD_EXPIRING:stands"}
	if d := cmp.Diff(want, ids(got)); d != "" || !got[0].By.Equal(stands.HeldUntil) {
		t.Errorf("%s%+v", d, got)
	}
	s.clock.Add(20 * time.Hour)
	if list, err = s.client.Complete(t.Context(), nil, books); err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff([]string{"HELD_EXPIRED:stands"}, ids(pay.Compare(s.clock.Now(), list, books))); d != "" {
		t.Error(d)
	}
}
