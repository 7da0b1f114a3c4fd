package witness_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kickstand/device/witness"
)

func Example() {
	dir, err := os.MkdirTemp("", "witness")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	k, err := witness.Open(filepath.Join(dir, "witness-key"), "demo", "counter-1")
	if err != nil {
		fmt.Println(err)
		return
	}
	s := k.Cosign("kickstand/audit/demo\n1\nAAAA\ntime 5\n\nsignature of the hub\n")
	fmt.Println(k.Public().Name(), k.Public().Signed("kickstand/audit/demo\n1\nAAAA\ntime 5\n", "kickstand/audit/demo\n1\nAAAA\ntime 5\n\n"+s.Line))
	// Output: kickstand/device/demo/counter-1 true
}

func TestTheKeyIsMadeOnceAndIsTheOwnersAlone(t *testing.T) {
	path := filepath.Join(t.TempDir(), "witness-key")
	one, err := witness.Open(path, "demo", "counter-1")
	if err != nil {
		t.Fatal(err)
	}
	again, err := witness.Open(path, "demo", "counter-1")
	if err != nil || one.Public() != again.Public() {
		t.Fatalf("%v, %v", again, err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, %v", info.Mode(), err)
	}
	if err := os.Chmod(path, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := witness.Open(path, "demo", "counter-1"); err == nil {
		t.Error("a key that others may read is used")
	}
	for _, text := range []string{"", "AAAA", "not base64!"} {
		if err := os.Remove(path); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := witness.Open(path, "demo", "counter-1"); err == nil {
			t.Errorf("%q is taken for a key", text)
		}
	}
}
