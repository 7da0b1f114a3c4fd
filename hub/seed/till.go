package seed

import (
	"fmt"
	"math/rand/v2"
	"time"

	"kickstand/hub"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// till is a counter that sells by chance, always the same chance. It speaks as
// a real one does: an outbox stream of envelopes.
type till struct {
	chance  *rand.Rand
	address protocol.Address
	prefix  string
	epoch   string
	seq     uint64
	slips   int
	rules   money.Rules
	shop    protocol.Letterhead
	version int64 // of the catalogue
	staff   []protocol.Operator
	shelves *shelves
	people  int // customers of the shop
}

// say puts a body into the till's outbox at a moment.
func (t *till) say(at time.Time, body protocol.Body) (hub.Message, error) {
	env, err := protocol.Seal(t.address.Device, body, protocol.Stamp{WallMS: at.UnixMilli(), MonoMS: at.UnixMilli(), BootID: "seed"})
	if err != nil {
		return hub.Message{}, err
	}
	t.seq++
	env.Epoch, env.Seq = t.epoch, t.seq
	env.Salt = protocol.Digest([]byte(fmt.Sprint("salt of ", t.epoch, t.seq)))[:protocol.SaltLen] // the demo's past is the same every time
	raw, err := env.Encode()
	topic := protocol.Topic{Address: t.address, Channel: protocol.Evt}
	return hub.Message{Topic: topic, Raw: raw}, err
}

// ring sells something and returns what the till has to say about it: the
// sale, the opened drawer and the printed receipt.
func (t *till) ring(at time.Time) ([]hub.Message, error) {
	s, err := t.sell(at)
	if err != nil {
		return nil, err
	}
	bodies := []protocol.Body{
		s,
		&protocol.DrawerOpened{ID: s.ID + "-d1", Sale: s.ID, Operator: s.Operator, Why: "cash sale"},
		&protocol.ReceiptPrinted{Job: s.ID + "-j1", Sale: s.ID, Proof: protocol.ProofConfirmed},
	}
	var all []hub.Message
	for _, b := range bodies {
		m, err := t.say(at, b)
		if err != nil {
			return nil, err
		}
		all = append(all, m)
	}
	return all, nil
}

func (t *till) sell(at time.Time) (*protocol.Sale, error) {
	t.slips++
	who := t.staff[t.chance.IntN(len(t.staff))]
	slip := fmt.Sprintf("%s-%06d", t.prefix, t.slips)
	s := &protocol.Sale{
		ID: fmt.Sprintf("seed-%s-%06d", t.address.Device, t.slips), Slip: slip, Operator: who.ID, Name: who.Name,
		OpenedMS: at.Add(-time.Duration(30+t.chance.IntN(240)) * time.Second).UnixMilli(), ClosedMS: at.UnixMilli(),
		Items: t.version, Shop: t.shop, Rules: t.rules,
	}
	lines := 1 + int(t.chance.ExpFloat64()*1.6)
	for n := 1; n <= min(lines, 12); n++ {
		s.Lines = append(s.Lines, t.line(n))
	}
	if t.chance.IntN(30) == 0 {
		s.Discount = money.Discount{PPM: 50_000, Reason: "club"}
	}
	if t.people > 0 && t.slips%5 < 2 { // the others do not say who they are
		s.Customer = customerID(t.slips * 37 % t.people)
	}
	return s, t.settle(s)
}

func (t *till) line(n int) protocol.SaleLine {
	a := t.shelves.pick(t.chance)
	l := protocol.SaleLine{N: n, Item: a.ID, SKU: a.SKU, Name: a.Name, TaxCategory: a.TaxCategory}
	if a.Variant != "" {
		l.Name += ", " + a.Variant
	}
	if len(a.Barcodes) > 0 && t.chance.IntN(4) > 0 {
		l.Barcode = a.Barcodes[0]
	}
	l.Money = money.Line{Qty: 1, Unit: a.Price, Taxes: a.Taxes}
	if more := int64(2 + t.chance.IntN(2)); t.chance.IntN(5) == 0 && !a.Serialised && (a.Unstocked || t.shelves.onHand[a.ID] >= more) {
		l.Money.Qty = more
	}
	if t.chance.IntN(18) == 0 {
		l.Money.Discount = money.Discount{PPM: 100_000, Reason: "sale"}
	}
	t.shelves.take(a, l.Money.Qty)
	return l
}

// settle adds the sale up and takes cash for it.
func (t *till) settle(s *protocol.Sale) (err error) {
	d := money.Document{Rules: s.Rules, Discount: s.Discount}
	for _, l := range s.Lines {
		d.Lines = append(d.Lines, l.Money)
	}
	if s.Totals, err = money.Compute(d); err != nil {
		return fmt.Errorf("sale %s: %w", s.ID, err)
	}
	due, rounding := money.CashDue(s.Totals.Total, s.Rules)
	notes := [...]money.Cents{1, 5_00, 20_00, 50_00}
	note := notes[t.chance.IntN(len(notes))]
	given := max(due, (due+note-1)/note*note)
	s.Rounding = rounding
	s.Payments = []protocol.Payment{{ID: s.ID + "-p1", Tender: protocol.Cash, Amount: due, Tendered: given, Change: given - due, Rounding: rounding}}
	return nil
}
