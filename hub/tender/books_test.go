package tender_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/till"
)

// days plays random days at one till, and keeps what each customer should have.
type days struct {
	*shop
	chance  *rand.Rand
	cards   map[string]money.Cents // gift cards by code
	credits map[string]money.Cents // store credits by code
	owed    map[string]money.Cents // deposits by code
	sold    []*protocol.Sale
	back    map[string]bool // sales that came back
	figures protocol.TillFigures
	session string
}

// finish computes a sale of these lines, pays what other tenders left in cash, and
// sends it.
func (d *days) finish(s *protocol.Sale, lines []protocol.SaleLine, discount money.Discount, paid ...protocol.Payment) {
	d.t.Helper()
	doc := money.Document{Rules: s.Rules, Discount: discount}
	for i := range lines {
		lines[i].N = i + 1
		doc.Lines = append(doc.Lines, lines[i].Money)
	}
	totals, err := money.Compute(doc)
	if err != nil {
		d.t.Fatal(err)
	}
	other := money.Cents(0)
	for _, p := range paid {
		other += p.Amount
	}
	rest, rounding := money.CashDue(totals.Total-other, s.Rules)
	s.Lines, s.Discount, s.Totals, s.Rounding, s.Session = lines, discount, totals, 0, d.session
	s.Payments = paid
	if rest != 0 || len(paid) == 0 {
		s.Rounding = rounding
		s.Payments = append(s.Payments, protocol.Payment{ID: s.ID + "-cash", Tender: protocol.Cash, Amount: rest, Tendered: rest, Rounding: rounding})
	}
	if codes := d.sell(d.tills["counter-1"], s); codes != "" {
		d.t.Fatalf("sale %s has differences: %s", s.ID, codes)
	}
	d.figures = till.Add(d.figures, s)
	d.sold = append(d.sold, s)
}

// goods are one or two items.
func (d *days) goods() *protocol.Sale {
	all := []store.Item{hubtest.Item(1), hubtest.Item(2)}
	return d.tills["counter-1"].Sale(all[:1+d.chance.IntN(2)]...)
}

func loading(code string, amount money.Cents) protocol.SaleLine {
	return protocol.SaleLine{Item: "gift-card", Name: "Gift card", Loads: code, Money: money.Line{Qty: 1, Unit: amount, Fixed: true}}
}

// sellCard puts money on a new card or an old one, beside goods or alone.
func (d *days) sellCard() {
	s, amount := d.goods(), money.Cents(5_00+d.chance.IntN(60_00))
	code := fmt.Sprintf("CARD%06d", d.chance.IntN(6))
	d.cards[code] += amount
	lines := []protocol.SaleLine{loading(code, amount)}
	discount := money.Discount{}
	if d.chance.IntN(2) == 0 {
		lines = append(lines, s.Lines...)
		discount.PPM = int64(d.chance.IntN(200_000))
	}
	d.finish(s, lines, discount)
}

// takeDeposit takes a deposit for something that is not here yet.
func (d *days) takeDeposit() {
	s, amount := d.goods(), money.Cents(1_00+d.chance.IntN(40_00))
	code := fmt.Sprintf("ORDER%06d", d.chance.IntN(4))
	d.owed[code] += amount
	l := loading(code, amount)
	l.LoadsAs = protocol.Deposit
	d.finish(s, []protocol.SaleLine{l}, money.Discount{})
}

// payStored pays goods with what a customer has.
func (d *days) payStored(tender protocol.Tender, have map[string]money.Cents) {
	s := d.goods()
	for _, code := range slices.Sorted(mapsKeys(have)) {
		ask := min(s.Totals.Total, money.Cents(1+d.chance.IntN(30_00)))
		_, st := d.spend(s.ID, code, tender, ask)
		if want := min(ask, have[code]); st.Taken != want {
			d.t.Fatalf("%s holds %v: %v was taken of %v", code, have[code], st.Taken, ask)
		}
		if have[code] -= st.Taken; st.Taken > 0 {
			d.finish(s, s.Lines, money.Discount{}, protocol.Payment{ID: st.ID, Tender: tender, Amount: st.Taken, Tendered: st.Taken, Ref: st.Ref})
			return
		}
	}
	d.finish(s, s.Lines, money.Discount{})
}

func mapsKeys(m map[string]money.Cents) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

// refund gives all of an earlier cash sale back: in cash, or as a store credit. A
// card that was loaded comes back only while nothing of it is spent.
func (d *days) refund() {
	i := d.chance.IntN(len(d.sold) + 1)
	if i == len(d.sold) || d.back[d.sold[i].ID] || d.sold[i].Totals.Total <= 0 || len(d.sold[i].Payments) != 1 || d.sold[i].Payments[0].Tender != protocol.Cash {
		return
	}
	old := d.sold[i]
	s := d.tills["counter-1"].Sale(hubtest.Item(1))
	var lines []protocol.SaleLine
	owed := money.Cents(0)
	for j, l := range old.Lines {
		if l.LoadKind() == protocol.Deposit || l.Loads != "" && d.cards[l.Loads] < old.Totals.Lines[j].Total {
			return
		}
		part, err := money.Part(old.Totals.Lines[j], 1, 0, 1)
		if err != nil {
			d.t.Fatal(err)
		}
		l.LoadsAs, l.Loads, l.Of = l.LoadKind(), "", &protocol.Origin{Sale: old.ID, Line: j + 1, Slip: old.Slip}
		l.Money.Qty, l.Money.Discount, l.Money.Stored = -1, money.Discount{}, &part
		lines, owed = append(lines, l), owed-part.Total
	}
	d.back[old.ID], d.back[s.ID] = true, true
	for j, l := range old.Lines {
		if l.Loads != "" {
			d.cards[l.Loads] -= old.Totals.Lines[j].Total
		}
	}
	if d.chance.IntN(2) == 0 {
		d.finish(s, lines, money.Discount{})
		return
	}
	st := d.must(d.begin(s.ID, protocol.Credit, -owed))
	d.credits[st.Code] = owed
	d.finish(s, lines, money.Discount{}, protocol.Payment{ID: st.ID, Tender: protocol.Credit, Amount: st.Taken, Tendered: st.Taken, Ref: st.Ref})
}

