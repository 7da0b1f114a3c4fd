package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"time"

	"kickstand/protocol"
)

// GroupSize is the most writes that share one commit.
const GroupSize = 64

// The errors a caller branches on. Each leaves the database as it was.
var (
	// ErrNotFound is returned when the row asked for does not exist.
	ErrNotFound = errors.New("not found")
	// ErrBusy is returned when another process held the database, or rows of it,
	// for longer than Config.Busy. The same write may be tried again.
	ErrBusy = errors.New("the database is locked by another program")
	// ErrFull is returned when the disk is full. Nothing is lost; writes
	// succeed again once there is room.
	ErrFull = errors.New("the disk of the database is full")
	// ErrFailed is returned when the disk failed under the database, or the
	// connection to it was lost. What is written is then unknown, so every later
	// write is refused with it too: the store must be closed, opened again and
	// verified.
	ErrFailed = errors.New("the database failed; restart the hub")
	// ErrClosed is returned by writes after Close.
	ErrClosed = errors.New("the database is closed")
)

// Config says which database to open and how.
type Config struct {
	// Path is the database file of the shop; it is created when missing.
	Path string
	// URL, when not empty, names a PostgreSQL database instead of a file:
	// postgres://user:password@host/database. Its search_path may name a schema,
	// so that several shops share a database.
	URL string
	// Shop is the shop's id, as in topics. A file made for another shop is
	// refused.
	Shop string
	// Look opens a database that exists without changing it: no table is
	// brought up to date, an older database is refused with ErrOlder.
	Look bool
	// Busy is how long to wait for another process that holds the database;
	// 0 means 5 seconds.
	Busy time.Duration
	// Readers is the size of the read pool; 0 means 4.
	Readers int
	// Now is the hub's wall clock; nil means time.Now.
	Now func() time.Time
	// Log receives migrations and recoveries; nil discards them.
	Log *slog.Logger
}

// Store is one shop's database. Its methods are safe for concurrent use.
type Store struct {
	shop   string
	now    func() time.Time
	read   *sql.DB
	writer *writer
	items  *shelf
	moved  moved

	outboxReady   chan struct{} // one token: look into the outbox
	receiptsReady chan struct{} // one token: receipts are due
	auditReady    chan struct{} // one token: the journal has new rows
	failed        chan struct{} // closed by the writer after ErrFailed
}

// Open opens or creates the database of a shop and brings its tables up to
// date. The caller closes it.
func Open(ctx context.Context, cfg Config) (*Store, error) {
	if err := protocol.CheckID(cfg.Shop); err != nil {
		return nil, fmt.Errorf("open store: shop: %w", err)
	}
	cfg = cfg.withDefaults()
	d, err := choose(cfg)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	s, err := open(ctx, d, cfg)
	if err != nil {
		return nil, fmt.Errorf("open store %s: %w", cfg.Where(), err)
	}
	return s, nil
}

// open takes the database, and then brings its tables up to date.
func open(ctx context.Context, d dialect, cfg Config) (*Store, error) {
	w, err := newWriter(ctx, d, cfg.Now)
	if err != nil {
		return nil, err
	}
	read, err := d.openReader(cfg.Readers)
	if err != nil {
		return nil, errors.Join(err, w.close())
	}
	s := &Store{
		shop: cfg.Shop, now: cfg.Now, read: read, writer: w, items: newShelf(),
		outboxReady: make(chan struct{}, 1), receiptsReady: make(chan struct{}, 1),
		auditReady: make(chan struct{}, 1), failed: make(chan struct{}),
		moved: moved{items: map[string]bool{}, ready: make(chan struct{}, 1)},
	}
	w.store = s
	if err = migrate(ctx, d, cfg.Look, cfg.Log); err == nil && !cfg.Look {
		err = s.claim(ctx)
	}
	if err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// Where names the database for people, without its password.
func (c Config) Where() string {
	if c.URL == "" {
		return c.Path
	}
	if u, err := url.Parse(c.URL); err == nil {
		return u.Redacted()
	}
	return "the database of the url"
}

// Exists reports whether a shop's database is there, without making one.
func Exists(ctx context.Context, cfg Config) (bool, error) {
	cfg.Look = true
	d, err := choose(cfg.withDefaults())
	if err != nil {
		return false, err
	}
	there, err := d.exists(ctx)
	if err != nil {
		return false, fmt.Errorf("look for %s: %w", cfg.Where(), err)
	}
	return there, nil
}

func (c Config) withDefaults() Config {
	if c.Busy == 0 {
		c.Busy = 5 * time.Second
	}
	if c.Readers == 0 {
		c.Readers = 4
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// claim writes the shop's id into a new file and refuses another shop's.
func (s *Store) claim(ctx context.Context) error {
	return s.Write(ctx, func(t *Tx) error {
		owner, err := t.setting("shop_id")
		switch {
		case errors.Is(err, ErrNotFound):
			return t.putSetting("shop_id", s.shop, 0)
		case err != nil:
			return err
		case owner != s.shop:
			return fmt.Errorf("the database belongs to shop %s, not %s", owner, s.shop)
		}
		return nil
	})
}

// Shop returns the shop's id.
func (s *Store) Shop() string { return s.shop }

// OutboxReady yields after a commit that put something into the outbox. One
// reader may watch it; it must look once by itself when it starts.
func (s *Store) OutboxReady() <-chan struct{} { return s.outboxReady }

// ReceiptsReady yields after a commit that made receipts due. One reader may
// watch it; it must look once by itself when it starts.
func (s *Store) ReceiptsReady() <-chan struct{} { return s.receiptsReady }

// AuditReady yields after a commit that added rows to the journal. One reader
// may watch it; it must look once by itself when it starts.
func (s *Store) AuditReady() <-chan struct{} { return s.auditReady }

// Failed is closed once a write has failed with ErrFailed. The process should
// then end, so that its successor opens the database afresh.
func (s *Store) Failed() <-chan struct{} { return s.failed }

// Close waits for the running write and closes the database.
func (s *Store) Close() error {
	return errors.Join(s.writer.close(), s.read.Close())
}
