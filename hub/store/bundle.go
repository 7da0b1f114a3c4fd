package store

import (
	"bufio"
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kickstand/hub/audit"
)

// Moment is the database as it was at one moment. It must not be kept after the
// function it was given to has returned.
type Moment struct {
	// Copy is a copy of the database's file; empty when it is on a server.
	Copy string

	shop string
	cols string // query of all tables and columns
	read query
	dump func(ctx context.Context, to string) error // with the server's own tool; nil: a file
}

// AtOneMoment gives the whole database to use, as it is at this moment, while the
// hub goes on writing. On a file it is a copy, made in dir for the caller to
// remove, from which everything else is read; on a server it is one transaction.
func (s *Store) AtOneMoment(ctx context.Context, dir string, use func(*Moment) error) error {
	m := &Moment{shop: s.shop, cols: s.writer.dialect.columns()}
	switch d := s.writer.dialect.(type) {
	case sqliteDialect:
		return s.fromCopy(ctx, d, filepath.Join(dir, "copy.db"), func(read query) error {
			m.Copy, m.read = filepath.Join(dir, "copy.db"), read
			return use(m)
		})
	case postgresDialect:
		return s.snapshot(ctx, func(read query) error {
			m.read = read
			m.dump = func(ctx context.Context, to string) error { return d.dump(ctx, read, to) }
			return use(m)
		})
	}
	return fmt.Errorf("a database of type %T cannot be copied", s.writer.dialect)
}

// fromCopy copies the database and reads the copy.
func (s *Store) fromCopy(ctx context.Context, d sqliteDialect, path string, do func(query) error) (err error) {
	if err := d.copy(ctx, path); err != nil {
		return fmt.Errorf("copy the database: %w", d.explain(err))
	}
	db, err := sqliteDialect{path: path, busy: d.busy}.openReader(1)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	return snapshotOf(ctx, d, db, do)
}

// copy has a connection of its own, for those of openReader refuse VACUUM.
func (d sqliteDialect) copy(ctx context.Context, path string) (err error) {
	db, err := sql.Open("sqlite", d.dsn())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM INTO ?`, path)
	return err
}

// ServerDump has the server's own tool write the shop's schema into a new file,
// as of the same moment. It returns ErrNoDump, or the tool's words in a
// [DumpError], when there is no such file then; ok is false for a database that
// is a file itself.
func (m *Moment) ServerDump(ctx context.Context, path string) (ok bool, err error) {
	if m.dump == nil {
		return false, nil
	}
	return true, m.dump(ctx, path)
}

// Tables returns how many tables there are.
func (m *Moment) Tables() (int, error) {
	columns, err := readColumns(m.read, m.cols)
	return len(columns), err
}

// Dump writes every table as CSV, in the order of their names; create makes the
// place for one. The first line names the columns. Texts are in double quotes, a
// missing value is empty without them, bytes are \x and hexadecimal digits: as
// PostgreSQL's COPY reads it.
func (m *Moment) Dump(create func(table string) (io.Writer, error)) error {
	columns, err := readColumns(m.read, m.cols)
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	for _, table := range slices.Sorted(maps.Keys(columns)) {
		w, err := create(table)
		if err == nil {
			err = dumpTable(m.read, w, table, columns[table])
		}
		if err != nil {
			return fmt.Errorf("dump %s: %w", table, err)
		}
	}
	return nil
}

// AuditBook returns the whole journal.
func (m *Moment) AuditBook(key audit.Public) audit.Book { return book(m.shop, key, m.read) }

func dumpTable(read query, to io.Writer, table string, columns []string) error {
	w := bufio.NewWriter(to)
	cells, dest := make([]any, len(columns)), make([]any, len(columns))
	for i, c := range columns {
		cells[i] = c
		dest[i] = &cells[i]
	}
	if err := writeCells(w, cells); err != nil {
		return err
	}
	names := `"` + strings.Join(columns, `", "`) + `"`
	err := read(`SELECT `+names+` FROM "`+table+`" ORDER BY "`+columns[0]+`"`, nil, func(scan func(...any) error) error {
		if err := scan(dest...); err != nil {
			return err
		}
		return writeCells(w, cells)
	})
	return errors.Join(err, w.Flush())
}

// writeCells writes one line; the error of a bufio.Writer stays until Flush.
func writeCells(w *bufio.Writer, cells []any) error {
	for i, c := range cells {
		if i > 0 {
			_ = w.WriteByte(',')
		}
		text, err := cell(c)
		if err != nil {
			return err
		}
		_, _ = w.WriteString(text)
	}
	return w.WriteByte('\n')
}

func cell(v any) (string, error) {
	switch v := v.(type) {
	case nil:
		return "", nil
	case int64:
		return strconv.FormatInt(v, 10), nil
	case string:
		return `"` + strings.ReplaceAll(v, `"`, `""`) + `"`, nil
	case []byte:
		return `\x` + hex.EncodeToString(v), nil
	}
	return "", fmt.Errorf("a value of type %T, which no table should hold", v)
}

// StoredReceipts returns the key of every receipt in the object store.
func (m *Moment) StoredReceipts() ([]string, error) {
	keys, err := list(m.read, `SELECT key FROM receipts WHERE state = 'stored' ORDER BY key`, nil,
		func(scan func(...any) error) (key string, err error) { return key, scan(&key) })
	if err != nil {
		return nil, fmt.Errorf("receipts: %w", err)
	}
	return keys, nil
}
