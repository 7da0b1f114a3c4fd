package link

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	mathrand "math/rand/v2"
	"net"
	"strings"
	"sync"
	"time"

	"kickstand/device/journal"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// Window is the number of events of a stream that may be sent and not yet
// acknowledged.
const Window = journal.Window

// Errors of Ask.
var (
	// ErrOffline is returned when there is no connection, or it ended before the
	// answer came.
	ErrOffline = errors.New("the hub cannot be reached")
	// ErrNoAnswer is wrapped when the answer did not come in time. Whether the
	// hub carried out what was asked is unknown.
	ErrNoAnswer = errors.New("the hub did not answer in time")
)

// Outbox holds the events for the hub. *journal.Journal is one.
type Outbox interface {
	Numbers
	// Pending returns up to most events of a stream above a number, oldest first.
	Pending(s journal.Stream, after uint64, most int) ([]journal.Row, error)
	// Acked deletes the events of an epoch up to a number.
	Acked(ctx context.Context, epoch string, upto uint64) error
	// Added receives a token after events were added.
	Added() <-chan struct{}
	// Waiting is the number of events not yet acknowledged.
	Waiting() int
}

// Numbers are what a birth says of the outbox, keyed by stream.
type Numbers interface {
	Epochs() map[string]string
	Next() map[string]uint64
	First() (map[string]uint64, error)
}

// Cache keeps the catalogue over a restart. *journal.Journal is one.
type Cache interface {
	StoreCatalogue(ctx context.Context, c journal.Catalogue) error
}

// Config is what a Link is made of. Broker, Address, Role, Outbox, Cache, Stamp
// and Events are required; every other field has a default.
type Config struct {
	Broker   string // tcp://host:1883 or tls://host:8883
	Address  protocol.Address
	User     string // empty: no name and password are given
	Password string
	TLS      *tls.Config // for tls://; nil verifies against the system's roots

	Role     protocol.Role
	Program  string           // version of the device program
	Panel    string           // "10.1in 1280x800"
	Settings int64            // version of the settings the device runs now
	Index    *catalogue.Index // the catalogue the device runs now; nil is none

	Outbox Outbox
	Cache  Cache
	Stamp  func() protocol.Stamp
	// Events is told what happens, from several goroutines. It may block, which
	// holds the link back; it must return when ctx ends.
	Events  func(ctx context.Context, e Event)
	Metrics func() map[string]float64 // asked before each metric message; nil: the link's own only
	Parts   func() map[string]string  // health of the peripherals for DeviceReported; nil is none
	Log     *slog.Logger              // nil discards

	// Dial opens a connection; nil is a net.Dialer's DialContext.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	Now  func() time.Time // wall and monotonic clock; nil is time.Now

	KeepAlive   time.Duration // of MQTT; 0 is 20 s. A dead connection is noticed after at most 1.5 of it
	Timeout     time.Duration // for connecting, subscribing and each answer; 0 is 10 s
	RetryAfter  time.Duration // until events without acknowledgement are sent again; 0 is 5 s, doubling up to 60 s
	MaxBackoff  time.Duration // longest pause between connections; 0 is 30 s
	ClockEvery  time.Duration // 0 is 1 h
	MetricEvery time.Duration // 0 is 1 min
}