func (d *days) open(n int) {
	till := d.tills["counter-1"]
	d.session, d.figures = fmt.Sprintf("till-%d", n), protocol.TillFigures{Float: 100_00}
	d.event(till, till.Event(&protocol.TillOpened{ID: d.session, Operator: "op-1", Name: "Ada", Float: 100_00}))
}

// close sends the Z report: the hub must add the session up to the same.
func (d *days) close(n int) {
	d.t.Helper()
	till := d.tills["counter-1"]
	d.event(till, till.Event(&protocol.TillClosed{
		ID: d.session, Number: int64(n), Operator: "op-1", Name: "Ada", Currency: "CAD", Figures: d.figures, Counted: d.figures.Expected(), Tries: 1,
	}))
	got, _, err := d.store.ZReport(d.t.Context(), d.session)
	if err != nil || len(got.Differs) > 0 || got.State != store.TillClosed {
		d.t.Fatalf("Z report %d: %+v, %v", n, got, err)
	}
}

// judgeDay compares a day's report with the drawer, and the debts with what the
// customers have.
func (d *days) judgeDay(from, to int64, before []store.Owed) []store.Owed {
	d.t.Helper()
	r, err := d.store.Report(d.t.Context(), from, to)
	if err != nil {
		d.t.Fatal(err)
	}
	var taken, loaded, items, taxes, tenders, debt, paidStored money.Cents
	for _, h := range r.Hours {
		taken, loaded = taken+h.Net+h.Tax+h.Rounding+h.Off, loaded+h.Loaded
		items -= h.Rounding + h.Off
	}
	items += taken
	for _, i := range r.Items {
		items -= i.Total
	}
	for _, x := range r.Taxes {
		taxes += x.Tax
	}
	for _, p := range r.Tenders {
		if tenders += p.Amount; p.Tender != protocol.Cash {
			paidStored += p.Amount
		}
	}
	for i, o := range r.Owed {
		if debt += o.Change(); o.Opening != before[i].Closing {
			d.t.Errorf("%s begin at %v, the day before ended at %v", o.Kind, o.Opening, before[i].Closing)
		}
	}
	f := d.figures
	got := []money.Cents{taken + debt, taken - f.Rounding, loaded, taxes, items, r.Owed[0].Closing, r.Owed[1].Closing, r.Owed[2].Closing, f.Total + f.Rounding}
	want := []money.Cents{tenders - paidStored, f.Net + f.Tax, f.Loaded, f.Tax, 0, sum(d.cards), sum(d.credits), sum(d.owed), tenders}
	if diff := cmp.Diff(want, got); diff != "" {
		d.t.Errorf("the day does not agree (-want +got):\n%s\n%+v", diff, r.Owed)
	}
	held, err := d.store.Held(d.t.Context())
	if err != nil {
		d.t.Fatal(err)
	}
	for i, h := range held {
		if h.Balance != r.Owed[i].Closing || h.Underway != 0 {
			d.t.Errorf("the accounts hold %+v, the books say %+v", h, r.Owed[i])
		}
	}
	return r.Owed
}

func sum(all map[string]money.Cents) (total money.Cents) {
	for _, c := range all {
		total += c
	}
	return total
}

// TestTakingsAndDebtsAreTheMoneyThatCame plays random days with gift cards, store
// credits and refunds: what was taken and what the debt grew by is the money that
// came, in the report, in the Z report and on the customers' cards.
func TestTakingsAndDebtsAreTheMoneyThatCame(t *testing.T) {
	for range 3 {
		seed := rand.Uint64()
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			d := &days{
				shop: openShop(t), chance: rand.New(rand.NewPCG(seed, 1)), cards: map[string]money.Cents{}, credits: map[string]money.Cents{}, owed: map[string]money.Cents{},
				back: map[string]bool{},
			}
			owed := make([]store.Owed, 3)
			for n := 1; n <= 3; n++ {
				from := d.clock.Now().UnixMilli()
				d.open(n)
				for range 25 {
					d.clock.Add(time.Duration(d.chance.IntN(600)) * time.Second)
					[]func(){
						d.sellCard, d.takeDeposit, func() { d.payStored(protocol.Deposit, d.owed) }, d.refund, d.refund, func() { d.payStored(protocol.Gift, d.cards) }, func() { d.payStored(protocol.Credit, d.credits) },
					}[d.chance.IntN(7)]()
				}
				d.clock.Add(time.Second)
				d.close(n)
				owed = d.judgeDay(from, d.clock.Now().UnixMilli(), owed)
			}
		})
	}
}
