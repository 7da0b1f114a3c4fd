package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"sync"
	"time"
)

// write is one caller's change on its way into a group.
type write struct {
	do   func(*Tx) error
	done chan struct{} // closed by the leader once err is final
	lead chan struct{} // closed when the caller must lead the next group
	err  error
}

// groupState is what the running group knows. The group holds the write lock,
// so what it read stays true until one of its own writes changes it; a write
// that is undone gives the state back as it was.
type groupState struct {
	head  auditHead // end of the audit chain
	shop  *ShopNow  // nil: not read yet, or changed since
	told  bool      // something was put into the outbox
	due   bool      // a receipt is due
	moved []string  // items whose level changed
}

// writer owns the single writing connection. There is no goroutine of its own:
// the first caller to find it idle leads, runs the transaction for everybody
// who is waiting, and then hands the lead to the next in line. A lone write
// therefore starts at once, and writes that arrive during a commit share the
// next one.
type writer struct {
	dialect dialect
	db      *sql.DB
	conn    *sql.Conn
	now     func() time.Time
	store   *Store

	mu     sync.Mutex
	queue  []*write
	busy   bool          // somebody leads
	closed bool          // no more writes are taken
	idle   chan struct{} // closed by the last leader once closed is set

	// The leader's own; handed over with the lead.
	stmts  map[string]*sql.Stmt
	group  groupState
	broken error // not nil: the disk failed, nothing is written any more
}

func newWriter(ctx context.Context, d dialect, now func() time.Time) (*writer, error) {
	db, err := d.openWriter()
	if err != nil {
		return nil, err
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, errors.Join(d.explain(err), db.Close())
	}
	if err := d.take(ctx, conn); err != nil {
		return nil, errors.Join(d.explain(err), conn.Close(), db.Close())
	}
	return &writer{dialect: d, db: db, conn: conn, now: now, stmts: map[string]*sql.Stmt{}}, nil
}

// Write runs do inside a transaction and returns once it is committed. An
// error of do undoes what do did and is returned as it is, after the commit of
// the writes that shared the group. do must use nothing but its Tx, must not
// keep it, may be run by another goroutine than the caller's, and is run a
// second time after a write of its group failed, on a clean slate. A ctx that
// ends while the write waits for its turn withdraws it; once begun it is
// carried through.
func (s *Store) Write(ctx context.Context, do func(*Tx) error) error {
	return s.WriteAll(ctx, []func(*Tx) error{do})[0]
}

// WriteAll is Write for several changes in order, each on its own savepoint.
// The errors are in the order of the changes.
func (s *Store) WriteAll(ctx context.Context, dos []func(*Tx) error) []error {
	mine := make([]*write, len(dos))
	for i, do := range dos {
		mine[i] = &write{do: do, done: make(chan struct{}), lead: make(chan struct{})}
	}
	errs := make([]error, len(dos))
	if !s.writer.enqueue(mine) {
		for i := range errs {
			errs[i] = ErrClosed
		}
		return errs
	}
	for i, w := range mine {
		errs[i] = s.writer.wait(ctx, w)
	}
	return errs
}

// enqueue puts writes at the end of the line and appoints a leader when there
// is none.
func (w *writer) enqueue(mine []*write) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return false
	}
	w.queue = append(w.queue, mine...)
	if !w.busy && len(w.queue) > 0 {
		w.busy = true
		close(w.queue[0].lead)
	}
	return true
}

// wait returns when a write is decided, leading groups when it is its turn.
func (w *writer) wait(ctx context.Context, me *write) error {
	select {
	case <-me.done:
		return me.err
	case <-me.lead:
		w.runGroup()
		return me.err
	case <-ctx.Done():
	}
	if w.withdraw(me) {
		return ctx.Err()
	}
	select {
	case <-me.done:
	case <-me.lead:
		w.runGroup()
	}
	return me.err
}

// withdraw takes a write out of the line. It is too late for one that leads or
// is in the running group.
func (w *writer) withdraw(me *write) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i, q := range w.queue {
		if q != me || (i == 0 && w.isLeader(me)) {
			continue
		}
		w.queue = append(w.queue[:i:i], w.queue[i+1:]...)
		return true
	}
	return false
}

func (w *writer) isLeader(me *write) bool {
	select {
	case <-me.lead:
		return true
	default:
		return false
	}
}

// runGroup commits the first GroupSize writes of the line, the caller's own
// being the first, and appoints the next leader.
func (w *writer) runGroup() {
	w.mu.Lock()
	n := min(len(w.queue), GroupSize)
	group := w.queue[:n:n]
	w.queue = w.queue[n:]
	w.mu.Unlock()

	w.commit(group)

	w.mu.Lock()
	w.busy = len(w.queue) > 0
	if w.busy {
		close(w.queue[0].lead)
	} else if w.closed {
		close(w.idle)
	}
	w.mu.Unlock()
	for _, g := range group {
		close(g.done)
	}
}

