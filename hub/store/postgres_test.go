package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/pgtest"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"

	"golang.org/x/sys/unix"
)

// schemaOf is a place of its own on the server of this run.
func schemaOf(t *testing.T) store.Config {
	t.Helper()
	storetest.OnlyPostgres(t)
	return storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: hubtest.Shop, Busy: 50 * time.Millisecond})
}

func TestASecondHubIsRefused(t *testing.T) {
	cfg := schemaOf(t)
	first, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if s, err := store.Open(t.Context(), cfg); !errors.Is(err, store.ErrTaken) {
		t.Fatalf("a second hub: %v, %v; want ErrTaken", s, err)
	}
	if err := first.Write(t.Context(), func(tx *store.Tx) error { return tx.Tried("a") }); err != nil {
		t.Errorf("the first one after that: %v", err)
	}
	other := schemaOf(t) // another shop in the same database
	cfg.Look = true      // somebody who only looks
	for _, c := range []store.Config{other, cfg} {
		s, err := store.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	cfg.Look = false
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	next, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatalf("after the first one ended: %v", err)
	}
	if err := next.Close(); err != nil {
		t.Error(err)
	}
}

func TestWhoLooksCannotWrite(t *testing.T) {
	cfg := schemaOf(t)
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	cfg.Look = true
	look, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer look.Close()
	if err := look.Write(t.Context(), func(tx *store.Tx) error { return tx.Tried("a") }); err == nil {
		t.Error("who only looks wrote")
	}
}

// TestUnfitServersAreRefused opens databases that could lose or mix up what is
// in them, and ones that are not there.
func TestUnfitServersAreRefused(t *testing.T) {
	fit := schemaOf(t)
	for _, c := range []struct{ name, url, want string }{
		{"confirms before the disk has it", fit.URL + "&synchronous_commit=off", "synchronous_commit is off"},
		{"confirms before the other machine's disk has it", fit.URL + "&synchronous_commit=local", "synchronous_commit is local"},
		{"a standby", fit.URL + "&default_transaction_read_only=on", "name the primary"},
		{"a schema that is not there", fit.URL + "&search_path=nowhere", "CREATE SCHEMA"},
		{"a database that is not there", strings.Replace(fit.URL, "/postgres?", "/nowhere?", 1), `"nowhere" does not exist`},
		{"nobody answers", "postgres://u:secret@127.0.0.1:1/x", "127.0.0.1:1"},
		{"another kind", "mysql://u:secret@h/x", "only postgres:// is"},
		{"a password with a special character", "postgres://u:sec%ret@h/x", "as %XX"},
		{"no host", "postgres://u:secret@:x/y", "cannot be read"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := store.Open(t.Context(), store.Config{URL: c.url, Shop: "demo", Busy: 50 * time.Millisecond})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("got %v, %v; want %q and no password", s, err, c.want)
			}
		})
	}
}

// TestAHiddenFailureFailsTheWrite hides that a statement failed, beside writes
// that are good.
func TestAHiddenFailureFailsTheWrite(t *testing.T) {
	s := open(t)
	hides := func(tx *store.Tx) error {
		c := store.Cursor{Device: "a", Epoch: "e", State: store.EpochOpen}
		_ = tx.OpenCursor(c)
		_ = tx.OpenCursor(c) // there is one already
		return nil
	}
	good := func(tx *store.Tx) error { return tx.Tried("b") }
	errs := s.WriteAll(t.Context(), []func(*store.Tx) error{good, hides, good})
	if errs[0] != nil || errs[1] == nil || errs[2] != nil {
		t.Errorf("got %v, want only the second to fail", errs)
	}
	all, err := s.Devices(t.Context())
	if err != nil || len(all) != 1 || all[0].Tries != 2 || all[0].LastEventMS != 0 {
		t.Errorf("%+v, %v; want what the good ones wrote", all, err)
	}
}

func TestTextThatNoDatabaseHoldsIsKept(t *testing.T) {
	s := open(t)
	const odd = "A\x00d\xffa"
	if err := s.PutCustomers(t.Context(), []store.Customer{{ID: "c-1", Name: odd, Email: "ada@example.org"}}); err != nil {
		t.Fatal(err)
	}
	all, err := s.Customers(t.Context(), store.CustomersAfter{}, 10)
	if err != nil || len(all) != 1 || all[0].Email != "ada@example.org" || !strings.HasPrefix(all[0].Name, "A") {
		t.Errorf("%+v, %v", all, err)
	}
}

