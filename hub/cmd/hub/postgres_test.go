package main_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// TestTheDatabaseIsOneHubs starts a second hub with a directory of its own on
// the database of the first.
func TestTheDatabaseIsOneHubs(t *testing.T) {
	storetest.OnlyPostgres(t)
	data, other, secret := t.TempDir(), t.TempDir(), filepath.Join(t.TempDir(), "db")
	at := storetest.On(t, store.Config{Path: filepath.Join(data, "demo.db")})
	if err := os.WriteFile(secret, []byte(at.URL+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want(t, 0, "408 items", "seed", "demo", "--data", data)
	serve(t, data)
	elsewhere := func(args ...string) []string {
		return append(args, "--data="+other, "--shop", "demo", "--db-file", secret)
	}
	want(t, 1, "another hub is running on this database", elsewhere("serve", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0")...)
	want(t, 1, "another hub is running on this database", elsewhere("device", "list")...)
	want(t, 0, "rows verify", "audit", "verify", "--data="+data, "--shop", "demo", "--db-file", secret)
}

// TestTheDatabaseIsNamedWell gives addresses that lead nowhere.
func TestTheDatabaseIsNamedWell(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	empty, open, secret := filepath.Join(dir, "empty"), filepath.Join(dir, "open"), filepath.Join(dir, "db")
	if err := errors.Join(os.WriteFile(empty, nil, 0o600), os.WriteFile(open, nil, 0o604)); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(secret, []byte("postgres://hub:secret@127.0.0.1:1/shop"), 0o600); err != nil {
		t.Fatal(err)
	}
	at := []string{"device", "list", "--data=" + data, "--shop", "demo"}
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"nobody is there", "127.0.0.1:1", []string{"--db-file", secret}},
		{"another kind of database", "only postgres:// is", []string{"--db", "mysql://h/d"}},
		{"both", "either --db or --db-file", []string{"--db", "postgres://h/d", "--db-file", secret}},
		{"an empty file", "must hold postgres://", []string{"--db-file", empty}},
		{"a file for everybody", "chmod 600", []string{"--db-file", open}},
		{"no file", "no such file", []string{"--db-file", empty + "-not"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if out := want(t, 1, c.want, append(at, c.args...)...); strings.Contains(out, "secret") {
				t.Errorf("the password is told: %s", out)
			}
		})
	}
}

// TestAnEmptyDatabaseIsNoShop looks into a database that no hub was started on.
func TestAnEmptyDatabaseIsNoShop(t *testing.T) {
	data := t.TempDir()
	want(t, 1, "there is no shop at", "device", "list", "--data", data, "--shop", "demo")
	want(t, 1, "there is no shop at", "audit", "verify", "--data", data, "--shop", "demo")
	at := storetest.On(t, store.Config{Path: filepath.Join(data, "demo.db")})
	if there, err := store.Exists(t.Context(), at); err != nil || there {
		t.Errorf("looking made a shop: %v, %v", there, err)
	}
}
