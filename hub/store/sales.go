package store

import (
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Sold is a sale to be written, as it came and as it was judged.
type Sold struct {
	Sale     *protocol.Sale
	Document []byte // JSON of Sale without who served
	Salt     string // that its digest is made with
	Device   string
	Epoch    string
	Seq      uint64
	Facts    sale.Facts
	Loads    []Load // what its lines put on gift cards and deposits
}

// Twin is what a sale's id or slip number collides with.
type Twin struct {
	Digest   string // of the document of the sale with the same id; empty: none
	Salt     string // that Digest is made with
	Operator string // of that sale
	Number   int64  // of that sale
	SlipUsed string // id of another sale with the same slip number; empty: none
}

// Twin looks for earlier sales with the same id or slip number.
func (t *Tx) Twin(id, slip string) (Twin, error) {
	var w Twin
	err := t.rows(`SELECT id, digest, salt, operator, number FROM sales WHERE id = $1
		UNION ALL SELECT id, '', '', '', 0 FROM sales WHERE slip = $2 AND id <> $1`, []any{id, slip}, func(scan func(...any) error) error {
		var found Twin
		if err := scan(&found.SlipUsed, &found.Digest, &found.Salt, &found.Operator, &found.Number); err != nil {
			return err
		}
		if found.Digest == "" {
			w.SlipUsed = found.SlipUsed
			return nil
		}
		w.Digest, w.Salt, w.Operator, w.Number = found.Digest, found.Salt, found.Operator, found.Number
		return nil
	})
	if err != nil {
		return w, fmt.Errorf("sale %s: %w", id, err)
	}
	return w, nil
}

// ApplySale writes a sale with its lines, taxes, payments, stock movements,
// differences and the receipt that is due, and returns its shop number.
func (t *Tx) ApplySale(s Sold) (int64, error) {
	number, err := t.bump(shopNumber)
	if err != nil {
		return 0, err
	}
	err = errors.Join(
		t.insertSale(s, number),
		t.bookReturns(s),
		t.release(s.Sale.ID),
		t.DropCart(s.Sale.ID),
		t.lateForZ(s.Sale.Session, s.Sale.ID, cashOf(s.Sale), s.Facts.Totals.Total),
		t.insertLines(s),
		t.insertTaxes(s),
		t.insertPayments(s),
		t.matchTenders(s),
		t.loadAccounts(s),
		t.insertMoves(s),
		t.insertDifferences(s),
		t.exec(`INSERT INTO receipts (sale, key, state) VALUES ($1, $2, 'due')`, s.Sale.ID, receiptKey(s.Sale.ID)),
	)
	if err != nil {
		return 0, fmt.Errorf("sale %s: %w", s.Sale.ID, err)
	}
	t.w.group.due = true
	return number, nil
}

func receiptKey(saleID string) string { return "receipts/" + saleID + ".json" }

// saleInsert is read, never written.
var saleInsert = insert("sales",
	"id", "number", "slip", "device", "epoch", "seq", "operator", "operator_name", "customer", "session", "refund_of", "catalogue", "currency",
	"gross", "discount", "net", "tax", "total", "loaded", "rounding", "paid", "off", "oversold", "differences",
	"opened_ms", "closed_ms", "at_ms", "document", "digest", "salt",
)

func (t *Tx) insertSale(s Sold, number int64) error {
	f, p := &s.Facts, s.Sale
	of := ""
	if all := sale.Origins(p); len(all) > 0 {
		of = all[0]
	}
	return t.exec(saleInsert,
		p.ID, number, p.Slip, s.Device, s.Epoch, int64(s.Seq), p.Operator, p.Name, p.Customer, p.Session, of, p.Items, p.Rules.Currency,
		int64(f.Totals.Gross), int64(f.Totals.Discount), int64(f.Totals.Net), int64(f.Totals.TaxSum), int64(f.Totals.Total),
		int64(f.Loaded(p)), int64(f.Rounding), int64(f.Paid), int64(f.Off), btoi(f.Oversold), len(f.Differences),
		p.OpenedMS, p.ClosedMS, t.atMS, string(s.Document), audit.Commit(s.Salt, string(s.Document)), s.Salt)
}

// lineInsert is read, never written.
var lineInsert = insert("sale_lines",
	"sale", "n", "item", "sku", "name", "barcode", "tax_category", "qty", "unit", "gross", "discount",
	"order_discount", "price", "net", "tax", "total", "taxes", "short", "loads",
)

func (t *Tx) insertLines(s Sold) error {
	short := map[int]bool{}
	for _, m := range s.Facts.Moves {
		short[m.Line] = m.Short
	}
	rows := make([][]any, len(s.Sale.Lines))
	for i := range s.Sale.Lines {
		l, c := &s.Sale.Lines[i], &s.Facts.Totals.Lines[i]
		taxes, sum, err := lineTaxes(c.Tax)
		if err != nil {
			return err
		}
		rows[i] = []any{
			s.Sale.ID, l.N, l.Item, l.SKU, l.Name, l.Barcode, l.TaxCategory, l.Money.Qty, int64(l.Money.Unit), int64(c.Gross),
			int64(c.Discount), int64(c.OrderDiscount), int64(c.Price), int64(c.Net), int64(sum), int64(c.Total), taxes, btoi(short[l.N]), string(l.LoadKind()),
		}
	}
	return t.insertAll(lineInsert, rows)
}

func lineTaxes(all []money.TaxAmount) (text string, sum money.Cents, err error) {
	if len(all) == 0 {
		return "[]", 0, nil
	}
	for _, a := range all {
		sum += a.Tax
	}
	b, err := json.Marshal(all)
	return string(b), sum, err
}

// taxInsert is read, never written.
var taxInsert = insert("sale_taxes",
	"sale", "n", "code", "name", "ppm", "base", "tax",
)

func (t *Tx) insertTaxes(s Sold) error {
	rows := make([][]any, len(s.Facts.Totals.Tax))
	for i, x := range s.Facts.Totals.Tax {
		rows[i] = []any{s.Sale.ID, i + 1, x.Code, x.Name, x.PPM, int64(x.Base), int64(x.Tax)}
	}
	return t.insertAll(taxInsert, rows)
}

// PaidFor returns which payment ids of a sale another sale has already, with that
// sale's id.
func (t *Tx) PaidFor(s *protocol.Sale) (map[string]string, error) {
	all := map[string]string{}
	for _, p := range s.Payments {
		err := t.rows(`SELECT sale FROM payments WHERE id = $1 AND sale <> $2`, []any{p.ID, s.ID}, func(scan func(...any) error) error {
			var other string
			err := scan(&other)
			all[p.ID] = other
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("payment %s: %w", p.ID, err)
		}
	}
	return all, nil
}

// paymentInsert is read, never written.
var paymentInsert = insert("payments",
	"sale", "n", "id", "tender", "amount", "tendered", "change", "rounding", "ref", "words", "of_payment", "at_ms",
)

func (t *Tx) insertPayments(s Sold) error {
	rows := make([][]any, len(s.Sale.Payments))
	for i, p := range s.Sale.Payments {
		rows[i] = []any{
			s.Sale.ID, i + 1, p.ID, string(p.Tender), int64(p.Amount), int64(p.Tendered), int64(p.Change), int64(p.Rounding), p.Ref, p.Words, p.Of, t.atMS,
		}
	}
	return t.insertAll(paymentInsert, rows)
}

func (t *Tx) insertMoves(s Sold) error {
	var deltas [][]any
	at := map[string]int{}
	rows := make([][]any, len(s.Facts.Moves))
	for i, m := range s.Facts.Moves {
		reason := "sale"
		if s.Sale.Lines[m.Line-1].Of != nil {
			reason = "refund"
		}
		rows[i] = []any{m.Item, m.Delta, m.OnHand, reason, s.Sale.ID, m.Line, btoi(m.Short), "", s.Sale.Operator, t.atMS}
		if j, ok := at[m.Item]; ok {
			deltas[j][1] = deltas[j][1].(int64) + m.Delta
			continue
		}
		at[m.Item] = len(deltas)
		deltas = append(deltas, []any{m.Item, m.Delta})
	}
	return errors.Join(t.insertAll(moveInsert, rows), t.addStock(deltas))
}

// differenceInsert is read, never written.
var differenceInsert = insert("differences",
	"sale", "line", "code", "claimed", "ours", "note", "at_ms",
)

func (t *Tx) insertDifferences(s Sold) error {
	rows := make([][]any, len(s.Facts.Differences))
	for i, d := range s.Facts.Differences {
		rows[i] = []any{s.Sale.ID, d.Line, string(d.Code), d.Claimed, d.Ours, d.Note, t.atMS}
	}
	return t.insertAll(differenceInsert, rows)
}
