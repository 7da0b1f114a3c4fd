package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"

	"github.com/pressly/goose/v3"
)

// dialect is what differs between databases.
type dialect interface {
	exists(ctx context.Context) (bool, error) // whether a shop was ever made there
	begin() string                            // statement that opens a writing transaction
	migrations(files fs.FS) (goose.Dialect, fs.FS)
	openWriter() (*sql.DB, error)                // a pool of exactly one connection
	openReader(n int) (*sql.DB, error)           // a pool that cannot write
	take(ctx context.Context, c *sql.Conn) error // makes c the only connection of a hub, or refuses
	statement(q string, args []any) string       // q as the database wants it for such arguments
	values(args []any) []any                     // args as the database takes them
	sound(c *sql.Conn) error                     // whether the open transaction can be committed
	scrub(ctx context.Context) error             // takes out of the files what was overwritten
	explain(err error) error                     // wraps ErrBusy, ErrFull and ErrFailed
	columns() string                             // query of all table and column names
}

// choose returns the dialect of a configuration.
func choose(cfg Config) (dialect, error) {
	if cfg.URL == "" {
		return sqliteDialect{path: cfg.Path, busy: cfg.Busy}, nil
	}
	return newPostgres(cfg)
}

//go:embed migrations/*.sql
var migrationFiles embed.FS

// ErrOlder is returned for a database that an older program wrote and that may
// only be looked at.
var ErrOlder = errors.New("the database was written by an older program: start this program's hub on it once, or look at it with the older one")

// migrate brings the tables up to date, or with look only checks that they are.
func migrate(ctx context.Context, d dialect, look bool, log *slog.Logger) (err error) {
	files, err := fs.Sub(migrationFiles, "migrations")
	if err != nil {
		return err
	}
	db, err := d.openWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	name, files := d.migrations(files)
	p, err := goose.NewProvider(name, db, files, goose.WithDisableGlobalRegistry(true), goose.WithAllowOutofOrder(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
	}
	if look {
		behind, err := p.HasPending(ctx)
		if err == nil && behind {
			err = ErrOlder
		}
		return err
	}
	done, err := p.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate: %w", d.explain(err))
	}
	for _, r := range done {
		log.Info("migrated", "version", r.Source.Version, "file", r.Source.Path)
	}
	return nil
}
