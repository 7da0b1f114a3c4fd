package scanner_test

import (
	"context"
	"errors"
	"io"
	"os"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.uber.org/goleak"

	"kickstand/drivers/scanner"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// wire is a scanner whose bytes take no time, for tests in bubbles.
type wire struct {
	*io.PipeReader
	send *io.PipeWriter
	sent chan string // by the driver
}

func newWire() *wire {
	r, w := io.Pipe()
	return &wire{PipeReader: r, send: w, sent: make(chan string, 8)}
}

func (w *wire) Write(p []byte) (int, error) {
	w.sent <- string(p)
	return len(p), nil
}

// rig runs a Scanner in a bubble and keeps its events.
type rig struct {
	t       *testing.T
	scanner *scanner.Scanner

	mu     sync.Mutex
	wires  []*wire // one per successful open
	fail   error   // what the next open says, if set
	opens  int
	events []scanner.Event
}

// start runs a Scanner until the test ends. It must be called in a bubble.
func start(t *testing.T, cfg scanner.Config) *rig {
	t.Helper()
	r := &rig{t: t}
	cfg.Name = "counter"
	cfg.Open = r.open
	s, err := scanner.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.scanner = s
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, r.take) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
	synctest.Wait()
	return r
}

func (r *rig) take(ev scanner.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, ev)
}

func (r *rig) open(context.Context) (scanner.Port, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.opens++
	if r.fail != nil {
		return scanner.Port{}, r.fail
	}
	w := newWire()
	r.wires = append(r.wires, w)
	return scanner.Port{ReadWriteCloser: w, Identity: "1209:0001:A", Path: "/dev/ttyACM0"}, nil
}

// failWith sets what the next attempts to open say.
func (r *rig) failWith(err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.fail = err
}

// attempts is how often the port was opened, or tried to.
func (r *rig) attempts() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.opens
}

// last is the port opened last.
func (r *rig) last() *wire {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.wires[len(r.wires)-1]
}

// send writes to the open port and waits until all is handled.
func (r *rig) send(s string) {
	r.t.Helper()
	if _, err := io.WriteString(r.last().send, s); err != nil {
		r.t.Fatal(err)
	}
	synctest.Wait()
}

func (r *rig) unplug() { r.last().send.CloseWithError(io.ErrUnexpectedEOF) }

// all returns the events since the last call.
func (r *rig) all() []scanner.Event {
	synctest.Wait()
	r.mu.Lock()
	defer r.mu.Unlock()
	events := r.events
	r.events = nil
	return events
}

// told returns the events since the last call in short form.
func (r *rig) told() []string {
	var got []string
	for _, ev := range r.all() {
		got = append(got, short(ev))
	}
	return got
}

func short(ev scanner.Event) string {
	switch ev := ev.(type) {
	case scanner.Scan:
		return "scan " + ev.Text
	case scanner.Duplicate:
		return "duplicate " + ev.Text
	case scanner.Garbage:
		return "garbage " + string(ev.Reason)
	case scanner.Up:
		return "up " + ev.Identity
	case scanner.Down:
		return "down " + string(ev.Cause)
	}
	return "unknown event"
}

func (r *rig) want(want ...string) {
	r.t.Helper()
	if diff := cmp.Diff(want, r.told(), cmpopts.EquateEmpty()); diff != "" {
		r.t.Errorf("events (-want +got):\n%s", diff)
	}
}

// bubble runs f in its own time.
func bubble(t *testing.T, cfg scanner.Config, f func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { f(start(t, cfg)) })
}

func TestRunDebounces(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.want("up 1209:0001:A")
		r.send("A\r")
		time.Sleep(699 * time.Millisecond)
		r.send("A\r")
		r.want("scan A", "duplicate A")
		time.Sleep(699 * time.Millisecond)
		r.send("A\r")
		r.want("duplicate A") // it never left
		time.Sleep(700 * time.Millisecond)
		r.send("A\r")
		r.want("scan A") // two tubes
		if h := r.scanner.Health(); h.Frames != 4 || h.Duplicates != 2 {
			r.t.Errorf("health %+v, want 4 frames, 2 duplicates", h)
		}
	})
}

func TestRunDebouncesTwoCodesInView(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.send("A\rB\rA\rB\rC\r")
		r.want("up 1209:0001:A", "scan A", "scan B", "duplicate A", "duplicate B", "scan C")
	})
}

func TestRunCountsRepetitions(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.send("A\rA\rA\r")
		events := r.all()
		if got := events[len(events)-1].(scanner.Duplicate).Times; got != 2 {
			r.t.Errorf("Times is %d, want 2", got)
		}
	})
}

func TestRunWithoutDebounce(t *testing.T) {
	bubble(t, scanner.Config{Debounce: -1}, func(r *rig) {
		r.send("A\rA\r")
		r.want("up 1209:0001:A", "scan A", "scan A")
	})
}

