package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"iter"
	"slices"

	"kickstand/hub/audit"
)

// bookPage is how many rows of the journal are read at once.
const bookPage = 4096

// AuditBook gives the whole journal, as it is at one moment, to use. The book
// must not be kept after use returns; its entries can be walked once or more.
func (s *Store) AuditBook(ctx context.Context, key audit.Public, use func(audit.Book) error) error {
	return s.snapshot(ctx, func(read query) error { return use(book(s.shop, key, read)) })
}

// VerifySealed checks all that can be checked: chain, tree, checkpoints and
// signatures as [audit.VerifyBook] does, then every sale as
// [Store.VerifyAudit] does. code is that of a checkpoint somebody noted, or
// empty. The hub may go on writing meanwhile.
func (s *Store) VerifySealed(ctx context.Context, key audit.Public, code string) (r audit.Report, err error) {
	err = s.snapshot(ctx, func(read query) error {
		b := book(s.shop, key, read)
		b.Code = code
		if r, err = audit.VerifyBook(ctx, b); err != nil {
			return err
		}
		return verifyRest(read, audit.Head{N: r.Rows, Hash: r.Hash})
	})
	return r, err
}

func book(shop string, key audit.Public, read query) audit.Book {
	return audit.Book{Shop: shop, Key: key, Entries: entries(read), Tree: bookTree{read}}
}

// snapshot reads within one transaction, so that all of it is of one moment. No
// two results are open at a time.
func (s *Store) snapshot(ctx context.Context, do func(query) error) error {
	return snapshotOf(ctx, s.writer.dialect, s.read, do)
}

func snapshotOf(ctx context.Context, d dialect, db *sql.DB, do func(query) error) (err error) {
	tx, err := db.BeginTx(ctx, &sql.TxOptions{ReadOnly: true, Isolation: sql.LevelRepeatableRead})
	if err != nil {
		return d.explain(err)
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	prepared := map[string]*sql.Stmt{} // closed with the transaction
	return do(func(q string, args []any, each func(func(...any) error) error) error {
		st, err := prepare(ctx, tx, prepared, d.statement(q, args))
		if err != nil {
			return d.explain(err)
		}
		rows, err := st.QueryContext(ctx, d.values(args)...)
		if err != nil {
			return d.explain(err)
		}
		return d.explain(drain(rows, each))
	})
}

func prepare(ctx context.Context, tx *sql.Tx, prepared map[string]*sql.Stmt, q string) (*sql.Stmt, error) {
	if st, ok := prepared[q]; ok {
		return st, nil
	}
	st, err := tx.PrepareContext(ctx, q)
	if err == nil {
		prepared[q] = st
	}
	return st, err
}

// entries walks rows and checkpoints, each checkpoint after the last row it
// covers.
func entries(read query) iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		if err := walkEntries(read, yield); err != nil && !errors.Is(err, errStop) {
			yield(audit.Entry{}, err)
		}
	}
}

func walkEntries(read query, yield func(audit.Entry, error) bool) error {
	for last := int64(0); ; {
		rows, err := rowsAfter(read, last, bookPage)
		if err != nil {
			return err
		}
		end := int64(1<<63 - 1) // checkpoints of more rows than there are
		if len(rows) == bookPage {
			end = rows[len(rows)-1].N
		}
		sealed, err := checkpointsBetween(read, last, end)
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !yield(audit.Entry{Row: r}, nil) {
				return errStop
			}
			n := coveredBy(sealed, r.N)
			if err := rest(sealed[:n], yield); err != nil {
				return err
			}
			sealed, last = sealed[n:], r.N
		}
		if len(rows) < bookPage {
			return rest(sealed, yield)
		}
	}
}

// coveredBy counts the checkpoints that cover no row after n; they are in order.
func coveredBy(sealed []sealedRow, n int64) int {
	later := func(c sealedRow) bool { return c.size > n }
	if i := slices.IndexFunc(sealed, later); i >= 0 {
		return i
	}
	return len(sealed)
}

// rest hands checkpoints over.
func rest(sealed []sealedRow, yield func(audit.Entry, error) bool) error {
	for _, c := range sealed {
		if !yield(c.entry(), nil) {
			return errStop
		}
	}
	return nil
}

func (c sealedRow) entry() audit.Entry { return audit.Entry{Checkpoint: c.note, Cosigned: c.cosigned} }

// sealedRow is a row of audit_checkpoints.
type sealedRow struct {
	size     int64
	note     string
	cosigned []audit.Cosigned
}

func checkpointsBetween(read query, after, upTo int64) ([]sealedRow, error) {
	all, err := list(read, `SELECT size, note FROM audit_checkpoints WHERE size > $1 AND size <= $2 ORDER BY size`, []any{after, upTo},
		func(scan func(...any) error) (c sealedRow, err error) {
			err = scan(&c.size, &c.note)
			return c, err
		})
	if err != nil {
		return nil, fmt.Errorf("checkpoints after %d: %w", after, err)
	}
	signed, err := cosignedBetween(read, after, upTo)
	for i := range all {
		for len(signed) > 0 && signed[0].Size <= all[i].size {
			all[i].cosigned, signed = append(all[i].cosigned, signed[0]), signed[1:]
		}
	}
	return all, err
}

// bookTree is the stored tree within a snapshot.
type bookTree struct{ read query }

// Tile returns a part of the tree.
func (b bookTree) Tile(_ context.Context, level int, n int64) ([]byte, error) {
	return tile(b.read, level, n)
}

// TileCount returns how many parts there are.
func (b bookTree) TileCount(context.Context) (n int64, err error) {
	err = b.read(`SELECT count(*) FROM audit_tiles`, nil, func(scan func(...any) error) error { return scan(&n) })
	return n, err
}
