package store_test

import (
	"bufio"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// TestKilledWhileSealing kills a process with SIGKILL while it writes and
// seals, again and again. What is left must verify, must have every checkpoint
// the process was told is kept, and must be fit to be sealed on.
func TestKilledWhileSealing(t *testing.T) {
	dir := t.TempDir()
	shop := storetest.On(t, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"})
	key, err := audit.CreateKey(filepath.Join(dir, "key"), "demo")
	if err != nil {
		t.Fatal(err)
	}
	rounds := 10
	if testing.Short() {
		rounds = 3
	}
	for range rounds {
		said := killedAfter(t, dir, 1+rand.IntN(30))
		s, err := store.Open(t.Context(), shop)
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.VerifySealed(t.Context(), key.Public(), "")
		if err != nil || r.Latest.Size < said {
			t.Errorf("%+v, %v; the checkpoint of %d rows was said to be kept", r, err, said)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

// killedAfter runs the process until it has said so many sizes, kills it at
// once and returns the last size it said.
func killedAfter(t *testing.T, dir string, sizes int) (last int64) {
	t.Helper()
	c := exec.Command(os.Args[0])
	c.Env = append(os.Environ(), sealingEnv+"="+dir)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if last, err = strconv.ParseInt(lines.Text(), 10, 64); err != nil {
			t.Error(err)
		}
		if sizes--; sizes == 0 {
			_ = c.Process.Kill() // nothing else ends it
		}
	}
	_ = c.Wait() // was killed
	if sizes > 0 {
		t.Fatal("it ended by itself")
	}
	return last
}
