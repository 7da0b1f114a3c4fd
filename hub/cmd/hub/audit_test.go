package main_test

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// journal appends rows to a shop's journal, without a hub.
func journal(t *testing.T, data string, bodies ...string) {
	t.Helper()
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(data, "demo.db"), Shop: "demo"}))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, body := range bodies {
		err := s.Write(t.Context(), func(tx *store.Tx) error {
			_, err := tx.Audit(audit.Row{Kind: "note", Digest: audit.Digest([]byte(body)), Body: body})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// sealedBy lets a hub seal a journal and stops it.
func sealedBy(t *testing.T, data string, stop os.Signal) {
	t.Helper()
	s := serve(t, data)
	deadline := time.After(time.Minute)
	for code := 1; code != 0; {
		select {
		case <-deadline:
			t.Fatal("the journal is not sealed")
		case <-time.After(50 * time.Millisecond):
		}
		var out string
		if code, out = hub(t, "audit", "verify", "--data", data, "--shop", "demo"); !strings.Contains(out, "0 rows wait") {
			code = 1
		}
	}
	if err := s.cmd.Process.Signal(stop); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait() // SIGKILL counts as an error
}

func want(t *testing.T, code int, word string, args ...string) string {
	t.Helper()
	got, out := hub(t, args...)
	if got != code || !strings.Contains(out, word) {
		t.Errorf("hub %q: exit %d, %s; want %d and %q", args, got, out, code, word)
	}
	return out
}

// TestAnOwnerSealsExportsAndVerifies goes through what an owner and whoever
// does not trust the owner do.
func TestAnOwnerSealsExportsAndVerifies(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	of := func(args ...string) []string { return append(args, "--data", data, "--shop", "demo") }
	journal(t, data, `{"a":"1111"}`, `{"a":"2222"}`, `{"a":"3333"}`)
	want(t, 0, "Nothing is sealed yet", of("audit", "verify")...)
	want(t, 1, "first started", of("audit", "key")...)
	sealedBy(t, data, syscall.SIGTERM)
	if info, err := os.Stat(filepath.Join(data, "demo.audit-key")); err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("the key: %v, %v; want mode 0600", info, err)
	}
	key := strings.TrimSpace(want(t, 0, "kickstand/audit/demo+", of("audit", "key")...))
	out := want(t, 0, "3 rows verify", of("audit", "verify", "--key", key)...)
	noted := regexp.MustCompile(`3-[0-9A-Z]{5}-[0-9A-Z]{5}`).FindString(out)

	journal(t, data, `{"a":"4444"}`, `{"a":"5555"}`)
	sealedBy(t, data, syscall.SIGKILL)
	want(t, 0, "5 rows verify", of("audit", "verify", "--code", strings.ToLower(noted))...)
	want(t, 1, "no checkpoint has the code", of("audit", "verify", "--code", "3-00000-00000")...)
	want(t, 1, "not a checkpoint code", of("audit", "verify", "--code", "hello")...)

	file := filepath.Join(dir, "journal.jsonl")
	want(t, 0, "written", append(of("audit", "export"), file)...)
	want(t, 1, "exists already", append(of("audit", "export"), file)...)
	want(t, 1, "say where", of("audit", "export")...)
	out = want(t, 0, "5 rows verify", "audit", "verify", "--file", file)
	if !strings.Contains(out, "the file's own") {
		t.Errorf("the origin of the key is not told: %s", out)
	}
	want(t, 0, "2 checkpoints verify", "audit", "verify", "--file", file, "--key", key, "--code", noted)
	want(t, 1, "either --file", of("audit", "verify", "--file", file)...)
	other, err := audit.NewKey("demo")
	if err != nil {
		t.Fatal(err)
	}
	want(t, 1, "checkpoint of 3 rows is the first", "audit", "verify", "--file", file, "--key", other.Public().String())
	forge(t, file, `2222`, `2220`)
	want(t, 1, "row 2 is the first", "audit", "verify", "--file", file)
}

// TestAHubWithoutItsKeySellsOnAndSaysSo takes the key of a sealed journal away
// and gives it back.
func TestAHubWithoutItsKeySellsOnAndSaysSo(t *testing.T) {
	data := t.TempDir()
	key, away := filepath.Join(data, "demo.audit-key"), filepath.Join(t.TempDir(), "key")
	verify := []string{"audit", "verify", "--data", data, "--shop", "demo"}
	journal(t, data, `{"a":1}`)
	sealedBy(t, data, syscall.SIGTERM)
	if err := os.Rename(key, away); err != nil {
		t.Fatal(err)
	}
	journal(t, data, `{"a":2}`)
	want(t, 1, "give the public key with --key", verify...)
	s := serve(t, data)
	if res, err := http.Get("http://" + s.web + "/audit"); err != nil || res.Body.Close() != nil || res.StatusCode != http.StatusOK {
		t.Errorf("the office: %v, %v", res, err)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil || !strings.Contains(s.log.String(), "its key is missing") {
		t.Errorf("%v; the log does not say that the key is missing", err)
	}
	if _, err := os.Stat(key); err == nil {
		t.Error("a new key was made for a sealed journal")
	}
	if err := os.Rename(away, key); err != nil {
		t.Fatal(err)
	}
	sealedBy(t, data, syscall.SIGTERM)
	want(t, 0, "2 rows verify", verify...)
	if err := os.Chmod(key, 0o644); err != nil {
		t.Fatal(err)
	}
	want(t, 0, "2 rows verify", verify...)
	want(t, 1, "chmod 600", "serve", "--data", data, "--shop", "demo", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0")
}
