package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
)

// ErrTaken is returned by Open when another hub has the database.
var ErrTaken = errors.New("another hub is running on this database: stop it first")

// postgresDialect is all that is particular to PostgreSQL.
type postgresDialect struct {
	cfg  *pgx.ConnConfig
	url  string
	busy time.Duration
	look bool
}

func newPostgres(cfg Config) (dialect, error) {
	u, err := url.Parse(cfg.URL)
	if err != nil {
		return nil, errors.New("the URL of the database cannot be read: write postgres://USER:PASSWORD@HOST/DATABASE, with special characters of the password as %XX")
	}
	if u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return nil, fmt.Errorf("a database at %s:// is not supported: only postgres:// is", u.Scheme)
	}
	c, err := pgx.ParseConfig(cfg.URL)
	if err != nil {
		return nil, err // without the password, as pgx promises
	}
	if c.ConnectTimeout == 0 {
		c.ConnectTimeout = 10 * time.Second
	}
	c.RuntimeParams["client_min_messages"] = "warning"
	c.RuntimeParams["default_transaction_isolation"] = "read committed"
	if c.RuntimeParams["application_name"] == "" {
		c.RuntimeParams["application_name"] = "kickstand " + cfg.Shop
	}
	return postgresDialect{cfg: c, url: cfg.URL, busy: cfg.Busy, look: cfg.Look}, nil
}

