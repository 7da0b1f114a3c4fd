package main_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"kickstand/hub/store/storetest"
)

// unpack writes a zip into a new directory.
func unpack(t *testing.T, path string) string {
	t.Helper()
	dir := t.TempDir()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	if err := os.CopyFS(dir, z); err != nil {
		t.Fatal(err)
	}
	return dir
}

func rowsOf(t *testing.T, path string) [][]string {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return rows
}

// TestAnOwnersBundleIsTheWholeShop makes a bundle while the hub is running and
// goes on from it elsewhere.
func TestAnOwnersBundleIsTheWholeShop(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "shop.zip")
	want(t, 0, "408 items", "seed", "demo", "--data", data)
	journal(t, data, `{"a":"1111"}`, "say \"twice\",\nand ends")
	sealedBy(t, data, syscall.SIGTERM)
	s := serve(t, data)
	want(t, 0, "keep it where only you", "bundle", "--data", data, "--shop", "demo", file)
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait() // only its end counts here
	if left, err := filepath.Glob(filepath.Join(data, ".bundle-*")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the bundle: %v, %v; want mode 0600", info, err)
	}
	dir := unpack(t, file)
	if rows := rowsOf(t, filepath.Join(dir, "tables", "items.csv")); len(rows) != 409 || rows[0][0] != "id" {
		t.Errorf("items.csv: %d rows, %q; want 408 items below their columns", len(rows), rows[0])
	}
	if body, err := os.ReadFile(filepath.Join(dir, "tables", "audit_events.csv")); err != nil || !bytes.Contains(body, []byte("\"say \"\"twice\"\",\nand ends\"")) {
		t.Errorf("audit_events.csv does not hold the row with quotes and a line break: %v\n%s", err, body)
	}
	for _, page := range []string{"SCHEMA.md", "RESTORE.md"} {
		if b, err := os.ReadFile(filepath.Join(dir, page)); err != nil || len(b) < 500 {
			t.Errorf("%s: %d bytes, %v", page, len(b), err)
		}
	}
	want(t, 0, "rows verify", "audit", "verify", "--file", filepath.Join(dir, "journal"))
	goOnFrom(t, data, dir)
}

// goOnFrom does what RESTORE.md says. A database on a server is not in the
// bundle.
func goOnFrom(t *testing.T, data, dir string) {
	if _, err := os.Stat(filepath.Join(dir, "demo.db")); errors.Is(err, os.ErrNotExist) {
		storetest.OnlyPostgres(t)
		return
	}
	key, err := os.ReadFile(filepath.Join(data, "demo.audit-key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "demo.audit-key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	want(t, 0, "rows verify", "audit", "verify", "--data", dir, "--shop", "demo")
	serve(t, dir)
}

// TestABundleKeepsWhatIsThere gives names that cannot be written.
func TestABundleKeepsWhatIsThere(t *testing.T) {
	data, file := t.TempDir(), filepath.Join(t.TempDir(), "shop.zip")
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	of := func(args ...string) []string {
		return append([]string{"bundle", "--data", data, "--shop", "demo"}, args...)
	}
	want(t, 1, "there is no shop", of(file)...)
	want(t, 0, "408 items", "seed", "demo", "--data", data)
	want(t, 1, "say where to write it", of()...)
	want(t, 1, "exists already", of(file)...)
	if out := want(t, 1, "no such file", of(filepath.Join(data, "nowhere", "shop.zip"))...); strings.Contains(out, "journal") {
		t.Errorf("the message is about something else: %s", out)
	}
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if b, err := io.ReadAll(f); err != nil || string(b) != "mine" {
		t.Errorf("the file of the owner is now %q, %v", b, err)
	}
}
