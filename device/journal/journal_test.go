package journal_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kickstand/device/journal"
	"kickstand/protocol"
)

func TestMain(m *testing.M) {
	if path := childJournal(); path != "" {
		writeUntilKilled(path)
		return
	}
	goleak.VerifyTestMain(m)
}

func stamp() protocol.Stamp {
	return protocol.Stamp{WallMS: 1_700_000_000_000, MonoMS: 5, BootID: "boot"}
}

func options() journal.Options {
	return journal.Options{Device: "counter-1", Stamp: stamp, Grow: -1}
}

// open opens a journal and keeps it running until the test ends or stop is
// called.
func open(t testing.TB, path string, opt journal.Options) (*journal.Journal, journal.Report, func()) {
	t.Helper()
	j, rep, err := journal.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- j.Run(ctx) }()
	stop := sync.OnceFunc(func() {
		cancel()
		if err := <-done; err != nil && !errors.Is(err, journal.ErrFailed) {
			t.Errorf("run: %v", err)
		}
		if err := j.Close(); err != nil && !strings.Contains(err.Error(), "already closed") {
			t.Errorf("close: %v", err)
		}
	})
	t.Cleanup(stop)
	return j, rep, stop
}

// fault returns an envelope of about size bytes that says n.
func fault(t testing.TB, n, size int) protocol.Envelope {
	t.Helper()
	e, err := protocol.Seal("counter-1", &protocol.DeviceFault{
		Part: fmt.Sprintf("part-%d", n), State: "ok", Detail: strings.Repeat("x", max(0, min(size-200, 390))),
	}, stamp())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// said decodes rows to "seq kind part" and checks that seq and epoch agree.
func said(t testing.TB, j *journal.Journal, s journal.Stream, rows []journal.Row) []string {
	t.Helper()
	var out []string
	for _, r := range rows {
		e, err := protocol.Decode(r.Data)
		if err != nil {
			t.Fatalf("row %d: %v", r.Seq, err)
		}
		if e.Seq != r.Seq || e.Epoch != j.Epochs()[string(s)] {
			t.Fatalf("row %d holds seq %d of epoch %s", r.Seq, e.Seq, e.Epoch)
		}
		body, err := e.Open()
		if err != nil {
			t.Fatalf("row %d: %v", r.Seq, err)
		}
		line := fmt.Sprintf("%d %s", r.Seq, e.Kind)
		switch b := body.(type) {
		case *protocol.DeviceFault:
			line += " " + b.Part
		case *protocol.JournalGap:
			line += fmt.Sprintf(" %d-%d", b.From, b.To)
		}
		out = append(out, line)
	}
	return out
}

func all(t testing.TB, j *journal.Journal, s journal.Stream) []string {
	t.Helper()
	rows, err := j.Pending(s, 0, 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	return said(t, j, s, rows)
}

func commit(t testing.TB, j *journal.Journal, e journal.Entry) journal.Result {
	t.Helper()
	res, err := j.Commit(t.Context(), e)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

func TestStateAndEventsSurviveReopening(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, rep, stop := open(t, path, options())
	if diff := cmp.Diff(journal.Report{Fresh: true, Why: "first start"}, rep); diff != "" {
		t.Errorf("report of the first start (-want +got):\n%s", diff)
	}
	res := commit(t, j, journal.Entry{
		State: []byte("cart"), Settings: []byte("shop"), Inbox: []string{"cmd-1"},
		Hi: []protocol.Envelope{fault(t, 1, 0), fault(t, 2, 0)}, Lo: []protocol.Envelope{fault(t, 3, 0)},
	})
	if diff := cmp.Diff(journal.Result{Hi: 3, Lo: 1}, res); diff != "" {
		t.Errorf("numbers given (-want +got):\n%s", diff)
	}
	epochs := j.Epochs()
	stop()

	j, rep, _ = open(t, path, options())
	if diff := cmp.Diff(journal.Report{}, rep); diff != "" {
		t.Errorf("report of the second start (-want +got):\n%s", diff)
	}
	state, err := j.State()
	if err != nil || string(state) != "cart" {
		t.Errorf("state = %q, %v", state, err)
	}
	settings, err := j.Settings()
	if err != nil || string(settings) != "shop" {
		t.Errorf("settings = %q, %v", settings, err)
	}
	if diff := cmp.Diff(epochs, j.Epochs()); diff != "" {
		t.Errorf("epochs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[string]uint64{"hi": 4, "lo": 2}, j.Next()); diff != "" {
		t.Errorf("next (-want +got):\n%s", diff)
	}
	want := []string{"1 journal.reset", "2 device.fault part-1", "3 device.fault part-2"}
	if diff := cmp.Diff(want, all(t, j, journal.Hi)); diff != "" {
		t.Errorf("hi (-want +got):\n%s", diff)
	}
	if !j.Executed("cmd-1") || j.Executed("cmd-2") {
		t.Errorf("executed: cmd-1 %v, cmd-2 %v", j.Executed("cmd-1"), j.Executed("cmd-2"))
	}
	if j.Waiting() != 4 {
		t.Errorf("waiting = %d, want 4", j.Waiting())
	}
}

func TestOnlyAcknowledgedEventsAreDeleted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, _, stop := open(t, path, options())
	for n := range 9 {
		commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, n, 0)}})
	}
	hi := j.Epochs()["hi"]
	if err := j.Acked(t.Context(), hi, 7); err != nil {
		t.Fatal(err)
	}
	if err := j.Acked(t.Context(), hi, 5); err != nil { // late and out of order
		t.Fatal(err)
	}
	commit(t, j, journal.Entry{State: []byte("x")}) // what was queued before is now on the disk
	firstIs(t, j, map[string]uint64{"hi": 8, "lo": 1})
	want := []string{"8 device.fault part-6", "9 device.fault part-7", "10 device.fault part-8"}
	if diff := cmp.Diff(want, all(t, j, journal.Hi)); diff != "" {
		t.Errorf("left (-want +got):\n%s", diff)
	}
	if err := j.Acked(t.Context(), hi, 11); !errors.Is(err, journal.ErrEpoch) {
		t.Errorf("acknowledging what was never sent: %v", err)
	}
	if err := j.Acked(t.Context(), "elsewhere", 1); !errors.Is(err, journal.ErrEpoch) {
		t.Errorf("acknowledging a foreign epoch: %v", err)
	}
	if err := j.Acked(t.Context(), hi, 10); err != nil {
		t.Fatal(err)
	}
	stop()
	j, _, _ = open(t, path, options())
	if got := j.Waiting(); got != 0 {
		t.Errorf("waiting = %d, want 0", got)
	}
	firstIs(t, j, map[string]uint64{"hi": 11, "lo": 1})
	if res := commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, 0, 0)}}); res.Hi != 11 {
		t.Errorf("the number after an empty outbox is %d, want 11", res.Hi)
	}
}

