package hub

import (
	"encoding/json"

	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
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

// loadsOf is what a sale puts on gift cards and deposits.
func loadsOf(t *store.Tx, s *protocol.Sale, f sale.Facts) ([]store.Load, error) {
	var all []store.Load
	for i := range s.Lines {
		l := &s.Lines[i]
		if l.Loads == "" {
			continue
		}
		digest, err := t.CodeDigest(l.Loads)
		if err != nil {
			return nil, err
		}
		plain := []rune(protocol.PlainCode(l.Loads))
		a := store.Account{Digest: digest, Kind: protocol.Gift, Last4: string(plain[max(0, len(plain)-4):]), Currency: s.Rules.Currency}
		if l.LoadsAs != "" {
			a.Kind = l.LoadsAs
		}
		all = append(all, store.Load{Account: a, Line: l.N, Amount: f.Totals.Lines[i].Total})
	}
	return all, nil
}

// keptDocument is the sale as it is stored: as it came, with the codes of gift
// cards and deposits masked, since whoever knows one can spend it, and without the
// token that opens its receipt.
func keptDocument(s *protocol.Sale, body []byte) ([]byte, error) {
	kept := *s
	kept.Lines, kept.Token = nil, ""
	masked := s.Token != ""
	for _, l := range s.Lines {
		if l.Loads != "" {
			l.Loads, masked = protocol.MaskCode(l.Loads), true
		}
		kept.Lines = append(kept.Lines, l)
	}
	if !masked {
		return body, nil
	}
	return json.Marshal(&kept)
}
