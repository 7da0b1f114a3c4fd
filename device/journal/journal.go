package journal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"

	"go.etcd.io/bbolt"

	"kickstand/protocol"
)

// Errors a caller branches on.
var (
	// ErrFull is wrapped when there was no space for a commit. Nothing of the
	// commit was stored, nothing stored before was lost, and a later commit may
	// succeed once space is free.
	ErrFull = errors.New("the disk is full")
	// ErrFailed is wrapped by every call after the disk did not keep its word.
	// Whether the commit that saw it first is stored is unknown: close the
	// journal, open it again and look.
	ErrFailed = errors.New("the journal stopped after a disk failure")
	// ErrClosed is returned once Run has ended.
	ErrClosed = errors.New("the journal is closed")
	// ErrBusy is wrapped by Open when another process has the journal open.
	ErrBusy = errors.New("another program has the journal open")
	// ErrForeign is wrapped by Open when the file was written for another
	// device. It is left as it is: its events belong to that device.
	ErrForeign = errors.New("the journal belongs to another device")
	// ErrEpoch is wrapped by Acked for an epoch or a number this journal never
	// gave out.
	ErrEpoch = errors.New("not an epoch and number of this journal")
	// ErrVersion is wrapped by StoreCatalogue when a delta does not begin at the
	// stored version.
	ErrVersion = errors.New("the change does not follow the stored catalogue")
)

// Stream names one of the two outbox streams.
type Stream string

// The outbox streams.
const (
	Hi Stream = "hi" // money, audit, tickets, rentals: never dropped
	Lo Stream = "lo" // telemetry and logs: the oldest are dropped beyond LoCap
)

// Window is the number of events per stream that may be sent and not yet
// acknowledged. The first Window events of Lo are never dropped, because the
// hub may already have seen them under their numbers.
const Window = 32

// Options say how a journal is kept. The zero value of every field but Device
// and Stamp is useful.
type Options struct {
	Device string                // id of this device, for the envelopes the journal writes itself
	Stamp  func() protocol.Stamp // the device's clocks
	HiCap  int64                 // bytes of Hi at which Status says 100 %; 0 is 64 MiB. The disk is the limit
	LoCap  int64                 // bytes of Lo beyond which its oldest events are dropped; 0 is 8 MiB
	Grow   int64                 // bytes a new file is filled to, so that commits allocate nothing; 0 is 16 MiB, negative none
	// Watch is told when Status changes in a way a person should know: a whole
	// percent at or above 80, falling below 80, the disk full or free again,
	// events dropped. Run calls it between commits; it must not call the journal.
	Watch func(Status)
	// OpenFile replaces os.OpenFile for the data file, so that tests can fail
	// the disk on purpose.
	OpenFile func(name string, flag int, perm os.FileMode) (*os.File, error)
}

// Status is how full the outbox is.
type Status struct {
	Percent int    // bytes of Hi against HiCap, in percent; may exceed 100
	Full    bool   // the last commit found no space on the disk
	Dropped uint64 // events of Lo dropped since Open
}

// Entry is what one Commit stores together. Every field may be empty.
type Entry struct {
	State    []byte              // replaces the state of the device
	Settings []byte              // replaces the settings of the shop
	Hi, Lo   []protocol.Envelope // without epoch and seq: the journal gives both
	Inbox    []string            // ids of commands that are now carried out
}

// Result says under which numbers the events of an Entry were stored.
type Result struct {
	Hi uint64 // seq of the last event of Entry.Hi, 0 if there was none
	Lo uint64 // seq of the last event of Entry.Lo, 0 if there was none
}

// Row is one stored event: the encoded envelope under its number.
type Row struct {
	Seq  uint64
	Data []byte
}

// Report says what Open found.
type Report struct {
	Fresh  bool   // a new journal was begun
	Why    string // why, in plain words: "first start" or "the file is damaged"
	Detail string // what is wrong with the damaged file, for a technician
	Kept   string // path of the damaged file set aside, empty if there was none
	// Salvaged counts the events of Hi that could be read of the damaged file and
	// passed their checksum. The new journal holds them under new numbers, and its
	// state and settings are those of the damaged file if they could be read. Some
	// of the events may be with the hub already, which knows them by the ids in
	// their bodies.
	Salvaged int
}

// Journal is an open journal. All methods may be called from any goroutine.
type Journal struct {
	path     string
	opt      Options
	db       *bbolt.DB
	lock     *os.File
	wake     chan struct{} // holds a token while jobs wait
	ended    chan struct{} // closed by Run when it ends
	added    chan struct{} // holds a token after events were stored
	epochs   map[Stream]string
	mu       sync.Mutex // guards what follows
	jobs     []*job
	began    bool
	failed   error // wraps ErrFailed, or nil
	broken   bool  // bbolt panicked: its locks cannot be trusted
	tail     tally
	executed map[string]bool
	status   Status
}

// Epochs returns the epoch of each stream, keyed "hi" and "lo" as in a birth.
func (j *Journal) Epochs() map[string]string {
	return map[string]string{string(Hi): j.epochs[Hi], string(Lo): j.epochs[Lo]}
}

