package sale

import (
	"fmt"
	"slices"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Codes of differences about what came back.
const (
	ReturnUnknown Code = "RETURN_UNKNOWN" // gives back what the hub does not know as sold
	ReturnDiffers Code = "RETURN_DIFFERS" // other amounts than the sale's own
	ReturnTwice   Code = "RETURN_TWICE"   // the same piece came back before
	RefundBeyond  Code = "REFUND_BEYOND"  // more went back to a payment than was paid with it
)

// Run is a run of pieces of one line, counted from 0.
type Run struct{ Before, Qty int64 }

// Sold is an earlier sale that something is given back of.
type Sold struct {
	Sale  *protocol.Sale
	Taken map[int][]Run          // by line: what other refunds took back
	Back  map[string]money.Cents // by payment: what other refunds gave back, zero or more
}

// Left returns how many pieces of a line may still come back.
func (s Sold) Left(line int) int64 {
	if line < 1 || line > len(s.Sale.Lines) {
		return 0
	}
	left := s.Sale.Lines[line-1].Money.Qty
	for _, r := range s.Taken[line] {
		left -= r.Qty
	}
	return max(0, left)
}

// Allot finds n pieces of a line of qty that are not taken, the first ones
// first, as few runs as there are gaps. Less than n free gives what is free.
func Allot(qty int64, taken []Run, n int64) []Run {
	taken = slices.Clone(taken)
	slices.SortFunc(taken, func(a, b Run) int { return int(a.Before - b.Before) })
	var runs []Run
	at := int64(0)
	for _, t := range append(taken, Run{Before: qty}) {
		if free := min(t.Before, qty) - at; free > 0 && n > 0 {
			runs = append(runs, Run{Before: at, Qty: min(free, n)})
			n -= min(free, n)
		}
		at = max(at, t.Before+t.Qty)
	}
	return runs
}

// Origins returns the ids of the sales that a sale gives something back of.
func Origins(s *protocol.Sale) []string {
	var all []string
	for i := range s.Lines {
		if of := s.Lines[i].Of; of != nil && !slices.Contains(all, of.Sale) {
			all = append(all, of.Sale)
		}
	}
	return all
}

// compareReturns checks what came back against how it was sold.
func (f *Facts) compareReturns(st State, s *protocol.Sale) {
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Of == nil {
			continue
		}
		sold, ok := st.Sold[l.Of.Sale]
		if !ok || l.Of.Line > len(sold.Sale.Lines) || sold.Sale.Lines[l.Of.Line-1].Item != l.Item {
			f.differ(ReturnUnknown, l.N, l.Of.Sale, "", fmt.Sprintf("%s came back, but the hub knows no such sale", l.Name))
			continue
		}
		f.compareReturn(sold, l)
	}
	f.compareBack(st, s)
}

func (f *Facts) compareReturn(sold Sold, l *protocol.SaleLine) {
	qty := sold.Sale.Lines[l.Of.Line-1].Money.Qty
	want, err := money.Part(sold.Sale.Totals.Lines[l.Of.Line-1], qty, l.Of.Before, -l.Money.Qty)
	switch {
	case l.LoadKind() != sold.Sale.Lines[l.Of.Line-1].LoadKind():
		f.differ(ReturnDiffers, l.N, string(l.LoadKind()), string(sold.Sale.Lines[l.Of.Line-1].LoadKind()),
			fmt.Sprintf("%s came back, and what it had put on a card did not, or the other way round", l.Name))
	case err != nil:
		f.differ(ReturnDiffers, l.N, fmt.Sprint(-l.Money.Qty), fmt.Sprint(qty), fmt.Sprintf("more of %s came back than was sold", l.Name))
	case want.Total != l.Money.Stored.Total || want.Net != l.Money.Stored.Net:
		f.differ(ReturnDiffers, l.N, l.Money.Stored.Total.String(), want.Total.String(),
			fmt.Sprintf("%s came back for another amount than it was sold for", l.Name))
	}
	for _, r := range sold.Taken[l.Of.Line] {
		if r.Before < l.Of.Before-l.Money.Qty && l.Of.Before < r.Before+r.Qty {
			f.differ(ReturnTwice, l.N, fmt.Sprint(-l.Money.Qty), "", fmt.Sprintf("the same %s came back before", l.Name))
			return
		}
	}
}

// compareBack checks that no payment gets back more than was paid with it.
func (f *Facts) compareBack(st State, s *protocol.Sale) {
	paid := map[string]money.Cents{}
	for _, sold := range st.Sold {
		for _, p := range sold.Sale.Payments {
			paid[p.ID] = p.Amount - sold.Back[p.ID]
		}
	}
	for _, p := range s.Payments {
		if p.Amount >= 0 {
			paid[p.ID] = p.Amount // it may be given back before the sale is finished
			continue
		}
		if p.Of == "" {
			continue
		}
		left, ok := paid[p.Of]
		if paid[p.Of] = left + p.Amount; !ok || left+p.Amount < 0 {
			f.differ(RefundBeyond, 0, (-p.Amount).String(), max(0, left).String(), "more went back than was paid with this payment")
		}
	}
}
