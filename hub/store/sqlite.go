package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"time"

	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteDialect is all that is particular to SQLite.
type sqliteDialect struct {
	path string
	busy time.Duration
}

// begin takes the write lock at once, so that no transaction has to be given up
// half-way.
func (d sqliteDialect) begin() string { return "BEGIN IMMEDIATE" }

func (d sqliteDialect) exists(context.Context) (bool, error) {
	_, err := os.Stat(d.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

func (d sqliteDialect) migrations(files fs.FS) (goose.Dialect, fs.FS) {
	return goose.DialectSQLite3, files
}

// take does nothing: the file is locked by whoever serves it, and two that
// write are kept apart by SQLite.
func (d sqliteDialect) take(context.Context, *sql.Conn) error { return nil }

func (d sqliteDialect) statement(q string, _ []any) string { return q }

func (d sqliteDialect) values(args []any) []any { return args }

func (d sqliteDialect) sound(*sql.Conn) error { return nil }

// openWriter opens the one connection that writes.
func (d sqliteDialect) openWriter() (*sql.DB, error) {
	db, err := sql.Open("sqlite", d.dsn(
		"journal_mode(WAL)", "synchronous(FULL)", "foreign_keys(1)",
		"wal_autocheckpoint(4000)", "cache_size(-16000)", "temp_store(MEMORY)",
		"secure_delete(1)", // what is erased is zeroes in the file, not only unlinked
	))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	db.SetMaxIdleConns(1)
	return db, nil
}

// openReader opens connections that cannot write.
func (d sqliteDialect) openReader(n int) (*sql.DB, error) {
	db, err := sql.Open("sqlite", d.dsn("query_only(1)"))
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

func (d sqliteDialect) dsn(pragmas ...string) string {
	q := url.Values{}
	q.Add("_pragma", fmt.Sprintf("busy_timeout(%d)", d.busy.Milliseconds()))
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	return "file:" + (&url.URL{Path: d.path}).EscapedPath() + "?" + q.Encode()
}

// scrub writes the file anew and empties the log, for both hold what stood there
// before: when SQLite moves rows to another page it leaves their bytes where they
// were, and secure_delete does not reach those. Meanwhile others can read, and
// writers wait; it needs room for a second file.
func (d sqliteDialect) scrub(ctx context.Context) (err error) {
	db, err := sql.Open("sqlite", d.dsn("secure_delete(1)"))
	if err != nil {
		return err
	}
	db.SetMaxOpenConns(1)
	defer func() { err = errors.Join(err, db.Close()) }()
	if _, err := db.ExecContext(ctx, `VACUUM`); err != nil {
		return err
	}
	var busy, pages, moved int
	err = db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &pages, &moved)
	if err == nil && busy != 0 {
		err = ErrBusy
	}
	return err
}

// explain puts the sentinel a caller can branch on around a driver's error.
func (d sqliteDialect) explain(err error) error {
	var e *sqlite.Error
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code() & 0xff {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return fmt.Errorf("%w: %w", ErrBusy, err)
	case sqlite3.SQLITE_FULL:
		return fmt.Errorf("%w: %w", ErrFull, err)
	case sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB:
		return fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return err
}

// columns lists the columns of every table.
func (d sqliteDialect) columns() string {
	return `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%' AND m.name NOT LIKE 'goose_%' ORDER BY m.name, c.cid`
}