func (d postgresDialect) exists(ctx context.Context) (there bool, err error) {
	db, err := d.openReader(1)
	if err != nil {
		return false, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	err = db.QueryRowContext(ctx, `SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = 'meta')`).Scan(&there)
	return there, err
}

func (d postgresDialect) begin() string { return "BEGIN" }

func (d postgresDialect) migrations(files fs.FS) (goose.Dialect, fs.FS) {
	return goose.DialectPostgres, pgMigrations{files}
}

// openWriter opens the one connection that writes. The server ends it within
// half a minute after the hub's machine has vanished, so that another can take
// over.
func (d postgresDialect) openWriter() (*sql.DB, error) {
	return d.open(1, map[string]string{
		"lock_timeout":            strconv.FormatInt(d.busy.Milliseconds(), 10),
		"tcp_keepalives_idle":     "10",
		"tcp_keepalives_interval": "5",
		"tcp_keepalives_count":    "3",
	}, d.look), nil
}

// openReader opens connections that cannot write.
func (d postgresDialect) openReader(n int) (*sql.DB, error) {
	return d.open(n, nil, true), nil
}

func (d postgresDialect) open(n int, settings map[string]string, readOnly bool) *sql.DB {
	c := d.cfg.Copy()
	for k, v := range settings {
		c.RuntimeParams[k] = v
	}
	if readOnly {
		c.RuntimeParams["default_transaction_read_only"] = "on"
	}
	db := stdlib.OpenDB(*c)
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db
}

// take checks that what the server confirms is on its disk, and keeps other
// hubs away for as long as the connection lives.
func (d postgresDialect) take(ctx context.Context, c *sql.Conn) error {
	var version int
	var encoding, fsync, commit, readOnly, schema string
	err := c.QueryRowContext(ctx, `SELECT CAST(current_setting('server_version_num') AS INTEGER), current_setting('server_encoding'),
		current_setting('fsync'), current_setting('synchronous_commit'), current_setting('transaction_read_only'), coalesce(current_schema(), '')`).
		Scan(&version, &encoding, &fsync, &commit, &readOnly, &schema)
	switch {
	case err != nil:
		return err
	case version < 150000:
		return fmt.Errorf("the server is PostgreSQL %d: use 15 or newer", version/10000)
	case encoding != "UTF8":
		return fmt.Errorf("the database is encoded as %s: make one with ENCODING 'UTF8'", encoding)
	case schema == "":
		return errors.New("the schema named by search_path does not exist: make it with CREATE SCHEMA first")
	case d.look:
		return nil
	case readOnly != "off":
		return errors.New("the server takes no changes, as a standby does: name the primary, or add target_session_attrs=read-write to the URL")
	case fsync != "on":
		return errors.New("the server runs with fsync = off and would lose sales at a power cut: set fsync = on in postgresql.conf and restart it")
	case commit != "on" && commit != "remote_apply":
		return fmt.Errorf("synchronous_commit is %s, so that confirmed sales could be lost at a power cut: set it to on, for the server or by ALTER ROLE … SET synchronous_commit = on", commit)
	}
	return d.lock(ctx, c)
}

// lockClass tells the hub's lock from other programs' in the same database.
const lockClass = 0x4b53544e

// lock takes the schema for this hub. A hub that was killed a moment ago may
// still hold it until the server has noticed.
func (d postgresDialect) lock(ctx context.Context, c *sql.Conn) error {
	again := time.NewTicker(d.busy / 20)
	defer again.Stop()
	for tries := 0; ; tries++ {
		var mine bool
		err := c.QueryRowContext(ctx, `SELECT pg_try_advisory_lock($1, (SELECT CAST(oid AS INTEGER) FROM pg_namespace WHERE nspname = current_schema()))`,
			lockClass).Scan(&mine)
		if err != nil || mine {
			return err
		}
		if tries == 20 {
			return ErrTaken
		}
		select {
		case <-again.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// scrub lets the server take the old versions of rows out of its tables. What its
// own log and its backups hold is the server's.
func (d postgresDialect) scrub(ctx context.Context) (err error) {
	db := d.open(1, nil, false)
	defer func() { err = errors.Join(err, db.Close()) }()
	_, err = db.ExecContext(ctx, `VACUUM`)
	return err
}

// statement gives each argument the type of its Go value. Left alone,
// PostgreSQL guesses from the first place it stands in, and takes $1 of
// "$1 = 0 OR at_ms < $1" for a number of 32 bits.
func (d postgresDialect) statement(q string, args []any) string {
	if len(args) == 0 {
		return q
	}
	var b strings.Builder
	quoted := false
	for i := 0; i < len(q); {
		end := i + 1
		quoted = quoted != (q[i] == '\'')
		for q[i] == '$' && !quoted && end < len(q) && q[end] >= '0' && q[end] <= '9' {
			end++
		}
		b.WriteString(q[i:end])
		if n, err := strconv.Atoi(q[i+1 : end]); err == nil && n > 0 && n <= len(args) {
			b.WriteString(typeOf(args[n-1]))
		}
		i = end
	}
	return b.String()
}

func typeOf(v any) string {
	switch k := reflect.ValueOf(v); k.Kind() {
	case reflect.String:
		return "::text"
	case reflect.Int, reflect.Int64, reflect.Int32:
		return "::bigint"
	case reflect.Slice:
		return "::bytea"
	}
	return ""
}

// values replaces what no text of PostgreSQL can hold, so that a message with a
// zero byte in a name is kept like any other.
func (d postgresDialect) values(args []any) []any {
	mine := false
	for i, a := range args {
		s, ok := a.(string)
		if !ok || utf8.ValidString(s) && strings.IndexByte(s, 0) < 0 {
			continue
		}
		if !mine {
			args, mine = slices.Clone(args), true
		}
		args[i] = strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "\ufffd")
	}
	return args
}

// sound refuses to commit a transaction that a failed statement has ended:
// PostgreSQL would undo it and report no error.
func (d postgresDialect) sound(c *sql.Conn) error {
	return c.Raw(func(dc any) error {
		if s := dc.(*stdlib.Conn).Conn().PgConn().TxStatus(); s != 'T' {
			return fmt.Errorf("a statement failed before the commit (%c)", s)
		}
		return nil
	})
}

// explain puts the sentinel a caller can branch on around a driver's error.
func (d postgresDialect) explain(err error) error {
	var e *pgconn.PgError
	switch {
	case err == nil, errors.Is(err, ErrFailed), errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &e):
		if word := sentinel(e.Code); word != nil {
			return fmt.Errorf("%w: %w", word, err)
		}
		return err
	case lost(err):
		return fmt.Errorf("%w: %w", ErrFailed, err)
	}
	return err
}

// sentinel sorts the codes of PostgreSQL's appendix A.
func sentinel(code string) error {
	switch {
	case code == "53100": // disk full
		return ErrFull
	case code == "55P03" || code == "57014" || code == "40001" || code == "40P01" || code == "53300":
		return ErrBusy // lock timeout, cancelled by a person, rivals, too many connections
	case strings.HasPrefix(code, "08") || strings.HasPrefix(code, "57P") || strings.HasPrefix(code, "58") ||
		strings.HasPrefix(code, "XX") || code == "25006" || code == "25P03" || code == "53200":
		return ErrFailed // connection, shutdown, disk, damage, became a standby, ended by the server, memory
	}
	return nil
}

// lost reports whether the connection is gone, so that nobody knows what became
// of the statement.
func lost(err error) bool {
	var n net.Error
	var c *pgconn.ConnectError
	return errors.As(err, &n) || errors.As(err, &c) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, net.ErrClosed) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || pgconn.Timeout(err) ||
		strings.Contains(err.Error(), "conn closed")
}

// columns lists the columns of every table.
func (d postgresDialect) columns() string {
	return `SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name NOT LIKE 'goose%' ORDER BY table_name, ordinal_position`
}
