package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// FindSale returns the id of the sale that a receipt names: its slip number, its
// shop number or its id, in capitals or not. None gives ErrNotFound.
func (s *Store) FindSale(ctx context.Context, code string) (string, error) {
	code = strings.TrimSpace(code)
	upper := strings.ToUpper(code)
	var id string
	err := s.row(ctx, `SELECT id FROM sales WHERE slip = $1 OR number = $2 OR id = $3 ORDER BY number LIMIT 1`,
		[]any{upper, parseNumber(upper), strings.ToLower(code)}, &id)
	if err != nil {
		return "", fmt.Errorf("receipt %.60s: %w", code, err)
	}
	return id, nil
}

// SoldBefore returns a sale with what refunds other than one took and gave back
// of it, held pieces included. None gives ErrNotFound.
func (s *Store) SoldBefore(ctx context.Context, id, but string) (sale.Sold, error) {
	return soldBefore(s.reader(ctx), id, but, s.now().UnixMilli())
}

// SoldBefore is Store.SoldBefore within a write.
func (t *Tx) SoldBefore(id, but string) (sale.Sold, error) {
	return soldBefore(t.rows, id, but, t.atMS)
}

func soldBefore(read query, id, but string, nowMS int64) (sale.Sold, error) {
	sold := sale.Sold{Taken: map[int][]sale.Run{}, Back: map[string]money.Cents{}}
	err := read(`SELECT document, operator, operator_name FROM sales WHERE id = $1`, []any{id}, func(scan func(...any) error) (err error) {
		sold.Sale, err = scanDocument(scan)
		return err
	})
	if err == nil && sold.Sale == nil {
		err = ErrNotFound
	}
	if err != nil {
		return sold, fmt.Errorf("sale %.60s: %w", id, err)
	}
	err = errors.Join(
		read(`SELECT line, before, qty FROM returns WHERE origin = $1 AND refund <> $2 AND (done = 1 OR until_ms > $3) ORDER BY line, before`,
			[]any{id, but, nowMS}, func(scan func(...any) error) error {
				var line int
				var r sale.Run
				err := scan(&line, &r.Before, &r.Qty)
				sold.Taken[line] = append(sold.Taken[line], r)
				return err
			}),
		read(`SELECT p.id, sum(-r.amount) FROM payments p JOIN payments r ON r.of_payment = p.id
			WHERE p.sale = $1 AND r.sale <> $2 GROUP BY p.id`, []any{id, but}, func(scan func(...any) error) error {
			var payment string
			var back int64
			err := scan(&payment, &back)
			sold.Back[payment] = money.Cents(back)
			return err
		}),
	)
	if err != nil {
		return sold, fmt.Errorf("sale %s: %w", id, err)
	}
	return sold, nil
}

// exchanges is how far an exchange is followed back to the money that paid it.
const exchanges = 8

// PaidFor returns the payments that a refund of a sale goes back to, in the order
// of money.GiveBack, and the sum of earlier refunds of the sale. When goods were
// taken in exchange, the payments of the sale that they came from follow.
func (s *Store) PaidFor(ctx context.Context, id string) (paid []protocol.PaidLeft, before money.Cents, err error) {
	var sum int64
	err = s.row(ctx, `SELECT CAST(coalesce(sum(-total), 0) AS BIGINT) FROM sales WHERE refund_of = $1 AND total < 0`, []any{id}, &sum)
	for of, n := id, 0; err == nil && of != "" && n < exchanges; n++ {
		var more []protocol.PaidLeft
		if more, err = s.paidWith(ctx, of, id); err != nil {
			break
		}
		paid = append(paid, more...)
		if err = s.row(ctx, `SELECT refund_of FROM sales WHERE id = $1`, []any{of}, &of); errors.Is(err, ErrNotFound) {
			of, err = "", nil
		}
	}
	if err == nil {
		err = s.spreadCredit(ctx, id, paid)
	}
	if err != nil {
		return nil, 0, fmt.Errorf("payments of %s: %w", id, err)
	}
	return paid, money.Cents(sum), nil
}

// spreadCredit counts what went back as a new store credit towards the payments,
// in their order, as if it had gone back to them.
func (s *Store) spreadCredit(ctx context.Context, id string, paid []protocol.PaidLeft) error {
	var credit money.Cents
	err := s.row(ctx, `SELECT CAST(coalesce(sum(-r.amount), 0) AS BIGINT) FROM sales x JOIN payments r ON r.sale = x.id
		WHERE x.refund_of = $1 AND r.amount < 0 AND r.of_payment = ''`, []any{id}, &credit)
	for i := range paid {
		part := min(credit, max(0, paid[i].Amount-paid[i].Back))
		paid[i].Back += part
		credit -= part
	}
	return err
}

