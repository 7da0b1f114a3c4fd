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

// Serial is a printer on a serial line, 8 data bits, no parity, 1 stop bit.
type Serial struct {
	Path string // device node; prefer a stable one under /dev/serial/by-id
	Baud int    // 0 means 9600
}

// Open opens the serial port.
func (s Serial) Open(context.Context) (io.ReadWriteCloser, error) {
	baud := s.Baud
	if baud == 0 {
		baud = 9600
	}
	port, err := serial.Open(s.Path, &serial.Mode{BaudRate: baud})
	if err != nil {
		return nil, fmt.Errorf("open printer %s: %w", s, err)
	}
	return &serialPort{port: port}, nil
}

// String returns "serial" and the path.
func (s Serial) String() string { return "serial " + s.Path }

// serialPort writes in small pieces, so that Close can end a Write that a
// printer holds up by flow control: throwing away the kernel's queue makes room
// for the piece in progress, and no further one starts.
type serialPort struct {
	port   serial.Port
	closed atomic.Bool
}

const serialPiece = 256

func (s *serialPort) Read(b []byte) (int, error) {
	n, err := s.port.Read(b)
	if n == 0 && err == nil && len(b) > 0 {
		return 0, io.EOF
	}
	return n, err
}

func (s *serialPort) Write(b []byte) (int, error) {
	written := 0
	for written < len(b) {
		if s.closed.Load() {
			return written, net.ErrClosed
		}
		n, err := s.port.Write(b[written:min(len(b), written+serialPiece)])
		written += max(0, n)
		if err != nil {
			return written, err
		}
	}
	return written, nil
}

func (s *serialPort) Close() error {
	if s.closed.Swap(true) {
		return net.ErrClosed
	}
	flushed := s.port.ResetOutputBuffer()
	if err := s.port.Close(); err != nil {
		return errors.Join(flushed, err)
	}
	return nil
}