// TestAFullDiskOfTheServer fills the disk under a server of its own. The server
// refuses or, when it has no room for its own journal, dies; nothing that was
// acknowledged is lost either way.
func TestAFullDiskOfTheServer(t *testing.T) {
	storetest.OnlyPostgres(t)
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=160m"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	defer func() { _ = unix.Unmount(dir, unix.MNT_DETACH) }()
	server, err := pgtest.StartAt(t.Context(), dir)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	cfg := store.Config{URL: server.URL(), Shop: hubtest.Shop}
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := hubtest.Fill(t.Context(), s, 3, "counter-1"); err != nil {
		t.Fatal(err)
	}
	till := hubtest.NewTill("counter-1", "C1")
	one := &seller{till, till.Reset()}
	if err := one.say(s); err != nil {
		t.Fatal(err)
	}
	ballast := filepath.Join(dir, "ballast")
	fillUp(t, ballast)
	size, err := os.Stat(ballast)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(ballast, size.Size()-2<<20); err != nil { // room for some sales
		t.Fatal(err)
	}
	for err == nil && one.Seq < 20_000 {
		one.next = one.Event(one.Sale(hubtest.Item(1)))
		err = one.say(s)
	}
	if !errors.Is(err, store.ErrFull) && !errors.Is(err, store.ErrFailed) {
		t.Fatalf("after %d sales: %v, want ErrFull or ErrFailed", one.Seq-2, err)
	}
	t.Logf("after %d sales: %v", one.Seq-2, err)
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if errors.Is(err, store.ErrFailed) {
		_ = s.Close() // the server is gone
		if err := errors.Join(server.Kill(), server.Restart(t.Context())); err != nil {
			t.Fatal(err)
		}
		if s, err = store.Open(t.Context(), cfg); err != nil {
			t.Fatal(err)
		}
	}
	defer s.Close()
	if err := one.say(s); err != nil {
		t.Errorf("with room again: %v", err)
	}
	if taken, err := s.Takings(t.Context(), 0, 1<<60); err != nil || taken.Sales != int64(one.Seq)-1 {
		t.Errorf("%d sales in the database, %d were made, %v", taken.Sales, one.Seq-1, err)
	}
	if _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// seller is a till with the event that nobody has acknowledged yet.
type seller struct {
	*hubtest.Till
	next []byte
}

// TestAServerThatDies ends the server under four tills that sell, starts it and
// a new hub again, and goes on. Each end must be told, nothing that was
// acknowledged may be missing and nothing may be there twice.
func TestAServerThatDies(t *testing.T) {
	storetest.OnlyPostgres(t)
	server, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	names := []string{"counter-1", "counter-2", "counter-3", "counter-4"}
	sellers := make([]*seller, len(names))
	for i, name := range names {
		till := hubtest.NewTill(name, fmt.Sprintf("C%d", i+1))
		sellers[i] = &seller{till, till.Reset()}
	}
	reopen := func() *store.Store {
		s, err := store.Open(t.Context(), store.Config{URL: server.URL(), Shop: hubtest.Shop})
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	s := reopen()
	if err := hubtest.Fill(t.Context(), s, 3, names...); err != nil {
		t.Fatal(err)
	}
	for _, end := range []func() error{server.Kill, server.Halt, server.Kill} {
		sellUntil(t, s, sellers, end)
		_ = s.Close() // the connection is gone
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		s = reopen()
	}
	defer s.Close()
	want := int64(-len(sellers)) // the first event of each is no sale
	for _, one := range sellers {
		want += int64(one.Seq)
		if err := one.say(s); err != nil { // once more, as a device does
			t.Error(err)
		}
	}
	if _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if taken, err := s.Takings(t.Context(), 0, 1<<60); err != nil || taken.Sales != want {
		t.Errorf("%d sales in the database, %d were made, %v", taken.Sales, want, err)
	}
}

func (s *seller) say(db *store.Store) error {
	_, err := hub.New(hub.Config{Store: db}).Handle(context.Background(), s.Topic(protocol.Evt), s.next)
	return err
}

// sellUntil sells at all tills, ends the server when each has sold a little, and
// returns when every till has been told.
func sellUntil(t *testing.T, s *store.Store, sellers []*seller, end func() error) {
	t.Helper()
	var all, warm sync.WaitGroup
	warm.Add(len(sellers))
	for _, one := range sellers {
		all.Go(func() {
			for n := 0; ; n++ {
				if n == 10 {
					warm.Done()
				}
				err := one.say(s)
				if err != nil && !errors.Is(err, store.ErrFailed) {
					t.Errorf("the server ended and the hub says %v", err)
				}
				if err != nil {
					return
				}
				one.next = one.Event(one.Sale(hubtest.Item(1)))
			}
		})
	}
	warm.Wait()
	if err := end(); err != nil {
		t.Error(err)
	}
	all.Wait()
	<-s.Failed()
}
