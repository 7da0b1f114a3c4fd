package store

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Special is a customer's order or layaway.
type Special struct {
	protocol.SpecialInfo             // Deposit is what is left of it
	Paid                 money.Cents // deposit as it was paid
	Short                bool        // laid away, and there was too little of it
	Account              string      // digest of the deposit
	Device               string
	Cart                 json.RawMessage // the goods as the device keeps them
	AtMS                 int64           // hub time it came
	ChangedMS            int64           // hub time of the last change of state
}

// keepAside is how long a layaway keeps pieces: until it ends.
const keepAside int64 = 100 * 365 * 24 * 3600 * 1000

// PutSpecial writes a customer's order, once per id, and for a layaway keeps the
// pieces. known reports that it was there before.
func (t *Tx) PutSpecial(device string, p *protocol.SpecialPlaced, state protocol.SpecialState) (known bool, err error) {
	account, err := t.CodeDigest(p.ID)
	if err != nil {
		return false, err
	}
	lines, err := json.Marshal(p.Lines)
	if err != nil {
		return false, err
	}
	n, err := t.changed(`INSERT INTO specials (id, kind, state, who, customer, account, sale, slip, device, operator, lines, cart, total, deposit, currency,
		said_ms, placed_ms, changed_ms) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) ON CONFLICT (id) DO NOTHING`,
		p.ID, string(p.Order), string(state), p.Who, p.Customer, account, p.Sale, p.Slip, device, p.Operator, string(lines), string(p.Cart),
		int64(p.Total), int64(p.Deposit), p.Currency, p.PlacedMS, t.atMS, t.atMS)
	if err != nil || n == 0 {
		return n == 0, err
	}
	if p.Order != protocol.Layaway {
		return false, nil
	}
	var want []protocol.StockWish
	for _, l := range p.Lines {
		if l.Stocked {
			want = append(want, protocol.StockWish{Item: l.Item, Qty: l.Qty})
		}
	}
	short, err := t.reserve(p.ID, device, t.atMS+keepAside, want)
	if err == nil && len(short) > 0 {
		err = t.exec(`UPDATE specials SET short = 1 WHERE id = $1`, p.ID)
	}
	return false, err
}

const specialColumns = `s.id, s.kind, s.state, s.who, s.customer, s.account, s.sale, s.slip, s.device, s.operator, s.lines, s.cart, s.total, s.deposit,
	s.currency, s.short, s.said_ms, s.placed_ms, s.changed_ms, coalesce((SELECT a.balance FROM accounts a WHERE a.digest = s.account), 0) FROM specials s`

func scanSpecial(scan func(...any) error) (s Special, err error) {
	var lines, cart []byte
	var short int
	err = scan(&s.ID, &s.Order, &s.State, &s.Who, &s.Customer, &s.Account, &s.Sale, &s.Slip, &s.Device, &s.Operator, &lines, &cart, &s.Total, &s.Paid,
		&s.Currency, &short, &s.PlacedMS, &s.AtMS, &s.ChangedMS, &s.Deposit)
	if err == nil {
		err = json.Unmarshal(lines, &s.Lines)
	}
	s.Cart, s.Short = cart, short == 1
	return s, err
}

func oneSpecial(read query, where, what string) (Special, error) {
	all, err := list(read, `SELECT `+specialColumns+` WHERE `+where, []any{what}, scanSpecial)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Special{}, fmt.Errorf("order %.60s: %w", what, err)
	}
	return all[0], nil
}

// Special returns a customer's order, or ErrNotFound.
func (s *Store) Special(ctx context.Context, id string) (Special, error) {
	return oneSpecial(s.reader(ctx), `s.id = $1`, id)
}

// Special returns a customer's order as of this transaction, or ErrNotFound.
func (t *Tx) Special(id string) (Special, error) { return oneSpecial(t.rows, `s.id = $1`, id) }

// SpecialOf returns the order whose deposit an account holds, or ErrNotFound.
func (t *Tx) SpecialOf(account string) (Special, error) {
	return oneSpecial(t.rows, `s.account = $1`, account)
}

// MoveSpecial changes the state of an order from one to the next, and lets go of what
// was kept for one that has ended. It reports false when the order has another state.
func (t *Tx) MoveSpecial(id string, from, to protocol.SpecialState, ended bool) (bool, error) {
	n, err := t.changed(`UPDATE specials SET state = $1, changed_ms = $2 WHERE id = $3 AND state = $4`, string(to), t.atMS, id, string(from))
	if err == nil && n == 1 && ended {
		err = t.release(id)
	}
	if err != nil {
		return false, fmt.Errorf("order %.60s: %w", id, err)
	}
	return n == 1, nil
}

// OpenSpecials returns the orders that have not ended, the newest first, at most
// limit. text is a part of the name or the receipt of the deposit.
func (s *Store) OpenSpecials(ctx context.Context, text string, limit int) ([]Special, error) {
	return list(s.reader(ctx), `SELECT `+specialColumns+` WHERE s.state IN ('ordered', 'arrived')
		AND (lower(s.who) LIKE $1 ESCAPE '\' OR s.slip = $2) ORDER BY s.placed_ms DESC, s.id LIMIT $3`,
		[]any{"%" + likeEscape(text) + "%", strings.ToUpper(text), limit}, scanSpecial)
}

// EndedSpecials returns the orders that have ended, the latest first, at most limit.
func (s *Store) EndedSpecials(ctx context.Context, limit int) ([]Special, error) {
	return list(s.reader(ctx), `SELECT `+specialColumns+` WHERE s.state NOT IN ('ordered', 'arrived') ORDER BY s.changed_ms DESC, s.id LIMIT $1`,
		[]any{limit}, scanSpecial)
}

// aside reports whether pieces are kept for an order that has not ended.
func (t *Tx) aside(id string) (bool, error) {
	var n int64
	err := t.row(`SELECT count(*) FROM specials WHERE id = $1 AND kind = 'layaway' AND short = 0 AND state IN ('ordered', 'arrived')`, []any{id}, &n)
	return n > 0, err
}

// KeepDeposit takes what is left of the deposit of an order that has ended from the
// customer: the shop keeps it by right. What is being paid with this moment is not
// there any more.
func (t *Tx) KeepDeposit(s Special) error {
	if s.Deposit <= 0 {
		return nil
	}
	_, done, err := t.MoveAccount(AccountMove{Account: s.Account, Delta: -s.Deposit, Reason: "keep", Sale: s.ID})
	if err == nil && !done {
		err = fmt.Errorf("the deposit of order %.60s is being spent", s.ID)
	}
	return err
}
