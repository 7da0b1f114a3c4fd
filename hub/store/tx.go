package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	"kickstand/hub/audit"
)

// Tx is one write under way, a part of the group's transaction. It must not be
// kept after the function it was given to returns. Its statements run under no
// caller's context: the transaction belongs to everybody in the group.
type Tx struct {
	w      *writer
	atMS   int64
	failed error // the first statement's that failed
}

// AtMS is the hub time of this write, Unix ms. All writes of a group share it.
func (t *Tx) AtMS() int64 { return t.atMS }

// auditHead is the end of the audit chain within the running group.
type auditHead struct {
	audit.Head
	known bool
}

func (t *Tx) exec(q string, args ...any) error {
	_, err := t.changed(q, args...)
	return err
}

// errAfter stands for what is not tried any more: the write is undone anyway.
var errAfter = errors.New("not tried after that")

// noted remembers that a statement failed.
func (t *Tx) noted(err error) error {
	if t.failed == nil {
		t.failed = err
	}
	return err
}

// changed runs a guarded statement and reports how many rows it changed.
func (t *Tx) changed(q string, args ...any) (int64, error) {
	if t.failed != nil {
		return 0, errAfter
	}
	r, err := t.w.exec(context.Background(), q, args...)
	if err != nil {
		return 0, t.noted(err)
	}
	return r.RowsAffected()
}

// row reads one row into dest; none gives ErrNotFound.
func (t *Tx) row(q string, args []any, dest ...any) error {
	if t.failed != nil {
		return errAfter
	}
	st, err := t.w.stmt(context.Background(), q, args)
	if err != nil {
		return t.noted(err)
	}
	err = found(t.w.dialect.explain(st.QueryRowContext(context.Background(), t.w.dialect.values(args)...).Scan(dest...)))
	if errors.Is(err, ErrNotFound) {
		return err
	}
	return t.noted(err)
}

// insert is an INSERT of all the named columns of a table.
func insert(table string, columns ...string) string {
	places := make([]string, len(columns))
	for i := range columns {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	return "INSERT INTO " + table + " (" + strings.Join(columns, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
}

// insertAll inserts rows one by one, which is no slower than one long
// statement once it is prepared.
func (t *Tx) insertAll(text string, rows [][]any) error {
	for _, r := range rows {
		if err := t.exec(text, r...); err != nil {
			return fmt.Errorf("%.40s: %w", text, err)
		}
	}
	return nil
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
