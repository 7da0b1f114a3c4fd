package bundle_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"testing"

	"kickstand/hub"
	"kickstand/hub/audit"
	"kickstand/hub/bundle"
	"kickstand/hub/hubtest"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// shop is a shop whose counter sells.
type shop struct {
	t     *testing.T
	dir   string
	store *store.Store
	hub   *hub.Hub
	till  *hubtest.Till
	key   audit.Public
}

func openShop(t *testing.T, dir string) *shop {
	t.Helper()
	s := &shop{t: t, dir: dir, store: hubtest.Open(t, dir, 3, "counter-1"), till: hubtest.NewTill("counter-1", "C1")}
	s.hub = hub.New(hub.Config{Store: s.store})
	key, err := audit.CreateKey(filepath.Join(dir, "demo.audit-key"), hubtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	s.key = key.Public()
	s.say(s.till.Reset())
	return s
}

func (s *shop) say(raw []byte) {
	if _, err := s.hub.Handle(context.Background(), s.till.Topic(protocol.Evt), raw); err != nil {
		s.t.Error(err)
	}
}

func (s *shop) sell() { s.say(s.till.Event(s.till.Sale(hubtest.Item(1), hubtest.Item(2)))) }

func (s *shop) maker() bundle.Maker {
	s.t.Helper()
	objects, err := receipt.OpenDir(filepath.Join(s.dir, "receipts"))
	if err != nil {
		s.t.Fatal(err)
	}
	return bundle.Maker{Store: s.store, Objects: objects, Key: s.key, Dir: s.dir}
}

// left lists everything in a directory that only a bundle makes.
func left(t *testing.T, dirs ...string) (found []string) {
	t.Helper()
	for _, dir := range dirs {
		for _, pattern := range []string{".bundle-*", "*.part", "*.zip", "bundles/*"} {
			names, err := filepath.Glob(filepath.Join(dir, pattern))
			if err != nil {
				t.Fatal(err)
			}
			found = append(found, names...)
		}
	}
	return found
}

// unpacked are the parts of a bundle.
type unpacked struct {
	t     *testing.T
	parts map[string][]byte
}

func unpack(t *testing.T, path string) unpacked {
	t.Helper()
	z, err := zip.OpenReader(path)
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	u := unpacked{t: t, parts: map[string][]byte{}}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if u.parts[f.Name], err = io.ReadAll(r); err != nil {
			t.Fatal(err)
		}
	}
	return u
}

// sum adds up a column of a table, and counts its rows.
func (u unpacked) sum(table, column string) (sum, rows int64) {
	u.t.Helper()
	all, err := csv.NewReader(bytes.NewReader(u.parts["tables/"+table+".csv"])).ReadAll()
	if err != nil || len(all) == 0 {
		u.t.Fatalf("%s: %d rows, %v", table, len(all), err)
	}
	at := slices.Index(all[0], column)
	for _, row := range all[1:] {
		n, err := strconv.ParseInt(row[at], 10, 64)
		if err != nil {
			u.t.Fatal(err)
		}
		sum, rows = sum+n, rows+1
	}
	return sum, rows
}

// journalRows counts the rows of the journal.
func (u unpacked) journalRows() (n int64) {
	u.t.Helper()
	path := filepath.Join(u.t.TempDir(), "journal")
	if err := os.WriteFile(path, u.parts["journal"], 0o600); err != nil {
		u.t.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		u.t.Fatal(err)
	}
	defer f.Close()
	book, err := audit.ReadExport(f)
	if err != nil {
		u.t.Fatal(err)
	}
	for e, err := range book.Entries {
		if err != nil {
			u.t.Fatal(err)
		}
		if e.Row.N > 0 {
			n++
		}
	}
	return n
}

// salesInCopy counts the sales in the whole database that is in the bundle: the
// file, or pg_dump's lines.
func (u unpacked) salesInCopy() (n int64, ok bool) {
	u.t.Helper()
	if dump, ok := u.parts["demo.sql"]; ok {
		rows := regexp.MustCompile(`(?s)\nCOPY [^ ]+\.sales \([^\n]*\n(.*?)\\\.\n`).FindSubmatch(dump)
		if rows == nil {
			u.t.Fatalf("no sales in the dump:\n%.400s", dump)
		}
		return int64(bytes.Count(rows[1], []byte("\n"))), true
	}
	copied, ok := u.parts["demo.db"]
	if !ok {
		return 0, false
	}
	path := filepath.Join(u.t.TempDir(), "demo.db")
	if err := os.WriteFile(path, copied, 0o600); err != nil {
		u.t.Fatal(err)
	}
	db, err := store.Open(u.t.Context(), store.Config{Path: path, Shop: hubtest.Shop})
	if err != nil {
		u.t.Fatal(err)
	}
	defer db.Close()
	taken, err := db.Takings(u.t.Context(), 0, 1<<60)
	if err != nil {
		u.t.Fatal(err)
	}
	return taken.Sales, true
}
