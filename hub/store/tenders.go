package store

import (
	"context"
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Tender is money that the hub takes or gives back for a sale that is not
// finished yet. All but what its phase says is written once.
type Tender struct {
	ID       string // the payment's
	Sale     string // empty: canceled before it was begun
	Device   string
	Operator string // empty at a kiosk
	Tender   protocol.Tender
	Amount   money.Cents // below zero gives back
	Currency string
	Of       string // tender that money goes back to
	Account  string // digest of the code; empty for a card
	Reader   string // Stripe's id
	BegunMS  int64

	Phase     protocol.TenderPhase
	Stop      bool // to end without money if it still can
	N         int64
	Taken     money.Cents
	Left      money.Cents // on the account afterwards
	Ref       string
	Intent    string // Stripe's id of the payment
	Words     string
	Code      string // why it was declined, for the program
	Why       string // in plain words
	Secret    string // whole code of a new store credit, until its sale is here
	ChangedMS int64

	Promised money.Cents // of Taken, given back or about to be
	Matched  string      // sale whose payment it is
}

const tenderColumns = `id, sale, device, operator, tender, amount, currency, gives_back, account, reader, begun_ms,
	phase, stop, n, taken, remains, ref, intent, words, code, why, secret, changed_ms, promised, matched`

func scanTender(scan func(...any) error) (x Tender, err error) {
	var stop int
	err = scan(&x.ID, &x.Sale, &x.Device, &x.Operator, &x.Tender, &x.Amount, &x.Currency, &x.Of, &x.Account, &x.Reader, &x.BegunMS,
		&x.Phase, &stop, &x.N, &x.Taken, &x.Left, &x.Ref, &x.Intent, &x.Words, &x.Code, &x.Why, &x.Secret, &x.ChangedMS, &x.Promised, &x.Matched)
	x.Stop = stop == 1
	return x, err
}

// BeginTender writes a tender unless its id is known, its sale is finished, or,
// for a card, another card of the sale is still at work. It reports whether it
// wrote.
func (t *Tx) BeginTender(x Tender) (bool, error) {
	n, err := t.changed(`INSERT INTO tenders (id, sale, device, operator, tender, amount, currency, gives_back, account, reader,
		phase, n, taken, remains, ref, words, code, why, secret, begun_ms, changed_ms)
		SELECT $1, $2, $3, $4, $5, CAST($6 AS BIGINT), $7, $8, $9, $10, $11, 1, CAST($12 AS BIGINT), CAST($13 AS BIGINT),
		$14, $15, $16, $17, $18, CAST($19 AS BIGINT), CAST($20 AS BIGINT)
		WHERE NOT EXISTS (SELECT 1 FROM sales WHERE id = $21)
		AND NOT EXISTS (SELECT 1 FROM tenders WHERE sale = $22 AND tender = 'card' AND $23 = 'card' AND phase IN ('waiting', 'checking'))
		ON CONFLICT (id) DO NOTHING`,
		x.ID, x.Sale, x.Device, x.Operator, string(x.Tender), int64(x.Amount), x.Currency, x.Of, x.Account, x.Reader,
		string(x.Phase), int64(x.Taken), int64(x.Left), x.Ref, x.Words, x.Code, x.Why, x.Secret, t.atMS, t.atMS,
		x.Sale, x.Sale, string(x.Tender))
	if err != nil {
		return false, fmt.Errorf("begin tender %s: %w", x.ID, err)
	}
	return n > 0, nil
}

// Tender returns a tender as of this transaction, or ErrNotFound.
func (t *Tx) Tender(id string) (Tender, error) { return oneTender(t.rows, id) }

// Tender returns a tender, or ErrNotFound.
func (s *Store) Tender(ctx context.Context, id string) (Tender, error) {
	return oneTender(s.reader(ctx), id)
}

func oneTender(read query, id string) (Tender, error) {
	all, err := list(read, `SELECT `+tenderColumns+` FROM tenders WHERE id = $1`, []any{id}, scanTender)
	switch {
	case err != nil:
		return Tender{}, fmt.Errorf("tender %s: %w", id, err)
	case len(all) == 0:
		return Tender{}, ErrNotFound
	}
	return all[0], nil
}

// PutTender writes the changed phase of a tender and everything that goes with
// it, and returns it as written, its N one higher. ErrNotFound means that
// somebody changed it in between.
func (t *Tx) PutTender(x Tender) (Tender, error) {
	x.ChangedMS = t.atMS
	n, err := t.changed(`UPDATE tenders SET phase = $1, stop = $2, taken = $3, remains = $4, ref = $5, intent = $6, words = $7, code = $8,
		why = $9, secret = $10, changed_ms = $11, n = n + 1 WHERE id = $12 AND n = $13 AND phase NOT IN ('declined', 'canceled')`,
		string(x.Phase), btoi(x.Stop), int64(x.Taken), int64(x.Left), x.Ref, x.Intent, x.Words, x.Code, x.Why, x.Secret, t.atMS, x.ID, x.N)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return x, fmt.Errorf("put tender %s: %w", x.ID, err)
	}
	x.N++
	return x, nil
}

