package main_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/hub/store/pgtest"
	"kickstand/hub/store/storetest"
)

// binary is built once for all tests.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kickstand-hub")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "hub")
	c := exec.Command("go", "build", "-o", path, ".")
	c.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := c.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path)) // a temporary directory left behind harms nobody
	}
	os.Exit(code)
}

// hub runs the program to its end and returns its exit code and output.
func hub(t *testing.T, args ...string) (code int, out string) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	args = placed(t, args)
	b, err := exec.CommandContext(ctx, path, args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if exit != nil {
		code = exit.ExitCode()
	}
	return code, string(b)
}

// placed adds the database of this run to the flags of a command.
func placed(t *testing.T, args []string) []string {
	t.Helper()
	for i, a := range args {
		if a != "--data" || i+1 == len(args) {
			continue
		}
		if at := storetest.On(t, store.Config{Path: filepath.Join(args[i+1], "demo.db")}); at.URL != "" {
			return slices.Concat(args[:i], []string{"--db", at.URL}, args[i:])
		}
	}
	return args
}

// serving is a hub that runs until the test ends.
type serving struct {
	cmd *exec.Cmd
	log *bytes.Buffer
	web string
}

func serve(t *testing.T, data string, more ...string) *serving {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	s := &serving{log: new(bytes.Buffer), web: freePort(t)}
	args := append([]string{"serve", "--data", data, "--shop", "demo", "--web", s.web, "--mqtt", "127.0.0.1:0"}, more...)
	s.cmd = exec.Command(path, placed(t, args)...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = s.cmd.Process.Kill() // may have ended already
		_ = s.cmd.Wait()
		if t.Failed() {
			t.Logf("the hub said:\n%s", s.log)
		}
	})
	deadline := time.After(time.Minute)
	for !s.answers() {
		select {
		case <-deadline:
			t.Fatal("the hub does not answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
	return s
}

func (s *serving) answers() bool {
	res, err := http.Get("http://" + s.web + "/healthz")
	return err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

func freePort(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

func TestSeedServeStop(t *testing.T) {
	data := filepath.Join(t.TempDir(), "hub")
	for _, want := range []string{"408 items", "nothing was changed"} {
		if code, out := hub(t, "seed", "demo", "--data", data); code != 0 || !strings.Contains(out, want) {
			t.Fatalf("seed: exit %d, %s; want %q", code, out, want)
		}
	}
	files := 1
	if os.Getenv(pgtest.Env) != "" {
		files = 0
	}
	found, err := filepath.Glob(filepath.Join(data, "*.db"))
	if err != nil || len(found) != files {
		t.Errorf("database files: %v, %v; want %d for one shop", found, err, files)
	}
	s := serve(t, data)
	if code, out := hub(t, "serve", "--data", data, "--shop", "demo", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"); code != 1 || !strings.Contains(out, "another hub is running") {
		t.Errorf("a second hub: exit %d, %s", code, out)
	}
	if code, out := hub(t, "seed", "demo", "--data", data); code != 1 || !strings.Contains(out, "another hub is running") {
		t.Errorf("seed beside a running hub: exit %d, %s", code, out)
	}
	if code, out := hub(t, "serve", "--data", t.TempDir(), "--shop", "demo", "--web", s.web, "--mqtt", "127.0.0.1:0"); code != 1 || !strings.Contains(out, s.web+" is in use") {
		t.Errorf("a taken port: exit %d, %s", code, out)
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		t.Errorf("SIGTERM ends it with %v", err)
	}
}

func TestAKilledHubStartsAgain(t *testing.T) {
	data := t.TempDir()
	s := serve(t, data)
	if err := s.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = s.cmd.Wait() // was killed
	serve(t, data)
}

func TestMistakesAreExplained(t *testing.T) {
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "a command is missing"},
		{[]string{"sell"}, `no command "sell"`},
		{[]string{"serve"}, "--data is missing"},
		{[]string{"serve", "--data", "x", "--shop", "No Shop"}, "must be 1 to 48"},
		{[]string{"serve", "--dta", "x"}, "not defined: -dta"},
		{[]string{"serve", "--data", "x", "--shop", "demo", "more"}, `unexpected "more"`},
		{[]string{"serve", "--data", "x", "--shop", "demo", "--log", "loud"}, "debug or info"},
		{[]string{"seed"}, "say what to seed"},
		{[]string{"audit", "verify", "--data", t.TempDir(), "--shop", "demo"}, "there is no shop"},
	} {
		if code, out := hub(t, c.args...); code != 1 || !strings.Contains(out, c.want) {
			t.Errorf("hub %q: exit %d, %s; want %q", c.args, code, out, c.want)
		}
	}
	for _, args := range [][]string{{"version"}, {"help"}, {"serve", "--help"}} {
		if code, out := hub(t, args...); code != 0 || out == "" {
			t.Errorf("hub %q: exit %d, %q", args, code, out)
		}
	}
}

// TestVerifyNamesTheFirstBadRow chains five rows, of which the fourth was
// sealed with another content than it has.
func TestVerifyNamesTheFirstBadRow(t *testing.T) {
	data := t.TempDir()
	write := func(rows ...string) {
		t.Helper()
		s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(data, "demo.db"), Shop: "demo"}))
		if err != nil {
			t.Fatal(err)
		}
		defer s.Close()
		for _, body := range rows {
			err := s.Write(t.Context(), func(tx *store.Tx) error {
				_, err := tx.Audit(audit.Row{Kind: "note", Digest: audit.Digest([]byte(body)), Body: body})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	write(`{"a":1}`, `{"a":2}`, `{"a":3}`, `{"a":"4444"}`, `{"a":5}`)
	verify := []string{"audit", "verify", "--data", data, "--shop", "demo"}
	if code, out := hub(t, verify...); code != 0 || !strings.Contains(out, "5 rows verify") {
		t.Fatalf("an honest journal: exit %d, %s", code, out)
	}
	if err := storetest.Alter(t.Context(), filepath.Join(data, "demo.db"), `UPDATE audit_events SET body = replace(body, '4444', '4440')`); err != nil {
		t.Fatal(err)
	}
	if code, out := hub(t, verify...); code != 1 || !strings.Contains(out, "row 4 is the first") {
		t.Errorf("a forged journal: exit %d, %s; want row 4 named", code, out)
	}
}

// forge changes bytes in a file, as somebody with the disk in hand could.
func forge(t *testing.T, path, from, to string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(from)) || len(from) != len(to) {
		t.Fatalf("%s is not in the file", from)
	}
	if err := os.WriteFile(path, bytes.ReplaceAll(b, []byte(from), []byte(to)), 0o644); err != nil {
		t.Fatal(err)
	}
}
