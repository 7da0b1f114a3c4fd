package store

import (
	"context"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// SaleRow is a sale as a list shows it.
type SaleRow struct {
	ID           string
	Number       int64 // printed by sale.Number
	Slip         string
	Device       string
	Operator     string
	OperatorName string // personal
	Currency     string
	Net          money.Cents
	Tax          money.Cents
	Total        money.Cents // as the hub computes it
	Rounding     money.Cents
	Paid         money.Cents // what the customer paid
	Off          money.Cents // Paid - Total - Rounding
	Oversold     bool
	Differences  int
	ClosedMS     int64 // device's clock, a claim
	AtMS         int64 // hub time
}

const saleColumns = `id, number, slip, device, operator, operator_name, currency, net, tax, total, rounding, paid, off,
	oversold, differences, closed_ms, at_ms`

func scanSale(scan func(...any) error) (SaleRow, error) {
	var r SaleRow
	var oversold int
	err := scan(&r.ID, &r.Number, &r.Slip, &r.Device, &r.Operator, &r.OperatorName, &r.Currency, &r.Net, &r.Tax, &r.Total,
		&r.Rounding, &r.Paid, &r.Off, &oversold, &r.Differences, &r.ClosedMS, &r.AtMS)
	r.Oversold = oversold == 1
	return r, err
}

// Sales returns the sales committed in [fromMS, toMS) of hub time, newest
// first, at most limit. before, when not 0, leaves out the sales from that
// number on: it is the Number of the last row of the page before.
func (s *Store) Sales(ctx context.Context, fromMS, toMS, before int64, limit int) ([]SaleRow, error) {
	return list(s.reader(ctx), `SELECT `+saleColumns+` FROM sales
		WHERE at_ms >= $1 AND at_ms < $2 AND ($3 = 0 OR number < $3) ORDER BY at_ms DESC, number DESC LIMIT $4`,
		[]any{fromMS, toMS, before, limit}, scanSale)
}

// Takings is what a period came to.
type Takings struct {
	Sales       int64
	Net         money.Cents // of what was sold
	Tax         money.Cents
	Loaded      money.Cents // put on gift cards and deposits: owed, not taken
	Total       money.Cents // Net + Tax + Loaded
	Rounding    money.Cents
	Paid        money.Cents
	Differences int64 // sales with at least one
}

// Taken is what the shop took in: what was paid, without what it owes for it.
func (t Takings) Taken() money.Cents { return t.Paid - t.Loaded }

// Takings adds up the sales committed in [fromMS, toMS) of hub time.
func (s *Store) Takings(ctx context.Context, fromMS, toMS int64) (Takings, error) {
	var t Takings
	err := s.row(ctx, `SELECT count(*), coalesce(sum(net - loaded), 0), coalesce(sum(tax), 0), coalesce(sum(loaded), 0), coalesce(sum(total), 0), coalesce(sum(rounding), 0),
		coalesce(sum(paid), 0), coalesce(sum(CASE WHEN differences > 0 THEN 1 ELSE 0 END), 0) FROM sales WHERE at_ms >= $1 AND at_ms < $2`,
		[]any{fromMS, toMS}, &t.Sales, &t.Net, &t.Tax, &t.Loaded, &t.Total, &t.Rounding, &t.Paid, &t.Differences)
	if err != nil {
		return t, fmt.Errorf("takings: %w", err)
	}
	return t, nil
}

// SaleFile is everything kept of one sale.
type SaleFile struct {
	SaleRow
	Document    *protocol.Sale // as the device sent it
	Lines       []SaleLine
	Taxes       []money.TaxAmount
	Payments    []protocol.Payment
	Differences []Difference
	Prints      []Print
	Audit       audit.Row // the row of the sale
	Receipt     Receipt
}

// SaleLine is a line as the hub computes it.
type SaleLine struct {
	N       int
	Item    string
	SKU     string
	Name    string
	Barcode string
	Qty     int64
	Unit    money.Cents
	Price   money.Cents // after discounts, as priced
	Net     money.Cents
	Tax     money.Cents
	Total   money.Cents
	Short   bool // took stock below zero
}

// Difference is a disagreement about a sale.
type Difference struct {
	sale.Difference
	N         int64
	AtMS      int64
	SettledMS int64 // 0: open
}

// Print is a receipt on paper.
type Print struct {
	protocol.ReceiptPrinted
	Device string
	AtMS   int64
}

// SaleFile returns a sale by its id, its slip number or its shop number as
// printed, or ErrNotFound.
func (s *Store) SaleFile(ctx context.Context, name string) (SaleFile, error) {
	var f SaleFile
	rows, err := list(s.reader(ctx), `SELECT `+saleColumns+` FROM sales WHERE id = $1 OR slip = $1 OR number = $2 ORDER BY number LIMIT 1`,
		[]any{name, parseNumber(name)}, scanSale)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return f, fmt.Errorf("sale %.60s: %w", name, err)
	}
	f.SaleRow = rows[0]
	if err := s.fillSale(ctx, &f); err != nil {
		return f, fmt.Errorf("sale %s: %w", f.ID, err)
	}
	return f, nil
}

