package hub

import (
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// effect writes what an event says. It judges before it writes: with a refusal
// nothing was written.
func (e *event) effect(t *store.Tx, d store.Device) (*protocol.RefusedError, error) {
	switch b := e.body.(type) {
	case *protocol.Sale:
		return e.sold(t, d, b)
	case *protocol.DrawerOpened:
		return nil, e.drawer(t, b)
	case *protocol.ReceiptPrinted:
		return nil, e.printed(t, b)
	case *protocol.ReceiptMail:
		return nil, e.mail(t, b)
	case *protocol.JournalReset:
		_, err := e.audit(t, "", "", b)
		return nil, err
	case *protocol.JournalGap:
		return nil, e.gone(t, b)
	case *protocol.CartParked:
		if b.Device != e.topic.Device {
			return &protocol.RefusedError{Reason: protocol.ForeignDevice, Detail: "a device parks its own sales"}, nil
		}
		return nil, e.parked(t, b.ID, func() error { return t.ParkCart(b) })
	case *protocol.CartGone:
		return nil, e.parked(t, b.ID, func() error { return t.DropCart(b.ID) })
	case *protocol.SpecialPlaced:
		return nil, e.special(t, b)
	case *protocol.TillOpened:
		return nil, e.tillOpened(t, b)
	case *protocol.TillMoved:
		facts := map[string]any{"session": b.Session, "amount": b.Amount}
		if _, err := e.audit(t, b.ID, b.Operator, facts, audit.Say("why", "", b.Why)); err != nil {
			return nil, err
		}
		return nil, t.MoveTill(e.topic.Device, b)
	case *protocol.TillClosed:
		return nil, e.tillClosed(t, b)
	case *protocol.SealAccepted:
		_, err := e.audit(t, "", b.Operator, map[string]string{"was": b.Was, "now": b.Now, "key": b.Key})
		return nil, err
	case *protocol.DeviceFault:
		if _, err := e.audit(t, b.Part, "", b); err != nil {
			return nil, err
		}
		return nil, t.Fault(e.topic.Device, b)
	}
	return &protocol.RefusedError{Reason: protocol.UnknownKind, Detail: string(e.env.Kind) + " is not an event"}, nil
}

// printed writes what became of a receipt. A device that recovered a damaged
// journal may report it again.
func (e *event) printed(t *store.Tx, b *protocol.ReceiptPrinted) error {
	known, err := t.PrintKnown(b)
	if err != nil {
		return err
	}
	if known {
		_, err := e.auditAs(t, string(e.env.Kind)+repeatedKind, b.Sale, "", b)
		return err
	}
	n, err := e.audit(t, b.Sale, "", b)
	if err != nil {
		return err
	}
	return t.Printed(n, e.topic.Device, b)
}

// repeatedKind is added to the kind of an audit row for what was known already.
const repeatedKind = ".repeated"

// drawer writes an opening of the drawer. Who opened it is personal.
func (e *event) drawer(t *store.Tx, b *protocol.DrawerOpened) error {
	known, err := t.DrawerKnown(b.ID)
	if err != nil {
		return err
	}
	if known {
		_, err := e.auditAs(t, string(e.env.Kind)+repeatedKind, b.ID, "", map[string]string{"sale": b.Sale})
		return err
	}
	facts, said := map[string]string{"sale": b.Sale}, audit.Say("why", "", b.Why)
	if b.Why == protocol.WhyCashSale {
		facts["why"], said.Words = b.Why, "" // nobody's words
	}
	n, err := e.audit(t, b.ID, b.Operator, facts, said)
	if err != nil {
		return err
	}
	return t.DrawerOpened(n, e.topic.Device, b)
}

// gone writes that a device dropped events because its disk was full.
func (e *event) gone(t *store.Tx, b *protocol.JournalGap) error {
	if _, err := e.audit(t, "", "", b); err != nil {
		return err
	}
	return t.Fault(e.topic.Device, &protocol.DeviceFault{
		Part: "journal", State: "warning", Detail: fmt.Sprintf("%d messages were dropped because the device's disk was full", b.N),
	})
}

// audit chains the event onto the journal. who, when not empty, takes part as
// a salted digest only, and so does what people typed.
func (e *event) audit(t *store.Tx, subject, who string, facts any, said ...audit.Text) (int64, error) {
	return e.auditAs(t, string(e.env.Kind), subject, who, facts, said...)
}

func (e *event) auditAs(t *store.Tx, kind, subject, who string, facts any, said ...audit.Text) (int64, error) {
	r, err := audit.Act(kind, subject, who, facts, said...)
	if err != nil {
		return 0, err
	}
	r.Device, r.Epoch, r.Seq, r.Digest, r.Follows = e.topic.Device, e.env.Epoch, e.env.Seq, e.digest, e.claim
	return t.Audit(r)
}

// sold judges and writes a sale.
func (e *event) sold(t *store.Tx, d store.Device, s *protocol.Sale) (*protocol.RefusedError, error) {
	var err error
	if s.Name, err = t.NameOf(s.Operator, s.Name); err != nil {
		return nil, err
	}
	twin, err := t.Twin(s.ID, s.Slip)
	if err != nil {
		return nil, err
	}
	if twin.Digest != "" {
		return e.soldBefore(t, s, twin)
	}
	st, err := judgement(t, s, d, twin)
	if err != nil {
		return nil, err
	}
	_, facts, err := sale.Decide(st, sale.Command{Sale: s})
	var no *sale.ImpossibleError
	if errors.As(err, &no) {
		return &protocol.RefusedError{Reason: protocol.BadBody, Detail: no.Detail}, nil
	}
	if err != nil {
		return nil, err
	}
	loads, err := loadsOf(t, s, st, facts)
	if err != nil {
		return nil, err
	}
	document, err := keptDocument(s)
	if err != nil {
		return nil, err
	}
	salt := audit.NewSalt()
	number, err := t.ApplySale(store.Sold{
		Sale: s, Document: document, Salt: salt, Device: e.topic.Device, Epoch: e.env.Epoch, Seq: e.env.Seq, Facts: facts, Loads: loads,
	})
	if err != nil {
		return nil, err
	}
	if err := errors.Join(linkReceipt(t, s), endSpecials(t, s)); err != nil {
		return nil, err
	}
	_, err = e.audit(t, s.ID, audit.Person(s.Operator, s.Name), auditedSale(s, facts, number, audit.Commit(salt, string(document))))
	e.result.note = sale.Number(number)
	return nil, err
}

// linkReceipt lets the token on a receipt open it.
func linkReceipt(t *store.Tx, s *protocol.Sale) error {
	if s.Token == "" {
		return nil
	}
	return t.LinkReceipt(protocol.TokenDigest(s.Token), s.ID)
}

// soldBefore answers a sale whose id is known already, which happens when a
// device recovered an old journal: the same sale is done, another is a
// conflict. The name of who served is not looked at: it may be erased here.
func (e *event) soldBefore(t *store.Tx, s *protocol.Sale, twin store.Twin) (*protocol.RefusedError, error) {
	document, err := keptDocument(s)
	if err != nil {
		return nil, err
	}
	if twin.Operator != s.Operator || twin.Digest != audit.Commit(twin.Salt, string(document)) {
		return &protocol.RefusedError{
			Reason: protocol.Conflict, Detail: fmt.Sprintf("sale %s was reported before with other contents, as %s", s.ID, sale.Number(twin.Number)),
		}, nil
	}
	_, err = e.auditAs(t, string(e.env.Kind)+repeatedKind, s.ID, "", map[string]string{"number": sale.Number(twin.Number)})
	return nil, err
}

// judgement gathers what the sale is judged by.
func judgement(t *store.Tx, s *protocol.Sale, d store.Device, twin store.Twin) (sale.State, error) {
	shop, err := t.Shop()
	if err != nil {
		return sale.State{}, err
	}
	ids := make([]string, len(s.Lines))
	for i := range s.Lines {
		ids[i] = s.Lines[i].Item
	}
	items, err := t.SoldItems(ids)
	if err != nil {
		return sale.State{}, err
	}
	sold, err := soldBefore(t, s)
	if err != nil {
		return sale.State{}, err
	}
	tenders, paid, err := paymentsKnown(t, s)
	if err != nil {
		return sale.State{}, err
	}
	left, err := onCard(t, s)
	if err != nil {
		return sale.State{}, err
	}
	return sale.State{
		OnCard: left, Tenders: tenders, PaidFor: paid,
		Sold: sold, Items: items, Catalogue: shop.Catalogue, Rules: shop.Rules, Operators: shop.Operators,
		Prefix: d.Prefix, SlipUsed: twin.SlipUsed, NowMS: t.AtMS(),
	}, nil
}

// soldBefore gathers the sales that a sale gives something back of, and those
// whose goods these took in exchange.
func soldBefore(t *store.Tx, s *protocol.Sale) (map[string]sale.Sold, error) {
	all := map[string]sale.Sold{}
	for next := sale.Origins(s); len(next) > 0 && len(all) < maxOrigins; {
		id := next[0]
		next = next[1:]
		if _, ok := all[id]; ok {
			continue
		}
		sold, err := t.SoldBefore(id, s.ID)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		all[id] = sold
		next = append(next, sale.Origins(sold.Sale)...)
	}
	return all, nil
}

// maxOrigins is how many earlier sales a sale is judged against.
const maxOrigins = 20

// saleFacts is the body of a sale's audit row: what money and stock did,
// without a name.
type saleFacts struct {
	Number      string      `json:"number"`
	Slip        string      `json:"slip"`
	Currency    string      `json:"currency"`
	Net         money.Cents `json:"net"`
	Tax         money.Cents `json:"tax"`
	Total       money.Cents `json:"total"`
	Rounding    money.Cents `json:"rounding"`
	Paid        money.Cents `json:"paid"`
	Payments    []paidFact  `json:"payments"`
	Lines       []lineFact  `json:"lines"`
	Differences []sale.Code `json:"differences,omitempty"`
	Document    string      `json:"document"` // sales.digest
}

type paidFact struct {
	ID     string          `json:"id"`
	Tender protocol.Tender `json:"tender"`
	Amount money.Cents     `json:"amount"`
}

type lineFact struct {
	Item  string      `json:"item"`
	Qty   int64       `json:"qty"`
	Total money.Cents `json:"total"`
}

func auditedSale(s *protocol.Sale, f sale.Facts, number int64, document string) saleFacts {
	a := saleFacts{
		Number: sale.Number(number), Slip: s.Slip, Currency: s.Rules.Currency, Net: f.Totals.Net, Tax: f.Totals.TaxSum,
		Total: f.Totals.Total, Rounding: f.Rounding, Paid: f.Paid, Document: document,
	}
	for _, p := range s.Payments {
		a.Payments = append(a.Payments, paidFact{ID: p.ID, Tender: p.Tender, Amount: p.Amount})
	}
	for i := range s.Lines {
		a.Lines = append(a.Lines, lineFact{Item: s.Lines[i].Item, Qty: s.Lines[i].Money.Qty, Total: f.Totals.Lines[i].Total})
	}
	for _, d := range f.Differences {
		a.Differences = append(a.Differences, d.Code)
	}
	return a
}
