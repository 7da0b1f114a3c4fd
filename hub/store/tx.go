package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kickstand/hub/audit"
)

// Tx is one write under way: a savepoint of the group's transaction. It must
// not be kept after the function it was given to returns.
type Tx struct {
	w    *writer
	ctx  context.Context
	atMS int64
}

// AtMS is the hub time of this write, Unix ms. All writes of a group share it.
func (t *Tx) AtMS() int64 { return t.atMS }

// auditHead is the end of the audit chain within the running group.
type auditHead struct {
	audit.Head
	known bool
}

func (t *Tx) exec(q string, args ...any) error {
	_, err := t.w.exec(t.ctx, q, args...)
	return err
}

// changed runs a guarded statement and reports how many rows it changed.
func (t *Tx) changed(q string, args ...any) (int64, error) {
	r, err := t.w.exec(t.ctx, q, args...)
	if err != nil {
		return 0, err
	}
	return r.RowsAffected()
}

// row reads one row into dest; none gives ErrNotFound.
func (t *Tx) row(q string, args []any, dest ...any) error {
	st, err := t.w.stmt(t.ctx, q)
	if err != nil {
		return err
	}
	return found(t.w.dialect.explain(st.QueryRowContext(t.ctx, args...).Scan(dest...)))
}

// insertMany inserts rows of equal length with one statement per chunk, which
// is much cheaper than one statement per row.
func (t *Tx) insertMany(table string, columns []string, rows [][]any) error {
	const most = 40
	for len(rows) > 0 {
		n := min(len(rows), most)
		args := make([]any, 0, n*len(columns))
		for _, r := range rows[:n] {
			args = append(args, r...)
		}
		if err := t.exec(t.w.insertText(table, columns, n), args...); err != nil {
			return fmt.Errorf("insert into %s: %w", table, err)
		}
		rows = rows[n:]
	}
	return nil
}

// insertText is an INSERT of n rows.
func (w *writer) insertText(table string, columns []string, n int) string {
	key := insertKey{table, n}
	if q, ok := w.inserts[key]; ok {
		return q
	}
	var b strings.Builder
	fmt.Fprintf(&b, "INSERT INTO %s (%s) VALUES ", table, strings.Join(columns, ", "))
	for i := range n {
		if i > 0 {
			b.WriteString(", ")
		}
		for j := range columns {
			b.WriteString([]string{", ", "("}[btoi(j == 0)])
			fmt.Fprintf(&b, "$%d", i*len(columns)+j+1)
		}
		b.WriteString(")")
	}
	w.inserts[key] = b.String()
	return b.String()
}

type insertKey struct {
	table string
	rows  int
}

// found turns the driver's word for "no row" into ErrNotFound.
func found(err error) error {
	if errors.Is(err, sql.ErrNoRows) {
		return ErrNotFound
	}
	return err
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}
