package hub

import (
	"errors"

	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// paymentsKnown gathers what a sale's payments are judged by.
func paymentsKnown(t *store.Tx, s *protocol.Sale) ([]sale.Tender, map[string]string, error) {
	rows, err := t.SaleTenders(s.ID, s.Payments)
	if err != nil {
		return nil, nil, err
	}
	var all []sale.Tender
	for i := range rows {
		x := &rows[i]
		k := sale.Tender{ID: x.ID, Sale: x.Sale, Tender: x.Tender, Phase: x.Phase, Matched: x.Matched}
		if x.Phase == protocol.TenderTaken {
			k.Moved, k.Kept = x.Taken, x.Taken-x.Promised
		}
		all = append(all, k)
	}
	paid, err := t.PaidFor(s)
	return all, paid, err
}

// loadsOf is what a sale puts on gift cards and deposits, and takes off them again.
func loadsOf(t *store.Tx, s *protocol.Sale, st sale.State, f sale.Facts) ([]store.Load, error) {
	var all []store.Load
	for i := range s.Lines {
		l := &s.Lines[i]
		switch {
		case l.LoadKind() == "":
			continue
		case l.Of != nil:
			a, err := t.LoadedBy(l.Of.Sale, l.Of.Line)
			if err != nil && !errors.Is(err, store.ErrNotFound) {
				return nil, err
			}
			if off := f.Unload(st, l); off > 0 {
				all = append(all, store.Load{Account: a, Line: l.N, Amount: -off})
			}
		default:
			a, err := accountOf(t, l, s.Rules.Currency)
			if err != nil {
				return nil, err
			}
			all = append(all, store.Load{Account: a, Line: l.N, Amount: f.Totals.Lines[i].Total})
		}
	}
	return all, nil
}

// accountOf is the account that a line puts money on.
func accountOf(t *store.Tx, l *protocol.SaleLine, currency string) (store.Account, error) {
	digest, err := t.CodeDigest(l.Loads)
	plain := []rune(protocol.PlainCode(l.Loads))
	return store.Account{Digest: digest, Kind: l.LoadKind(), Last4: string(plain[max(0, len(plain)-4):]), Currency: currency}, err
}

// onCard is what is left on the gift cards and deposits that a sale gives back, by
// line.
func onCard(t *store.Tx, s *protocol.Sale) (map[int]money.Cents, error) {
	left, off := map[int]money.Cents{}, map[string]money.Cents{}
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.LoadKind() == "" || l.Of == nil {
			continue
		}
		a, err := t.LoadedBy(l.Of.Sale, l.Of.Line)
		if errors.Is(err, store.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		left[l.N] = max(0, a.Balance-off[a.Digest])
		if l.Money.Stored != nil {
			off[a.Digest] -= l.Money.Stored.Total
		}
	}
	return left, nil
}
