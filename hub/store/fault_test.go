package store_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/audit"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"

	"golang.org/x/sys/unix"
)

// counter is a hub on a file with one till.
type counter struct {
	t     *testing.T
	store *store.Store
	hub   *hub.Hub
	till  *hubtest.Till
	path  string
}

func newCounter(t *testing.T, dir string) *counter {
	t.Helper()
	path := filepath.Join(dir, "demo.db")
	s, err := store.Open(context.Background(), storetest.On(t, store.Config{Path: path, Shop: hubtest.Shop, Busy: 20 * time.Millisecond}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := hubtest.Fill(context.Background(), s, 3, "counter-1"); err != nil {
		t.Fatal(err)
	}
	c := &counter{t: t, store: s, hub: hub.New(hub.Config{Store: s}), till: hubtest.NewTill("counter-1", "C1"), path: path}
	if err := c.say(c.till.Reset()); err != nil {
		t.Fatal(err)
	}
	return c
}

// say hands over one event; nil means that it was acknowledged.
func (c *counter) say(raw []byte) error {
	replies, err := c.hub.Handle(context.Background(), c.till.Topic(protocol.Evt), raw)
	if err == nil && len(replies) != 1 {
		return fmt.Errorf("%d replies", len(replies))
	}
	if err != nil && len(replies) > 0 {
		c.t.Errorf("an acknowledgement beside the error %v", err)
	}
	return err
}

func (c *counter) sell() error { return c.say(c.till.Event(c.till.Sale(hubtest.Item(1)))) }

// tamper runs SQL behind the store's back.
func (c *counter) tamper(q string) {
	c.t.Helper()
	if err := storetest.Alter(c.t.Context(), c.path, q); err != nil {
		c.t.Fatal(err)
	}
}

func TestALockedDatabaseLosesNothing(t *testing.T) {
	c := newCounter(t, t.TempDir())
	sale := c.till.Event(c.till.Sale(hubtest.Item(1)))
	err := storetest.Lock(t.Context(), c.path, func() {
		if err := c.say(sale); !errors.Is(err, store.ErrBusy) {
			t.Errorf("got %v, want ErrBusy", err)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.say(sale); err != nil {
		t.Errorf("after the lock: %v", err)
	}
	if taken, err := c.store.Takings(context.Background(), 0, 1<<60); err != nil || taken.Sales != 1 {
		t.Errorf("got %+v, %v; want one sale", taken, err)
	}
}

func TestAFullDiskLosesNothing(t *testing.T) {
	storetest.OnlySQLite(t, "the disk is a server's own")
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=6m"); err != nil {
		t.Skipf("cannot mount a small file system: %v", err)
	}
	c := newCounter(t, dir)
	t.Cleanup(func() { // after the store is closed by the earlier cleanup
		if err := unix.Unmount(dir, unix.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	ballast := filepath.Join(dir, "ballast")
	fillUp(t, ballast)
	if err := os.Truncate(ballast, 2<<20); err != nil { // room for some sales
		t.Fatal(err)
	}
	acked, err := 0, error(nil)
	var last []byte
	for err == nil && acked < 10_000 {
		last = c.till.Event(c.till.Sale(hubtest.Item(1)))
		if err = c.say(last); err == nil {
			acked++
		}
	}
	if !errors.Is(err, store.ErrFull) || acked == 0 {
		t.Fatalf("after %d sales got %v, want ErrFull", acked, err)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	if err := c.say(last); err != nil {
		t.Fatalf("with room again: %v", err)
	}
	taken, err := c.store.Takings(context.Background(), 0, 1<<60)
	if err != nil || taken.Sales != int64(acked)+1 {
		t.Errorf("%d sales kept, %d acknowledged, %v", taken.Sales, acked+1, err)
	}
	if _, err := c.store.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}

// fillUp writes a file until the disk is full.
func fillUp(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
	if !errors.Is(err, unix.ENOSPC) {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}

func TestTamperedHistoryIsNamed(t *testing.T) {
	for _, c := range []struct {
		name, sql string
		row       int64 // of the chain; 0: the fault is found in the sales
	}{
		{"an amount", `UPDATE audit_events SET body = replace(body, '"paid"', '"pajd"') WHERE n = 4`, 4},
		{"the time", `UPDATE audit_events SET at_ms = at_ms + 1 WHERE n = 3`, 3},
		{"a row removed", `DELETE FROM audit_events WHERE n = 5`, 5},
		{"the first row removed", `DELETE FROM audit_events WHERE n = 1`, 1},
		{"two rows swapped", `UPDATE audit_events SET n = -1 WHERE n = 2; UPDATE audit_events SET n = 2 WHERE n = 3; UPDATE audit_events SET n = 3 WHERE n = -1`, 2},
		{"a row inserted", `INSERT INTO audit_events (n, at_ms, kind, digest, body, prev, hash) SELECT 7, at_ms, 'x', digest, body, hash, hash FROM audit_events WHERE n = 6`, 7},
		{"the last row and its number", `DELETE FROM audit_events WHERE n = 6`, 6},
		{"the last two rows", `DELETE FROM audit_events WHERE n >= 5`, 5},
		{"a sale removed", `DELETE FROM sales WHERE number = 2`, 0},
		{"what a customer paid", `UPDATE sales SET paid = paid - 100 WHERE number = 2`, 0},
		{"the words of a receipt", `UPDATE sales SET document = replace(document, 'Bell', 'Gong') WHERE number = 2`, 0},
		{"who served", `UPDATE sales SET operator_name = 'Eve' WHERE number = 2`, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := newCounter(t, t.TempDir())
			for range 5 {
				if err := shop.sell(); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := shop.store.VerifyAudit(context.Background()); err != nil {
				t.Fatal(err)
			}
			shop.tamper(c.sql)
			_, err := shop.store.VerifyAudit(context.Background())
			var bad *audit.BadRowError
			switch {
			case err == nil:
				t.Error("nobody noticed")
			case c.row != 0 && (!errors.As(err, &bad) || bad.N != c.row):
				t.Errorf("got %v, want row %d named", err, c.row)
			}
		})
	}
}

// TestSaltsThatVanishAreMissed empties salts without a row that tells of it: the
// chain holds, but somebody hid who did it.
func TestSaltsThatVanishAreMissed(t *testing.T) {
	c := newCounter(t, t.TempDir())
	if err := c.sell(); err != nil {
		t.Fatal(err)
	}
	c.tamper(`UPDATE audit_events SET salt = ''`)
	if _, err := c.store.VerifyAudit(context.Background()); err == nil || !strings.Contains(err.Error(), "1 salts of people are gone") {
		t.Errorf("got %v, want the missing salt told", err)
	}
}
