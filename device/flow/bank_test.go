package flow_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// bank is the hub's side of tenders with everything that goes wrong on the way:
// answers that are lost or late, news told twice or in the wrong order, cards
// that are declined, and cancels that meet a success. It keeps its own books.
type bank struct {
	rand    *rand.Rand
	tenders map[string]*ledger
	begun   []string         // ids in order
	mail    []flow.Happening // on its way to the device
	seals   *sealer
	faults  []string
}

// ledger is one tender as the bank has it.
type ledger struct {
	begin protocol.TenderBegin // zero while only a cancel came
	phase protocol.TenderPhase
	n     int64
	taken money.Cents
}

func newBank(seed uint64) *bank {
	return &bank{rand: rand.New(rand.NewPCG(seed, 11)), tenders: map[string]*ledger{}, seals: newSealer(seed)}
}

func (b *bank) fault(format string, args ...any) {
	b.faults = append(b.faults, fmt.Sprintf(format, args...))
}

// ask is a question that arrives, or is lost before it does.
func (b *bank) ask(a flow.Ask) {
	if b.rand.IntN(10) == 0 {
		b.mail = append(b.mail, flow.AskFailed{ID: a.ID, Why: "the hub does not answer"})
		return
	}
	var answer flow.Happening
	switch q := a.Body.(type) {
	case *protocol.TenderBegin:
		answer = b.begin(a.ID, q)
	case *protocol.TenderAsk:
		answer = b.state(a.ID, q.ID)
	case *protocol.TenderCancel:
		answer = b.cancel(a.ID, q.ID)
	case *protocol.GiftAsk:
		answer = flow.Answered{ID: a.ID, Body: b.card(q)}
	case *protocol.SealAsk:
		answer = flow.Answered{ID: a.ID, Body: b.seals.tell(q.Have)}
	case *protocol.StockReserve:
		kept := &protocol.StockReserved{Sale: q.Sale}
		if len(q.Lines) > 0 && b.rand.IntN(4) == 0 {
			kept.Short = []protocol.StockLevel{{Item: q.Lines[0].Item}}
		}
		answer = flow.Answered{ID: a.ID, Body: kept}
	default:
		answer = flow.AskFailed{ID: a.ID, Refused: true, Why: "not today"}
	}
	if b.rand.IntN(8) == 0 { // it was done, and nobody heard
		answer = flow.AskFailed{ID: a.ID, Why: "the hub does not answer"}
	}
	b.mail = append(b.mail, answer)
}

// card knows every card and makes up new ones.
func (b *bank) card(q *protocol.GiftAsk) *protocol.GiftTold {
	told := &protocol.GiftTold{ID: q.ID, Account: protocol.Gift, Ref: protocol.MaskCode(q.Code), Load: q.Load}
	switch {
	case q.Code == "":
		told.Code = fmt.Sprintf("KS%013d", b.rand.IntN(1_000_000))
	case q.Load == 0:
		told.Balance = money.Cents(b.rand.IntN(100_00))
	}
	return told
}

func (b *bank) begin(ask string, q *protocol.TenderBegin) flow.Happening {
	if t, ok := b.tenders[q.ID]; ok && t.begin.ID != "" {
		if t.begin.Sale != q.Sale || t.begin.Amount != q.Amount || t.begin.Tender != q.Tender || t.begin.Of != q.Of {
			b.fault("tender %s was %+v and is asked for as %+v", q.ID, t.begin, *q)
		}
		return b.state(ask, q.ID)
	}
	for id, t := range b.tenders {
		if t.begin.Sale == q.Sale && id != q.ID && t.phase != protocol.TenderTaken && t.phase != protocol.TenderDeclined && t.phase != protocol.TenderCanceled {
			b.fault("tender %s of sale %s is begun while %s is %s", q.ID, q.Sale, id, t.phase)
		}
	}
	if t, ok := b.tenders[q.ID]; ok { // canceled before it came
		t.begin = *q
		return b.state(ask, q.ID)
	}
	if b.rand.IntN(20) == 0 {
		b.tenders[q.ID] = &ledger{phase: protocol.TenderCanceled, n: 1}
		return flow.AskFailed{ID: ask, Refused: true, Why: "The card reader is busy with another sale."}
	}
	b.tenders[q.ID] = &ledger{begin: *q, phase: protocol.TenderWaiting, n: 1}
	b.begun = append(b.begun, q.ID)
	if q.Tender != protocol.Card || q.Amount < 0 {
		b.end(b.tenders[q.ID])
	}
	return b.state(ask, q.ID)
}

func (b *bank) cancel(ask, id string) flow.Happening {
	t, ok := b.tenders[id]
	if !ok {
		b.tenders[id] = &ledger{phase: protocol.TenderCanceled, n: 1}
		return flow.AskFailed{ID: ask, Refused: true, Why: "unknown"}
	}
	if t.phase == protocol.TenderWaiting && b.rand.IntN(3) > 0 {
		t.phase, t.n = protocol.TenderCanceled, t.n+1
	}
	return b.state(ask, id)
}