func TestManyWritersGetEveryNumberOnce(t *testing.T) {
	j, _, _ := open(t, filepath.Join(t.TempDir(), "journal.db"), options())
	const writers, each = 24, 40
	var wg sync.WaitGroup
	got := make([][]uint64, writers)
	for w := range writers {
		wg.Go(func() {
			for i := range each {
				res, err := j.Commit(t.Context(), journal.Entry{
					State: fmt.Appendf(nil, "%d-%d", w, i), Hi: []protocol.Envelope{fault(t, w*1000+i, 0)},
				})
				if err != nil {
					t.Errorf("writer %d: %v", w, err)
					return
				}
				got[w] = append(got[w], res.Hi)
			}
		})
	}
	wg.Wait()
	rows := all(t, j, journal.Hi)
	if len(rows) != 1+writers*each {
		t.Fatalf("%d rows, want %d", len(rows), 1+writers*each)
	}
	for w := range writers {
		for i, seq := range got[w] {
			want := fmt.Sprintf("%d device.fault part-%d", seq, w*1000+i)
			if rows[seq-1] != want {
				t.Fatalf("row %q, writer was told %q", rows[seq-1], want)
			}
			if i > 0 && seq <= got[w][i-1] {
				t.Fatalf("writer %d got %d after %d", w, seq, got[w][i-1])
			}
		}
	}
}

func TestAnEnvelopeThatCannotBeEncodedTakesNoNumber(t *testing.T) {
	j, _, _ := open(t, filepath.Join(t.TempDir(), "journal.db"), options())
	bad := fault(t, 1, 0)
	bad.Body = []byte(`{"part":`)
	if _, err := j.Commit(t.Context(), journal.Entry{State: []byte("no"), Hi: []protocol.Envelope{fault(t, 0, 0), bad}}); err == nil {
		t.Fatal("a broken envelope was stored")
	}
	if state, err := j.State(); state != nil || err != nil {
		t.Errorf("state = %q, %v; want none", state, err)
	}
	if res := commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, 2, 0)}}); res.Hi != 2 {
		t.Errorf("next number is %d, want 2", res.Hi)
	}
}

func TestLaterStatesKeepTheirPlace(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, _, stop := open(t, path, options())
	for i := range 200 {
		if err := j.CommitLater(fmt.Appendf(nil, "later %d", i)); err != nil {
			t.Fatal(err)
		}
	}
	commit(t, j, journal.Entry{State: []byte("commit")})
	if state, _ := j.State(); string(state) != "commit" {
		t.Errorf("after the commit the state is %q", state)
	}
	if err := j.CommitLater([]byte("last words")); err != nil {
		t.Fatal(err)
	}
	stop() // writes what is queued
	if err := j.CommitLater(nil); !errors.Is(err, journal.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
	if _, err := j.Commit(t.Context(), journal.Entry{}); !errors.Is(err, journal.ErrClosed) {
		t.Errorf("after the end: %v", err)
	}
	j, _, _ = open(t, path, options())
	if state, _ := j.State(); string(state) != "last words" {
		t.Errorf("after reopening the state is %q", state)
	}
}

func TestOneProcessAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	_, _, stop := open(t, path, options())
	if _, _, err := journal.Open(path, options()); !errors.Is(err, journal.ErrBusy) {
		t.Errorf("second open: %v", err)
	}
	stop()
	other := options()
	other.Device = "counter-2"
	if _, _, err := journal.Open(path, other); !errors.Is(err, journal.ErrForeign) {
		t.Errorf("open by another device: %v", err)
	}
}

func TestExecutedCommandsAreForgottenInOrder(t *testing.T) {
	j, _, _ := open(t, filepath.Join(t.TempDir(), "journal.db"), options())
	for n := range 5 {
		var ids []string
		for i := range 1000 {
			ids = append(ids, fmt.Sprintf("cmd-%d", n*1000+i))
		}
		commit(t, j, journal.Entry{Inbox: ids})
	}
	for id, want := range map[string]bool{"cmd-0": false, "cmd-903": false, "cmd-904": true, "cmd-4999": true} {
		if got := j.Executed(id); got != want {
			t.Errorf("executed(%s) = %v, want %v", id, got, want)
		}
	}
}
