package journal

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"go.etcd.io/bbolt"

	"kickstand/protocol"
)

const (
	defaultHiCap = 64 << 20
	defaultLoCap = 8 << 20
	defaultGrow  = 16 << 20
	mapSize      = 256 << 20 // of address space: the file is never mapped anew below this size
	inboxKept    = 4096
)

// Open opens the journal at path, or begins a new one if there is none or the
// one there is damaged. The directory must exist. Errors wrap ErrBusy, ErrForeign
// or what the operating system said; a damaged file is not an error but stands
// in the Report.
func Open(path string, opt Options) (*Journal, Report, error) {
	if err := protocol.CheckID(opt.Device); err != nil {
		return nil, Report{}, fmt.Errorf("open journal: %w", err)
	}
	if opt.Stamp == nil {
		return nil, Report{}, errors.New("open journal: Options.Stamp is missing")
	}
	lock, err := takeLock(path + ".lock")
	if err != nil {
		return nil, Report{}, err
	}
	j := &Journal{
		path: path, opt: opt.filled(), lock: lock,
		wake: make(chan struct{}, 1), added: make(chan struct{}, 1), ended: make(chan struct{}),
	}
	rep, err := j.open()
	if err != nil {
		return nil, Report{}, errors.Join(fmt.Errorf("open journal %s: %w", path, err), lock.Close())
	}
	return j, rep, nil
}

func (o Options) filled() Options {
	if o.HiCap == 0 {
		o.HiCap = defaultHiCap
	}
	if o.LoCap == 0 {
		o.LoCap = defaultLoCap
	}
	if o.Grow == 0 {
		o.Grow = defaultGrow
	}
	return o
}

// takeLock keeps other processes away from the file. It is a file of its own,
// because the data file is examined before bbolt locks it.
func takeLock(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open journal: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("%w: lock %s: %w", ErrBusy, name, err), f.Close())
	}
	return f, nil
}

func (j *Journal) open() (Report, error) {
	rep, saved, err := j.inspect()
	if err != nil {
		return rep, err
	}
	if rep.Fresh {
		if err := j.create(rep, saved); err != nil {
			return rep, err
		}
	}
	if err := guard(func() error { return j.start() }); err != nil {
		return rep, err
	}
	return rep, nil
}

// inspect reads the file without bbolt. A damaged one gets its second name, and
// what can be read of it is returned.
func (j *Journal) inspect() (Report, salvage, error) {
	file, err := load(j.path)
	if errors.Is(err, fs.ErrNotExist) {
		return Report{Fresh: true, Why: "first start"}, salvage{}, nil
	}
	if err != nil && !errors.Is(err, syscall.EIO) { // a bad sector is damage, a missing permission is not
		return Report{}, salvage{}, err
	}
	found, bad := examine(file)
	if bad == nil {
		bad = err
	}
	if found.device != j.opt.Device && (bad == nil || found.device != "") {
		return Report{}, salvage{}, fmt.Errorf("%w: %q", ErrForeign, found.device)
	}
	if bad == nil {
		_ = forget(j.path, file) // the journal is sound without it, and the next start tries again
		return Report{}, salvage{}, nil
	}
	kept, err := setAside(j.path)
	if err != nil {
		return Report{}, salvage{}, fmt.Errorf("set the damaged file aside: %w", err)
	}
	rep := Report{Fresh: true, Why: "the file is damaged", Detail: bad.Error(), Kept: kept, Salvaged: len(found.hi)}
	return rep, found.salvage, nil
}

// setAside gives the file the first free name.damaged-n beside its own, so that
// a power cut before the new journal has taken its place finds it again. Where a
// file cannot have two names it is renamed.
func setAside(path string) (string, error) {
	damaged, err := os.Stat(path)
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		kept := fmt.Sprintf("%s.damaged-%d", path, n)
		other, err := os.Lstat(kept)
		if err == nil && os.SameFile(damaged, other) {
			return kept, nil // begun before a power cut
		}
		if err == nil {
			continue
		}
		if !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
		if err = os.Link(path, kept); err != nil {
			err = os.Rename(path, kept)
		}
		return kept, errors.Join(err, syncDir(path))
	}
}

// create makes a complete file under another name and then renames it, so that a
// power cut leaves either what was there or a whole journal, with everything
// that was saved of a damaged one.
func (j *Journal) create(rep Report, saved salvage) error {
	next := j.path + ".new"
	if err := os.Remove(next); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := guard(func() error { return j.fill(next, rep, saved) }); err != nil {
		return errors.Join(fmt.Errorf("create: %w", err), os.Remove(next))
	}
	if err := os.Rename(next, j.path); err != nil {
		return err
	}
	return syncDir(j.path)
}

func (j *Journal) fill(path string, rep Report, saved salvage) error {
	db, err := bbolt.Open(path, 0o600, j.bolt())
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bbolt.Tx) error { return j.begin(tx, rep, saved) })
	if err := errors.Join(err, db.Close()); err != nil {
		return err
	}
	return grow(path, j.opt.Grow)
}

