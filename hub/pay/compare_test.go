package pay_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/hub/pay"
	"kickstand/protocol/money"
)

// world is Stripe and the books, which agree until something is planted.
type world struct {
	list  []pay.Listed
	books []pay.Booked
}

// drawWorld makes up payments of all kinds that agree on both sides.
func drawWorld(t *rapid.T) *world {
	w := &world{}
	for i := range rapid.IntRange(1, 12).Draw(t, "payments") {
		at := noon.Add(-time.Duration(rapid.IntRange(60, 50_000).Draw(t, "minutes ago")) * time.Minute)
		amount := rapid.Int64Range(50, 100_000).Draw(t, "amount")
		l := pay.Listed{Intent: pay.Intent{
			ID: fmt.Sprintf("pi_%d", i), Amount: amount, Currency: "cad", Created: at, Shop: "demo",
			Payment: fmt.Sprintf("p%d", i), Sale: fmt.Sprintf("s%d", i), Device: "counter-1",
		}}
		b := pay.Booked{ID: l.Payment, Intent: l.ID, Sale: l.Sale, Currency: "cad", At: at.Add(time.Minute)}
		switch kind := rapid.SampledFrom([]string{"taken", "taken", "taken", "held", "declined", "canceled"}).Draw(t, "kind"); kind {
		case "taken":
			l.Status, l.Received, l.Taken, l.Fee, l.FeeCurrency = "succeeded", amount, at, amount/40, "cad"
			b.State, b.Sold, b.Amount, b.Fee, b.HasFee = pay.BookTaken, true, money.Cents(amount), money.Cents(l.Fee), rapid.Bool().Draw(t, "fee booked")
			w.refunds(t, &l, at)
		case "held":
			l.Status, l.Capturable, l.HeldUntil = "requires_capture", amount, noon.Add(30*time.Hour)
			b.State, b.Amount = pay.BookHeld, money.Cents(amount)
		case "declined":
			l.Status, b.State = "requires_payment_method", pay.BookNothing
		default:
			l.Status, b.State = "canceled", pay.BookNothing
		}
		w.list, w.books = append(w.list, l), append(w.books, b)
	}
	w.young(t)
	return w
}

// refunds gives some of a payment back on both sides.
func (w *world) refunds(t *rapid.T, l *pay.Listed, at time.Time) {
	for n := range rapid.IntRange(0, 3).Draw(t, "refunds") {
		left := l.Received - l.Refunded
		if left == 0 {
			return
		}
		r := pay.Returned{
			ID: fmt.Sprintf("re_%s_%d", l.ID, n), Refund: fmt.Sprintf("%s-r%d", l.Payment, n), Sale: "back", Status: "succeeded",
			Amount: rapid.Int64Range(1, left).Draw(t, "back"), Currency: "cad", Created: at,
		}
		b := pay.Booked{ID: r.Refund, Refund: true, Intent: l.ID, State: pay.BookTaken, Amount: money.Cents(r.Amount), Currency: "cad", At: at}
		if rapid.IntRange(0, 4).Draw(t, "the bank sends it back") == 0 {
			r.Status, b.State, b.Amount = "failed", pay.BookNothing, 0
		} else {
			l.Refunded += r.Amount
		}
		l.Refunds, w.books = append(l.Refunds, r), append(w.books, b)
	}
}

// young adds what just happened on one side only.
func (w *world) young(t *rapid.T) {
	at := noon.Add(-time.Duration(rapid.IntRange(0, 14).Draw(t, "young minutes")) * time.Minute)
	if rapid.Bool().Draw(t, "captured just now") {
		w.list = append(w.list, pay.Listed{Intent: pay.Intent{ID: "pi_young", Status: "succeeded", Received: 900, Amount: 900, Currency: "cad", Created: at, Taken: at, Shop: "demo", Payment: "young"}})
	}
	if rapid.Bool().Draw(t, "begun just now") {
		w.books = append(w.books, pay.Booked{ID: "begun", State: pay.BookOpen, Currency: "cad", At: at})
	}
	if rapid.Bool().Draw(t, "charged and given back without a sale") {
		w.list = append(w.list, pay.Listed{Intent: pay.Intent{ID: "pi_undone", Status: "succeeded", Received: 700, Refunded: 700, Currency: "cad", Created: noon.Add(-time.Hour), Shop: "demo", Payment: "undone"}})
	}
}

func ids(all []pay.Finding) []string {
	out := []string{}
	for _, f := range all {
		out = append(out, f.ID)
	}
	return out
}