// Next returns the seq the next event of each stream will get, keyed "hi" and
// "lo" as in a birth.
func (j *Journal) Next() map[string]uint64 {
	j.mu.Lock()
	defer j.mu.Unlock()
	return map[string]uint64{string(Hi): j.tail.Hi.Last + 1, string(Lo): j.tail.Lo.Last + 1}
}

// First returns the oldest number of each stream that is not acknowledged, keyed
// "hi" and "lo" as in a birth: that of the next event when nothing waits. A
// JournalGap begins where the events did that it stands for.
func (j *Journal) First() (map[string]uint64, error) {
	first := j.Next()
	err := j.view(func(tx *bbolt.Tx) error {
		for s := range first {
			if k, v := tx.Bucket([]byte(s)).Cursor().First(); k != nil {
				first[s] = gapStart(keySeq(k), v)
			}
		}
		return nil
	})
	return first, err
}

// Waiting returns the number of events in both streams that the hub has not
// acknowledged.
func (j *Journal) Waiting() int {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.tail.Hi.Rows + j.tail.Lo.Rows
}

// Status returns how full the outbox is.
func (j *Journal) Status() Status {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.status
}

// Executed reports whether the command with this id was carried out. The ids of
// the newest 4096 commands are kept.
func (j *Journal) Executed(id string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.executed[id]
}

// State returns the state of the last Entry that carried one, nil if there was
// none.
func (j *Journal) State() ([]byte, error) { return j.blob(keyState, bucketState) }

// Settings returns the settings of the last Entry that carried some, nil if
// there were none.
func (j *Journal) Settings() ([]byte, error) { return j.blob(keySettings, bucketMeta) }

// Pending returns up to most events of a stream with a seq above after, oldest
// first. Numbers may jump where a JournalGap stands for dropped events.
func (j *Journal) Pending(s Stream, after uint64, most int) ([]Row, error) {
	var rows []Row
	err := j.view(func(tx *bbolt.Tx) error {
		c := tx.Bucket([]byte(s)).Cursor()
		for k, v := c.Seek(seqKey(after + 1)); k != nil && len(rows) < most; k, v = c.Next() {
			data, err := unseal(string(s), k, v)
			if err != nil {
				return fmt.Errorf("event %d of %s: %w", keySeq(k), s, err)
			}
			rows = append(rows, Row{Seq: keySeq(k), Data: data})
		}
		return nil
	})
	return rows, err
}

// Close releases the file. Call it after Run has returned, or instead of Run.
func (j *Journal) Close() error {
	j.mu.Lock()
	running, broken := j.began && !isClosed(j.ended), j.broken
	j.mu.Unlock()
	if running {
		return errors.New("close journal: Run has not ended")
	}
	var err error
	if !broken { // a panic inside bbolt may have left its locks held: leave the file to the next process
		err = j.db.Close()
	}
	return errors.Join(err, j.lock.Close())
}

func (j *Journal) blob(key, bucket string) ([]byte, error) {
	var data []byte
	err := j.view(func(tx *bbolt.Tx) error {
		v := tx.Bucket([]byte(bucket)).Get([]byte(key))
		if v == nil {
			return nil
		}
		var err error
		data, err = unseal(bucket, []byte(key), v)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", key, err)
	}
	return data, nil
}

// view runs a read transaction. What fn keeps of it must be copied.
func (j *Journal) view(fn func(*bbolt.Tx) error) error {
	if err := j.trouble(); err != nil {
		return err
	}
	return guard(func() error { return j.db.View(fn) })
}

func (j *Journal) trouble() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.failed
}

func isClosed(c <-chan struct{}) bool {
	select {
	case <-c:
		return true
	default:
		return false
	}
}

// Commit stores an entry and returns once it is on the disk. When ctx ends first
// it returns the context's error, and the entry may or may not be stored. Errors
// wrap ErrFull, ErrFailed or ErrClosed, or say which envelope cannot be encoded;
// in all of these but ErrFailed nothing of the entry is stored.
func (j *Journal) Commit(ctx context.Context, e Entry) (Result, error) {
	return j.ask(ctx, &job{entry: e, answer: make(chan answer, 1)})
}

// CommitLater queues a state that carries no events and returns at once. It is
// stored after every Commit called before it and before every Commit called
// after it; of several in a row only the last is written. On a full disk it is
// not written at all, which Status tells, and the next state takes its place. The
// error is ErrFailed or ErrClosed.
func (j *Journal) CommitLater(state []byte) error {
	return j.push(&job{entry: Entry{State: state}, behind: true})
}

// Acked deletes the events of the epoch up to and including upto, because the
// hub has committed them, and returns once that is on the disk. When ctx ends
// first the deletion may still happen; losing it only means that the hub says it
// again. Errors wrap ErrEpoch, ErrFull, ErrFailed or ErrClosed.
func (j *Journal) Acked(ctx context.Context, epoch string, upto uint64) error {
	for s, e := range j.epochs {
		if e != epoch {
			continue
		}
		_, err := j.ask(ctx, &job{stream: s, upto: upto, answer: make(chan answer, 1)})
		return err
	}
	return fmt.Errorf("%w: epoch %.40q", ErrEpoch, epoch)
}

// Added receives a token after events were stored. Tokens do not pile up: look
// for all pending events after each.
func (j *Journal) Added() <-chan struct{} { return j.added }