// begin writes what every new journal holds, and what was saved.
func (j *Journal) begin(tx *bbolt.Tx, rep Report, saved salvage) error {
	for _, name := range buckets() {
		if _, err := tx.CreateBucket([]byte(name)); err != nil {
			return fmt.Errorf("bucket %s: %w", name, err)
		}
	}
	epochs := map[Stream]string{Hi: newEpoch(), Lo: newEpoch()}
	values := map[string]string{keyDevice: j.opt.Device, keyEpoch + string(Hi): epochs[Hi], keyEpoch + string(Lo): epochs[Lo]}
	for k, v := range values {
		if err := put(tx.Bucket([]byte(bucketMeta)), bucketMeta, []byte(k), []byte(v)); err != nil {
			return err
		}
	}
	reset := &protocol.JournalReset{Why: rep.Why}
	if rep.Kept != "" {
		reset.Why, reset.Kept = plain(rep.Why+": "+rep.Detail), plain(filepath.Base(rep.Kept))
	}
	e, err := protocol.Seal(j.opt.Device, reset, j.opt.Stamp())
	if err != nil {
		return err
	}
	var t tally
	for _, e := range append([]protocol.Envelope{e}, saved.hi...) {
		data, err := t.Hi.next(e, epochs[Hi])
		if err != nil {
			return err
		}
		if err := put(tx.Bucket([]byte(Hi)), string(Hi), seqKey(t.Hi.Last), data); err != nil {
			return err
		}
		t.Hi.add(data)
	}
	return errors.Join(saved.blobs(tx, &t), t.store(tx))
}

// blobs stores the saved state and settings.
func (s salvage) blobs(tx *bbolt.Tx, t *tally) error {
	var err error
	if s.state != nil {
		err = put(tx.Bucket([]byte(bucketState)), bucketState, []byte(keyState), s.state)
		t.State = sum(bucketState, []byte(keyState), s.state)
	}
	if s.settings != nil {
		err = errors.Join(err, put(tx.Bucket([]byte(bucketMeta)), bucketMeta, []byte(keySettings), s.settings))
	}
	return err
}

// buckets are those every journal has.
func buckets() []string {
	return []string{string(Hi), string(Lo), bucketInbox, bucketMeta, bucketCatalogue, bucketState, bucketCount}
}

func put(b *bbolt.Bucket, name string, key, data []byte) error {
	b.FillPercent = 0.9 // keys only grow: leave no room in the middle
	return b.Put(key, seal(name, key, data))
}

func newEpoch() string { return random(20) }

// random returns so many hex digits.
func random(digits int) string {
	b := make([]byte, digits/2)
	_, _ = rand.Read(b) // never returns an error
	return hex.EncodeToString(b)
}

// plain cuts a text to what a body may carry.
func plain(s string) string {
	const most = 300
	out := make([]rune, 0, most)
	for _, r := range s {
		if r < ' ' || r == 0x7f {
			r = ' '
		}
		out = append(out, r)
	}
	for len(string(out)) > most {
		out = out[:len(out)-1]
	}
	return string(out)
}

// grow fills the file with zeros up to size, so that later commits write into
// blocks that exist: a sync is then one write, and a full disk is met later. A
// disk too small for it is no error.
func grow(path string, size int64) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	info, err := f.Stat()
	if err != nil {
		return errors.Join(err, f.Close())
	}
	used := info.Size()
	zeros := make([]byte, 1<<20)
	for at := used; at < size; at += int64(len(zeros)) {
		if _, err := f.Write(zeros); err != nil {
			if err := f.Truncate(used); err != nil {
				return errors.Join(err, f.Close())
			}
			break
		}
	}
	return errors.Join(f.Sync(), f.Close())
}

func syncDir(path string) error {
	d, err := os.Open(filepath.Dir(path))
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

func (j *Journal) bolt() *bbolt.Options {
	return &bbolt.Options{
		Timeout:         time.Second,
		NoFreelistSync:  true,
		FreelistType:    bbolt.FreelistMapType,
		InitialMmapSize: mapSize,
		PageSize:        pageSize,
		NoStatistics:    true,
		OpenFile:        j.opt.OpenFile,
	}
}

// start opens a file that inspect found sound, and counts what is in it.
func (j *Journal) start() error {
	db, err := bbolt.Open(j.path, 0o600, j.bolt())
	if err != nil {
		return err
	}
	j.db, j.epochs, j.executed = db, map[Stream]string{}, map[string]bool{}
	if err := db.View(j.remember); err != nil {
		return errors.Join(err, db.Close())
	}
	j.status.Percent = j.percent()
	return nil
}

// remember reads what the owner keeps in memory.
func (j *Journal) remember(tx *bbolt.Tx) error {
	for _, s := range []Stream{Hi, Lo} {
		epoch, err := get(tx, bucketMeta, keyEpoch+string(s))
		if err != nil {
			return err
		}
		j.epochs[s] = string(epoch)
	}
	data, err := get(tx, bucketCount, keyCount)
	if err != nil {
		return err
	}
	if j.tail, err = parseTally(data); err != nil {
		return err
	}
	return tx.Bucket([]byte(bucketInbox)).ForEach(func(_, v []byte) error {
		j.executed[string(v[sumLen:])] = true
		return nil
	})
}

func get(tx *bbolt.Tx, bucket, key string) ([]byte, error) {
	data, err := unseal(bucket, []byte(key), tx.Bucket([]byte(bucket)).Get([]byte(key)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", key, err)
	}
	return data, nil
}
