package erase_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"kickstand/hub/erase"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

func Example() {
	dir, err := os.MkdirTemp("", "erase")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(dir) }()
	ctx := context.Background()
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = db.Close() }()
	err = db.PutCustomers(ctx, []store.Customer{{ID: "cus-1", Name: "Ada Quill"}})
	if err == nil {
		err = db.Write(ctx, func(t *store.Tx) error { _, err := t.EraseCustomer("cus-1", ""); return err })
	}
	if err == nil {
		err = erase.New(db, nil).Due(ctx)
	}
	c, _ := db.Customer(ctx, "cus-1")
	fmt.Printf("%q %v %v\n", c.Name, c.Erased(), err)
	// Output: "" true <nil>
}

// TestTheJobSurvivesItsProcess erases, and finds the job due in another process, and
// done after that.
func TestTheJobSurvivesItsProcess(t *testing.T) {
	cfg := storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo"})
	db := open(t, cfg)
	if err := db.PutCustomers(t.Context(), []store.Customer{{ID: "cus-1", Name: "Ada Quill"}}); err != nil {
		t.Fatal(err)
	}
	if err := db.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.EraseCustomer("cus-1", ""); return err }); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	db = open(t, cfg)
	if j, err := db.Job(t.Context(), store.EraseJob); err != nil || j.DueMS != 0 || j.DoneMS != 0 {
		t.Fatalf("the job is %+v, %v; want it due", j, err)
	}
	if err := erase.New(db, nil).Due(t.Context()); err != nil {
		t.Fatal(err)
	}
	if j, err := db.Job(t.Context(), store.EraseJob); err != nil || j.DoneMS == 0 || j.DueMS == 0 {
		t.Errorf("the job is %+v, %v; want it done", j, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, cfg store.Config) *store.Store {
	t.Helper()
	db, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// stuck is a database whose files cannot be cleaned at first, and in which somebody
// is erased while they are.
type stuck struct {
	*store.Store
	scrubs int
}

func (s *stuck) Scrub(ctx context.Context) error {
	s.scrubs++
	switch s.scrubs {
	case 1:
		return store.ErrBusy
	case 2:
		return s.Write(ctx, func(t *store.Tx) error { _, err := t.EraseCustomer("cus-2", ""); return err })
	}
	return nil
}

func TestAScrubThatFailsIsTriedAgain(t *testing.T) {
	now := time.UnixMilli(1_790_000_000_000)
	db := open(t, storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: func() time.Time { return now }}))
	t.Cleanup(func() { _ = db.Close() })
	if err := db.PutCustomers(t.Context(), []store.Customer{{ID: "cus-2", Name: "Bo Quill"}}); err != nil {
		t.Fatal(err)
	}
	books := &stuck{Store: db}
	woken := 0
	desk := erase.New(books, nil, func() { woken++ })
	for n, step := range []struct {
		err    error
		scrubs int
		later  time.Duration
	}{
		{store.ErrBusy, 1, time.Second}, // fails
		{nil, 1, time.Minute},           // waits
		{nil, 2, 0},                     // cleans, while somebody is erased
		{nil, 3, time.Hour},             // cleans again
		{nil, 3, 0},                     // nothing left to do
	} {
		if err := desk.Due(t.Context()); !errors.Is(err, step.err) || books.scrubs != step.scrubs {
			t.Errorf("step %d: %v after %d scrubs, want %v after %d", n, err, books.scrubs, step.err, step.scrubs)
		}
		now = now.Add(step.later)
	}
	if woken != 3 {
		t.Errorf("others were woken %d times, want 3", woken)
	}
}

// idle is a shop in which nothing is due.
type idle struct{ asked chan struct{} }

func (i idle) TakeJob(context.Context, string, int64) (bool, error) {
	i.asked <- struct{}{}
	return false, nil
}
func (i idle) LastErasure(context.Context) (store.Erasure, error) { return store.Erasure{}, nil }
func (i idle) Scrub(context.Context) error                        { return errors.New("not asked for") }

func (i idle) Write(context.Context, func(*store.Tx) error) error { return errors.New("not asked for") }

func TestRunLooksAgainAndEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		i, done := idle{make(chan struct{})}, make(chan error)
		go func() { done <- erase.New(i, nil).Run(ctx) }()
		<-i.asked
		<-i.asked
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
