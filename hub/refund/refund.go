// Package refund finds what was sold and keeps the pieces of a sale that a till is
// about to take back.
//
// It promises that a piece is held for one refund at a time, however many tills
// ask at once, and that the amounts it names are those of the sale itself: any
// chain of refunds returns exactly what was paid. It refuses what has come back
// before, in words for the person at the till.
//
// It moves neither money nor stock: that is done by the sale that the till sends
// when the customer has got the money, see hub/sale and protocol.Sale.
//
// A [Desk] is a hub.Journey; give it to the hub.
package refund

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// HoldTime is how long pieces are kept for a till that says nothing more.
const HoldTime = 15 * time.Minute

// Reasons of refusals.
const (
	Unknown protocol.Reason = "unknown-sale" // no receipt has this number
	Gone    protocol.Reason = "came-back"    // the pieces came back before, or another till has them
	NoGoods protocol.Reason = "not-goods"    // what came back does not come back again
	Spent   protocol.Reason = "card-spent"   // less is left on the gift card or deposit than was put on it
)

// Desk answers what tills ask about sales that are given back.
type Desk struct{ store *store.Store }

// New returns the desk of a shop.
func New(s *store.Store) *Desk { return &Desk{store: s} }

// Answer answers protocol.SaleFind, protocol.SalesAsk and protocol.RefundHold.
func (d *Desk) Answer(ctx context.Context, dev store.Device, body protocol.Body) (protocol.Body, bool, error) {
	switch b := body.(type) {
	case *protocol.SaleFind:
		answer, err := d.find(ctx, b)
		return answer, true, err
	case *protocol.SalesAsk:
		last, err := d.store.LastSales(ctx, b.Most)
		return &protocol.SalesLast{Sales: last}, true, err
	case *protocol.RefundHold:
		answer, err := d.hold(ctx, dev, b)
		return answer, true, err
	}
	return nil, false, nil
}

func (d *Desk) find(ctx context.Context, b *protocol.SaleFind) (protocol.Body, error) {
	id, err := d.store.FindSale(ctx, b.Code)
	if errors.Is(err, store.ErrNotFound) {
		return nil, protocol.Refuse(Unknown, "no receipt %.40s is known here; a sale made without network may still be on its way", b.Code)
	}
	if err != nil {
		return nil, err
	}
	sold, err := d.store.SoldBefore(ctx, id, "")
	if err != nil {
		return nil, err
	}
	row, err := d.store.SaleHead(ctx, id)
	if err != nil {
		return nil, err
	}
	f := &protocol.SaleFound{Sale: *sold.Sale, Number: sale.Number(row.Number), At: row.AtMS, Returned: make([]int64, len(sold.Sale.Lines))}
	for i := range f.Returned {
		f.Returned[i] = max(0, sold.Sale.Lines[i].Money.Qty-sold.Left(i+1))
	}
	if f.Copies, err = d.store.Copies(ctx, id); err != nil {
		return nil, err
	}
	f.Paid, f.Before, err = d.store.PaidFor(ctx, id)
	return f, err
}

func (d *Desk) hold(ctx context.Context, dev store.Device, b *protocol.RefundHold) (protocol.Body, error) {
	held := &protocol.RefundHeld{ID: b.ID}
	err := d.store.Write(ctx, func(t *store.Tx) error {
		held.Lines, held.UntilMS = nil, t.AtMS()+HoldTime.Milliseconds()
		sold, err := t.SoldBefore(b.Sale, b.ID)
		if errors.Is(err, store.ErrNotFound) {
			return protocol.Refuse(Unknown, "the sale that is to be given back is not known here")
		}
		if err != nil {
			return err
		}
		var all []store.Return
		for _, w := range b.Lines {
			lines, err := allot(sold, w)
			if err == nil {
				err = unspent(t, sold.Sale, w.Line, b.ID)
			}
			if err != nil {
				return err
			}
			for _, l := range lines {
				all = append(all, store.Return{Origin: b.Sale, Line: w.Line, Run: sale.Run{Before: l.Of.Before, Qty: l.Qty}})
			}
			held.Lines = append(held.Lines, lines...)
		}
		return t.HoldReturns(b.ID, dev.ID, b.Operator, held.UntilMS, all)
	})
	if err != nil {
		return nil, err
	}
	return held, nil
}

// unspent refuses to take back what was put on a gift card or deposit once a part
// of it was spent. While a refund holds the line, that money cannot be spent.
func unspent(t *store.Tx, s *protocol.Sale, line int, refund string) error {
	l := s.Lines[line-1]
	if l.LoadKind() == "" {
		return nil
	}
	a, err := t.LoadedBy(s.ID, line)
	if errors.Is(err, store.ErrNotFound) {
		return protocol.Refuse(NoGoods, "the hub does not know what %s was put on", l.Name)
	}
	if err != nil {
		return err
	}
	held, err := t.OnHold(a.Digest, refund)
	if err != nil {
		return err
	}
	if left, put := a.Balance-held, s.Totals.Lines[line-1].Total; left < put {
		return protocol.Refuse(Spent, "%s cannot be given back: %v was put on it, and %v is left. The customer can spend that.", l.Name, put, max(0, left))
	}
	return nil
}

// allot finds the pieces of one wish and what they come to.
func allot(sold sale.Sold, w protocol.ReturnWish) ([]protocol.HeldLine, error) {
	if w.Line > len(sold.Sale.Lines) {
		return nil, protocol.Refuse(Unknown, "the receipt has no line %d", w.Line)
	}
	l := sold.Sale.Lines[w.Line-1]
	switch left := sold.Left(w.Line); {
	case l.Of != nil || l.Money.Qty < 1:
		return nil, protocol.Refuse(NoGoods, "%s cannot be given back", l.Name)
	case left == 0:
		return nil, protocol.Refuse(Gone, "%s came back before, or another till is taking it back now", l.Name)
	case left < w.Qty:
		return nil, protocol.Refuse(Gone, "only %d of %s can still come back", left, l.Name)
	}
	var all []protocol.HeldLine
	for _, r := range sale.Allot(l.Money.Qty, sold.Taken[w.Line], w.Qty) {
		part, err := money.Part(sold.Sale.Totals.Lines[w.Line-1], l.Money.Qty, r.Before, r.Qty)
		if err != nil {
			return nil, fmt.Errorf("line %d of %s: %w", w.Line, sold.Sale.ID, err)
		}
		all = append(all, protocol.HeldLine{
			Of: protocol.Origin{Sale: sold.Sale.ID, Line: w.Line, Before: r.Before, Slip: sold.Sale.Slip}, Qty: r.Qty, Stored: part,
		})
	}
	return all, nil
}
