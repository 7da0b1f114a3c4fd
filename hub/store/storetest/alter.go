package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"kickstand/hub/store"
)

// Alter carries out statements in a shop's database behind the hub's back, for
// tests of what is noticed afterwards. path is its file, or stands for its
// schema as in [On].
func Alter(ctx context.Context, path string, statements ...string) error {
	driver, source := behind(path)
	if err := carryOut(ctx, driver, source, statements...); err != nil {
		return fmt.Errorf("alter %s: %w", path, err)
	}
	return nil
}

// Lock holds a shop's sales, as another program may, while a function runs.
func Lock(ctx context.Context, path string, while func()) (err error) {
	driver, source := behind(path)
	db, err := sql.Open(driver, source)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	lock := "BEGIN IMMEDIATE"
	if driver == "pgx" {
		lock = "BEGIN; LOCK TABLE sales IN EXCLUSIVE MODE"
	}
	if _, err := conn.ExecContext(ctx, lock); err != nil {
		return fmt.Errorf("lock %s: %w", path, err)
	}
	while()
	_, err = conn.ExecContext(ctx, "ROLLBACK")
	return err
}

// behind names a shop's database for others than its hub. On PostgreSQL a text
// may be several statements and nothing is checked between tables, as in a file.
func behind(path string) (driver, source string) {
	if at := Again(store.Config{Path: path}); at.URL != "" {
		return "pgx", at.URL + "&default_query_exec_mode=simple_protocol&session_replication_role=replica"
	}
	return "sqlite", "file:" + path + "?_pragma=busy_timeout(5000)"
}