// SaleHead returns the row of a sale by its id, or ErrNotFound.
func (s *Store) SaleHead(ctx context.Context, id string) (SaleRow, error) {
	rows, err := list(s.reader(ctx), `SELECT `+saleColumns+` FROM sales WHERE id = $1`, []any{id}, scanSale)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return SaleRow{}, fmt.Errorf("sale %.60s: %w", id, err)
	}
	return rows[0], nil
}

// parseNumber reads a shop number as printed; anything else gives -1.
func parseNumber(s string) int64 {
	var n int64
	if _, err := fmt.Sscanf(s, "S-%d", &n); err != nil || sale.Number(n) != s {
		return -1
	}
	return n
}

func (s *Store) fillSale(ctx context.Context, f *SaleFile) (err error) {
	read, id := s.reader(ctx), []any{f.ID}
	f.Lines, err = list(read, `SELECT n, item, sku, name, barcode, qty, unit, price, net, tax, total, short FROM sale_lines
		WHERE sale = $1 ORDER BY n`, id, scanLine)
	if err != nil {
		return err
	}
	f.Taxes, err = list(read, `SELECT code, name, ppm, base, tax FROM sale_taxes WHERE sale = $1 ORDER BY n`, id,
		func(scan func(...any) error) (x money.TaxAmount, err error) {
			return x, scan(&x.Code, &x.Name, &x.PPM, &x.Base, &x.Tax)
		})
	if err != nil {
		return err
	}
	f.Payments, err = list(read, `SELECT id, tender, amount, tendered, change, rounding, ref, words, of_payment FROM payments WHERE sale = $1 ORDER BY n`, id,
		func(scan func(...any) error) (p protocol.Payment, err error) {
			return p, scan(&p.ID, &p.Tender, &p.Amount, &p.Tendered, &p.Change, &p.Rounding, &p.Ref, &p.Words, &p.Of)
		})
	if err != nil {
		return err
	}
	f.Differences, err = list(read, `SELECT n, line, code, claimed, ours, note, at_ms, settled_ms FROM differences WHERE sale = $1 ORDER BY n`, id,
		func(scan func(...any) error) (d Difference, err error) {
			return d, scan(&d.N, &d.Line, &d.Code, &d.Claimed, &d.Ours, &d.Note, &d.AtMS, &d.SettledMS)
		})
	if err != nil {
		return err
	}
	return s.fillTraces(ctx, f)
}

func scanLine(scan func(...any) error) (l SaleLine, err error) {
	var short int
	err = scan(&l.N, &l.Item, &l.SKU, &l.Name, &l.Barcode, &l.Qty, &l.Unit, &l.Price, &l.Net, &l.Tax, &l.Total, &short)
	l.Short = short == 1
	return l, err
}

// fillTraces adds what the sale left on paper, in the journal and in the
// object store.
func (s *Store) fillTraces(ctx context.Context, f *SaleFile) (err error) {
	f.Prints, err = list(s.reader(ctx), `SELECT job, sale, copy, proof, why, device, at_ms FROM prints WHERE sale = $1 ORDER BY event`, []any{f.ID},
		func(scan func(...any) error) (p Print, err error) {
			return p, scan(&p.Job, &p.Sale, &p.Copy, &p.Proof, &p.Why, &p.Device, &p.AtMS)
		})
	if err != nil {
		return err
	}
	rows, err := list(s.reader(ctx), `SELECT `+auditColumns+` FROM audit_events WHERE subject = $1 AND subject <> '' AND kind = $2 ORDER BY n LIMIT 1`,
		[]any{f.ID, string(protocol.KindSale)}, scanAudit)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		f.Audit = rows[0]
	}
	if f.Receipt, err = s.Receipt(ctx, f.ID); err != nil {
		return err
	}
	f.Document, _, err = s.SaleDocument(ctx, f.ID)
	return err
}