// OpenTenders returns the tenders that are not decided yet.
func (s *Store) OpenTenders(ctx context.Context) ([]Tender, error) {
	all, err := list(s.reader(ctx), `SELECT `+tenderColumns+` FROM tenders WHERE phase IN ('waiting', 'checking') ORDER BY id`, nil, scanTender)
	if err != nil {
		return nil, fmt.Errorf("open tenders: %w", err)
	}
	return all, nil
}

// forPerson are the tenders that wait for a person, or that were begun before $1
// and are not known yet. It is asked with every page, so it walks the few that are
// open and not all that were begun.
const forPerson = `FROM tenders WHERE phase = 'person' OR phase IN ('waiting', 'checking') AND phase = 'checking' AND begun_ms + 0 < $1`

// PersonTenders returns the tenders that a person must look up, also those that
// were begun before beforeMS and are not known yet; the longest waiting first.
func (s *Store) PersonTenders(ctx context.Context, beforeMS int64) ([]Tender, error) {
	all, err := list(s.reader(ctx), `SELECT `+tenderColumns+` `+forPerson+` ORDER BY changed_ms, id`, []any{beforeMS}, scanTender)
	if err != nil {
		return nil, fmt.Errorf("tenders for a person: %w", err)
	}
	return all, nil
}

// PersonTenderCount returns how many there are.
func (s *Store) PersonTenderCount(ctx context.Context, beforeMS int64) (n int64, err error) {
	err = s.row(ctx, `SELECT count(*) `+forPerson, []any{beforeMS}, &n)
	return n, err
}

// PromiseBack sets aside a part of what a tender took, to be given back. It
// reports false when less than that is left.
func (t *Tx) PromiseBack(id string, amount money.Cents) (bool, error) {
	n, err := t.changed(`UPDATE tenders SET promised = promised + $1 WHERE id = $2 AND phase = 'taken' AND promised + $3 <= taken`,
		int64(amount), id, int64(amount))
	if err != nil {
		return false, fmt.Errorf("promise %v of tender %s: %w", amount, id, err)
	}
	return n > 0, nil
}

// KeepBack undoes a promise whose money did not go.
func (t *Tx) KeepBack(id string, amount money.Cents) error {
	return t.exec(`UPDATE tenders SET promised = promised - $1 WHERE id = $2`, int64(amount), id)
}

// ClaimReader gives a card reader to a tender unless it works for another one.
func (t *Tx) ClaimReader(reader string, x Tender) (bool, error) {
	n, err := t.changed(`INSERT INTO readers (id, tender, sale, since_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (id) DO UPDATE SET tender = excluded.tender, sale = excluded.sale, since_ms = excluded.since_ms
		WHERE readers.tender = '' OR readers.tender = excluded.tender`, reader, x.ID, x.Sale, t.atMS)
	if err != nil {
		return false, fmt.Errorf("claim reader %s: %w", reader, err)
	}
	return n > 0, nil
}

// FreeReader lets go of the reader of a tender.
func (t *Tx) FreeReader(tender string) error {
	return t.exec(`UPDATE readers SET tender = '', sale = '', since_ms = $1 WHERE tender = $2`, t.atMS, tender)
}

// matchTenders notes that the payments of a sale are in the books, and ends what
// was begun for the sale and is not among them.
func (t *Tx) matchTenders(s Sold) error {
	for _, p := range s.Sale.Payments {
		if !p.Tender.ByHub() {
			continue
		}
		err := t.exec(`UPDATE tenders SET matched = $1, matched_ms = $2, secret = '' WHERE id = $3 AND matched = ''`, s.Sale.ID, t.atMS, p.ID)
		if err != nil {
			return fmt.Errorf("match tender %s: %w", p.ID, err)
		}
	}
	return t.exec(`UPDATE tenders SET stop = 1 WHERE sale = $1 AND matched = '' AND amount > 0 AND phase IN ('waiting', 'checking')`, s.Sale.ID)
}

// SaleTenders returns the tenders that a sale is judged by: those begun for it,
// and those that its payments name.
func (t *Tx) SaleTenders(sale string, payments []protocol.Payment) ([]Tender, error) {
	all, err := list(t.rows, `SELECT `+tenderColumns+` FROM tenders WHERE sale = $1`, []any{sale}, scanTender)
	if err != nil {
		return nil, fmt.Errorf("tenders of sale %s: %w", sale, err)
	}
	mine := map[string]bool{}
	for i := range all {
		mine[all[i].ID] = true
	}
	for _, p := range payments {
		if !p.Tender.ByHub() || mine[p.ID] {
			continue
		}
		one, err := list(t.rows, `SELECT `+tenderColumns+` FROM tenders WHERE id = $1`, []any{p.ID}, scanTender)
		if err != nil {
			return nil, fmt.Errorf("tender %s: %w", p.ID, err)
		}
		all = append(all, one...)
	}
	return all, nil
}

// HintTenders returns the open tenders that a hint of the card service may be
// about: by payment, by intent or by reader.
func (s *Store) HintTenders(ctx context.Context, payment, intent, reader string) ([]string, error) {
	return list(s.reader(ctx), `SELECT id FROM tenders WHERE phase IN ('waiting', 'checking')
		AND (id = $1 OR intent <> '' AND intent = $2 OR reader <> '' AND reader = $3)`, []any{payment, intent, reader},
		func(scan func(...any) error) (id string, err error) { return id, scan(&id) })
}
