package printer

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync/atomic"
	"syscall"
	"time"

	"go.bug.st/serial"
)

// Transport reaches a printer. Close of what Open returns must unblock a Read
// and a Write in progress.
type Transport interface {
	// Open connects. It gives up when ctx ends.
	Open(ctx context.Context) (io.ReadWriteCloser, error)
	// String names the printer for people and logs.
	String() string
}

// TCP is a printer on the network, usually at port 9100.
type TCP struct {
	Addr string // host:port
}

// Open connects to the printer.
func (t TCP) Open(ctx context.Context) (io.ReadWriteCloser, error) {
	d := net.Dialer{KeepAlive: 10 * time.Second}
	c, err := d.DialContext(ctx, "tcp", t.Addr)
	if err != nil {
		return nil, fmt.Errorf("open printer %s: %w", t, err)
	}
	return c, nil
}

// String returns "tcp" and the address.
func (t TCP) String() string { return "tcp " + t.Addr }

// LP is a printer on the kernel's USB printer driver.
type LP struct {
	// Path is the device node or a pattern such as "/dev/usb/lp*": a printer
	// plugged in again may come back under another number, and the first node
	// that opens is taken.
	Path string
}

// Open opens the node without blocking, which gives it deadlines and lets Close
// end a Read or Write.
func (l LP) Open(context.Context) (io.ReadWriteCloser, error) {
	nodes, err := filepath.Glob(l.Path)
	if err != nil {
		return nil, fmt.Errorf("open printer %s: %w", l, err)
	}
	if len(nodes) == 0 {
		return nil, fmt.Errorf("open printer %s: %w", l, os.ErrNotExist)
	}
	var errs []error
	for _, node := range nodes {
		f, err := os.OpenFile(node, os.O_RDWR|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
		if err == nil {
			return f, nil
		}
		errs = append(errs, err)
	}
	return nil, fmt.Errorf("open printer %s: %w", l, errors.Join(errs...))
}

// String returns "usb" and the path.
func (l LP) String() string { return "usb " + l.Path }

// Serial is a printer on a serial line, 8 data bits, no parity, 1 stop bit, no
// handshake: printers take receipts faster than the usual speeds deliver them,
// and the encoder keeps documents small. A USB printer that shows up as a serial
// port has its own flow control.
type Serial struct {
	Path string // device node; prefer a stable one under /dev/serial/by-id
	Baud int    // 0 means 9600
}

// Open opens the serial port. The node is opened twice: once by the serial
// library, which sets speed and form and locks others out, and once without
// blocking for the data, since a write the library has begun cannot be ended
// while a printer holds it up.
func (s Serial) Open(context.Context) (io.ReadWriteCloser, error) {
	baud := s.Baud
	if baud == 0 {
		baud = 9600
	}
	data, err := os.OpenFile(s.Path, os.O_RDWR|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return nil, fmt.Errorf("open printer %s: %w", s, err)
	}
	line, err := serial.Open(s.Path, &serial.Mode{BaudRate: baud})
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open printer %s: %w", s, err), data.Close())
	}
	return &serialPort{File: data, line: line}, nil
}

// String returns "serial" and the path.
func (s Serial) String() string { return "serial " + s.Path }

// serialPort is the data side of a serial line.
type serialPort struct {
	*os.File
	line    serial.Port
	writing atomic.Bool
}

func (s *serialPort) Write(b []byte) (int, error) {
	s.writing.Store(true)
	n, err := s.File.Write(b)
	s.writing.Store(err != nil)
	return n, err
}

// Close ends a Read or Write in progress. What a stuck printer has not taken is
// thrown away, or the kernel would wait for it; what it is still taking is not.
func (s *serialPort) Close() error {
	var errs []error
	if s.writing.Load() {
		errs = append(errs, s.line.ResetOutputBuffer())
	}
	errs = append(errs, s.File.Close(), s.line.Close())
	return errors.Join(errs...)
}
