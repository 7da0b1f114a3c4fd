package scannertest_test

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kickstand/drivers/scanner/scannertest"
)

// patience is how long a test waits for what must come.
const patience = 20 * time.Second

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func plug(t *testing.T, dir string, set scannertest.Settings) *scannertest.Scanner {
	t.Helper()
	s, err := scannertest.Open(dir, set)
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// listen opens the scanner's port as a plain file.
func listen(t *testing.T, s *scannertest.Scanner) *os.File {
	t.Helper()
	f, err := os.OpenFile(s.Path(), os.O_RDWR, 0)
	must(t, err)
	t.Cleanup(func() { must(t, f.Close()) })
	must(t, f.SetDeadline(time.Now().Add(patience)))
	return f
}

func TestSendsTheBytesOfACode(t *testing.T) {
	tests := []struct {
		name string
		set  scannertest.Settings
		send func(*scannertest.Scanner) error
		want string
	}{
		{"bare code, CR", scannertest.Settings{}, func(s *scannertest.Scanner) error { return s.Scan("123") }, "123\r"},
		{
			"STX, AIM, ETX",
			scannertest.Settings{Prefix: "\x02", Suffix: "\x03"},
			func(s *scannertest.Scanner) error { return s.ScanAs("]E0", "123") },
			"\x02]E0123\x03",
		},
		{"no suffix", scannertest.Settings{NoSuffix: true}, func(s *scannertest.Scanner) error { return s.Scan("123") }, "123"},
		{"byte by byte", scannertest.Settings{}, func(s *scannertest.Scanner) error { return s.Dribble("123", nil) }, "123\r"},
		{
			"bytes a terminal would change",
			scannertest.Settings{},
			func(s *scannertest.Scanner) error { return s.Raw([]byte("\x03\x04\x11\x13\x1a\r\n\xff\x00\x7f")) },
			"\x03\x04\x11\x13\x1a\r\n\xff\x00\x7f",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s := plug(t, t.TempDir(), tt.set)
			port := listen(t, s)
			must(t, tt.send(s))
			got := make([]byte, len(tt.want))
			_, err := io.ReadFull(port, got)
			must(t, err)
			if diff := cmp.Diff(tt.want, string(got)); diff != "" {
				t.Errorf("bytes (-want +got):\n%s", diff)
			}
		})
	}
}

func TestGarbageIsTheSameForASeed(t *testing.T) {
	s := plug(t, t.TempDir(), scannertest.Settings{})
	port := listen(t, s)
	got := [3][]byte{}
	for i, seed := range []uint64{1, 1, 2} {
		got[i] = make([]byte, 500)
		must(t, s.Garbage(500, seed))
		_, err := io.ReadFull(port, got[i])
		must(t, err)
	}
	if string(got[0]) != string(got[1]) || string(got[0]) == string(got[2]) {
		t.Error("garbage does not follow its seed")
	}
}

func TestHearsTheDriver(t *testing.T) {
	s := plug(t, t.TempDir(), scannertest.Settings{})
	_, err := listen(t, s).WriteString("\x16T\r")
	must(t, err)
	got, err := s.Heard(3, time.Now().Add(patience))
	must(t, err)
	if string(got) != "\x16T\r" {
		t.Errorf("heard %q", got)
	}
	if got, err := s.Heard(1, time.Now()); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("heard %q, %v from a silent driver, want a deadline", got, err)
	}
}

func TestUnplugHangsUpAndReplugComesBack(t *testing.T) {
	s := plug(t, t.TempDir(), scannertest.Settings{})
	old := listen(t, s)
	must(t, s.Unplug())
	must(t, s.Unplug())
	if n, err := old.Read(make([]byte, 1)); err == nil {
		t.Errorf("read %d bytes of an unplugged scanner", n)
	}
	if _, err := os.Lstat(s.Path()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the path of an unplugged scanner: %v", err)
	}
	if err := s.Scan("1"); !errors.Is(err, scannertest.ErrUnplugged) || s.Plugged() {
		t.Errorf("unplugged scanner scans: %v", err)
	}
	must(t, s.Replug())
	must(t, s.Replug())
	port := listen(t, s)
	must(t, s.Scan("2"))
	got := make([]byte, 2)
	_, err := io.ReadFull(port, got)
	must(t, err)
	if string(got) != "2\r" || !s.Plugged() {
		t.Errorf("got %q after replugging", got)
	}
}

func TestTreeListsWhatIsPlugged(t *testing.T) {
	dir := t.TempDir()
	a := plug(t, dir, scannertest.Settings{Name: "a"})
	b := plug(t, dir, scannertest.Settings{Name: "b"})
	count := func(want int) {
		t.Helper()
		links, err := os.ReadDir(filepath.Join(a.Sysfs(), "class", "tty"))
		must(t, err)
		if len(links) != want {
			t.Errorf("%d ports listed, want %d", len(links), want)
		}
	}
	count(2)
	must(t, b.Unplug())
	count(1)
	must(t, b.Replug())
	count(2)
}

// TestOpenAfterAKill opens where a process left its link and tree behind.
func TestOpenAfterAKill(t *testing.T) {
	dir := t.TempDir()
	plug(t, dir, scannertest.Settings{}) // its leavings are those of a killed one
	s := plug(t, dir, scannertest.Settings{})
	links, err := os.ReadDir(filepath.Join(s.Sysfs(), "class", "tty"))
	must(t, err)
	if len(links) != 1 {
		t.Errorf("%d ttys listed, want the new one only", len(links))
	}
}

func TestCloseWhileOthersSend(t *testing.T) {
	s := plug(t, t.TempDir(), scannertest.Settings{})
	port := listen(t, s)
	var wg sync.WaitGroup
	wg.Go(func() { _, _ = io.Copy(io.Discard, port) }) // ends when the line hangs up
	for range 4 {
		wg.Go(func() {
			for s.Scan("4006381333931") == nil {
				s.Plugged()
			}
		})
	}
	for range 20 {
		must(t, s.Scan("036000291452"))
	}
	must(t, s.Close())
	must(t, s.Close())
	wg.Wait()
	if err := s.Replug(); !errors.Is(err, scannertest.ErrUnplugged) {
		t.Errorf("replugging a closed scanner: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	if _, err := scannertest.Open(t.TempDir(), scannertest.Settings{Name: "../x"}); err == nil {
		t.Error("a name with a directory was accepted")
	}
	file := filepath.Join(t.TempDir(), "file")
	must(t, os.WriteFile(file, nil, 0o600))
	if _, err := scannertest.Open(file, scannertest.Settings{}); err == nil {
		t.Error("a file for a directory was accepted")
	}
}
