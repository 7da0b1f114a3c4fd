package scanner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"go.bug.st/serial"
)

// OpenError is why a port could not be opened, with words for the person who
// can do something about it.
type OpenError struct {
	// Cause is the kind of trouble.
	Cause Cause
	// Hint is plain words that say what to do.
	Hint string
	// Err is what the system said.
	Err error
}

// Error says the hint and the cause.
func (e *OpenError) Error() string { return fmt.Sprintf("%s: %v", e.Hint, e.Err) }

// Unwrap returns Err.
func (e *OpenError) Unwrap() error { return e.Err }

// serialOpener opens the port that a Config names.
type serialOpener struct{ cfg Config }

func (o serialOpener) open(context.Context) (Port, error) {
	path, identity := o.cfg.Path, o.cfg.Path
	if o.cfg.USB != (Identity{}) {
		port, err := o.locate()
		if err != nil {
			return Port{}, o.explain(err, "")
		}
		path, identity = port.Path, port.Identity.String()
	}
	l, err := o.openLine(path)
	if err != nil {
		return Port{}, o.explain(err, path)
	}
	return Port{ReadWriteCloser: l, Identity: identity, Path: path}, nil
}

// line is a serial port with its own way out. A Write of go.bug.st/serial that
// blocks, because the scanner takes nothing, is not ended by Close; one through
// out is.
type line struct {
	serial.Port
	out *os.File
}

// openLine opens the way out first: afterwards the port is exclusive.
func (o serialOpener) openLine(path string) (*line, error) {
	out, err := os.OpenFile(path, os.O_WRONLY|syscall.O_NOCTTY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	port, err := serial.Open(path, o.mode())
	if err != nil {
		return nil, errors.Join(err, out.Close())
	}
	return &line{Port: port, out: out}, nil
}

// Write sends a command.
func (l *line) Write(p []byte) (int, error) { return l.out.Write(p) }

// Close ends a Read and a Write under way.
func (l *line) Close() error { return errors.Join(l.out.Close(), l.Port.Close()) }

func (o serialOpener) locate() (USBPort, error) {
	ports, err := USBPorts(o.cfg.Sysfs)
	if err != nil {
		return USBPort{}, err
	}
	return find(ports, o.cfg.USB)
}

func (o serialOpener) mode() *serial.Mode {
	line := o.cfg.Line
	m := &serial.Mode{BaudRate: line.Baud, DataBits: line.DataBits}
	switch line.Parity {
	case EvenParity:
		m.Parity = serial.EvenParity
	case OddParity:
		m.Parity = serial.OddParity
	}
	if line.TwoStopBits {
		m.StopBits = serial.TwoStopBits
	}
	return m
}

// explain turns what the system said into what a person can do.
func (o serialOpener) explain(err error, path string) error {
	e := &OpenError{Cause: Failed, Err: err}
	var pe *serial.PortError
	code := serial.PortErrorCode(-1)
	if errors.As(err, &pe) {
		code = pe.Code()
	}
	switch {
	case errors.Is(err, errAmbiguous):
		e.Cause = Ambiguous
		e.Hint = fmt.Sprintf("more than one device is %s: add its serial number or location to the settings", o.cfg.USB)
	case errors.Is(err, fs.ErrNotExist), code == serial.PortNotFound:
		e.Cause = NotFound
		e.Hint = fmt.Sprintf("the scanner (%s) is not connected: check its cable", o.cfg.key())
	case errors.Is(err, fs.ErrPermission), code == serial.PermissionDenied:
		e.Cause = NoPermission
		e.Hint = fmt.Sprintf("no permission to use the scanner at %s: the user of this program must be in the group dialout", path)
	case code == serial.PortBusy, errors.Is(err, syscall.EBUSY):
		e.Cause = Busy
		e.Hint = fmt.Sprintf("another program is using the scanner at %s: close it", path)
	default:
		e.Hint = fmt.Sprintf("the scanner at %s cannot be used: unplug it and plug it in again", path)
	}
	return e
}
