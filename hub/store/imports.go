package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/hub/goods"
)

// Import is a file of items that somebody sent.
type Import struct {
	N        int64
	Token    string
	Name     string
	Operator string
	SentMS   int64
	State    string // staged, importing, done, undoing or undone
	Raw      []byte // empty once it is imported
	Added    int64
	Changed  int64
	DoneMS   int64
	UndoneMS int64
	Seen     int64  // version of the catalogue that it was looked at with
	Planned  int64  // rows, once all are written; 0: not yet, or imported at once
	Words    string // why it was given up
}

const importColumns = `n, token, name, operator, sent_ms, state, raw, added, changed, done_ms, undone_ms, seen, planned, words`

func scanImport(scan func(...any) error) (i Import, err error) {
	return i, scan(&i.N, &i.Token, &i.Name, &i.Operator, &i.SentMS, &i.State, &i.Raw, &i.Added, &i.Changed, &i.DoneMS, &i.UndoneMS, &i.Seen, &i.Planned, &i.Words)
}

// StageImport keeps a file to be looked at. Older ones that nobody imported are
// forgotten.
func (t *Tx) StageImport(i Import) error {
	err := t.exec(`DELETE FROM imports WHERE state = 'staged' AND sent_ms < $1`, t.atMS-7*24*3600*1000)
	if err == nil {
		err = t.exec(`INSERT INTO imports (token, name, operator, sent_ms, state, raw) VALUES ($1, $2, $3, $4, 'staged', $5)`,
			i.Token, i.Name, i.Operator, t.atMS, i.Raw)
	}
	if err != nil {
		return fmt.Errorf("stage import: %w", err)
	}
	return nil
}

// Import returns one file, or ErrNotFound.
func (s *Store) Import(ctx context.Context, token string) (Import, error) {
	return oneImport(s.reader(ctx), token)
}

// Import returns one file as of this transaction, or ErrNotFound.
func (t *Tx) Import(token string) (Import, error) { return oneImport(t.rows, token) }

func oneImport(read query, token string) (Import, error) {
	all, err := list(read, `SELECT `+importColumns+` FROM imports WHERE token = $1`, []any{token}, scanImport)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Import{}, fmt.Errorf("import: %w", err)
	}
	return all[0], nil
}

// Imports returns the latest files that were imported, without their bytes.
func (s *Store) Imports(ctx context.Context, limit int) ([]Import, error) {
	return list(s.reader(ctx), `SELECT n, token, name, operator, sent_ms, state, '', added, changed, done_ms, undone_ms, seen, planned, words FROM imports
		WHERE state <> 'staged' ORDER BY n DESC LIMIT $1`, []any{limit}, scanImport)
}

// ErrImportState is returned for an import that was carried out or undone before.
var ErrImportState = errors.New("the import is in another state")

// CarryOutImport puts what a plan says into the catalogue under one version, and
// keeps what it takes to undo it. New items must have their ids.
func (t *Tx) CarryOutImport(i Import, plan goods.Plan) error {
	n, err := t.changed(`UPDATE imports SET state = 'done', raw = $1, added = $2, changed = $3, done_ms = $4 WHERE n = $5 AND state = 'staged'`,
		[]byte{}, len(plan.New), len(plan.Changed), t.atMS, i.N)
	if err == nil && n == 0 {
		err = ErrImportState
	}
	if err != nil {
		return fmt.Errorf("import: %w", err)
	}
	items := make([]Item, 0, len(plan.New)+len(plan.Changed))
	for _, list := range [][]goods.Planned{plan.New, plan.Changed} {
		for _, p := range list {
			items = append(items, p.After)
			if err := t.importRow(i.N, p, "done"); err != nil {
				return fmt.Errorf("import: %w", err)
			}
		}
	}
	_, err = t.PutItems(items)
	return err
}

