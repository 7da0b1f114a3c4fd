package journal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/journal"
	"kickstand/protocol"
)

func TestLoDropsItsOldestAndCountsThem(t *testing.T) {
	opt := options()
	opt.LoCap = 100 << 10
	var last journal.Status
	opt.Watch = func(s journal.Status) { last = s }
	path := filepath.Join(t.TempDir(), "journal.db")
	j, _, stop := open(t, path, opt)
	const events = 2000
	for n := range events / 10 {
		var lo []protocol.Envelope
		for i := range 10 {
			lo = append(lo, fault(t, n*10+i, 500))
		}
		commit(t, j, journal.Entry{Lo: lo})
	}
	stop()
	if last.Dropped == 0 {
		t.Error("nobody was told of the dropped events")
	}
	j, _, _ = open(t, path, opt)
	rows := all(t, j, journal.Lo)
	if len(rows) != j.Waiting()-1 { // one reset stands in hi
		t.Errorf("%d rows, %d waiting", len(rows), j.Waiting()-1)
	}
	checkLo(t, rows, events)
	if err := j.Acked(t.Context(), j.Epochs()["lo"], journal.Window); err != nil {
		t.Fatal(err)
	}
	firstIs(t, j, map[string]uint64{"hi": 1, "lo": journal.Window + 1}) // where the gap begins
}

func firstIs(t *testing.T, j *journal.Journal, want map[string]uint64) {
	t.Helper()
	got, err := j.First()
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("the oldest events (-want +got): %v\n%s", err, diff)
	}
}

// checkLo checks that rows and gaps together account for every number from 1,
// that the first Window events are still there, and that only one gap stands.
func checkLo(t *testing.T, rows []string, events int) {
	t.Helper()
	next, gaps := 1, 0
	for i, r := range rows {
		var seq, from, to int
		if _, err := fmt.Sscanf(r, "%d journal.gap %d-%d", &seq, &from, &to); err == nil {
			if from != next || to != seq || i != journal.Window {
				t.Errorf("row %d is %q after %d", i, r, next-1)
			}
			gaps, next = gaps+1, to+1
			continue
		}
		if want := fmt.Sprintf("%d device.fault part-%d", next, next-1); r != want {
			t.Fatalf("row %q, want %q", r, want)
		}
		next++
	}
	if next != events+1 || gaps != 1 {
		t.Errorf("accounted for %d of %d events with %d gaps", next-1, events, gaps)
	}
}

func TestWatchHearsThatHiFillsUp(t *testing.T) {
	opt := options()
	opt.HiCap = 20 << 10
	var heard []int
	opt.Watch = func(s journal.Status) { heard = append(heard, s.Percent) }
	j, _, stop := open(t, filepath.Join(t.TempDir(), "journal.db"), opt)
	for n := range 70 {
		commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, n, 500)}})
	}
	if err := j.Acked(t.Context(), j.Epochs()["hi"], 60); err != nil {
		t.Fatal(err)
	}
	stop()
	if len(heard) < 3 || heard[0] < 80 || heard[0] > 84 || heard[len(heard)-2] < 100 || heard[len(heard)-1] >= 80 {
		t.Errorf("percentages heard: %v", heard)
	}
}

// smallDisk mounts a tmpfs of so many KiB and returns its path.
func smallDisk(t *testing.T, kib int) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kib)); err != nil {
		t.Skipf("a small disk needs the right to mount a tmpfs: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, 0); err != nil {
			t.Errorf("unmount: %v", err)
		}
	})
	return dir
}

func TestFullDiskRefusesAndLosesNothing(t *testing.T) {
	path := filepath.Join(smallDisk(t, 1024), "journal.db")
	opt := options()
	var told bool
	opt.Watch = func(s journal.Status) { told = told || s.Full }
	j, _, stop := open(t, path, opt)
	stored := 1
	var err error
	for range 10_000 {
		var res journal.Result
		res, err = j.Commit(t.Context(), journal.Entry{State: []byte(fmt.Sprint(stored)), Hi: []protocol.Envelope{fault(t, stored, 500)}})
		if err != nil {
			break
		}
		stored = int(res.Hi)
	}
	if !errors.Is(err, journal.ErrFull) {
		t.Fatalf("after %d events: %v, want ErrFull", stored, err)
	}
	if !told {
		t.Error("Watch did not hear that the disk is full")
	}
	if n := len(all(t, j, journal.Hi)); n != stored {
		t.Errorf("%d events, %d were stored", n, stored)
	}
	if err := j.Acked(t.Context(), j.Epochs()["hi"], uint64(stored/2)); err != nil {
		t.Fatal(err)
	}
	if res := commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, 0, 500)}}); res.Hi != uint64(stored+1) {
		t.Errorf("with space again the number is %d, want %d", res.Hi, stored+1)
	}
	stop()
	j, rep, _ := open(t, path, opt)
	if rep.Fresh || len(all(t, j, journal.Hi)) != stored+1-stored/2 {
		t.Errorf("after reopening: %+v, %d events", rep, len(all(t, j, journal.Hi)))
	}
}

