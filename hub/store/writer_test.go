package store_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

func TestManyWritersShareCommits(t *testing.T) {
	ctx, s := context.Background(), open(t)
	oops := errors.New("oops")
	var all sync.WaitGroup
	for i := range 50 {
		all.Go(func() {
			for k := range 20 {
				var want error
				if (i+k)%7 == 0 {
					want = oops
				}
				err := s.Write(ctx, func(tx *store.Tx) error {
					return errors.Join(tx.Tried(fmt.Sprintf("d-%d", i)), want)
				})
				if !errors.Is(err, want) || (want == nil && err != nil) {
					t.Errorf("got %v, want %v", err, want)
				}
			}
		})
	}
	all.Wait()
	rows, err := s.Devices(ctx)
	if err != nil || len(rows) != 50 {
		t.Fatalf("%d devices, %v", len(rows), err)
	}
	for _, r := range rows {
		var i, want int64
		if _, err := fmt.Sscanf(r.ID, "d-%d", &i); err != nil {
			t.Fatal(err)
		}
		for k := range int64(20) {
			if (i+k)%7 != 0 {
				want++
			}
		}
		if r.Tries != want {
			t.Errorf("%s: %d tries written, want %d", r.ID, r.Tries, want)
		}
	}
}

func TestAWaitingWriteCanBeWithdrawn(t *testing.T) {
	s := open(t)
	begun, release := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		first := true
		err := s.Write(context.Background(), func(*store.Tx) error {
			if first {
				first = false
				close(begun)
				<-release
			}
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	ran := false
	err := s.Write(ctx, func(*store.Tx) error { ran = true; return nil })
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	all.Wait()
	if err := s.Write(context.Background(), func(*store.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
	if ran {
		t.Error("a withdrawn write ran")
	}
}

func TestCloseWaitsForWritesAndRefusesMore(t *testing.T) {
	s, err := store.Open(context.Background(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "shop.db"), Shop: "demo"}))
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() {
		err := s.Write(context.Background(), func(tx *store.Tx) error {
			close(begun)
			return tx.Tried("a")
		})
		if err != nil {
			t.Error(err)
		}
	})
	<-begun
	for range 2 {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
	all.Wait()
	if err := s.Write(context.Background(), func(*store.Tx) error { return nil }); !errors.Is(err, store.ErrClosed) {
		t.Errorf("got %v", err)
	}
}
