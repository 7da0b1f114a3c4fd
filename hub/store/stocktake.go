package store

import (
	"context"
	"encoding/json"
	"fmt"

	"kickstand/protocol/money"
)

// Stocktake is a count of shelves.
type Stocktake struct {
	N        int64
	Token    string
	Category string // empty: all
	Blind    bool
	State    string // open, booked or dropped
	Operator string
	MadeMS   int64
	ClosedMS int64
	Items    int64 // to be counted
	Counted  int64
}

// CountLine is an item of a stocktake.
type CountLine struct {
	Item     string
	SKU      string
	Name     string
	Variant  string
	OnHand   int64 // now
	Done     bool  // it was counted
	Counted  int64
	Expected int64 // on hand at the moment of counting
	Operator string
	AtMS     int64
	Cost     money.Cents
}

// Diff is what the shelf has more than the books had at that moment.
func (l CountLine) Diff() int64 { return l.Counted - l.Expected }

// Worth is what the difference is worth at the purchase price.
func (l CountLine) Worth() money.Cents { return l.Cost * money.Cents(l.Diff()) }

const stocktakeColumns = `c.n, c.token, c.category, c.blind, c.state, c.operator, c.made_ms, c.closed_ms,
	(SELECT count(*) FROM items i WHERE i.retired = 0 AND i.stocked = 1 AND (c.category = '' OR i.category = c.category)),
	(SELECT count(*) FROM stocktake_lines l WHERE l.stocktake = c.n)`

func scanStocktake(scan func(...any) error) (c Stocktake, err error) {
	var blind int
	err = scan(&c.N, &c.Token, &c.Category, &blind, &c.State, &c.Operator, &c.MadeMS, &c.ClosedMS, &c.Items, &c.Counted)
	c.Blind = blind == 1
	return c, err
}

// Stocktakes returns the latest stocktakes.
func (s *Store) Stocktakes(ctx context.Context, limit int) ([]Stocktake, error) {
	return list(s.reader(ctx), `SELECT `+stocktakeColumns+` FROM stocktakes c ORDER BY c.n DESC LIMIT $1`, []any{limit}, scanStocktake)
}

// Stocktake returns one stocktake, or ErrNotFound.
func (s *Store) Stocktake(ctx context.Context, token string) (Stocktake, error) {
	return readStocktake(s.reader(ctx), token)
}

// Stocktake returns one as of this transaction, or ErrNotFound.
func (t *Tx) Stocktake(token string) (Stocktake, error) { return readStocktake(t.rows, token) }

func readStocktake(read query, token string) (Stocktake, error) {
	all, err := list(read, `SELECT `+stocktakeColumns+` FROM stocktakes c WHERE c.token = $1`, []any{token}, scanStocktake)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Stocktake{}, fmt.Errorf("stocktake: %w", err)
	}
	return all[0], nil
}

// OpenStocktake begins a count.
func (t *Tx) OpenStocktake(c Stocktake) error {
	err := t.exec(`INSERT INTO stocktakes (token, category, blind, state, operator, made_ms) VALUES ($1, $2, $3, 'open', $4, $5)`,
		c.Token, c.Category, btoi(c.Blind), c.Operator, t.atMS)
	if err != nil {
		return fmt.Errorf("open stocktake: %w", err)
	}
	return nil
}

// Count writes down how many of an item a shelf has, in place of an earlier count,
// against what the books have at this moment. It reports false for a stocktake
// that is closed and for items that are none of it.
func (t *Tx) Count(c Stocktake, item string, pieces int64, operator string) (bool, error) {
	n, err := t.changed(`INSERT INTO stocktake_lines (stocktake, item, counted, expected, operator, at_ms)
		SELECT k.n, i.id, CAST($1 AS BIGINT), coalesce((SELECT s.on_hand FROM stock s WHERE s.item = i.id), 0), CAST($2 AS TEXT), CAST($3 AS BIGINT)
		FROM stocktakes k, items i WHERE k.n = $4 AND k.state = 'open' AND i.id = $5 AND i.stocked = 1 AND (k.category = '' OR i.category = k.category)
		ON CONFLICT (stocktake, item) DO UPDATE SET counted = excluded.counted, expected = excluded.expected, operator = excluded.operator, at_ms = excluded.at_ms`,
		pieces, operator, t.atMS, c.N, item)
	if err != nil {
		return false, fmt.Errorf("count %.60s: %w", item, err)
	}
	return n == 1, nil
}

