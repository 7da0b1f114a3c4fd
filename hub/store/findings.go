package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol/money"
)

// Finding is a difference between the card service and the books.
type Finding struct {
	ID       string
	Code     string
	Payment  string
	Intent   string
	Sale     string
	Device   string
	Operator string
	Currency string
	There    money.Cents // what the card service has
	Here     money.Cents // what the books have
	What     string
	Advice   string

	FoundMS   int64
	GoneMS    int64 // no longer there; 0: it stands
	SettledMS int64 // a person dealt with it; 0: nobody has
	SettledBy string
	Note      string
}

// Open reports whether somebody has to look at it.
func (f Finding) Open() bool { return f.GoneMS == 0 && f.SettledMS == 0 }

const findingColumns = `id, code, payment, intent, sale, device, operator, currency, there, here, what, advice, found_ms, gone_ms, settled_ms, settled_by, note`

func scanFinding(scan func(...any) error) (f Finding, err error) {
	return f, scan(&f.ID, &f.Code, &f.Payment, &f.Intent, &f.Sale, &f.Device, &f.Operator, &f.Currency, &f.There, &f.Here, &f.What, &f.Advice,
		&f.FoundMS, &f.GoneMS, &f.SettledMS, &f.SettledBy, &f.Note)
}

// Found replaces the differences that stand by those of a new comparison, and
// returns what is new and what is gone. One that a person settled stays settled
// as long as its amounts are the same. The same comparison again changes nothing.
func (t *Tx) Found(all []Finding) (fresh, gone []Finding, err error) {
	var known []Finding
	err = t.rows(`SELECT `+findingColumns+` FROM findings WHERE gone_ms = 0`, nil, func(scan func(...any) error) error {
		f, err := scanFinding(scan)
		known = append(known, f)
		return err
	})
	if err != nil {
		return nil, nil, fmt.Errorf("findings: %w", err)
	}
	stands := map[string]Finding{}
	for _, f := range known {
		stands[f.ID] = f
	}
	for _, f := range all {
		old, ok := stands[f.ID]
		delete(stands, f.ID)
		if ok && old.There == f.There && old.Here == f.Here && old.Code == f.Code {
			continue
		}
		if err := t.putFinding(f); err != nil {
			return nil, nil, err
		}
		fresh = append(fresh, f)
	}
	for _, f := range known {
		if _, ok := stands[f.ID]; !ok {
			continue
		}
		if err := t.exec(`UPDATE findings SET gone_ms = $1 WHERE id = $2`, t.atMS, f.ID); err != nil {
			return nil, nil, fmt.Errorf("finding %s: %w", f.ID, err)
		}
		gone = append(gone, f)
	}
	return fresh, gone, nil
}

func (t *Tx) putFinding(f Finding) error {
	err := t.exec(`INSERT INTO findings (id, code, payment, intent, sale, device, operator, currency, there, here, what, advice, found_ms)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, there = excluded.there, here = excluded.here, what = excluded.what, advice = excluded.advice,
		found_ms = excluded.found_ms, gone_ms = 0, settled_ms = 0, settled_by = '', note = ''`,
		f.ID, f.Code, f.Payment, f.Intent, f.Sale, f.Device, f.Operator, f.Currency, int64(f.There), int64(f.Here), f.What, f.Advice, t.atMS)
	if err != nil {
		return fmt.Errorf("finding %s: %w", f.ID, err)
	}
	return nil
}

// SettleFinding notes that a person dealt with a difference, once. It reports
// whether it was open.
func (t *Tx) SettleFinding(id, by, note string) (bool, error) {
	n, err := t.changed(`UPDATE findings SET settled_ms = $1, settled_by = $2, note = $3 WHERE id = $4 AND settled_ms = 0 AND gone_ms = 0`,
		t.atMS, by, note, id)
	if err != nil {
		return false, fmt.Errorf("settle finding %s: %w", id, err)
	}
	return n == 1, nil
}

// FindingAbout returns the customer of the sale a difference is about, "" when
// nobody is known.
func (t *Tx) FindingAbout(id string) (customer string, err error) {
	err = t.row(`SELECT s.customer FROM findings f JOIN sales s ON s.id = f.sale WHERE f.id = $1`, []any{id}, &customer)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("finding %s: %w", id, err)
	}
	return customer, nil
}

// Findings returns the differences, the open ones first, at most limit.
func (s *Store) Findings(ctx context.Context, limit int) ([]Finding, error) {
	return list(s.reader(ctx), `SELECT `+findingColumns+` FROM findings
		ORDER BY CASE WHEN gone_ms = 0 AND settled_ms = 0 THEN 0 ELSE 1 END, found_ms DESC, id LIMIT $1`, []any{limit}, scanFinding)
}

// Finding returns one difference, or ErrNotFound.
func (s *Store) Finding(ctx context.Context, id string) (Finding, error) {
	all, err := list(s.reader(ctx), `SELECT `+findingColumns+` FROM findings WHERE id = $1`, []any{id}, scanFinding)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Finding{}, fmt.Errorf("finding %.60s: %w", id, err)
	}
	return all[0], nil
}

// OpenFindings counts the differences that nobody has dealt with.
func (s *Store) OpenFindings(ctx context.Context) (int64, error) {
	var n int64
	err := s.row(ctx, `SELECT count(*) FROM findings WHERE gone_ms = 0 AND settled_ms = 0`, nil, &n)
	return n, err
}

// OpenFindings counts them within a write.
func (t *Tx) OpenFindings() (n int64, err error) {
	err = t.row(`SELECT count(*) FROM findings WHERE gone_ms = 0 AND settled_ms = 0`, nil, &n)
	return n, err
}

// Booked is a tender with what reconciliation needs to know of it.
type Booked struct {
	Tender
	Fee      money.Cents
	FeeKnown bool
}

// BookedTenders returns the tenders that changed in [fromMS, toMS) of hub time,
// and those of the given ids.
func (s *Store) BookedTenders(ctx context.Context, fromMS, toMS int64, ids []string) ([]Booked, error) {
	scan := func(scan func(...any) error) (b Booked, err error) {
		var known int
		b.Tender, err = scanTender(func(into ...any) error { return scan(append(into, &b.Fee, &known)...) })
		b.FeeKnown = known == 1
		return b, err
	}
	all, err := list(s.reader(ctx), `SELECT `+tenderColumns+`, fee, fee_known FROM tenders
		WHERE sale <> '' AND changed_ms >= $1 AND changed_ms < $2 ORDER BY id`, []any{fromMS, toMS}, scan)
	have := map[string]bool{}
	for _, b := range all {
		have[b.ID] = true
	}
	for _, id := range ids {
		if err != nil || have[id] {
			continue
		}
		var one []Booked
		one, err = list(s.reader(ctx), `SELECT `+tenderColumns+`, fee, fee_known FROM tenders WHERE id = $1 AND sale <> ''`, []any{id}, scan)
		all, have[id] = append(all, one...), true
	}
	if err != nil {
		return nil, fmt.Errorf("tenders from %d: %w", fromMS, err)
	}
	return all, nil
}

// NoteFee writes down what the card service kept of a payment, once.
func (t *Tx) NoteFee(tender string, fee money.Cents) error {
	err := t.exec(`UPDATE tenders SET fee = $1, fee_known = 1 WHERE id = $2 AND fee_known = 0`, int64(fee), tender)
	if err != nil {
		return fmt.Errorf("fee of %s: %w", tender, err)
	}
	return nil
}