// TestCompareIsSilentWhenAllIsWell: no false flag, in any order, with rows seen
// twice as lists that overlap bring them.
func TestCompareIsSilentWhenAllIsWell(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := drawWorld(t)
		list := rapid.Permutation(append(slices.Clone(w.list), w.list...)).Draw(t, "list")
		books := rapid.Permutation(append(slices.Clone(w.books), w.books...)).Draw(t, "books")
		if got := pay.Compare(noon, list, books); len(got) > 0 {
			t.Fatalf("false flags: %+v", got)
		}
	})
}

// defects plants one difference each in a taken payment and says what must be
// found, and nothing else.
func defects() map[string]func(w *world, i int) string {
	return map[string]func(w *world, i int) string{
		"the sale was lost": func(w *world, i int) string {
			w.book(w.list[i].Payment).Sold = false
			if w.list[i].Received == w.list[i].Refunded {
				return ""
			}
			return "ORPHAN:" + w.list[i].ID
		},
		"Stripe took less": func(w *world, i int) string {
			w.book(w.list[i].Payment).Amount++
			return "AMOUNT:" + w.list[i].Payment
		},
		"another currency": func(w *world, i int) string {
			w.book(w.list[i].Payment).Currency = "usd"
			return "AMOUNT:" + w.list[i].Payment
		},
		"another fee": func(w *world, i int) string {
			b := w.book(w.list[i].Payment)
			b.HasFee, b.Fee = true, b.Fee+1
			return "FEE:" + b.ID
		},
		"charged twice": func(w *world, i int) string {
			l := w.list[i]
			l.ID, l.Refunded, l.Refunds = "pi_second", 0, nil
			w.list = append(w.list, l)
			return "DOUBLE:pi_second"
		},
		"charged by hand": func(w *world, _ int) string {
			w.list = append(w.list, pay.Listed{Intent: pay.Intent{ID: "pi_hand", Status: "succeeded", Received: 5, Currency: "cad", Created: noon.Add(-time.Hour)}})
			return "BY_HAND:pi_hand"
		},
		"Stripe never took it": func(w *world, i int) string {
			l := &w.list[i]
			l.Status, l.Received, l.Refunded, l.Refunds, l.Taken = "requires_payment_method", 0, 0, nil, time.Time{}
			w.books = slices.DeleteFunc(w.books, func(b pay.Booked) bool { return b.Refund && b.Intent == l.ID })
			return "MISSING:" + l.Payment
		},
		"Stripe does not know it": func(w *world, _ int) string {
			w.books = append(w.books, pay.Booked{ID: "invented", Intent: "pi_none", Sold: true, State: pay.BookTaken, Amount: 5, Currency: "cad", At: noon.Add(-time.Hour)})
			return "MISSING:invented"
		},
		"a refund that nobody booked": func(w *world, i int) string {
			w.list[i].Refunds = append(slices.Clone(w.list[i].Refunds), pay.Returned{ID: "re_new", Status: "succeeded", Amount: 1, Currency: "cad", Created: noon.Add(-time.Hour)})
			return "REFUND_DIFFERS:re_new"
		},
		"a refund that Stripe does not have": func(w *world, i int) string {
			w.books = append(w.books, pay.Booked{ID: "ghost", Refund: true, Intent: w.list[i].ID, State: pay.BookTaken, Amount: 1, Currency: "cad", At: noon.Add(-time.Hour)})
			return "REFUND_DIFFERS:ghost"
		},
		"not settled": func(w *world, i int) string {
			b := w.book(w.list[i].Payment)
			b.State, b.Sold = pay.BookOpen, false
			return "STILL_OPEN:" + b.ID
		},
		"only held": func(w *world, i int) string {
			l := &w.list[i]
			l.Status, l.Received, l.Refunded, l.Refunds, l.Capturable = "requires_capture", 0, 0, nil, l.Amount
			w.books = slices.DeleteFunc(w.books, func(b pay.Booked) bool { return b.Refund && b.Intent == l.ID })
			return "CAPTURE_DUE:" + l.Payment
		},
		"a hold lapses soon": func(w *world, _ int) string { return w.hold("requires_capture", pay.BookHeld, "HELD_EXPIRING:hold") },
		"a hold has lapsed":  func(w *world, _ int) string { return w.hold("canceled", pay.BookHeld, "HELD_EXPIRED:hold") },
		"an unknown hold": func(w *world, _ int) string {
			return w.hold("requires_capture", pay.BookNothing, "HOLD_UNKNOWN:pi_hold")
		},
		"disputed": func(w *world, i int) string {
			w.list[i].Disputed = true
			return "DISPUTED:" + w.list[i].ID
		},
	}
}

