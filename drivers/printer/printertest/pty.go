package printertest

import (
	"errors"
	"fmt"
	"os"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// terminal is a pseudo-terminal in raw mode with a stable name.
type terminal struct {
	host  *os.File // the printer's end
	guest *os.File // kept open, so that a closing host is not a hang-up
	link  string
}

// openTerminal opens a pseudo-terminal and puts a symbolic link to it at link.
func openTerminal(link string) (*terminal, error) {
	ptmx, guest, err := pty.Open()
	if err != nil {
		return nil, fmt.Errorf("open pty: %w", err)
	}
	t := &terminal{guest: guest, link: link}
	t.host, err = pollable(ptmx)
	if err == nil {
		err = errors.Join(raw(guest), relink(guest.Name(), link))
	}
	if err != nil {
		return nil, errors.Join(err, t.close())
	}
	return t, nil
}

// pollable reopens f non-blocking, so that Close ends a Read.
func pollable(f *os.File) (*os.File, error) {
	defer f.Close()
	fd, err := unix.Dup(int(f.Fd()))
	if err != nil {
		return nil, fmt.Errorf("dup pty: %w", err)
	}
	unix.CloseOnExec(fd)
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(fmt.Errorf("pty without blocking: %w", err), unix.Close(fd))
	}
	return os.NewFile(uintptr(fd), f.Name()), nil
}

// raw switches off all translation of bytes.
func raw(f *os.File) error {
	t, err := unix.IoctlGetTermios(int(f.Fd()), unix.TCGETS)
	if err != nil {
		return fmt.Errorf("read pty settings: %w", err)
	}
	t.Iflag, t.Oflag, t.Lflag = 0, 0, 0
	t.Cflag = t.Cflag&^unix.CSIZE | unix.CS8 | unix.CREAD | unix.CLOCAL
	if err := unix.IoctlSetTermios(int(f.Fd()), unix.TCSETS, t); err != nil {
		return fmt.Errorf("set pty raw: %w", err)
	}
	return nil
}

func relink(target, link string) error {
	if err := os.Remove(link); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("pty link: %w", err)
	}
	if err := os.Symlink(target, link); err != nil {
		return fmt.Errorf("pty link: %w", err)
	}
	return nil
}

// close hangs up and removes the name.
func (t *terminal) close() error {
	var errs []error
	if t.host != nil {
		if err := t.host.Close(); !errors.Is(err, os.ErrClosed) {
			errs = append(errs, err)
		}
	}
	errs = append(errs, t.guest.Close())
	if err := os.Remove(t.link); !errors.Is(err, os.ErrNotExist) {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}
