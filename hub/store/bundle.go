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
	"slices"
	"strconv"
	"strings"
)

// ErrNoCopy is returned by Copy for a database on a server, which has tools of
// its own for that.
var ErrNoCopy = errors.New("the database is on a server: copy it with pg_dump")

// Copy writes the whole database, as it is at this moment, into a new file. The
// hub may be running meanwhile. What is half written when it fails is left for
// the caller to remove.
func (s *Store) Copy(ctx context.Context, path string) error {
	d, ok := s.writer.dialect.(sqliteDialect)
	if !ok {
		return ErrNoCopy
	}
	if err := d.copy(ctx, path); err != nil {
		return fmt.Errorf("copy the database: %w", d.explain(err))
	}
	return nil
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

// Dump writes every table as CSV, all as of one moment, in the order of their
// names; create makes the place for one. The first line names the columns.
// Texts are in double quotes, a missing value is empty without them, bytes are
// \x and hexadecimal digits: as PostgreSQL's COPY reads it.
func (s *Store) Dump(ctx context.Context, create func(table string) (io.Writer, error)) error {
	columns, err := s.Columns(ctx)
	if err != nil {
		return fmt.Errorf("dump: %w", err)
	}
	return s.snapshot(ctx, func(read query) error {
		for _, table := range slices.Sorted(maps.Keys(columns)) {
			w, err := create(table)
			if err == nil {
				err = dumpTable(read, w, table, columns[table])
			}
			if err != nil {
				return fmt.Errorf("dump %s: %w", table, err)
			}
		}
		return nil
	})
}

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

// StoredReceipts calls each with the key of every receipt in the object store.
func (s *Store) StoredReceipts(ctx context.Context, each func(key string) error) error {
	keys, err := list(s.reader(ctx), `SELECT key FROM receipts WHERE state = 'stored' ORDER BY key`, nil,
		func(scan func(...any) error) (key string, err error) { return key, scan(&key) })
	if err != nil {
		return fmt.Errorf("receipts: %w", err)
	}
	for _, key := range keys {
		if err := each(key); err != nil {
			return err
		}
	}
	return nil
}