func (t *Tx) importRow(n int64, p goods.Planned, state string) error {
	var before []byte
	var err error
	if p.Before.ID != "" {
		if before, err = json.Marshal(p.Before); err != nil {
			return err
		}
	}
	after, err := json.Marshal(p.After)
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO import_rows (import, item, before, after, state) VALUES ($1, $2, $3, $4, $5)`, n, p.After.ID, string(before), string(after), state)
}

// UndoImport puts every item back as it was before an import; items that were new
// are retired. When that would be wrong it changes nothing and says why, item by
// item.
func (t *Tx) UndoImport(i Import) (reasons []string, err error) {
	rows, err := importRows(t.rows, i.N, "done", everyRow)
	if err != nil {
		return nil, fmt.Errorf("undo import: %w", err)
	}
	if reasons, err = undoFaults(t.rows, i, rows); err != nil || len(reasons) > 0 {
		return reasons, err
	}
	n, err := t.changed(`UPDATE imports SET state = 'undone', undone_ms = $1 WHERE n = $2 AND state = 'done'`, t.atMS, i.N)
	if err == nil && n == 0 {
		err = ErrImportState
	}
	if err != nil {
		return nil, fmt.Errorf("undo import: %w", err)
	}
	items := make([]Item, len(rows))
	for k, p := range rows {
		items[k] = undone(p)
	}
	_, err = t.PutItems(items)
	return nil, err
}

// undone is an item as it was before an import; one that was new is retired.
func undone(p goods.Planned) Item {
	if p.Before.ID != "" {
		return p.Before
	}
	p.After.Retired = true
	return p.After
}

// everyRow is more than any import has.
const everyRow = 1 << 40

func importRows(read query, n int64, state string, limit int) ([]goods.Planned, error) {
	return list(read, `SELECT before, after FROM import_rows WHERE import = $1 AND item IN (
		SELECT item FROM import_rows WHERE import = $1 AND state = $2 ORDER BY item LIMIT $3) ORDER BY item`, []any{n, state, limit},
		func(scan func(...any) error) (p goods.Planned, err error) {
			var before, after string
			if err := scan(&before, &after); err != nil {
				return p, err
			}
			if before != "" {
				if err := json.Unmarshal([]byte(before), &p.Before); err != nil {
					return p, err
				}
			}
			return p, json.Unmarshal([]byte(after), &p.After)
		})
}

// undoFaults says why an import cannot be undone.
func undoFaults(read query, i Import, rows []goods.Planned) (reasons []string, err error) {
	items, err := list(read, `SELECT `+itemColumns+` FROM items`, nil, scanItem)
	if err != nil {
		return nil, err
	}
	now := make(map[string]Item, len(items))
	for _, it := range items {
		now[it.ID] = it
	}
	sold, err := setOf(read, `SELECT DISTINCT l.item FROM sales x JOIN sale_lines l ON l.sale = x.id WHERE x.at_ms >= $1`, i.DoneMS)
	if err != nil {
		return nil, err
	}
	there, err := setOf(read, `SELECT item FROM stock WHERE on_hand <> $1`, int64(0))
	if err != nil {
		return nil, err
	}
	for _, p := range rows {
		fresh := p.Before.ID == ""
		switch {
		case !goods.Same(now[p.After.ID], p.After):
			reasons = append(reasons, p.After.SKU+" "+p.After.Name+" was changed since.")
		case sold[p.After.ID] && (fresh || p.Before.Price != p.After.Price):
			reasons = append(reasons, p.After.SKU+" "+p.After.Name+" was sold since, at the imported price.")
		case fresh && there[p.After.ID]:
			reasons = append(reasons, p.After.SKU+" "+p.After.Name+" is new, and has stock by now.")
		}
	}
	return reasons, nil
}

// setOf collects texts.
func setOf(read query, q string, arg int64) (map[string]bool, error) {
	all := map[string]bool{}
	err := read(q, []any{arg}, func(scan func(...any) error) error {
		var one string
		err := scan(&one)
		all[one] = true
		return err
	})
	return all, err
}
