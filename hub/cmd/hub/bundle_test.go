package main_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"kickstand/hub/store"
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
	want(t, 0, "parts are as they were written", "bundle", "verify", file)
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

// goOnFrom does what RESTORE.md says.
func goOnFrom(t *testing.T, data, dir string) {
	key, err := os.ReadFile(filepath.Join(data, "demo.audit-key"))
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, "demo.audit-key"), key, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "demo.db")); errors.Is(err, os.ErrNotExist) {
		goOnFromDump(t, data, dir)
		return
	}
	want(t, 0, "rows verify", "audit", "verify", "--data", dir, "--shop", "demo")
	serve(t, dir)
}

// goOnFromDump loads the dump into an empty place: the old shop's schema, once it
// is gone.
func goOnFromDump(t *testing.T, data, dir string) {
	storetest.OnlyPostgres(t)
	old := storetest.Again(store.Config{Path: filepath.Join(data, "demo.db")})
	of := regexp.MustCompile(`[?&]search_path=([^&]*)`)
	server, schema := of.ReplaceAllString(old.URL, ""), of.FindStringSubmatch(old.URL)[1]
	for _, args := range [][]string{{"--command", "DROP SCHEMA " + schema + " CASCADE"}, {"--single-transaction", "--file", filepath.Join(dir, "demo.sql")}} {
		args = append([]string{"--set", "ON_ERROR_STOP=1", "--dbname", server}, args...)
		if out, err := exec.Command("psql", args...).CombinedOutput(); err != nil {
			t.Fatalf("psql %q: %v\n%s", args, err, out)
		}
	}
	at := []string{"--db", old.URL, "--data=" + dir, "--shop", "demo"}
	want(t, 0, "rows verify", append([]string{"audit", "verify"}, at...)...)
	want(t, 0, "op-maren", append([]string{"operator", "list"}, at...)...)
}

// TestAKilledBundleLeavesNothing kills the process with SIGKILL while it writes,
// until it was caught in the middle; the next start of the hub clears away.
func TestAKilledBundleLeavesNothing(t *testing.T) {
	data, out := t.TempDir(), t.TempDir()
	want(t, 0, "408 items", "seed", "demo", "--data", data)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	for i := range 50 {
		file := filepath.Join(out, fmt.Sprintf("shop-%d.zip", i))
		c := exec.Command(path, placed(t, []string{"bundle", "--data", data, "--shop", "demo", file})...)
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		for begun := false; !begun && c.ProcessState == nil; {
			_, part := os.Stat(file + ".part")
			_, whole := os.Stat(file)
			begun = part == nil || whole == nil
		}
		_ = c.Process.Kill() // may have ended already
		_ = c.Wait()         // SIGKILL counts as an error
		if _, err := os.Stat(file); err == nil {
			want(t, 0, "as they were written", "bundle", "verify", file)
			continue
		}
		if left := leftovers(t, data, out); len(left) < 2 {
			t.Fatalf("it was killed, and left only %v", left)
		}
		serve(t, data)
		for deadline := time.After(time.Minute); len(leftovers(t, data, out)) > 0; {
			select {
			case <-deadline:
				t.Fatalf("after the hub has started there are still %v", leftovers(t, data, out))
			case <-time.After(10 * time.Millisecond):
			}
		}
		return
	}
	t.Fatal("it was never caught in the middle")
}

func leftovers(t *testing.T, data, out string) []string {
	t.Helper()
	work, err := filepath.Glob(filepath.Join(data, ".bundle-*"))
	parts, err2 := filepath.Glob(filepath.Join(out, "*.part"))
	if err := errors.Join(err, err2); err != nil {
		t.Fatal(err)
	}
	return append(work, parts...)
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
	want(t, 1, "say which", "bundle", "verify")
	want(t, 1, "cannot be read as a bundle", "bundle", "verify", file)
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
