package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// lock keeps a second hub away from a shop's data. The kernel lets go of it
// when the process ends, however it ends.
type lock struct{ file *os.File }

// take locks a shop's data, creating its directory when missing.
func take(c Config) (*lock, error) {
	if err := os.MkdirAll(c.Data, 0o750); err != nil {
		return nil, fmt.Errorf("directory of the data: %w", err)
	}
	f, err := os.OpenFile(filepath.Join(c.Data, c.Shop+".lock"), os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, fmt.Errorf("lock the data: %w", err)
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = fmt.Errorf("another hub is running on %s: stop it first, or choose another --data", c.Data)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return &lock{file: f}, nil
}

func (l *lock) release() error { return l.file.Close() }
