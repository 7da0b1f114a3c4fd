package scanner_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/drivers/scanner"
	"kickstand/drivers/scanner/scannertest"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func plug(t *testing.T, dir string, set scannertest.Settings) *scannertest.Scanner {
	t.Helper()
	v, err := scannertest.Open(dir, set)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { must(t, v.Close()) })
	return v
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// drive runs a Scanner over a real port until the test ends.
func drive(t *testing.T, cfg scanner.Config) (*scanner.Scanner, <-chan scanner.Event) {
	t.Helper()
	if cfg.RetryMax == 0 {
		cfg.RetryMin, cfg.RetryMax = time.Millisecond, 10*time.Millisecond
	}
	s, err := scanner.New(cfg)
	must(t, err)
	events := make(chan scanner.Event, 4096)
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- s.Run(ctx, func(ev scanner.Event) { events <- ev }) }()
	t.Cleanup(func() {
		cancel()
		must(t, <-done)
	})
	return s, events
}

// next waits for the next event of type E and returns it with those before.
func next[E scanner.Event](t *testing.T, events <-chan scanner.Event) (E, []scanner.Event) {
	t.Helper()
	deadline := time.After(patience)
	var before []scanner.Event
	for {
		select {
		case ev := <-events:
			if e, ok := ev.(E); ok {
				return e, before
			}
			before = append(before, ev)
		case <-deadline:
			var e E
			t.Fatalf("no %T within %v; got %+v", e, patience, before)
		}
	}
}

func TestPortScansByPath(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{})
	_, events := drive(t, scanner.Config{Path: v.Path()})
	up, _ := next[scanner.Up](t, events)
	if up.Path != v.Path() || up.Device != v.Path() {
		t.Errorf("up %+v, want the path %s", up, v.Path())
	}
	must(t, v.ScanAs("]E0", "4006381333931"))
	got, _ := next[scanner.Scan](t, events)
	if got.GTIN != "04006381333931" || got.Symbology != scanner.EAN13 {
		t.Errorf("got %+v", got)
	}
}

func TestPortDribblesByteByByte(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{Prefix: "\x02", Suffix: "\x03"})
	_, events := drive(t, scanner.Config{Path: v.Path(), IdleGap: -1})
	must(t, v.Dribble("4006381333931", nil))
	got, _ := next[scanner.Scan](t, events)
	if got.Raw != "4006381333931" {
		t.Errorf("got %q", got.Raw)
	}
}

func TestPortSilenceEndsACode(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{NoSuffix: true})
	_, events := drive(t, scanner.Config{Path: v.Path()})
	must(t, v.Scan("036000291452"))
	got, _ := next[scanner.Scan](t, events)
	if got.GTIN != "00036000291452" {
		t.Errorf("got %+v", got)
	}
}

func TestPortSurvivesGarbage(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{Suffix: "\r\n"})
	s, events := drive(t, scanner.Config{Path: v.Path()})
	must(t, v.Garbage(10_000, 7))
	must(t, v.Raw([]byte("\r")))
	must(t, v.Scan("4006381333931"))
	bytes := 0
	for {
		scan, before := next[scanner.Scan](t, events)
		for _, ev := range before {
			if g, ok := ev.(scanner.Garbage); ok {
				bytes += g.Bytes
			}
		}
		if scan.GTIN == "04006381333931" {
			break
		}
		bytes += len(scan.Raw)
	}
	if bytes < 9_500 || s.Health().GarbageBytes < 9_000 {
		t.Errorf("%d bytes told and %d counted of 10,000", bytes, s.Health().GarbageBytes)
	}
}

func TestPortIsFoundAgainByUSBIdentity(t *testing.T) {
	dir := t.TempDir()
	want := scannertest.Settings{Name: "1-1.2", Vendor: "0c2e", Product: "0b61", Serial: "A1"}
	v := plug(t, dir, want)
	plug(t, dir, scannertest.Settings{Name: "1-1.3", Vendor: "0c2e", Product: "0b61", Serial: "B2"})
	s, events := drive(t, scanner.Config{Sysfs: v.Sysfs(), USB: scanner.Identity{Vendor: "0C2E", Product: "0B61", Serial: "A1"}})
	first, _ := next[scanner.Up](t, events)
	if first.Identity != "0C2E:0B61:A1@1-1.2" || first.Device != "0C2E:0B61:A1" {
		t.Errorf("up %+v", first)
	}
	must(t, v.Unplug())
	down, _ := next[scanner.Down](t, events)
	if down.Cause != scanner.Unplugged || !strings.Contains(down.Reason, "plug it in again") {
		t.Errorf("down %+v", down)
	}
	plug(t, dir, scannertest.Settings{Name: "1-1.4", Serial: "C3"}) // takes the old node
	must(t, v.Replug())
	second, before := next[scanner.Up](t, events)
	if second.Path == first.Path || len(before) > 0 {
		t.Errorf("up at %s, before at %s; between: %+v", second.Path, first.Path, before)
	}
	must(t, v.Scan("73513537"))
	if got, _ := next[scanner.Scan](t, events); got.GTIN != "00000073513537" {
		t.Errorf("got %+v", got)
	}
	if h := s.Health(); h.Reconnects != 1 || h.State != scanner.Ready {
		t.Errorf("health %+v", h)
	}
}