func (c Config) filled() Config {
	orTime := func(d *time.Duration, def time.Duration) {
		if *d == 0 {
			*d = def
		}
	}
	orTime(&c.KeepAlive, 20*time.Second)
	orTime(&c.Timeout, 10*time.Second)
	orTime(&c.RetryAfter, 5*time.Second)
	orTime(&c.MaxBackoff, 30*time.Second)
	orTime(&c.ClockEvery, time.Hour)
	orTime(&c.MetricEvery, time.Minute)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Dial == nil {
		c.Dial = (&net.Dialer{}).DialContext
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	return c
}

func (c Config) check() error {
	switch {
	case protocol.CheckID(c.Address.Shop) != nil || protocol.CheckID(c.Address.Device) != nil:
		return fmt.Errorf("address %+v needs two ids", c.Address)
	case c.Role != protocol.Counter && c.Role != protocol.Kiosk:
		return fmt.Errorf("unknown role %q", c.Role)
	case c.Outbox == nil || c.Cache == nil || c.Stamp == nil || c.Events == nil:
		return errors.New("Outbox, Cache, Stamp and Events are required")
	}
	_, err := brokerAddress(c.Broker)
	return err
}

// Link is the connection of one device to its hub. Its methods may be called
// from any goroutine.
type Link struct {
	cfg  Config
	gate *gate

	news sync.Mutex // held while a catalogue is made and handed over, so that the newest is the last

	mu       sync.Mutex // guards what follows
	session  *session   // nil while there is no connection
	calls    map[string]chan protocol.Body
	online   bool
	why      string // of the last Offline
	index    *catalogue.Index
	told     map[string]level // by item, since the process began
	settings int64
	offset   int64 // of the last Clock
	count    counters
}

// counters are measurements of the life of a Link.
type counters struct{ sessions, resends, refused, late int }

// New returns a link that does nothing until Run.
func New(cfg Config) (*Link, error) {
	if err := cfg.check(); err != nil {
		return nil, fmt.Errorf("new link: %w", err)
	}
	return &Link{
		cfg: cfg.filled(), gate: newGate(), calls: map[string]chan protocol.Body{}, told: map[string]level{},
		index: cfg.Index, settings: cfg.Settings,
	}, nil
}

// SetNetwork cuts the network off (up false) as if the cable were pulled, or
// restores it. It is for the workbench and for tests.
func (l *Link) SetNetwork(up bool) { l.gate.set(up) }

// Run keeps the link connected until ctx ends, says goodbye, and returns nil. It
// returns an error only when the outbox cannot be read or written any more.
func (l *Link) Run(ctx context.Context) error {
	for tries := 0; ctx.Err() == nil; tries++ {
		if l.gate.isDown() {
			l.offline(ctx, plainWords(errCut))
		}
		if l.gate.wait(ctx) != nil {
			break
		}
		useful, err := l.connection(ctx)
		if ctx.Err() != nil {
			break
		}
		if errors.Is(err, errOutbox) {
			return fmt.Errorf("link: %w", err)
		}
		if l.gate.isDown() {
			err = errCut
		}
		l.cfg.Log.Info("connection ended", "err", err)
		l.offline(ctx, plainWords(err))
		if useful {
			tries = 0
		}
		l.pause(ctx, tries)
	}
	return nil
}

// pause waits between two connections: a random time, so that the devices of a
// shop do not come back all at once, growing with the number of failures.
func (l *Link) pause(ctx context.Context, tries int) {
	longest := min(l.cfg.MaxBackoff, (500*time.Millisecond)<<min(tries, 10))
	t := time.NewTimer(longest/2 + mathrand.N(longest/2+1))
	defer t.Stop()
	select {
	case <-t.C:
	case <-l.gate.cameUp():
	case <-ctx.Done():
	}
}

func (l *Link) heard(ctx context.Context) {
	l.mu.Lock()
	news := !l.online
	l.online = true
	l.mu.Unlock()
	if news {
		l.cfg.Events(ctx, Online{})
	}
}

func (l *Link) offline(ctx context.Context, why string) {
	l.mu.Lock()
	news := l.online || l.why != why
	l.online, l.why = false, why
	l.mu.Unlock()
	if news {
		l.cfg.Events(ctx, Offline{Why: why})
	}
}

// refuse counts and logs a message that is not acted upon.
func (l *Link) refuse(topic string, why error) {
	l.mu.Lock()
	l.count.refused++
	l.mu.Unlock()
	l.cfg.Log.Warn("message refused", "topic", topic, "why", why)
}

// Counters returns measurements of the link's life: connections made, events
// sent again, messages refused, answers that came too late, events waiting and
// the clock's offset.
func (l *Link) Counters() map[string]float64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return map[string]float64{
		"link_sessions": float64(l.count.sessions), "link_resends": float64(l.count.resends),
		"link_refused": float64(l.count.refused), "link_late_answers": float64(l.count.late),
		"outbox_events": float64(l.cfg.Outbox.Waiting()), "clock_offset_ms": float64(l.offset),
	}
}

func (l *Link) seal(b protocol.Body) ([]byte, error) {
	e, err := protocol.Seal(l.cfg.Address.Device, b, l.cfg.Stamp())
	if err != nil {
		return nil, err
	}
	return e.Encode()
}

// newID returns 80 random bits as 16 characters of a-z and 2-7.
func newID() string {
	var b [10]byte
	_, _ = rand.Read(b[:]) // never returns an error
	return strings.ToLower(base32.StdEncoding.EncodeToString(b[:]))
}
