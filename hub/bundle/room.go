package bundle

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"kickstand/hub/store"
)

var (
	// ErrBusy is returned while another bundle of the shop is being made.
	ErrBusy = errors.New("another bundle of this shop is being made: wait for it")
	// ErrExists is returned for a name that is taken. What is there stays.
	ErrExists = errors.New("exists already: choose another name")
)

// FullError is returned when there is no room for a bundle. Nothing is left of it.
type FullError struct {
	Where string // directory that is full
	Err   error
}

// Error says what to do.
func (e *FullError) Error() string {
	return fmt.Sprintf("the disk of %s is full; nothing was left there. Make room, or write the bundle to another disk: it needs about twice the size of the database in the directory of the data, and the size of database and receipts where it is written (%v)", e.Where, e.Err)
}

// Unwrap returns the cause.
func (e *FullError) Unwrap() error { return e.Err }

// noRoom names the directory when err is a full disk.
func noRoom(where string, err error) error {
	var known *FullError
	if errors.As(err, &known) {
		return err
	}
	for _, full := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EFBIG, store.ErrFull} {
		if errors.Is(err, full) {
			return &FullError{Where: where, Err: err}
		}
	}
	return err
}

const (
	lockName = ".bundle.lock"
	workName = ".bundle-work"
	noteName = "part" // in the work directory: where the unfinished file is
	unready  = ".part"
)

// room is where one bundle is made. Its lock is let go by the kernel when the
// process ends, however it ends; whoever has the lock may remove what is left of
// others.
type room struct {
	dir  string
	lock *os.File
}

// enter takes the room, and clears it of what a killed process left.
func enter(data string) (*room, error) {
	lock, err := takeLock(data)
	if err != nil {
		return nil, err
	}
	r := &room{dir: filepath.Join(data, workName), lock: lock}
	_, err = clearOf(data)
	if err == nil {
		err = os.Mkdir(r.dir, 0o700)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("room for a bundle: %w", noRoom(data, err)), lock.Close())
	}
	return r, nil
}

func takeLock(data string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(data, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("room for a bundle: %w", noRoom(data, err))
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = ErrBusy
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

func (r *room) leave() error { return errors.Join(os.RemoveAll(r.dir), r.lock.Close()) }

// Sweep removes what killed processes left of bundles, and returns the names of
// the files that were being written. It does nothing while one is being made.
func Sweep(data string) (cut []string, err error) {
	lock, err := takeLock(data)
	if errors.Is(err, ErrBusy) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	cut, err = clearOf(data)
	return cut, errors.Join(err, lock.Close())
}

// clearOf removes what is left; the caller has the lock. It removes no file that
// is not named as unfinished.
func clearOf(data string) (cut []string, err error) {
	dirs, err := filepath.Glob(filepath.Join(data, ".bundle-*"))
	if err != nil {
		return nil, err
	}
	for _, dir := range dirs {
		note, err := os.ReadFile(filepath.Join(dir, noteName))
		if path := string(note); err == nil && strings.HasSuffix(path, unready) {
			if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return cut, err
			}
			cut = append(cut, strings.TrimSuffix(path, unready))
		}
		if err := os.RemoveAll(dir); err != nil {
			return cut, err
		}
	}
	return cut, nil
}

// file is a bundle that has not got its name yet.
type file struct {
	*os.File
	path  string
	sum   hash.Hash
	bytes int64
}

// create begins a file beside its place. Where it is stands in the room first.
func (r *room) create(path string) (*file, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	if _, err := os.Lstat(path); err == nil {
		return nil, fmt.Errorf("%s %w", path, ErrExists)
	}
	if err := os.WriteFile(filepath.Join(r.dir, noteName), []byte(path+unready), 0o600); err != nil {
		return nil, noRoom(r.dir, err)
	}
	f, err := os.OpenFile(path+unready, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		forget := os.Remove(filepath.Join(r.dir, noteName)) // it is somebody else's
		return nil, errors.Join(fmt.Errorf("%s%s is in the way: remove it, unless another bundle is being written there", path, unready), forget)
	}
	if err != nil {
		return nil, fmt.Errorf("write the bundle: %w", noRoom(filepath.Dir(path), err))
	}
	return &file{File: f, path: path, sum: sha256.New()}, nil
}

// Write writes and sums up.
func (f *file) Write(b []byte) (int, error) {
	n, err := f.File.Write(b)
	f.sum.Write(b[:n])
	f.bytes += int64(n)
	return n, noRoom(filepath.Dir(f.path), err)
}

func (f *file) digest() string { return hex.EncodeToString(f.sum.Sum(nil)) }

// publish gives the file its name once it is on the disk.
func (f *file) publish() error {
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return noRoom(filepath.Dir(f.path), err)
	}
	if err := name(f.path+unready, f.path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(f.path))
}

// name moves a file to a name that must be free. File systems of memory sticks
// know no links: there the look and the move are two steps.
func name(from, to string) error {
	err := os.Link(from, to)
	if err == nil {
		return os.Remove(from)
	}
	if _, there := os.Lstat(to); there == nil {
		return fmt.Errorf("%s %w", to, ErrExists)
	}
	return os.Rename(from, to)
}

func syncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// discard removes what was written. It may have its name already.
func (f *file) discard() error {
	_ = f.Close() // closed already, or about to vanish
	if err := os.Remove(f.path + unready); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
