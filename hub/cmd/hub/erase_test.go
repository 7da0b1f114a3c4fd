package main_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub/store/storetest"
)

// TestPeopleAreErasedAlsoInAnOlderBackup erases two people, puts the backup of the
// day before in place and brings it up to date.
func TestPeopleAreErasedAlsoInAnOlderBackup(t *testing.T) {
	storetest.OnlySQLite(t, "a backup is a copy of the file")
	data, list := t.TempDir(), filepath.Join(t.TempDir(), "list")
	say := func(want string, code int, args ...string) string {
		t.Helper()
		got, out := hub(t, append(args, "--data", data, "--shop", "demo")...)
		if got != code || !strings.Contains(out, want) {
			t.Errorf("hub %s ends with %d and says %q, want %d and %q", strings.Join(args, " "), got, out, code, want)
		}
		return out
	}
	if code, out := hub(t, "seed", "demo", "--data", data); code != 0 {
		t.Fatal(out)
	}
	db := filepath.Join(data, "demo.db")
	backup, err := os.ReadFile(db)
	if err != nil {
		t.Fatal(err)
	}
	gone := func() {
		t.Helper()
		now, err := os.ReadFile(db)
		if err != nil || bytes.Contains(now, []byte("customer3@example.com")) || bytes.Contains(now, []byte("Tomas")) {
			t.Errorf("somebody is still in the file, %v", err)
		}
	}
	say("is erased", 0, "erase", "customer", "cus-000003")
	say("erased before", 0, "erase", "customer", "cus-000003")
	say(`nobody with the id "cus-none"`, 1, "erase", "customer", "cus-none")
	say("still on the staff", 1, "erase", "operator", "op-tomas")
	say("has left", 0, "operator", "retire", "op-tomas")
	say("is erased", 0, "erase", "operator", "op-tomas")
	say("cannot be put back", 1, "operator", "add", "op-tomas", "--name", "Tomas")
	gone()
	if err := os.WriteFile(list, []byte(say("customer cus-000003", 0, "erase", "list")), 0o600); err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(backup, []byte("customer3@example.com")) {
		t.Fatal("the backup names nobody: this test looks in the wrong place")
	}
	for _, end := range []string{"-wal", "-shm"} {
		if err := os.Remove(db + end); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(db, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	say("2 on the list; 2 of them were still here", 0, "erase", "again", list)
	say("2 on the list; 0 of them were still here", 0, "erase", "again", list)
	gone()
	say("rows verify", 0, "audit", "verify")
	csv := "\"person\",\"kind\",\"event\",\"at_ms\"\n\"cus-000004\",\"customer\",7,1\n"
	if err := os.WriteFile(list, []byte(csv), 0o600); err != nil {
		t.Fatal(err)
	}
	say("1 on the list; 1 of them", 0, "erase", "again", list)
	if err := os.WriteFile(list, []byte("customer\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	say("line 1 names nobody", 1, "erase", "again", list)
	say("name one id", 1, "erase", "customer")
	say("say customer, operator, list or again", 1, "erase", "dance", "x")
}
