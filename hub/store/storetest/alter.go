package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// Alter carries out statements in a shop's database file behind the hub's
// back, for tests of what is noticed afterwards.
func Alter(ctx context.Context, path string, statements ...string) (err error) {
	db, err := sql.Open("sqlite", "file:"+path+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	for _, q := range statements {
		if _, err := db.ExecContext(ctx, q); err != nil {
			return fmt.Errorf("alter %s: %w", path, err)
		}
	}
	return nil
}