// commit runs a group in one transaction. Writes rarely fail, so they first run
// without savepoints, which cost a seventh of the time; when one fails the
// group is undone and run again with a savepoint around each. When the
// transaction as a whole fails, every write of the group fails with it.
func (w *writer) commit(group []*write) {
	// Not the caller's context: the group belongs to everybody in it.
	ctx := context.Background()
	if w.broken != nil {
		fail(group, w.broken)
		return
	}
	err := w.transact(ctx, group, w.plain)
	if errors.Is(err, errOneFailed) {
		err = w.transact(ctx, group, w.savepoint)
	}
	if err != nil {
		w.giveUp(err)
		fail(group, err)
		return
	}
	if w.group.told {
		wake(w.store.outboxReady)
	}
	if w.group.due {
		wake(w.store.receiptsReady)
	}
	w.store.moved.add(w.group.moved)
	if w.group.head.known {
		wake(w.store.auditReady)
	}
}

// giveUp remembers that the disk failed: after a failed sync nobody knows what
// is on it, and a second sync that succeeds proves nothing.
func (w *writer) giveUp(err error) {
	if errors.Is(err, ErrFailed) {
		w.broken = err
		close(w.store.failed)
	}
}

// errOneFailed means that a write without a savepoint failed.
var errOneFailed = errors.New("a write of the group failed")

// runner runs one write in the open transaction. Its error is about the
// transaction; the write's own is in g.err.
type runner func(ctx context.Context, g *write, atMS int64) error

// transact runs a group in a transaction of its own. Unless it returns nil,
// nothing of the group is written.
func (w *writer) transact(ctx context.Context, group []*write, run runner) error {
	if _, err := w.exec(ctx, w.dialect.begin()); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	w.group = groupState{}
	err := w.runAll(ctx, group, run)
	if err != nil {
		// The database may have ended the transaction by itself.
		_, _ = w.exec(ctx, "ROLLBACK")
	}
	return err
}

func (w *writer) runAll(ctx context.Context, group []*write, run runner) error {
	at := w.now().UnixMilli()
	for _, g := range group {
		if err := run(ctx, g, at); err != nil {
			return err
		}
	}
	err := w.dialect.sound(w.conn)
	if err == nil {
		_, err = w.exec(ctx, "COMMIT")
	}
	if err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// do runs one write. One that hides the failure of a statement fails all the
// same: some databases undo what came before it.
func (w *writer) do(g *write, atMS int64) error {
	t := &Tx{w: w, atMS: atMS}
	if err := g.do(t); err != nil {
		return err
	}
	return t.failed
}

// plain runs one write that takes the whole group with it when it fails.
func (w *writer) plain(ctx context.Context, g *write, atMS int64) error {
	err := w.do(g, atMS)
	switch {
	case whole(err):
		return err
	case err != nil:
		return errOneFailed
	}
	return nil
}

// whole reports whether an error is about the database and not about the write
// that met it. The others of the group would only wait for the same.
func whole(err error) bool {
	return errors.Is(err, ErrFailed) || errors.Is(err, ErrBusy) || errors.Is(err, ErrFull)
}

// savepoint runs one write so that it can be undone alone.
func (w *writer) savepoint(ctx context.Context, g *write, atMS int64) error {
	if _, err := w.exec(ctx, "SAVEPOINT one"); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	before := w.group
	g.err = w.do(g, atMS)
	if whole(g.err) {
		return g.err
	}
	if g.err != nil {
		w.group = before
		if _, err := w.exec(ctx, "ROLLBACK TO one"); err != nil {
			return fmt.Errorf("undo: %w", err)
		}
	}
	if _, err := w.exec(ctx, "RELEASE one"); err != nil {
		return fmt.Errorf("release: %w", err)
	}
	return nil
}

// fail gives an error of the transaction to every write that has none of its
// own.
func fail(group []*write, err error) {
	for _, g := range group {
		if g.err == nil {
			g.err = err
		}
	}
}

// wake leaves one token in a channel that nobody may be watching.
func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// stmt returns the prepared statement of a text.
func (w *writer) stmt(ctx context.Context, q string, args []any) (*sql.Stmt, error) {
	if st, ok := w.stmts[q]; ok {
		return st, nil
	}
	st, err := w.conn.PrepareContext(ctx, w.dialect.statement(q, args))
	if err != nil {
		return nil, w.dialect.explain(err)
	}
	w.stmts[q] = st
	return st, nil
}

func (w *writer) exec(ctx context.Context, q string, args ...any) (sql.Result, error) {
	st, err := w.stmt(ctx, q, args)
	if err != nil {
		return nil, err
	}
	r, err := st.ExecContext(ctx, w.dialect.values(args)...)
	if err != nil {
		return nil, w.dialect.explain(err)
	}
	return r, nil
}

// close refuses further writes, waits for those in line and closes the
// connection.
func (w *writer) close() error {
	w.mu.Lock()
	again := w.closed
	if !again {
		w.closed = true
		w.idle = make(chan struct{})
		if !w.busy {
			close(w.idle)
		}
	}
	w.mu.Unlock()
	<-w.idle
	if again {
		return nil
	}
	var err error
	for _, st := range w.stmts {
		err = errors.Join(err, st.Close())
	}
	err = errors.Join(err, w.conn.Close(), w.db.Close())
	if w.broken != nil {
		return nil // there was nothing left to close in order
	}
	return err
}
