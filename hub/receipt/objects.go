package receipt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// ErrNoObject is returned by Get for a key that is not there.
var ErrNoObject = errors.New("no such object")

// Objects is a place for documents: a directory, or a bucket.
type Objects interface {
	// Put stores data under key, in place of what was there. When it returns
	// nil the object survives a power cut.
	Put(ctx context.Context, key string, data []byte) error
	// Get returns the data under key, or an error that wraps ErrNoObject.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Dir keeps objects as files below a directory.
type Dir struct{ root *os.Root }

// OpenDir opens a directory, which is created when missing. The caller closes
// it.
func OpenDir(path string) (*Dir, error) {
	if err := os.MkdirAll(path, 0o750); err != nil {
		return nil, fmt.Errorf("open object directory: %w", err)
	}
	root, err := os.OpenRoot(path)
	if err != nil {
		return nil, fmt.Errorf("open object directory: %w", err)
	}
	return &Dir{root: root}, nil
}

// Close releases the directory.
func (d *Dir) Close() error { return d.root.Close() }

// Put writes a file beside its place, syncs it, and moves it there.
func (d *Dir) Put(_ context.Context, key string, data []byte) (err error) {
	name := filepath.FromSlash(key)
	if err := d.root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	part := name + ".part"
	defer func() {
		if err != nil {
			_ = d.root.Remove(part) // the error above is the one that matters
		}
	}()
	if err := d.write(part, data); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	if err := d.root.Rename(part, name); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	if err := d.sync(filepath.Dir(name)); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func (d *Dir) write(name string, data []byte) error {
	f, err := d.root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
	if err != nil {
		return err
	}
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// sync makes a rename in a directory durable.
func (d *Dir) sync(name string) error {
	f, err := d.root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get reads a file.
func (d *Dir) Get(_ context.Context, key string) ([]byte, error) {
	data, err := d.root.ReadFile(filepath.FromSlash(key))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("get %s: %w", key, ErrNoObject)
	}
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", key, err)
	}
	return data, nil
}
