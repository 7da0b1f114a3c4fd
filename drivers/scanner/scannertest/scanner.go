// Package scannertest is a virtual barcode scanner. It sends real bytes on a
// pseudo-terminal, so that a driver opens it like any serial port, and it can be
// unplugged. Tests use it, and the workbench of a simulated kiosk.
//
// [Open] plugs it in. A driver finds it in either of two ways, both of which
// survive [Scanner.Unplug] and [Scanner.Replug], while the node itself may
// change:
//
//   - by [Scanner.Path], a symbolic link like those of /dev/serial/by-id;
//   - by USB identity, in the small device tree at [Scanner.Sysfs].
//
// What is sent before the driver opens the port waits in the kernel (about 4 kB);
// what has not been read when the scanner is unplugged is lost, as on a cable.
//
// All methods may be called from several goroutines; a call sends its bytes
// without mixing them with those of another. The package keeps no goroutines.
// It needs Linux.
package scannertest

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// ErrUnplugged is returned by everything that sends or hears while the scanner
// is not plugged in, or is closed.
var ErrUnplugged = errors.New("virtual scanner is unplugged")

// sendTimeout bounds how long a send waits for a driver that does not read.
const sendTimeout = 5 * time.Second

// Settings is how the scanner is programmed, and what it is on the USB. The zero
// value is a scanner "scanner" that sends codes bare and ends them with CR.
type Settings struct {
	// Name is the file name of Path, unique in its directory; empty is
	// "scanner".
	Name string
	// Prefix is sent before every code, Suffix after it; empty Suffix is CR.
	// For STX/ETX they are "\x02" and "\x03". NoSuffix sends nothing after a
	// code, which then ends by silence.
	Prefix, Suffix string
	NoSuffix       bool
	// Vendor, Product and Serial are the USB identity; empty ones are 1209,
	// 0001 (a pair free for private testing) and Name.
	Vendor, Product, Serial string
}

// Scanner is a virtual barcode scanner.
type Scanner struct {
	dir string
	set Settings

	mu     sync.Mutex
	master *os.File // the scanner's end, nil when unplugged
	slave  *os.File // keeps the line up while no driver has it open
	closed bool
}

// Open plugs a virtual scanner in. Its link and its device tree are made below
// dir, which is made if need be; several scanners may share it, like one machine.
func Open(dir string, set Settings) (*Scanner, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("virtual scanner: %w", err)
	}
	s := &Scanner{dir: dir, set: set.withDefaults()}
	if filepath.Base(s.set.Name) != s.set.Name {
		return nil, fmt.Errorf("virtual scanner: name %q is not a file name", s.set.Name)
	}
	return s, s.Replug()
}

func (set Settings) withDefaults() Settings {
	def := func(p *string, v string) {
		if *p == "" {
			*p = v
		}
	}
	def(&set.Name, "scanner")
	def(&set.Vendor, "1209")
	def(&set.Product, "0001")
	def(&set.Serial, set.Name)
	if !set.NoSuffix {
		def(&set.Suffix, "\r")
	}
	return set
}

// Path is the stable link to the node. While the scanner is unplugged there is
// no such file.
func (s *Scanner) Path() string { return filepath.Join(s.dir, s.set.Name) }

// Sysfs is the root of the device tree that lists this scanner, and the others
// of the same directory, with their USB identities.
func (s *Scanner) Sysfs() string { return filepath.Join(s.dir, "sys") }

// Plugged reports whether the scanner is plugged in.
func (s *Scanner) Plugged() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.master != nil
}

// Scan sends a code between the prefix and the suffix, as on a good read.
func (s *Scanner) Scan(code string) error { return s.ScanAs("", code) }

// ScanAs is Scan with an AIM identifier such as "]E0" before the code.
func (s *Scanner) ScanAs(aim, code string) error {
	return s.Raw([]byte(s.set.Prefix + aim + code + s.set.Suffix))
}

// Raw sends p as it is. The error says when the scanner is unplugged, or the
// driver has not read for five seconds.
func (s *Scanner) Raw(p []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.send(p)
}

