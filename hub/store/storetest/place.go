package storetest

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/pgtest"
)

// On gives the place of a shop in the database of this run: a configuration for
// a file is returned as it is, or, when KICKSTAND_POSTGRES names a server, with
// a schema there in place of the file. The same path gives the same schema,
// which is removed when the test ends that was the first to ask. make test runs every test of the hub
// both ways.
func On(tb testing.TB, cfg store.Config) store.Config {
	tb.Helper()
	server := os.Getenv(pgtest.Env)
	if server == "" {
		return cfg
	}
	name := schema(cfg.Path)
	if run(tb, server, `CREATE SCHEMA `+name) {
		tb.Cleanup(func() { run(tb, server, `DROP SCHEMA `+name+` CASCADE`) })
	}
	return Again(cfg)
}

// Again is On for a process that a test has started, or for a place that exists
// already.
func Again(cfg store.Config) store.Config {
	if server := os.Getenv(pgtest.Env); server != "" {
		cfg.URL = within(server, schema(cfg.Path))
	}
	return cfg
}

// OnlySQLite skips a test of something that only files have, and says what.
func OnlySQLite(tb testing.TB, why string) {
	tb.Helper()
	if os.Getenv(pgtest.Env) != "" {
		tb.Skip("on files only: " + why)
	}
}

// OnlyPostgres skips a test of something that only a server has.
func OnlyPostgres(tb testing.TB) {
	tb.Helper()
	if os.Getenv(pgtest.Env) == "" {
		tb.Skip("on PostgreSQL only: make test starts a server, and so does bin/demo --postgres -- go test ./hub/store")
	}
}

// schema is the name of the schema that stands for a file.
func schema(path string) string {
	sum := sha256.Sum256([]byte(path))
	return "t_" + hex.EncodeToString(sum[:8])
}

// within names a schema of a server's database.
func within(server, schema string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server // store.Open says what is wrong with it
	}
	q := u.Query()
	q.Set("search_path", schema)
	u.RawQuery = q.Encode()
	return u.String()
}

// run carries out a statement and returns false when the schema exists already.
func run(tb testing.TB, server, statement string) bool {
	tb.Helper()
	err := carryOut(context.Background(), "pgx", server, statement)
	if err != nil && strings.Contains(err.Error(), "already exists") {
		return false
	}
	if err != nil {
		tb.Fatalf("the server of %s: %v", pgtest.Env, err)
	}
	return true
}

func carryOut(ctx context.Context, driver, source string, statements ...string) (err error) {
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, q := range statements {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("%.80s: %w", q, err)
		}
	}
	return nil
}
