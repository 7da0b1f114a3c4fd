package store_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// TestLookingChangesNothing looks at a database of this program and at one that
// an older program left behind.
func TestLookingChangesNothing(t *testing.T) {
	storetest.OnlySQLite(t, "looks at the bytes of the file")
	path := filepath.Join(t.TempDir(), "demo.db")
	s, err := store.Open(t.Context(), store.Config{Path: path, Shop: "demo"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	look, err := store.Open(t.Context(), store.Config{Path: path, Shop: "demo", Look: true})
	if err != nil {
		t.Fatal(err)
	}
	if err := look.Close(); err != nil {
		t.Fatal(err)
	}
	if err := storetest.Alter(t.Context(), path, `DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Open(t.Context(), store.Config{Path: path, Shop: "demo", Look: true}); !errors.Is(err, store.ErrOlder) {
		t.Errorf("an older database: %v, want ErrOlder", err)
	}
	after, err := os.ReadFile(path)
	if err != nil || string(before) != string(after) {
		t.Errorf("the file of the older database changed: %v", err)
	}
}
