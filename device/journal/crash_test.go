package journal_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// childEnv names the journal that this test binary, run again as a child, has
// to write to until it is killed.
const childEnv = "KICKSTAND_JOURNAL_CHILD"

func childJournal() string { return os.Getenv(childEnv) }

// writeUntilKilled commits from eight goroutines and prints every number only
// after Commit said that it is stored.
func writeUntilKilled(path string) {
	j, _, err := journal.Open(path, journal.Options{Device: "counter-1", Stamp: stamp, LoCap: 64 << 10})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	ctx := context.Background()
	go func() { fmt.Println("error", j.Run(ctx)) }()
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := 0; ; i++ {
				e, err := protocol.Seal("counter-1", &protocol.DeviceFault{Part: fmt.Sprint(w, i), State: "ok"}, stamp())
				if err != nil {
					fmt.Println("error", err)
					return
				}
				res, err := j.Commit(ctx, journal.Entry{State: fmt.Append(nil, w, i), Hi: []protocol.Envelope{e}, Lo: []protocol.Envelope{e}})
				if err != nil {
					fmt.Println("error", err)
					return
				}
				fmt.Println("stored", res.Hi)
			}
		})
	}
	wg.Wait()
}

func TestKilledInMidWriteLosesNothingAcknowledged(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	stored := map[uint64]bool{1: true}
	for round := range 12 {
		for _, n := range killChild(t, path, 40+round*37) {
			stored[n] = true
		}
		j, rep, stop := open(t, path, options())
		if rep.Fresh {
			t.Fatalf("round %d: the journal was set aside: %s", round, rep.Why)
		}
		rows := all(t, j, journal.Hi)
		for i, r := range rows {
			if !strings.HasPrefix(r, fmt.Sprint(i+1)+" ") {
				t.Fatalf("round %d: row %d is %q", round, i+1, r)
			}
		}
		for n := range stored {
			if n > uint64(len(rows)) {
				t.Fatalf("round %d: %d was acknowledged, the journal ends at %d", round, n, len(rows))
			}
		}
		stop()
	}
	t.Logf("%d acknowledged events over 12 kills, all there", len(stored))
}

// killChild runs a child, kills it after it has reported some commits, and
// returns what it reported.
func killChild(t *testing.T, path string, after int) []uint64 {
	t.Helper()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var seen []uint64
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		var n uint64
		if _, err := fmt.Sscanf(lines.Text(), "stored %d", &n); err != nil {
			t.Errorf("child: %s", lines.Text())
			break
		}
		seen = append(seen, n)
		if len(seen) == after {
			if err := child.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
	}
	_ = child.Wait() // it was killed: the error is what we want
	if len(seen) < after {
		t.Fatalf("the child reported %d commits before it ended, want %d", len(seen), after)
	}
	return seen
}

// TestFailedSyncStopsTheJournal lets the kernel fail one sync. What was
// acknowledged before must be there, nothing after it may be acknowledged.
func TestFailedSyncStopsTheJournal(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("failing a sync on purpose needs strace")
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	child := exec.CommandContext(ctx, strace, "-f", "-o", os.DevNull, "-e", "trace=fdatasync",
		"-e", "inject=fdatasync:error=EIO:when=60", os.Args[0])
	child.Env = append(os.Environ(), childEnv+"="+path)
	out, err := child.Output()
	if strings.Count(string(out), "stored") == 0 {
		t.Skipf("strace may not trace here: %v", err)
	}
	var last uint64
	failed := 0
	for line := range strings.Lines(string(out)) {
		var n uint64
		if _, err := fmt.Sscanf(line, "stored %d", &n); err == nil {
			last = max(last, n)
			continue
		}
		if !strings.Contains(line, journal.ErrFailed.Error()) {
			t.Errorf("child said %q", line)
		}
		failed++
	}
	if failed < 8 {
		t.Errorf("%d of 8 writers were told that the disk failed", failed)
	}
	j, rep, _ := open(t, path, options())
	if rep.Fresh || j.Next()["hi"] <= last {
		t.Errorf("after reopening: %+v, next is %d, acknowledged was %d", rep, j.Next()["hi"], last)
	}
}