func TestFullDiskMakesRoomByDroppingLo(t *testing.T) {
	path := filepath.Join(smallDisk(t, 1024), "journal.db")
	j, _, _ := open(t, path, options())
	var err error
	for n := 0; err == nil; n++ {
		_, err = j.Commit(t.Context(), journal.Entry{Lo: []protocol.Envelope{fault(t, n, 500)}})
		if j.Status().Dropped > 0 {
			break
		}
	}
	if err != nil {
		t.Fatalf("telemetry alone filled the disk: %v", err)
	}
	for n := range 200 {
		commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, n, 500)}})
	}
}

func TestAfterADiskFailureNothingGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	var file *os.File
	opt := options()
	opt.OpenFile = func(name string, flag int, perm os.FileMode) (f *os.File, err error) {
		file, err = os.OpenFile(name, flag, perm)
		return file, err
	}
	j, _, err := journal.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() { done <- j.Run(context.Background()) }()
	commit(t, j, journal.Entry{State: []byte("before")})
	if err := file.Close(); err != nil { // from now on every write and sync fails
		t.Fatal(err)
	}
	if _, err := j.Commit(t.Context(), journal.Entry{State: []byte("after")}); !errors.Is(err, journal.ErrFailed) {
		t.Errorf("commit on a broken disk: %v", err)
	}
	if err := <-done; !errors.Is(err, journal.ErrFailed) {
		t.Errorf("run: %v", err)
	}
	_, commitErr := j.Commit(t.Context(), journal.Entry{})
	_, stateErr := j.State()
	for _, err := range []error{commitErr, stateErr, j.CommitLater(nil), j.Acked(t.Context(), j.Epochs()["hi"], 1)} {
		if !errors.Is(err, journal.ErrFailed) {
			t.Errorf("after the failure: %v", err)
		}
	}
	_ = j.Close() // complains about the file that is closed already
	j, rep, _ := open(t, path, options())
	if state, err := j.State(); rep.Fresh || string(state) != "before" || err != nil {
		t.Errorf("after reopening: %+v, %q, %v", rep, state, err)
	}
}

// written returns the bytes of a journal with a known content.
func written(t testing.TB, dir string) []byte {
	t.Helper()
	path := filepath.Join(dir, "written.db")
	j, _, stop := open(t, path, options())
	for n := range 60 {
		commit(t, j, journal.Entry{
			State: fmt.Appendf(nil, "state %d", n), Hi: []protocol.Envelope{fault(t, n, 400)},
			Lo: []protocol.Envelope{fault(t, n, 400)}, Inbox: []string{fmt.Sprintf("cmd-%d", n)},
		})
	}
	stop()
	file, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	used := len(bytes.TrimRight(file, "\x00"))
	return file[:(used/4096+1)*4096] // bbolt makes the file longer than what is in it
}

func TestDamagedFileIsSetAsideAndSaidSo(t *testing.T) {
	file := written(t, t.TempDir())
	at := strings.Index(string(file), "part-17") // inside the text of one event of hi or lo
	for name, damage := range map[string]func([]byte) []byte{
		"one letter of one event": func(b []byte) []byte { b[at]++; return b },
		"newest root page":        func(b []byte) []byte { b[20]++; b[4096+20]++; return b },
		"cut in half":             func(b []byte) []byte { return b[:len(b)/2] },
		"empty":                   func([]byte) []byte { return nil },
		"text":                    func([]byte) []byte { return []byte("hello") },
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "journal.db")
			bad := damage(append([]byte{}, file...))
			if err := os.WriteFile(path, bad, 0o600); err != nil {
				t.Fatal(err)
			}
			j, rep, _ := open(t, path, options())
			if !rep.Fresh || rep.Kept != path+".damaged-1" || !strings.Contains(rep.Why, "damaged") {
				t.Fatalf("report: fresh %v, why %q, kept %q", rep.Fresh, rep.Why, rep.Kept)
			}
			kept, err := os.ReadFile(rep.Kept)
			if err != nil || string(kept) != string(bad) {
				t.Errorf("the damaged file was changed (%v)", err)
			}
			stored := all(t, j, journal.Hi)
			if stored[0] != "1 journal.reset" || len(stored) != 1+rep.Salvaged {
				t.Errorf("the fresh journal begins with %s and holds %d events of which %d were saved", stored[0], len(stored), rep.Salvaged)
			}
			rows, err := j.Pending(journal.Hi, 0, 1)
			if err != nil || !strings.Contains(string(rows[0].Data), "journal.db.damaged-1") {
				t.Errorf("the reset does not name the file: %v, %v", all(t, j, journal.Hi), err)
			}
			state, err := j.State()
			if strings.HasPrefix(name, "one letter") && (err != nil || rep.Salvaged < 59 || string(state) != "state 59") {
				t.Errorf("saved %d events and state %q, %v", rep.Salvaged, state, err)
			}
			commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, 1, 0)}})
		})
	}
}

