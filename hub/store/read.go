package store

import (
	"context"
	"database/sql"
	"errors"
)

// row reads one committed row; none gives ErrNotFound.
func (s *Store) row(ctx context.Context, q string, args []any, dest ...any) error {
	d := s.writer.dialect
	return found(d.explain(s.read.QueryRowContext(ctx, d.statement(q, args), d.values(args)...).Scan(dest...)))
}

// reader reads committed rows.
func (s *Store) reader(ctx context.Context) query {
	return func(q string, args []any, each func(func(...any) error) error) error {
		d := s.writer.dialect
		rows, err := s.read.QueryContext(ctx, d.statement(q, args), d.values(args)...)
		if err != nil {
			return d.explain(err)
		}
		return d.explain(drain(rows, each))
	}
}

// rows reads within the transaction.
func (t *Tx) rows(q string, args []any, each func(func(...any) error) error) error {
	if t.failed != nil {
		return errAfter
	}
	st, err := t.w.stmt(context.Background(), q, args)
	if err != nil {
		return t.noted(err)
	}
	rows, err := st.QueryContext(context.Background(), t.w.dialect.values(args)...)
	if err != nil {
		return t.noted(t.w.dialect.explain(err))
	}
	return t.w.dialect.explain(drain(rows, each))
}

func drain(rows *sql.Rows, each func(func(...any) error) error) (err error) {
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		if err := each(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// list collects the rows of a query.
func list[T any](read query, q string, args []any, scan func(scan func(...any) error) (T, error)) ([]T, error) {
	var all []T
	err := read(q, args, func(row func(...any) error) error {
		one, err := scan(row)
		if err != nil {
			return err
		}
		all = append(all, one)
		return nil
	})
	return all, err
}