func (b *bank) state(ask, id string) flow.Happening {
	t, ok := b.tenders[id]
	if !ok || t.begin.ID == "" {
		return flow.AskFailed{ID: ask, Refused: true, Why: "unknown"}
	}
	return flow.Answered{ID: ask, Body: t.word()}
}

func (t *ledger) word() *protocol.TenderState {
	return &protocol.TenderState{
		ID: t.begin.ID, Sale: t.begin.Sale, Tender: t.begin.Tender, Phase: t.phase, N: t.n, Amount: t.begin.Amount, Taken: t.taken,
		Words: "Visa 4242", Ref: "pi_1", Why: "because",
	}
}

// end brings a tender to an end, or to a person.
func (b *bank) end(t *ledger) {
	t.n++
	switch n := b.rand.IntN(10); {
	case n < 6:
		t.phase, t.taken = protocol.TenderTaken, t.begin.Amount
		if t.begin.Tender != protocol.Card && t.begin.Amount > 1 && n < 3 {
			t.taken = t.begin.Amount / 2
		}
	case n < 8:
		t.phase = protocol.TenderDeclined
	case n < 9 || t.phase == protocol.TenderPerson:
		t.phase = protocol.TenderCanceled
	default:
		t.phase = protocol.TenderPerson
	}
}

// live moves something on and returns what reaches the device now.
func (b *bank) live() []flow.Happening {
	if len(b.begun) > 0 {
		id := b.begun[len(b.begun)-1-b.rand.IntN(min(3, len(b.begun)))]
		t := b.tenders[id]
		before := *t.word()
		switch {
		case t.phase == protocol.TenderWaiting && b.rand.IntN(2) == 0:
			t.phase, t.n = protocol.TenderChecking, t.n+1
		case t.phase == protocol.TenderWaiting, t.phase == protocol.TenderChecking, t.phase == protocol.TenderPerson:
			b.end(t)
		}
		if b.rand.IntN(3) > 0 {
			b.mail = append(b.mail, flow.Told{Body: t.word()})
		}
		if b.rand.IntN(4) == 0 {
			b.mail = append(b.mail, flow.Told{Body: &before}) // late
		}
	}
	if b.rand.IntN(4) == 0 {
		b.mail = append(b.mail, b.seals.live())
	}
	var now []flow.Happening
	for range 1 + b.rand.IntN(3) {
		if len(b.mail) == 0 {
			break
		}
		i := b.rand.IntN(len(b.mail))
		now = append(now, b.mail[i])
		if b.rand.IntN(10) > 0 {
			b.mail = slices.Delete(b.mail, i, i+1)
		}
	}
	return now
}

// moved is what the bank has moved for a sale, by tender id.
func (b *bank) moved(sale string) map[string]money.Cents {
	all := map[string]money.Cents{}
	for id, t := range b.tenders {
		if t.begin.Sale == sale && t.taken != 0 {
			all[id] = t.taken
		}
	}
	return all
}

// heard is what a device has written down as moved by the bank.
func heard(paid []protocol.Payment) map[string]money.Cents {
	all := map[string]money.Cents{}
	for _, p := range paid {
		if p.Tender.ByHub() {
			all[p.ID] = p.Amount
		}
	}
	return all
}

// checkMoney holds the carts against the bank's books: what a cart has is what
// the bank moved, but for the tender whose end the device has not heard yet, and
// it is never more than is due.
func (d *day) checkMoney(e flow.Event, s flow.State) {
	for _, fault := range d.bank.faults {
		d.fail(e, "%s", fault)
	}
	for _, c := range append([]flow.Basket{s.Durable.Cart}, s.Durable.Parked...) {
		if len(c.Paid) == 0 && c.Open == nil {
			continue
		}
		moved := d.bank.moved(c.ID)
		if c.Open != nil {
			delete(moved, c.Open.ID)
		}
		if !maps.Equal(moved, heard(c.Paid)) {
			d.fail(e, "sale %s: the bank moved %v, the cart has %v", c.ID, moved, heard(c.Paid))
		}
		d.checkOver(e, c)
	}
}

func (d *day) checkOver(e flow.Event, c flow.Basket) {
	doc := money.Document{Rules: c.Rules, Discount: c.Discount}
	for _, l := range c.Lines {
		doc.Lines = append(doc.Lines, l.Money)
	}
	totals, err := money.Compute(doc)
	paid := money.Cents(0)
	for _, p := range c.Paid {
		paid += p.Amount
	}
	if err != nil || paid < 0 || paid > totals.Total+c.Rules.CashStep {
		d.fail(e, "%v was paid of %v, %v", paid, totals.Total, err)
	}
	if (paid > 0 || c.Open != nil) && !c.Locked {
		d.fail(e, "money is in the cart %s, and it is not locked", c.ID)
	}
}

// told lets the hub say how the open tender of the desk fares.
func (d *desk) told(phase protocol.TenderPhase) {
	c := d.state.Durable.Cart
	word := &protocol.TenderState{ID: c.Open.ID, Sale: c.ID, Tender: c.Open.Tender, Amount: c.Open.Amount, Phase: phase, N: c.Open.N + 1, Words: "Visa 4242", Ref: "pi_1"}
	if phase == protocol.TenderTaken {
		word.Taken = word.Amount
	}
	d.post(flow.Told{Body: word})
}