// Dribble sends a code byte by byte, in as many writes. It calls pause, if not
// nil, after each, to wait as long as the slow line would; pause must not call
// the scanner.
func (s *Scanner) Dribble(code string, pause func()) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, b := range []byte(s.set.Prefix + code + s.set.Suffix) {
		if err := s.send([]byte{b}); err != nil {
			return err
		}
		if pause != nil {
			pause()
		}
	}
	return nil
}

// Garbage sends n random bytes, the same for the same seed, as a wrong baud rate
// or a broken cable would.
func (s *Scanner) Garbage(n int, seed uint64) error {
	p := make([]byte, n)
	r := rand.New(rand.NewPCG(seed, seed))
	for i := range p {
		p[i] = byte(r.Uint32())
	}
	return s.Raw(p)
}

// Heard returns n bytes that the driver sent, such as the command of a tone. It
// waits for them until the deadline, and returns what came with the error.
func (s *Scanner) Heard(n int, deadline time.Time) ([]byte, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.master == nil {
		return nil, ErrUnplugged
	}
	if err := s.master.SetReadDeadline(deadline); err != nil {
		return nil, fmt.Errorf("virtual scanner: %w", err)
	}
	p := make([]byte, n)
	got, err := io.ReadFull(s.master, p)
	if err != nil {
		err = fmt.Errorf("virtual scanner heard %d of %d bytes: %w", got, n, err)
	}
	return p[:got], err
}

// Unplug takes the scanner off: the link and the device go, the line hangs up.
// It does nothing on a scanner that is off.
func (s *Scanner) Unplug() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.unplug()
}

// Replug plugs the scanner in again, on a new node. It does nothing on a scanner
// that is plugged in, and fails on one that is closed.
func (s *Scanner) Replug() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrUnplugged
	}
	if s.master != nil {
		return nil
	}
	return s.plug()
}

// Close unplugs the scanner for good. It may be called more than once, and while
// other calls are under way: it waits for them, for five seconds at most.
func (s *Scanner) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	return s.unplug()
}

func (s *Scanner) send(p []byte) error {
	if s.master == nil {
		return ErrUnplugged
	}
	if err := s.master.SetWriteDeadline(time.Now().Add(sendTimeout)); err != nil {
		return fmt.Errorf("virtual scanner: %w", err)
	}
	if _, err := s.master.Write(p); err != nil {
		return fmt.Errorf("virtual scanner sends: %w", err)
	}
	return nil
}

func (s *Scanner) plug() error {
	master, slave, err := pty.Open()
	if err != nil {
		return fmt.Errorf("virtual scanner: %w", err)
	}
	s.master, s.slave = master, slave
	err = raw(slave)
	if err == nil {
		err = s.publish(slave.Name())
	}
	if err != nil {
		return fmt.Errorf("virtual scanner: %w", errors.Join(err, s.unplug()))
	}
	return nil
}

func (s *Scanner) unplug() error {
	if s.master == nil {
		return nil
	}
	err := errors.Join(s.withdraw(), s.slave.Close(), s.master.Close())
	s.master, s.slave = nil, nil
	return err
}

// raw takes the terminal out of the line: no echo, no translation, no signals,
// eight bits. A driver sets the same when it opens the port.
func raw(tty *os.File) error {
	conn, err := tty.SyscallConn()
	if err != nil {
		return err
	}
	var set error
	err = conn.Control(func(fd uintptr) { set = rawMode(int(fd)) })
	return errors.Join(err, set)
}

func rawMode(fd int) error {
	t, err := unix.IoctlGetTermios(fd, unix.TCGETS)
	if err != nil {
		return fmt.Errorf("get terminal mode: %w", err)
	}
	t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
	t.Cflag = t.Cflag&^(unix.CSIZE|unix.PARENB) | unix.CS8 | unix.CREAD | unix.CLOCAL
	t.Cc[unix.VMIN], t.Cc[unix.VTIME] = 1, 0
	if err := unix.IoctlSetTermios(fd, unix.TCSETS, t); err != nil {
		return fmt.Errorf("set terminal mode: %w", err)
	}
	return nil
}