func TestPortReplugsManyTimes(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{})
	_, events := drive(t, scanner.Config{Path: v.Path(), Debounce: -1})
	fds := openFiles(t)
	for range 50 {
		next[scanner.Up](t, events)
		must(t, v.Scan("4006381333931"))
		next[scanner.Scan](t, events)
		must(t, v.Unplug())
		next[scanner.Down](t, events)
		must(t, v.Replug())
	}
	next[scanner.Up](t, events)
	if after := openFiles(t); after > fds+8 {
		t.Errorf("%d open files, %d before 50 replugs", after, fds)
	}
}

func openFiles(t *testing.T) int {
	t.Helper()
	names, err := os.ReadDir("/proc/self/fd")
	must(t, err)
	return len(names)
}

func TestPortsOfTwoScanners(t *testing.T) {
	dir := t.TempDir()
	left := plug(t, dir, scannertest.Settings{Name: "left"})
	right := plug(t, dir, scannertest.Settings{Name: "right"})
	_, fromLeft := drive(t, scanner.Config{Name: "left", Path: left.Path()})
	_, fromRight := drive(t, scanner.Config{Name: "right", Path: right.Path()})
	must(t, left.Scan("036000291452"))
	must(t, right.Scan("036000291452"))
	for name, events := range map[string]<-chan scanner.Event{"left": fromLeft, "right": fromRight} {
		if got, _ := next[scanner.Scan](t, events); got.Device != name || got.Text != "036000291452" {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestPortTroubleAtTheStart(t *testing.T) {
	dir := t.TempDir()
	twin := scannertest.Settings{Name: "1-1", Serial: "S"}
	v := plug(t, dir, twin)
	twin.Name = "1-2"
	plug(t, dir, twin)
	file := filepath.Join(dir, "file")
	must(t, os.WriteFile(file, []byte("not a port"), 0o600))
	tests := []struct {
		name  string
		cfg   scanner.Config
		cause scanner.Cause
		word  string
	}{
		{"no such path", scanner.Config{Path: filepath.Join(dir, "none")}, scanner.NotFound, "check its cable"},
		{"no such device", scanner.Config{Sysfs: v.Sysfs(), USB: scanner.Identity{Vendor: "FFFF", Product: "0001"}}, scanner.NotFound, "FFFF:0001"},
		{"twins", scanner.Config{Sysfs: v.Sysfs(), USB: scanner.Identity{Vendor: "1209", Product: "0001", Serial: "S"}}, scanner.Ambiguous, "location"},
		{"not a port", scanner.Config{Path: file}, scanner.Failed, "plug it in again"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, events := drive(t, tt.cfg)
			down, _ := next[scanner.Down](t, events)
			if down.Cause != tt.cause || !strings.Contains(down.Reason, tt.word) {
				t.Errorf("down %+v, want %s and %q", down, tt.cause, tt.word)
			}
		})
	}
	t.Run("twins told apart by location", func(t *testing.T) {
		_, events := drive(t, scanner.Config{Sysfs: v.Sysfs(), USB: scanner.Identity{Location: "1-2"}})
		if up, _ := next[scanner.Up](t, events); up.Identity != "1209:0001:S@1-2" {
			t.Errorf("up %+v", up)
		}
	})
}

func TestPortTakesCommands(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{})
	s, events := drive(t, scanner.Config{Path: v.Path(), Feedback: scanner.SynFeedback()})
	next[scanner.Up](t, events)
	must(t, s.Tell(scanner.TriggerOn))
	got, err := v.Heard(3, time.Now().Add(patience))
	must(t, err)
	if string(got) != "\x16T\r" {
		t.Errorf("the scanner heard %q", got)
	}
}

// TestPortClosesWithCommandsNobodyTakes fills the line towards a scanner that
// never listens: stopping must not wait for it.
func TestPortClosesWithCommandsNobodyTakes(t *testing.T) {
	v := plug(t, t.TempDir(), scannertest.Settings{})
	s, events := drive(t, scanner.Config{Path: v.Path(), Feedback: scanner.Feedback{GoodRead: strings.Repeat("B", 64)}})
	next[scanner.Up](t, events)
	for refused := 0; refused < 100_000; runtime.Gosched() {
		if s.Tell(scanner.GoodRead) != nil {
			refused++
			continue
		}
		refused = 0
	}
}

func TestIdentityText(t *testing.T) {
	tests := []struct {
		in, out string
		want    scanner.Identity
	}{
		{"0c2e:0b61", "0C2E:0B61", scanner.Identity{Vendor: "0C2E", Product: "0B61"}},
		{"0c2e:0b61:s:1", "0C2E:0B61:s:1", scanner.Identity{Vendor: "0C2E", Product: "0B61", Serial: "s:1"}},
		{"0c2e:0b61@1-1.2", "0C2E:0B61@1-1.2", scanner.Identity{Vendor: "0C2E", Product: "0B61", Location: "1-1.2"}},
		{"@1-1.2", "@1-1.2", scanner.Identity{Location: "1-1.2"}},
	}
	for _, tt := range tests {
		got, err := scanner.ParseIdentity(tt.in)
		must(t, err)
		if diff := cmp.Diff(tt.want, got); diff != "" || got.String() != tt.out {
			t.Errorf("%s: %s (-want +got):\n%s", tt.in, got, diff)
		}
	}
	for _, bad := range []string{"", "0c2e", "0c2e:", "xyzw:0001", "0c2e:b61", "@"} {
		if id, err := scanner.ParseIdentity(bad); err == nil {
			t.Errorf("%q gives %+v, want an error", bad, id)
		}
	}
}
