package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Account is a gift card, store credit or deposit.
type Account struct {
	Digest   string // of the code
	Kind     protocol.Tender
	Last4    string // of the code
	Currency string
	Balance  money.Cents
	OpenedMS int64
}

// AccountMove is one change of an account.
type AccountMove struct {
	Account string
	Delta   money.Cents
	Reason  string // load, unload, spend, undo, back, new or keep
	Tender  string
	Sale    string
	Line    int
}

// Load is what one line of a sale puts on an account.
type Load struct {
	Account Account // opened when it is new
	Line    int
	Amount  money.Cents // below zero takes off again
}

func (t *Tx) loadAccounts(s Sold) error {
	for _, l := range s.Loads {
		if err := t.OpenAccount(l.Account); err != nil {
			return fmt.Errorf("line %d: open account: %w", l.Line, err)
		}
		reason := "load"
		if l.Amount < 0 {
			reason = "unload"
		}
		_, _, err := t.MoveAccount(AccountMove{Account: l.Account.Digest, Delta: l.Amount, Reason: reason, Sale: s.Sale.ID, Line: l.Line})
		if err != nil {
			return fmt.Errorf("line %d: %w", l.Line, err)
		}
	}
	return nil
}

// The salt of codes is a setting that no device hears of.
const setCodeSalt = "code_salt"

// CodeDigest is what the shop keeps of a code. The salt is made with the first
// code.
func (t *Tx) CodeDigest(code string) (string, error) {
	salt, err := t.setting(setCodeSalt)
	if errors.Is(err, ErrNotFound) {
		salt = rand.Text()
		err = t.putSetting(setCodeSalt, salt, 0)
	}
	if err != nil {
		return "", fmt.Errorf("salt of codes: %w", err)
	}
	return audit.Commit(salt, protocol.PlainCode(code)), nil
}

const accountColumns = `digest, kind, last4, currency, balance, opened_ms`

func scanAccount(scan func(...any) error) (a Account, err error) {
	return a, scan(&a.Digest, &a.Kind, &a.Last4, &a.Currency, &a.Balance, &a.OpenedMS)
}

// Account returns an account as of this transaction, or ErrNotFound.
func (t *Tx) Account(digest string) (Account, error) {
	all, err := list(t.rows, `SELECT `+accountColumns+` FROM accounts WHERE digest = $1`, []any{digest}, scanAccount)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Account{}, fmt.Errorf("account: %w", err)
	}
	return all[0], nil
}

// LoadedBy returns the account that a line of a sale put money on, or ErrNotFound.
func (t *Tx) LoadedBy(sale string, line int) (Account, error) {
	var digest string
	err := t.row(`SELECT account FROM account_moves WHERE sale = $1 AND line = $2 AND reason = 'load'`, []any{sale, line}, &digest)
	if err != nil {
		return Account{}, fmt.Errorf("account loaded by line %d of %.60s: %w", line, sale, err)
	}
	return t.Account(digest)
}

// OnHold is what refunds that are under way will take off an account, but for one.
func (t *Tx) OnHold(digest, but string) (sum money.Cents, err error) {
	err = t.row(`SELECT CAST(coalesce(sum(l.total), 0) AS BIGINT) FROM account_moves m
		JOIN returns r ON r.origin = m.sale AND r.line = m.line AND r.done = 0 AND r.until_ms > $2 AND r.refund <> $3
		JOIN sale_lines l ON l.sale = m.sale AND l.n = m.line
		WHERE m.account = $1 AND m.reason = 'load'`, []any{digest, t.atMS, but}, &sum)
	if err != nil {
		return 0, fmt.Errorf("on hold of an account: %w", err)
	}
	return sum, nil
}

// OpenAccount makes an account without money unless it is there.
func (t *Tx) OpenAccount(a Account) error {
	return t.exec(`INSERT INTO accounts (digest, kind, last4, currency, balance, opened_ms, changed_ms) VALUES ($1, $2, $3, $4, 0, $5, $6)
		ON CONFLICT (digest) DO NOTHING`, a.Digest, string(a.Kind), a.Last4, a.Currency, t.atMS, t.atMS)
}

// MoveAccount changes the balance of an account, which never falls below zero:
// done is false when there is not enough. The same move again is not made again.
func (t *Tx) MoveAccount(m AccountMove) (left money.Cents, done bool, err error) {
	var known int64
	err = t.row(`SELECT count(*) FROM account_moves WHERE sale = $1 AND line = $2 AND tender = $3 AND reason = $4`,
		[]any{m.Sale, m.Line, m.Tender, m.Reason}, &known)
	if err != nil || known > 0 {
		return 0, false, err
	}
	err = t.row(`UPDATE accounts SET balance = balance + $1, changed_ms = $2 WHERE digest = $3 AND balance + $4 >= 0 RETURNING balance`,
		[]any{int64(m.Delta), t.atMS, m.Account, int64(m.Delta)}, &left)
	if errors.Is(err, ErrNotFound) {
		return 0, false, nil
	}
	if err != nil {
		return 0, false, fmt.Errorf("move account: %w", err)
	}
	err = t.exec(`INSERT INTO account_moves (account, delta, balance, reason, tender, sale, line, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		m.Account, int64(m.Delta), int64(left), m.Reason, m.Tender, m.Sale, m.Line, t.atMS)
	if err != nil {
		return 0, false, fmt.Errorf("move account: %w", err)
	}
	return left, true, nil
}

// AccountTotal is what an account holds and what its moves come to: the same.
type AccountTotal struct {
	Account
	Moves money.Cents
}

// AccountTotals returns every account with the sum of its moves.
func (s *Store) AccountTotals(ctx context.Context) ([]AccountTotal, error) {
	all, err := list(s.reader(ctx), `SELECT a.digest, a.kind, a.last4, a.currency, a.balance, a.opened_ms,
		coalesce((SELECT sum(m.delta) FROM account_moves m WHERE m.account = a.digest), 0) FROM accounts a ORDER BY a.opened_ms, a.digest`, nil,
		func(scan func(...any) error) (a AccountTotal, err error) {
			return a, scan(&a.Digest, &a.Kind, &a.Last4, &a.Currency, &a.Balance, &a.OpenedMS, &a.Moves)
		})
	if err != nil {
		return nil, fmt.Errorf("accounts: %w", err)
	}
	return all, nil
}
