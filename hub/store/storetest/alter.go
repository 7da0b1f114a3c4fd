package storetest

import (
	"context"
	"fmt"

	"kickstand/hub/store"
)

// Alter carries out statements in a shop's database behind the hub's back, for
// tests of what is noticed afterwards. path is its file, or stands for its
// schema as in [On].
func Alter(ctx context.Context, path string, statements ...string) error {
	driver, source := "sqlite", "file:"+path+"?_pragma=busy_timeout(5000)"
	if at := Again(store.Config{Path: path}); at.URL != "" {
		// As a whole, because one statement may be several, and with nothing
		// checked between tables, as in a file.
		driver, source = "pgx", at.URL+"&default_query_exec_mode=simple_protocol&session_replication_role=replica"
	}
	if err := carryOut(ctx, driver, source, statements...); err != nil {
		return fmt.Errorf("alter %s: %w", path, err)
	}
	return nil
}