func TestRunStampsEvents(t *testing.T) {
	at := time.Date(2030, 5, 6, 7, 8, 9, 0, time.UTC)
	bubble(t, scanner.Config{Now: func() time.Time { return at }}, func(r *rig) {
		r.send("4006381333931\r")
		want := []scanner.Event{
			scanner.Up{
				Stamp:    scanner.Stamp{Device: "counter", Seq: 1, At: at},
				Identity: "1209:0001:A", Path: "/dev/ttyACM0",
			},
			scanner.Scan{
				Stamp: scanner.Stamp{Device: "counter", Seq: 2, At: at},
				Raw:   "4006381333931", Data: "4006381333931", Text: "4006381333931",
				Symbology: scanner.EAN13, GTIN: "04006381333931", Check: scanner.CheckOK,
			},
		}
		if diff := cmp.Diff(want, r.all()); diff != "" {
			r.t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestRunSilenceEndsACode(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.send("40063")
		time.Sleep(79 * time.Millisecond)
		r.want("up 1209:0001:A")
		r.send("81333931")
		time.Sleep(79 * time.Millisecond)
		r.want()
		time.Sleep(time.Millisecond)
		r.want("scan 4006381333931")
	})
}

func TestRunSilenceIsSeenBehindASlowSink(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		s, err := scanner.New(scanner.Config{Open: func(context.Context) (scanner.Port, error) {
			return scanner.Port{ReadWriteCloser: w}, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var got []string
		free := make(chan struct{})
		done := make(chan error)
		go func() {
			done <- s.Run(ctx, func(ev scanner.Event) {
				got = append(got, short(ev))
				if len(got) == 2 { // code A
					<-free
				}
			})
		}()
		for _, code := range []string{"A", "B", "C"} {
			_, _ = io.WriteString(w.send, code)
			time.Sleep(time.Second)
		}
		close(free)
		time.Sleep(time.Second)
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if diff := cmp.Diff([]string{"up ", "scan A", "scan B", "scan C"}, got); diff != "" {
			t.Errorf("events (-want +got):\n%s", diff)
		}
	})
}

func TestRunReportsGarbage(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.send("\x80\x00\xff\x13\r" + "12\x0234\x03")
		r.want("up 1209:0001:A", "garbage "+string(scanner.Noise), "garbage "+string(scanner.Restarted), "scan 34")
		r.send("567")
		r.unplug()
		r.want("garbage "+string(scanner.Interrupted), "down unplugged")
		if h := r.scanner.Health(); h.GarbageBytes != 4+2+3 {
			r.t.Errorf("%d garbage bytes, want 9", h.GarbageBytes)
		}
	})
}

func TestRunReconnectsWithBackoff(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.failWith(&scanner.OpenError{Cause: scanner.NotFound, Hint: "not connected", Err: os.ErrNotExist})
		r.unplug()
		time.Sleep(time.Minute)
		r.want("up 1209:0001:A", "down unplugged") // once, however often it is tried
		if h := r.scanner.Health(); h.State != scanner.Lost || h.Cause != scanner.Unplugged || h.Reason == "" {
			r.t.Errorf("health %+v, want lost, unplugged, with a reason", h)
		}
		if n := r.attempts(); n < 30 || n > 40 {
			r.t.Errorf("%d attempts in a minute, want about one in two seconds", n)
		}
		r.failWith(nil)
		time.Sleep(scanner.DefaultRetryMax)
		r.want("up 1209:0001:A")
		r.send("A\r")
		r.want("scan A")
		if h := r.scanner.Health(); h.State != scanner.Ready || h.Reconnects != 1 || h.Reason != "" {
			r.t.Errorf("health %+v, want ready after one reconnect", h)
		}
	})
}

func TestRunTellsEveryNewCause(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		r.unplug()
		for _, cause := range []scanner.Cause{scanner.NoPermission, scanner.Busy, scanner.NotFound} {
			r.failWith(&scanner.OpenError{Cause: cause, Hint: "hint", Err: os.ErrInvalid})
			time.Sleep(10 * time.Second)
		}
		r.failWith(errors.New("broken"))
		time.Sleep(10 * time.Second)
		r.want("up 1209:0001:A", "down unplugged", "down no-permission", "down busy", "down not-found", "down failed")
	})
}

func TestTell(t *testing.T) {
	bubble(t, scanner.Config{Feedback: scanner.LetterFeedback()}, func(r *rig) {
		if err := r.scanner.Tell(scanner.GoodRead); err != nil {
			r.t.Error(err)
		}
		if got := <-r.last().sent; got != "B" {
			r.t.Errorf("the scanner got %q, want its good-read command", got)
		}
		r.failWith(os.ErrNotExist)
		r.unplug()
		synctest.Wait()
		if err := r.scanner.Tell(scanner.GoodRead); !errors.Is(err, scanner.ErrNotReady) {
			r.t.Errorf("unplugged: %v, want ErrNotReady", err)
		}
	})
}

func TestTellWithoutCommand(t *testing.T) {
	s, err := scanner.New(scanner.Config{Path: "/dev/null", Feedback: scanner.SynFeedback()})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Tell(scanner.GoodRead); !errors.Is(err, scanner.ErrNoCommand) {
		t.Errorf("got %v, want ErrNoCommand", err)
	}
}

func TestRunTwiceIsRefused(t *testing.T) {
	bubble(t, scanner.Config{}, func(r *rig) {
		if err := r.scanner.Run(r.t.Context(), func(scanner.Event) {}); err == nil {
			r.t.Error("a second Run was not refused")
		}
	})
}

func TestNewRefuses(t *testing.T) {
	tests := []struct {
		name string
		cfg  scanner.Config
	}{
		{"no port", scanner.Config{}},
		{"a vendor without product", scanner.Config{USB: scanner.Identity{Vendor: "0C2E"}}},
		{"a vendor that is no number", scanner.Config{USB: scanner.Identity{Vendor: "acme", Product: "0001"}}},
		{"six data bits", scanner.Config{Path: "/dev/x", Line: scanner.Line{DataBits: 6}}},
		{"a negative speed", scanner.Config{Path: "/dev/x", Line: scanner.Line{Baud: -1}}},
		{"a parity there is not", scanner.Config{Path: "/dev/x", Line: scanner.Line{Parity: "mark"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if _, err := scanner.New(tt.cfg); err == nil {
				t.Error("accepted")
			}
		})
	}
}
