package audit_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub/audit"
)

func TestAKeyIsKeptForItsOwnerAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "demo.audit-key")
	if _, err := audit.OpenKey(path, "demo"); !errors.Is(err, audit.ErrNoKey) {
		t.Fatalf("without a file: %v", err)
	}
	made, err := audit.CreateKey(path, "demo")
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v; want 0600", info.Mode(), err)
	}
	kept, err := audit.OpenKey(path, "demo")
	if err != nil {
		t.Fatal(err)
	}
	c, err := kept.Sign(audit.Checkpoint{Shop: "demo", Size: 1})
	if err != nil {
		t.Fatal(err)
	}
	public, err := audit.ParsePublic(made.Public().String())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := public.Check(c.Note); err != nil {
		t.Errorf("the kept key is another: %v", err)
	}
	if _, err := audit.CreateKey(path, "demo"); err == nil {
		t.Error("a key was replaced")
	}
	if left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*")); err != nil || len(left) != 1 {
		t.Errorf("files left behind: %v, %v", left, err)
	}
}

func TestBadKeyFilesAreExplained(t *testing.T) {
	for _, c := range []struct {
		name, shop string
		change     func(path string) error
		want       string
	}{
		{"readable by others", "demo", func(p string) error { return os.Chmod(p, 0o640) }, "chmod 600"},
		{"of another shop", "other", func(string) error { return nil }, "not to shop other"},
		{"cut off", "demo", func(p string) error { return os.Truncate(p, 40) }, "restore it"},
		{"empty", "demo", func(p string) error { return os.Truncate(p, 0) }, "restore it"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "key")
			if _, err := audit.CreateKey(path, "demo"); err != nil {
				t.Fatal(err)
			}
			secret, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.change(path); err != nil {
				t.Fatal(err)
			}
			_, err = audit.OpenKey(path, c.shop)
			if p, errPublic := audit.OpenPublic(path, c.shop); (errPublic == nil) != (c.name == "readable by others") || errPublic == nil && p.String() == "" {
				t.Errorf("its public half: %v, %v", p, errPublic)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if part := strings.SplitN(string(secret), "+", 5); strings.Contains(err.Error(), part[4][:8]) {
				t.Error("the error tells the key")
			}
		})
	}
}
