package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Owed is what the shop owed its customers on one kind of account, as sales in the
// books say: Opening + Loaded - Redeemed - Unloaded - Kept = Closing.
type Owed struct {
	Kind     protocol.Tender // Gift, Credit or Deposit
	Opening  money.Cents     // at the beginning of the period
	Loaded   money.Cents     // put on: paid for, or given back to it
	Redeemed money.Cents     // paid with
	Unloaded money.Cents     // taken off again, the money given back
	Kept     money.Cents     // deposits that the shop kept by right
	Closing  money.Cents     // at the end
}

// Change is what the debt grew by.
func (o Owed) Change() money.Cents { return o.Closing - o.Opening }

// OwedKinds are the kinds of accounts, in the order of reports.
func OwedKinds() []protocol.Tender {
	return []protocol.Tender{protocol.Gift, protocol.Credit, protocol.Deposit}
}

// Owed returns what the shop owes on gift cards, store credits and deposits, and
// how that came in [fromMS, toMS) of hub time.
func (s *Store) Owed(ctx context.Context, fromMS, toMS int64) (all []Owed, err error) {
	err = s.snapshot(ctx, func(read query) error {
		all, err = owed(read, fromMS, toMS)
		return err
	})
	return all, err
}

// The movements of debts. Those before the period are summed into one row. They
// are few beside the sales, and each has an index of its own kind.
const (
	owedLines = `SELECT l.loads, CASE WHEN x.at_ms < $1 THEN 1 ELSE 0 END,
			CAST(sum(CASE WHEN l.total > 0 THEN l.total ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN l.total < 0 THEN -l.total ELSE 0 END) AS BIGINT)
		FROM sale_lines l JOIN sales x ON x.id = l.sale WHERE l.loads <> '' AND x.at_ms < $2 GROUP BY 1, 2`
	owedPayments = `SELECT tender, CASE WHEN at_ms < $1 THEN 1 ELSE 0 END,
			CAST(sum(CASE WHEN amount > 0 THEN amount ELSE 0 END) AS BIGINT), CAST(sum(CASE WHEN amount < 0 THEN -amount ELSE 0 END) AS BIGINT)
		FROM payments WHERE tender IN ('gift', 'credit', 'deposit') AND at_ms < $2 GROUP BY 1, 2`
	owedKept = `SELECT a.kind, CASE WHEN m.at_ms < $1 THEN 1 ELSE 0 END, CAST(sum(-m.delta) AS BIGINT), 0
		FROM account_moves m JOIN accounts a ON a.digest = m.account WHERE m.reason = 'keep' AND m.at_ms < $2 GROUP BY 1, 2`
)

func owed(read query, fromMS, toMS int64) ([]Owed, error) {
	by := map[protocol.Tender]*Owed{}
	for _, k := range OwedKinds() {
		by[k] = &Owed{Kind: k}
	}
	err := errors.Join(
		owedPart(read, owedLines, fromMS, toMS, by, func(o *Owed, on, off money.Cents) { o.Loaded, o.Unloaded = o.Loaded+on, o.Unloaded+off }),
		owedPart(read, owedPayments, fromMS, toMS, by, func(o *Owed, on, off money.Cents) { o.Redeemed, o.Loaded = o.Redeemed+on, o.Loaded+off }),
		owedPart(read, owedKept, fromMS, toMS, by, func(o *Owed, on, _ money.Cents) { o.Kept += on }),
	)
	if err != nil {
		return nil, fmt.Errorf("owed to customers: %w", err)
	}
	var all []Owed
	for _, k := range OwedKinds() {
		o := *by[k]
		o.Closing = o.Opening + o.Loaded - o.Redeemed - o.Unloaded - o.Kept
		all = append(all, o)
	}
	return all, nil
}

// owedPart adds what one statement finds. What lies before the period goes into
// the opening.
func owedPart(read query, q string, fromMS, toMS int64, by map[protocol.Tender]*Owed, add func(*Owed, money.Cents, money.Cents)) error {
	return read(q, []any{fromMS, toMS}, func(scan func(...any) error) error {
		var kind protocol.Tender
		var before int
		var one, other money.Cents
		if err := scan(&kind, &before, &one, &other); err != nil {
			return err
		}
		o := by[kind]
		if o == nil {
			return fmt.Errorf("unknown kind of account %.20q", string(kind))
		}
		if before == 0 {
			add(o, one, other)
			return nil
		}
		var old Owed
		add(&old, one, other)
		o.Opening += old.Loaded - old.Redeemed - old.Unloaded - old.Kept
		return nil
	})
}

// Held is what the accounts of one kind hold now. It is Owed's closing, but for
// sales that are being paid this moment and what differences say.
type Held struct {
	Kind     protocol.Tender
	Accounts int64 // with money on them
	Balance  money.Cents
	Underway money.Cents // taken for sales that are not finished yet, given back is negative
}

// Held adds up the accounts as they are now, in the order of OwedKinds.
func (s *Store) Held(ctx context.Context) ([]Held, error) {
	by := map[protocol.Tender]*Held{}
	for _, k := range OwedKinds() {
		by[k] = &Held{Kind: k}
	}
	err := s.reader(ctx)(`SELECT kind, sum(CASE WHEN balance > 0 THEN 1 ELSE 0 END), CAST(sum(balance) AS BIGINT),
			CAST(sum(coalesce((SELECT sum(x.taken) FROM tenders x WHERE x.account = accounts.digest AND x.phase = 'taken' AND x.matched = ''), 0)) AS BIGINT)
		FROM accounts GROUP BY kind`, nil, func(scan func(...any) error) error {
		var h Held
		if err := scan(&h.Kind, &h.Accounts, &h.Balance, &h.Underway); err != nil {
			return err
		}
		if by[h.Kind] != nil {
			*by[h.Kind] = h
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("accounts of customers: %w", err)
	}
	var all []Held
	for _, k := range OwedKinds() {
		all = append(all, *by[k])
	}
	return all, nil
}
