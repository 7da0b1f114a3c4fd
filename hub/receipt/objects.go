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
	// Remove takes away what is under key, and what an unfinished Put left of it.
	// Nothing there is no error.
	Remove(ctx context.Context, key string) error
}

// Dir keeps objects as files below a directory. When somebody removes the
// directory while it is in use, the next Put makes it again.
type Dir struct{ path string }

// OpenDir opens a directory, which is created when missing.
func OpenDir(path string) (*Dir, error) {
	d := &Dir{path: path}
	root, err := d.open()
	if err != nil {
		return nil, fmt.Errorf("open object directory: %w", err)
	}
	return d, root.Close()
}

// open gives access to what is below the directory, and to nothing else.
func (d *Dir) open() (*os.Root, error) {
	if err := os.MkdirAll(d.path, 0o750); err != nil {
		return nil, err
	}
	return os.OpenRoot(d.path)
}

// Put writes a file beside its place, syncs it, and moves it there.
func (d *Dir) Put(_ context.Context, key string, data []byte) error {
	root, err := d.open()
	if err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	if err := errors.Join(put(root, filepath.FromSlash(key), data), root.Close()); err != nil {
		return fmt.Errorf("put %s: %w", key, err)
	}
	return nil
}

func put(root *os.Root, name string, data []byte) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o750); err != nil {
		return err
	}
	part := name + ".part"
	err := write(root, part, data)
	if err == nil {
		err = root.Rename(part, name)
	}
	if err != nil {
		_ = root.Remove(part) // the error before is the one that matters
		return err
	}
	return sync(root, filepath.Dir(name))
}

func write(root *os.Root, name string, data []byte) error {
	f, err := root.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o640)
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
func sync(root *os.Root, name string) error {
	f, err := root.Open(name)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Get reads a file.
func (d *Dir) Get(_ context.Context, key string) ([]byte, error) {
	root, err := os.OpenRoot(d.path)
	if err == nil {
		var data []byte
		data, err = root.ReadFile(filepath.FromSlash(key))
		if err = errors.Join(err, root.Close()); err == nil {
			return data, nil
		}
	}
	if errors.Is(err, fs.ErrNotExist) {
		err = ErrNoObject
	}
	return nil, fmt.Errorf("get %s: %w", key, err)
}

// Remove takes a file away.
func (d *Dir) Remove(_ context.Context, key string) error {
	root, err := d.open()
	if err != nil {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	if err := errors.Join(remove(root, filepath.FromSlash(key)), root.Close()); err != nil {
		return fmt.Errorf("remove %s: %w", key, err)
	}
	return nil
}

func remove(root *os.Root, name string) error {
	for _, n := range []string{name, name + ".part"} {
		if err := root.Remove(n); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := sync(root, filepath.Dir(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
