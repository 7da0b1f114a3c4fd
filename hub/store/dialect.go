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

// dialect is what differs between databases, beside the migrations.
type dialect interface {
	begin() string                       // statement that opens a writing transaction
	migrations() (goose.Dialect, string) // goose's name and the directory
	openWriter() (*sql.DB, error)        // a pool of exactly one connection
	openReader(n int) (*sql.DB, error)   // a pool that cannot write
	explain(err error) error             // wraps ErrBusy and ErrFull
	columns() string                     // query of all table and column names
}

//go:embed migrations
var migrationFiles embed.FS

// migrate brings the tables up to date.
func migrate(ctx context.Context, d dialect, log *slog.Logger) (err error) {
	name, dir := d.migrations()
	files, err := fs.Sub(migrationFiles, dir)
	if err != nil {
		return err
	}
	db, err := d.openWriter()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	p, err := goose.NewProvider(name, db, files, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	if err != nil {
		return fmt.Errorf("read migrations: %w", err)
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