// TestPowerCutWhileSettingAside opens a damaged file whose second name was given
// before the power went, but whose successor was not finished.
func TestPowerCutWhileSettingAside(t *testing.T) {
	file := written(t, t.TempDir())
	file[strings.Index(string(file), "part-17")]++
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := errors.Join(os.WriteFile(path, file, 0o600), os.Link(path, path+".damaged-1"), os.WriteFile(path+".new", file[:9000], 0o600)); err != nil {
		t.Fatal(err)
	}
	j, rep, stop := open(t, path, options())
	if rep.Kept != path+".damaged-1" || rep.Salvaged < 59 {
		t.Errorf("kept as %s, %d events saved", rep.Kept, rep.Salvaged)
	}
	want := all(t, j, journal.Hi)
	stop()
	j, rep, _ = open(t, path, options()) // nothing but the file carries them over
	if rep.Fresh {
		t.Errorf("the new journal did not open: %s", rep.Why)
	}
	if diff := cmp.Diff(want, all(t, j, journal.Hi)); diff != "" {
		t.Errorf("after one more start (-want +got):\n%s", diff)
	}
}

// TestNoDamageIsOverlooked flips bytes anywhere in the file. What opens must be
// whole; everything else is set aside. Nothing may panic.
func TestNoDamageIsOverlooked(t *testing.T) {
	file := written(t, t.TempDir())
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	rng := rand.New(rand.NewPCG(seed, 0))
	aside := 0
	for range 400 {
		bad := append([]byte{}, file...)
		for range 1 + rng.IntN(8) {
			bad[rng.IntN(len(bad))] ^= byte(1 + rng.IntN(255))
		}
		if rng.IntN(10) == 0 {
			bad = bad[:rng.IntN(len(bad))]
		}
		if tryDamaged(t, bad) {
			aside++
		}
	}
	if aside == 0 || aside == 400 {
		t.Errorf("%d of 400 were set aside: the test damages nothing, or everything", aside)
	}
}

func tryDamaged(t *testing.T, file []byte) (aside bool) {
	t.Helper()
	dir, err := os.MkdirTemp(t.TempDir(), "d")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "journal.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	j, rep, stop := open(t, path, options())
	defer stop()
	if rep.Fresh {
		return true
	}
	state, err := j.State()
	if err != nil || string(state) != "state 59" || len(all(t, j, journal.Hi)) != 61 || len(all(t, j, journal.Lo)) != 60 || !j.Executed("cmd-59") {
		t.Fatalf("opened as sound: state %q, %v, %d waiting", state, err, j.Waiting())
	}
	commit(t, j, journal.Entry{State: []byte("on"), Hi: []protocol.Envelope{fault(t, 1, 0)}})
	return false
}

func FuzzOpen(f *testing.F) {
	file := written(f, f.TempDir())
	f.Add(uint32(0), []byte{1})
	f.Add(uint32(4096+16), []byte{0xff, 0xff})
	f.Add(uint32(3*4096), []byte("\x03\x00\x00\x00\x00\x00\x00\x00\x02\x00\xff\xff"))
	f.Fuzz(func(t *testing.T, at uint32, patch []byte) {
		bad := append([]byte{}, file...)
		copy(bad[int(at)%len(bad):], patch)
		path := filepath.Join(t.TempDir(), "journal.db")
		if err := os.WriteFile(path, bad, 0o600); err != nil {
			t.Fatal(err)
		}
		j, _, err := journal.Open(path, options())
		if errors.Is(err, journal.ErrForeign) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		if err := j.Close(); err != nil {
			t.Fatal(err)
		}
	})
}

func TestInterruptedCreationLeavesNoJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	if err := os.WriteFile(path+".new", []byte("half a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, rep, _ := open(t, path, options())
	if rep.Why != "first start" || rep.Kept != "" {
		t.Errorf("report %+v", rep)
	}
	if _, err := os.Stat(path + ".new"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the half file is still there: %v", err)
	}
}