// paidWith returns the payments of a sale. What refunds of another sale gave back
// of them is gone; what refunds of the sale id gave back is Back.
func (s *Store) paidWith(ctx context.Context, of, id string) ([]protocol.PaidLeft, error) {
	all, err := list(s.reader(ctx), `SELECT p.id, p.tender, p.amount, p.ref, p.words,
			CAST(coalesce(sum(CASE WHEN x.refund_of = $1 THEN -r.amount ELSE 0 END), 0) AS BIGINT),
			CAST(coalesce(sum(CASE WHEN x.refund_of <> $1 THEN -r.amount ELSE 0 END), 0) AS BIGINT)
		FROM payments p LEFT JOIN payments r ON r.of_payment = p.id LEFT JOIN sales x ON x.id = r.sale
		WHERE p.sale = $2 AND p.amount > 0 GROUP BY p.sale, p.n, p.id, p.tender, p.amount, p.ref, p.words ORDER BY p.n`,
		[]any{id, of}, func(scan func(...any) error) (p protocol.PaidLeft, err error) {
			var elsewhere int64
			err = scan(&p.ID, &p.Tender, &p.Amount, &p.Ref, &p.Words, &p.Back, &elsewhere)
			p.Amount -= money.Cents(elsewhere)
			return p, err
		})
	slices.SortStableFunc(all, func(a, b protocol.PaidLeft) int { return givingOrder(a.Tender) - givingOrder(b.Tender) })
	return all, err
}

// givingOrder is the order in which tenders get money back: cards first, since
// cash for a card is what thieves want; cash last.
func givingOrder(t protocol.Tender) int {
	return slices.Index([]protocol.Tender{protocol.Card, protocol.Gift, protocol.Credit, protocol.Deposit, protocol.External, protocol.Cash}, t)
}

// Return is a run of pieces of an earlier sale's line.
type Return struct {
	Origin string // sales.id
	Line   int
	sale.Run
}

// HoldReturns keeps pieces for a refund until a hub time, Unix ms, in place of
// what it held. A refund that is done holds nothing any more and gives an error.
func (t *Tx) HoldReturns(refund, device, operator string, untilMS int64, all []Return) error {
	done, err := t.changed(`DELETE FROM returns WHERE refund = $1 AND done = 0`, refund)
	if err == nil && done == 0 {
		var n int64
		if err = t.row(`SELECT count(*) FROM returns WHERE refund = $1`, []any{refund}, &n); err == nil && n > 0 {
			err = errors.New("the refund is finished")
		}
	}
	if err == nil {
		err = t.insertReturns(refund, device, operator, untilMS, 0, all)
	}
	if err != nil {
		return fmt.Errorf("hold returns for %s: %w", refund, err)
	}
	return nil
}

// returnInsert is read, never written.
var returnInsert = insert("returns", "refund", "origin", "line", "before", "qty", "done", "until_ms", "device", "operator", "at_ms")

func (t *Tx) insertReturns(refund, device, operator string, untilMS int64, done int, all []Return) error {
	rows := make([][]any, len(all))
	for i, r := range all {
		rows[i] = []any{refund, r.Origin, r.Line, r.Before, r.Qty, done, untilMS, device, operator, t.atMS}
	}
	return t.insertAll(returnInsert, rows)
}

// bookReturns notes what a finished sale took back and lets go of what it held.
// A piece that the sale names twice is noted once; the judgement says so.
func (t *Tx) bookReturns(s Sold) error {
	var all []Return
	for i := range s.Sale.Lines {
		l := &s.Sale.Lines[i]
		if l.Of == nil {
			continue
		}
		r := Return{Origin: l.Of.Sale, Line: l.Of.Line, Run: sale.Run{Before: l.Of.Before, Qty: -l.Money.Qty}}
		if !slices.ContainsFunc(all, func(o Return) bool { return o.Origin == r.Origin && o.Line == r.Line && o.Before == r.Before }) {
			all = append(all, r)
		}
	}
	if len(all) == 0 {
		return nil
	}
	if err := t.exec(`DELETE FROM returns WHERE refund = $1`, s.Sale.ID); err != nil {
		return err
	}
	return t.insertReturns(s.Sale.ID, s.Device, s.Sale.Operator, 0, 1, all)
}
