package bundle

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
)

// Objects are the stored receipts. A receipt.Dir and a receipt.Bucket are.
type Objects interface {
	// Get returns what is under key, or an error that wraps receipt.ErrNoObject.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Maker makes bundles of one shop.
type Maker struct {
	Store   *store.Store     // required; may be opened to look only
	Objects Objects          // required
	Key     audit.Public     // of the journal; zero: it was never sealed
	Dir     string           // directory of the hub's data, where the copy lies meanwhile; required
	Now     func() time.Time // nil is time.Now
	// Progress hears in words what is being done; nil does not.
	Progress func(words string)
}

// Result is what a bundle came to.
type Result struct {
	Path     string
	Bytes    int64
	Digest   string // SHA-256 of the file, in hexadecimal
	Tables   int
	Receipts int
	Missing  int    // receipts that are not in their store
	Copied   bool   // there is a copy of the database's file
	Dumped   bool   // there is a dump of the server's database
	NoDump   string // why there is none, in words
	Sealed   bool   // the journal is there
}

// Write makes a bundle of the shop as it is now, under a name that must be free.
// The hub may be running. What it returns an error for is not there.
func (m Maker) Write(ctx context.Context, path string) (r Result, err error) {
	room, err := enter(m.Dir)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, room.leave()) }()
	f, err := room.create(path)
	if err != nil {
		return r, err
	}
	w := m.work(room, newParts(f))
	if err = w.all(ctx); err == nil {
		err = f.publish()
	}
	if err != nil {
		return r, errors.Join(fmt.Errorf("bundle: %w", err), f.discard())
	}
	w.r.Path, w.r.Bytes, w.r.Digest = path, f.bytes, f.digest()
	return w.r, nil
}

// work is one bundle on its way.
type work struct {
	Maker
	parts *parts
	room  *room
	at    time.Time
	keys  []string // of the stored receipts
	r     Result
}

func (m Maker) work(room *room, p *parts) *work {
	if m.Now == nil {
		m.Now = time.Now
	}
	if m.Progress == nil {
		m.Progress = func(string) {}
	}
	return &work{Maker: m, parts: p, room: room}
}

// all writes the parts: first what must be of one moment, then what belongs to
// it and does not change.
func (w *work) all(ctx context.Context) error {
	w.at = w.Now().UTC()
	w.Progress("Copying the database")
	err := w.Store.AtOneMoment(ctx, w.room.dir, func(m *store.Moment) error {
		for _, part := range []func(*store.Moment) error{w.database(ctx), w.tables, w.journal, w.list} {
			if err := part(m); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return noRoom(w.Dir, err)
	}
	if err := w.receipts(ctx); err != nil {
		return err
	}
	if err := w.pages(); err != nil {
		return err
	}
	return w.parts.end()
}

// database adds the copy of the file, or the server's dump.
func (w *work) database(ctx context.Context) func(*store.Moment) error {
	return func(m *store.Moment) error { return w.whole(ctx, m) }
}

func (w *work) whole(ctx context.Context, m *store.Moment) error {
	name, path := w.Store.Shop()+".db", m.Copy
	if path == "" {
		name, path = w.Store.Shop()+".sql", filepath.Join(w.room.dir, "dump.sql")
		var refused *store.DumpError
		if _, err := m.ServerDump(ctx, path); errors.Is(err, store.ErrNoDump) || errors.As(err, &refused) {
			w.r.NoDump = err.Error()
			return nil
		} else if err != nil {
			return err
		}
	}
	w.r.Copied, w.r.Dumped = m.Copy != "", m.Copy == ""
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // only read
	to, err := w.parts.create(name)
	if err == nil {
		_, err = io.Copy(to, f)
	}
	return err
}

func (w *work) tables(m *store.Moment) error {
	of, err := m.Tables()
	if err != nil {
		return err
	}
	return m.Dump(func(table string) (io.Writer, error) {
		w.r.Tables++
		w.Progress(fmt.Sprintf("Table %d of %d", w.r.Tables, of))
		return w.parts.create("tables/" + table + ".csv")
	})
}

// journal adds the journal for hub audit verify, once it is sealed.
func (w *work) journal(m *store.Moment) error {
	if w.Key == (audit.Public{}) {
		return nil
	}
	w.Progress("Journal")
	w.r.Sealed = true
	to, err := w.parts.create("journal")
	if err != nil {
		return err
	}
	return audit.Export(to, m.AuditBook(w.Key))
}

func (w *work) list(m *store.Moment) (err error) {
	w.keys, err = m.StoredReceipts()
	return err
}

// receipts adds the stored receipts under the names they have in the data.
func (w *work) receipts(ctx context.Context) error {
	for i, key := range w.keys {
		if i%100 == 0 {
			w.Progress(fmt.Sprintf("Receipt %d of %d", i+1, len(w.keys)))
		}
		data, err := w.Objects.Get(ctx, key)
		if errors.Is(err, receipt.ErrNoObject) {
			w.r.Missing++
			continue
		}
		if err != nil {
			return fmt.Errorf("receipts: %w", err)
		}
		w.r.Receipts++
		if err := w.parts.text("receipts/"+key, string(data)); err != nil {
			return err
		}
	}
	return nil
}

func (w *work) pages() error {
	schema, err := store.SchemaPage()
	if err != nil {
		return err
	}
	if err := w.parts.text("SCHEMA.md", schema); err != nil {
		return err
	}
	to, err := w.parts.create("RESTORE.md")
	if err != nil {
		return err
	}
	return restorePage.Execute(to, page{Result: w.r, Shop: w.Store.Shop(), At: w.at.Format(time.RFC3339)})
}
