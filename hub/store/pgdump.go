package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
)

// ErrNoDump is returned by ServerDump where pg_dump is not installed.
var ErrNoDump = errors.New("pg_dump is not installed here; on Debian it is in the package postgresql-client")

// DumpError is what pg_dump had against it, in its own words.
type DumpError struct{ Words string }

// Error quotes pg_dump.
func (e *DumpError) Error() string { return "pg_dump: " + e.Words }

// dump writes this schema as SQL that psql reads, as of the moment that read is
// at, which must be a transaction that stays open meanwhile.
func (d postgresDialect) dump(ctx context.Context, read query, to string) error {
	var moment, schema string
	err := read(`SELECT pg_export_snapshot(), current_schema()`, nil, func(scan func(...any) error) error { return scan(&moment, &schema) })
	if err != nil {
		return fmt.Errorf("export the moment: %w", err)
	}
	tool, err := exec.LookPath("pg_dump")
	if err != nil {
		return ErrNoDump
	}
	var said bytes.Buffer
	c := exec.CommandContext(ctx, tool, "--snapshot="+moment, "--schema="+quoteSchema(schema), "--no-owner", "--no-privileges",
		"--no-password", "--file="+to, "--dbname="+d.plainURL())
	c.Env = append(os.Environ(), "PGPASSWORD="+d.cfg.Password) // not in the list of processes
	c.Stderr = &said
	if err := c.Run(); err != nil {
		return dumpFailed(ctx, err, said.String())
	}
	return nil
}

// dumpFailed sorts out why: a full disk and a hub that stops are not pg_dump's.
func dumpFailed(ctx context.Context, err error, said string) error {
	switch words := strings.TrimSpace(said); {
	case ctx.Err() != nil:
		return ctx.Err()
	case strings.Contains(words, "No space left"):
		return fmt.Errorf("%w: pg_dump: %s", ErrFull, words)
	case words != "":
		return &DumpError{Words: words}
	}
	return &DumpError{Words: err.Error()}
}

// quoteSchema is a pattern of pg_dump that means this name and no other.
func quoteSchema(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// libpq are the settings of a URL that pg_dump understands; others are for this
// program alone.
var libpq = []string{"host", "port", "user", "passfile", "sslmode", "sslcert", "sslkey", "sslrootcert", "connect_timeout", "options", "service"}

// plainURL is the address of the database without its password and without what
// pg_dump would refuse.
func (d postgresDialect) plainURL() string {
	u, err := url.Parse(d.url)
	if err != nil {
		return "" // newPostgres has parsed it
	}
	if u.User != nil {
		u.User = url.User(u.User.Username())
	}
	q := u.Query()
	for k := range q {
		if !slices.Contains(libpq, k) {
			q.Del(k)
		}
	}
	u.RawQuery = q.Encode()
	return u.String()
}
