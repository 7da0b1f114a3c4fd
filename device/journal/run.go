package journal

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"runtime"
	"runtime/debug"
	"syscall"

	"go.etcd.io/bbolt"
)

// maxGroup is the most jobs one transaction carries.
const maxGroup = 256

// job is one thing for the owner to write. Exactly one of entry, stream and
// chunk is in use.
type job struct {
	entry  Entry
	behind bool   // a state nobody waits for
	stream Stream // acknowledged events of this stream up to upto
	upto   uint64
	chunk  func(*bbolt.Tx) error // a piece of the catalogue
	answer chan answer           // nil: nobody waits
}

type answer struct {
	res Result
	err error
}

func (b *job) reply(res Result, err error) {
	if b.answer != nil {
		b.answer <- answer{res, err}
	}
}

// Run is the owner of the file: it writes what is queued until ctx ends, then
// writes what was queued before that, and returns nil. It returns an error that
// wraps ErrFailed when the disk failed. It may be called once.
func (j *Journal) Run(ctx context.Context) error {
	j.mu.Lock()
	again := j.began
	j.began = true
	j.mu.Unlock()
	if again {
		return errors.New("run journal: called twice")
	}
	defer j.end()
	for ctx.Err() == nil {
		select {
		case <-ctx.Done():
		case <-j.wake:
		}
		if err := j.drain(); err != nil {
			return err
		}
	}
	return nil
}

// end answers everything that came too late.
func (j *Journal) end() {
	j.mu.Lock()
	late := j.jobs
	j.jobs = nil
	why := j.failed
	close(j.ended)
	j.mu.Unlock()
	if why == nil {
		why = ErrClosed
	}
	for _, b := range late {
		b.reply(Result{}, why)
	}
}

// drain writes groups until nothing is queued.
func (j *Journal) drain() error {
	for {
		runtime.Gosched() // whoever was just answered may have the next commit ready: it shares this one
		group := j.take()
		if len(group) == 0 {
			return nil
		}
		if err := j.write(group); err != nil {
			return err
		}
	}
}

func (j *Journal) take() []*job {
	j.mu.Lock()
	defer j.mu.Unlock()
	n := min(len(j.jobs), maxGroup)
	group := j.jobs[:n:n]
	j.jobs = j.jobs[n:]
	return group
}

func (j *Journal) push(b *job) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed != nil {
		return j.failed
	}
	if isClosed(j.ended) {
		return ErrClosed
	}
	if last := len(j.jobs) - 1; b.behind && last >= 0 && j.jobs[last].behind {
		j.jobs[last] = b // the older state was never seen on disk by anyone
		return nil
	}
	j.jobs = append(j.jobs, b)
	select {
	case j.wake <- struct{}{}:
	default:
	}
	return nil
}

func (j *Journal) ask(ctx context.Context, b *job) (Result, error) {
	if err := ctx.Err(); err != nil {
		return Result{}, err
	}
	if err := j.push(b); err != nil {
		return Result{}, err
	}
	select {
	case a := <-b.answer:
		return a.res, a.err
	case <-ctx.Done():
		return Result{}, fmt.Errorf("commit: %w", context.Cause(ctx))
	}
}

// write stores a group in one transaction and answers it. It returns an error
// only if the journal has to stop.
func (j *Journal) write(jobs []*job) error {
	g := j.group(jobs)
	err := j.update(g.apply)
	if errors.Is(err, ErrFull) {
		// Deleting is the way to get space: take the acknowledgements first, and
		// half of what may be dropped. If even that does not fit, nothing does.
		relief := j.group(g.acks())
		relief.shed = true
		if j.update(relief.apply) == nil {
			j.adopt(relief)
			relief.answer(nil)
			g = j.group(g.others())
			err = j.update(g.apply)
		}
	}
	if err == nil {
		j.adopt(g)
	}
	j.note(errors.Is(err, ErrFull))
	g.answer(err)
	if err == nil && len(g.rows[Hi])+len(g.rows[Lo]) > 0 {
		select {
		case j.added <- struct{}{}:
		default: // the token of before is still there
		}
	}
	if errors.Is(err, ErrFailed) {
		return err
	}
	return nil
}

// update runs one write transaction and sorts its error.
func (j *Journal) update(fn func(*bbolt.Tx) error) error {
	if err := j.trouble(); err != nil {
		return err
	}
	err := guard(func() error { return j.db.Update(fn) })
	if err == nil || noSpace(err) {
		if err != nil {
			err = fmt.Errorf("%w: %w", ErrFull, err)
		}
		return err
	}
	var p *panicError
	j.mu.Lock()
	defer j.mu.Unlock()
	j.broken = errors.As(err, &p)
	j.failed = fmt.Errorf("%w: %w", ErrFailed, err)
	return j.failed
}

// noSpace reports whether a write, not a sync, found the disk or quota full. A
// sync that fails leaves unknown what is on the disk, whatever its reason.
func noSpace(err error) bool {
	var p *fs.PathError
	return errors.As(err, &p) && p.Op == "write" &&
		(errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || errors.Is(err, syscall.EFBIG))
}

// panicError is a panic of bbolt, or a fault of the memory map when the disk
// could not be read.
type panicError struct{ value any }

func (p *panicError) Error() string { return fmt.Sprintf("panic: %v", p.value) }

func guard(fn func() error) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if v := recover(); v != nil {
			err = &panicError{v}
		}
	}()
	return fn()
}

// adopt makes known what a transaction has stored.
func (j *Journal) adopt(g *group) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.tail = g.tail
	for _, id := range g.inbox {
		j.executed[id] = true
	}
	for _, id := range g.forgotten {
		delete(j.executed, id)
	}
}

// note tells Watch what a person should know.
func (j *Journal) note(full bool) {
	j.mu.Lock()
	before := j.status
	j.status = Status{Percent: j.percent(), Full: full, Dropped: j.tail.dropped}
	now := j.status
	j.mu.Unlock()
	rose := before.Percent != now.Percent && max(before.Percent, now.Percent) >= 80
	if j.opt.Watch != nil && (rose || before.Full != now.Full || before.Dropped != now.Dropped) {
		j.opt.Watch(now)
	}
}

func (j *Journal) percent() int { return int(j.tail.Hi.Bytes * 100 / j.opt.HiCap) }
