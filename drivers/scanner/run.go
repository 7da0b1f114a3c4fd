package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Scanner drives one barcode scanner.
type Scanner struct {
	cfg      Config
	running  atomic.Bool
	commands chan string // from Tell to the writer of the open port; never closed

	mu     sync.Mutex
	health Health

	// The rest belongs to the goroutine of Run.
	sink   func(Event)
	seq    uint64
	opened bool // a port has been open before
	down   Down // the last one told, zero when up
	recent recent
}

// New returns a Scanner for cfg. It opens nothing; [Scanner.Run] does. The error
// says what is wrong with cfg.
func New(cfg Config) (*Scanner, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	return &Scanner{
		cfg:      cfg,
		commands: make(chan string, 8),
		health:   Health{State: Stopped, Since: cfg.Now()},
		recent:   recent{window: cfg.Debounce},
	}, nil
}

// Run opens the port, tells sink what is read, and opens the port again whenever
// it is lost, until ctx ends; then it closes the port, waits for its goroutines
// and returns nil. The sink is called from one goroutine and may block: bytes
// wait meanwhile in the kernel; when ctx ends it must return. Stopping is not an
// event. The error is for a second Run at the same time.
func (s *Scanner) Run(ctx context.Context, sink func(Event)) error {
	if !s.running.CompareAndSwap(false, true) {
		return errors.New("scanner: Run is already running")
	}
	defer s.running.Store(false)
	s.sink, s.down = sink, Down{}
	s.enter(Opening, "", "")
	defer s.enter(Stopped, "", "")
	pause := s.cfg.RetryMin
	for ctx.Err() == nil {
		lived, err := s.connect(ctx)
		if ctx.Err() != nil {
			break
		}
		s.lose(err)
		if lived > s.cfg.RetryMax {
			pause = s.cfg.RetryMin
		}
		sleep(ctx, pause)
		pause = min(2*pause, s.cfg.RetryMax)
	}
	return nil
}

// connect opens the port and serves it until it is lost. It returns how long
// the port was open, and always an error unless ctx ended.
func (s *Scanner) connect(ctx context.Context) (time.Duration, error) {
	port, err := s.cfg.Open(ctx)
	if err != nil {
		return 0, err
	}
	start := time.Now()
	s.rise(ctx, port)
	err = s.serve(ctx, port)
	return time.Since(start), err
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}

// rise tells that the port is open.
func (s *Scanner) rise(ctx context.Context, port Port) {
	for len(s.commands) > 0 {
		<-s.commands // meant for the connection before
	}
	s.enter(Ready, "", "")
	if s.opened {
		s.note(func(h *Health) { h.Reconnects++ })
	}
	s.opened, s.down = true, Down{}
	if ctx.Err() == nil {
		s.sink(Up{Stamp: s.stamp(s.cfg.Now()), Identity: port.Identity, Path: port.Path})
	}
}

// lose tells that there is no port, unless that is known.
func (s *Scanner) lose(err error) {
	var lost *lostError
	var open *OpenError
	d := Down{Cause: Failed, Reason: fmt.Sprintf("the scanner cannot be opened: %v", err)}
	switch {
	case errors.As(err, &lost):
		d.Cause = Unplugged
		d.Reason = "the scanner was unplugged or switched off: plug it in again"
	case errors.As(err, &open):
		d.Cause, d.Reason = open.Cause, open.Hint
	}
	still := s.down.Cause == Unplugged && d.Cause == NotFound
	if still || d.Cause == s.down.Cause && d.Reason == s.down.Reason {
		return
	}
	s.down = d
	s.enter(Lost, d.Cause, d.Reason)
	d.Stamp = s.stamp(s.cfg.Now())
	s.sink(d)
}

func (s *Scanner) stamp(at time.Time) Stamp {
	s.seq++
	return Stamp{Device: s.cfg.Name, Seq: s.seq, At: at}
}

// lostError is a port that failed after it was open. What the system calls the
// failure is no help: go.bug.st/serial says "closed" for an unplugged device as
// for a port closed by ourselves.
type lostError struct{ err error }

func (e *lostError) Error() string { return "port lost: " + e.err.Error() }
func (e *lostError) Unwrap() error { return e.err }

// chunk is what one Read gave, and when.
type chunk struct {
	data []byte
	at   time.Time
}

// serve reads the open port until it fails or ctx ends. It owns the goroutines
// that block in Read and Write, and waits for them.
func (s *Scanner) serve(ctx context.Context, port Port) error {
	ctx, stop := context.WithCancel(ctx)
	chunks := make(chan chunk, 64) // closed by the reader
	var lost error                 // set by the reader before it closes chunks
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(chunks)
		lost = s.read(ctx, port, chunks)
	})
	wg.Go(func() { s.write(ctx, port) })
	f := &framer{s: s, split: Split{Framing: s.cfg.Framing}}
	ended := f.run(ctx, chunks)
	stop()
	_ = port.Close() // wakes the goroutines; the port is gone or given up, so what it says is of no use
	wg.Wait()
	if !ended {
		return nil
	}
	return &lostError{lost}
}

func (s *Scanner) read(ctx context.Context, r io.Reader, chunks chan<- chunk) error {
	buf := make([]byte, 1024)
	for {
		n, err := r.Read(buf)
		if n > 0 {
			c := chunk{data: append([]byte(nil), buf[:n]...), at: s.cfg.Now()}
			select {
			case chunks <- c:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		if err != nil {
			return err
		}
	}
}

// write sends the commands of Tell. A port that cannot be written is left to
// the reader, which sees the same trouble.
func (s *Scanner) write(ctx context.Context, w io.Writer) {
	for {
		select {
		case <-ctx.Done():
			return
		case cmd := <-s.commands:
			if _, err := io.WriteString(w, cmd); err != nil {
				return
			}
		}
	}
}