func (w *world) hold(status string, s pay.BookState, want string) string {
	w.list = append(w.list, pay.Listed{Intent: pay.Intent{ID: "pi_hold", Status: status, Amount: 5, Capturable: 5, Currency: "cad", Payment: "hold", Shop: "demo", Created: noon.Add(-time.Hour), HeldUntil: noon.Add(23 * time.Hour)}})
	w.books = append(w.books, pay.Booked{ID: "hold", Intent: "pi_hold", State: s, Amount: 5, Currency: "cad", At: noon.Add(-time.Hour)})
	return want
}

func (w *world) book(id string) *pay.Booked {
	for i := range w.books {
		if w.books[i].ID == id {
			return &w.books[i]
		}
	}
	return &pay.Booked{}
}

// TestCompareFindsWhatIsPlanted: exactly the planted difference, whatever else
// is there, twice the same, and with words for a person.
func TestCompareFindsWhatIsPlanted(t *testing.T) {
	for name, plant := range defects() {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(t *rapid.T) {
				w := drawWorld(t)
				taken := slices.IndexFunc(w.list, func(l pay.Listed) bool { return l.Status == "succeeded" && w.book(l.Payment).Sold })
				if taken < 0 {
					t.Skip("nothing was taken")
				}
				want := []string{}
				if id := plant(w, taken); id != "" {
					want = append(want, id)
				}
				got := pay.Compare(noon, w.list, w.books)
				if d := cmp.Diff(want, ids(got)); d != "" {
					t.Fatal(d)
				}
				if d := cmp.Diff(got, pay.Compare(noon, rapid.Permutation(w.list).Draw(t, "list"), w.books)); d != "" {
					t.Fatalf("another order, other findings: %s", d)
				}
				for _, f := range got {
					if f.What == "" || f.Do == "" || !strings.HasSuffix(f.Do, ".") || f.Intent == "" && f.Payment == "" && f.Refund == "" {
						t.Fatalf("no words or no subject: %+v", f)
					}
				}
			})
		})
	}
}

// TestCompareTakesAnything: whatever is thrown at it, each finding has an id of
// its own.
func TestCompareTakesAnything(t *testing.T) {
	states := []pay.BookState{pay.BookOpen, pay.BookHeld, pay.BookTaken, pay.BookNothing, "garbage"}
	statuses := []string{"succeeded", "canceled", "requires_capture", "requires_payment_method", "processing", "garbage", ""}
	id := rapid.SampledFrom([]string{"", "a", "b", "c"})
	rapid.Check(t, func(t *rapid.T) {
		w := &world{}
		at := func() time.Time { return noon.Add(time.Duration(rapid.IntRange(-90, 90).Draw(t, "at")) * time.Minute) }
		for range rapid.IntRange(0, 6).Draw(t, "rows") {
			l := pay.Listed{Intent: pay.Intent{ID: id.Draw(t, "intent"), Payment: id.Draw(t, "payment"), Status: rapid.SampledFrom(statuses).Draw(t, "status"), Received: rapid.Int64Range(0, 3).Draw(t, "received"), Refunded: rapid.Int64Range(0, 3).Draw(t, "refunded"), Created: at()}}
			l.Refunds = []pay.Returned{{ID: id.Draw(t, "re"), Refund: id.Draw(t, "refund"), Amount: rapid.Int64Range(0, 3).Draw(t, "back"), Created: at()}}
			w.list = append(w.list, l)
			w.books = append(w.books, pay.Booked{ID: id.Draw(t, "id"), Refund: rapid.Bool().Draw(t, "is a refund"), Intent: id.Draw(t, "of"), State: rapid.SampledFrom(states).Draw(t, "state"), Sold: rapid.Bool().Draw(t, "sold"), At: at()})
		}
		got := ids(pay.Compare(noon, w.list, w.books))
		if len(slices.Compact(slices.Clone(got))) != len(got) || !slices.IsSorted(got) {
			t.Fatalf("ids are not unique and sorted: %v", got)
		}
	})
}

// TestAWrongClockIsNoExcuse: a time well in the future is not "just now".
func TestAWrongClockIsNoExcuse(t *testing.T) {
	for ahead, want := range map[time.Duration][]string{0: {}, 30 * time.Minute: {}, 24 * time.Hour: {"ORPHAN:pi_1"}} {
		list := []pay.Listed{{Intent: pay.Intent{ID: "pi_1", Status: "succeeded", Received: 5, Currency: "cad", Payment: "p", Created: noon.Add(ahead)}}}
		if d := cmp.Diff(want, ids(pay.Compare(noon, list, nil))); d != "" {
			t.Errorf("%s ahead: %s", ahead, d)
		}
	}
}
