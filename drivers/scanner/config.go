package scanner

import (
	"context"
	"errors"
	"io"
	"time"
)

// Defaults of Config.
const (
	// DefaultBaud is the factory setting of most serial scanners. USB
	// scanners in serial mode ignore it.
	DefaultBaud = 9600
	// DefaultIdleGap is the silence that ends a frame without terminator.
	DefaultIdleGap = 80 * time.Millisecond
	// DefaultDebounce is how long a code must have been away to count again.
	DefaultDebounce = 700 * time.Millisecond
	// DefaultRetryMin and DefaultRetryMax bound the pause between attempts to
	// open the port; it doubles from one to the other.
	DefaultRetryMin = 100 * time.Millisecond
	DefaultRetryMax = 2 * time.Second
)

// Config says which scanner to drive, and how. USB, Path or Open must be set;
// everything else may be left zero.
type Config struct {
	// Name is the device name in every event. Empty: the USB key or the path.
	Name string
	// USB is the identity to look for. It wins over Path.
	USB Identity
	// Path is the node or symbolic link to open, for ports that are not USB
	// and for pseudo-terminals. A link of /dev/serial/by-id is stable, a bare
	// /dev/ttyACM0 is not.
	Path string
	// Sysfs is where the kernel lists devices; empty is /sys. A virtual
	// scanner has its own.
	Sysfs string
	// Line is the serial setting; the zero value is 9600 8N1.
	Line Line
	// Framing says where a code ends; the zero value takes any terminator and
	// 4096 bytes.
	Framing Framing
	// IdleGap is the silence that ends a frame without terminator, 50-100 ms
	// for most scanners. 0 is DefaultIdleGap, negative is never.
	IdleGap time.Duration
	// Debounce is how long a code must have been out of sight before it
	// counts as scanned again; every repetition starts it anew. 0 is
	// DefaultDebounce, negative is no debounce.
	Debounce time.Duration
	// RetryMin and RetryMax bound the pause between attempts to open the
	// port. 0 is the default.
	RetryMin, RetryMax time.Duration
	// Feedback holds the commands of the model; the zero value has none.
	Feedback Feedback
	// Now is the clock; nil is time.Now. Timers always run on real time (or
	// the time of a testing/synctest bubble).
	Now func() time.Time
	// Open finds and opens the port; nil uses USB or Path.
	Open Opener
}

// Opener finds a scanner's port where it is now and opens it. It is called
// again, after a pause, whenever it failed or the port it gave was lost. An
// error may be an [*OpenError] to say the cause.
type Opener func(ctx context.Context) (Port, error)

// Port is an open port. Read must block until there are bytes, and return an
// error when the scanner is gone or Close is called. Close must also end a Write
// that blocks.
type Port struct {
	io.ReadWriteCloser
	// Identity and Path are told in the Up event.
	Identity, Path string
}

// Line is the setting of a serial line.
type Line struct {
	// Baud is the speed in bits per second; 0 is DefaultBaud.
	Baud int
	// DataBits is 7 or 8; 0 is 8.
	DataBits int
	// Parity is none unless set.
	Parity Parity
	// TwoStopBits asks for two stop bits instead of one.
	TwoStopBits bool
}

// Parity is the parity of a serial line.
type Parity string

// NoParity is the zero value, EvenParity and OddParity the others in use.
const (
	NoParity   Parity = ""
	EvenParity Parity = "even"
	OddParity  Parity = "odd"
)

// check reports the first thing wrong with c.
func (c Config) check() error {
	switch {
	case c.Open == nil && c.Path == "" && c.USB == (Identity{}):
		return errors.New("scanner: neither a USB identity nor a path is set")
	case c.Line.Baud < 0:
		return errors.New("scanner: baud rate is negative")
	case c.Line.DataBits != 0 && c.Line.DataBits != 7 && c.Line.DataBits != 8:
		return errors.New("scanner: data bits are neither 7 nor 8")
	case c.Line.Parity != NoParity && c.Line.Parity != EvenParity && c.Line.Parity != OddParity:
		return errors.New("scanner: parity is neither empty, even nor odd")
	}
	if c.USB != (Identity{}) {
		return c.USB.check()
	}
	return nil
}

func (c Config) withDefaults() Config {
	if c.Name == "" {
		c.Name = c.key()
	}
	c.Line.Baud = orDefault(c.Line.Baud, DefaultBaud)
	c.Line.DataBits = orDefault(c.Line.DataBits, 8)
	c.Sysfs = orDefault(c.Sysfs, "/sys")
	c.IdleGap = orDefault(c.IdleGap, DefaultIdleGap)
	c.Debounce = orDefault(c.Debounce, DefaultDebounce)
	c.RetryMin = max(orDefault(c.RetryMin, DefaultRetryMin), time.Millisecond)
	c.RetryMax = max(orDefault(c.RetryMax, DefaultRetryMax), c.RetryMin)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Open == nil {
		c.Open = serialOpener{c}.open
	}
	return c
}

func (c Config) key() string {
	switch {
	case c.USB != (Identity{}):
		return c.USB.String()
	case c.Path != "":
		return c.Path
	default:
		return "scanner"
	}
}

func orDefault[T comparable](v, def T) T {
	var zero T
	if v == zero {
		return def
	}
	return v
}