// CloseStocktake books the differences of an open stocktake as movements, or with
// book false drops it, and reports how many pieces moved and whether it was open.
func (t *Tx) CloseStocktake(c Stocktake, book bool, operator string) (moved int, open bool, err error) {
	state := "dropped"
	if book {
		state = "booked"
	}
	n, err := t.changed(`UPDATE stocktakes SET state = $1, closed_ms = $2 WHERE n = $3 AND state = 'open'`, state, t.atMS, c.N)
	if err != nil || n == 0 || !book {
		return 0, n == 1, err
	}
	lines, err := countLines(t.rows, c, CountAsked{Counted: true, Limit: 1 << 30})
	if err != nil {
		return 0, true, err
	}
	for _, l := range lines {
		if l.Diff() == 0 {
			continue
		}
		err := t.moveStock(StockChange{
			Item: l.Item, Delta: l.Diff(), Reason: "count", Operator: operator,
			Note: fmt.Sprintf("stocktake %d: counted %d, the books had %d", c.N, l.Counted, l.Expected),
		})
		if err != nil {
			return 0, true, err
		}
		moved++
	}
	return moved, true, nil
}

// CountAsked is which lines of a stocktake a page shows.
type CountAsked struct {
	Counted  bool   // only those that were counted
	Waiting  bool   // only those that were not
	Text     string // part of the name, shelf code or a barcode
	Name, ID string // the list begins after this item
	Limit    int
}

// CountLines returns the items of a stocktake by name.
func (s *Store) CountLines(ctx context.Context, c Stocktake, ask CountAsked) ([]CountLine, error) {
	return countLines(s.reader(ctx), c, ask)
}

func countLines(read query, c Stocktake, ask CountAsked) ([]CountLine, error) {
	like := "%" + likeEscape(ask.Text) + "%"
	from := `FROM items i LEFT JOIN stocktake_lines l ON l.item = i.id AND l.stocktake = $1`
	which := `i.retired = 0 AND i.stocked = 1 AND ($2 = '' OR i.category = $2)`
	switch {
	case ask.Counted:
		from, which = `FROM stocktake_lines l JOIN items i ON i.id = l.item AND l.stocktake = $1`, `($2 = $2)`
	case ask.Waiting:
		which += ` AND l.item IS NULL`
	}
	return list(read, `SELECT i.id, i.sku, i.name, i.doc, i.cost, coalesce((SELECT s.on_hand FROM stock s WHERE s.item = i.id), 0),
			coalesce(l.counted, 0), coalesce(l.expected, 0), coalesce(l.operator, ''), coalesce(l.at_ms, 0)
		`+from+` WHERE `+which+` AND (i.name > $3 OR i.name = $3 AND i.id > $4)
			AND (lower(i.name) LIKE $5 ESCAPE '\' OR lower(i.sku) LIKE $5 ESCAPE '\' OR EXISTS (SELECT 1 FROM barcodes b WHERE b.item = i.id AND b.code = $6))
		ORDER BY i.name, i.id LIMIT $7`, []any{c.N, c.Category, ask.Name, ask.ID, like, ask.Text, ask.Limit},
		func(scan func(...any) error) (l CountLine, err error) {
			var doc string
			if err := scan(&l.Item, &l.SKU, &l.Name, &doc, &l.Cost, &l.OnHand, &l.Counted, &l.Expected, &l.Operator, &l.AtMS); err != nil {
				return l, err
			}
			l.Done = l.AtMS > 0
			l.Variant, err = variantOf(doc)
			return l, err
		})
}

// variantOf is the size and colour in an item's document.
func variantOf(doc string) (string, error) {
	var v struct {
		Variant string `json:"variant"`
	}
	err := json.Unmarshal([]byte(doc), &v)
	return v.Variant, err
}

// ItemByCode returns the one item that a shelf code or barcode finds; several, or
// none, give ErrNotFound.
func (t *Tx) ItemByCode(code string) (Item, error) {
	var asked Item
	asked.SKU, asked.Barcodes = code, []string{code}
	found, err := t.Rivals(asked)
	if err != nil {
		return Item{}, err
	}
	for _, it := range found {
		if len(found) == 1 {
			return it, nil
		}
	}
	return Item{}, ErrNotFound
}
