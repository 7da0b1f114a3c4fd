package receipt_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
)

// sell sells n times and returns the store and the ids.
func sell(t *testing.T, n int) (*store.Store, []string) {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	raws := [][]byte{till.Reset()}
	var ids []string
	for range n {
		sale := till.Sale(hubtest.Item(1))
		ids = append(ids, sale.ID)
		raws = append(raws, till.Event(sale))
	}
	for _, r := range raws {
		if _, err := h.Handle(context.Background(), till.Topic(protocol.Evt), r); err != nil {
			t.Fatal(err)
		}
	}
	return s, ids
}

// flaky is an object store that fails while down is set.
type flaky struct {
	receipt.Objects
	down bool
}

var errDown = errors.New("bucket unreachable")

func (f *flaky) Put(ctx context.Context, key string, data []byte) error {
	if f.down {
		return errDown
	}
	return f.Objects.Put(ctx, key, data)
}

func (f *flaky) Get(ctx context.Context, key string) ([]byte, error) {
	if f.down {
		return nil, errDown
	}
	return f.Objects.Get(ctx, key)
}

func openDir(t *testing.T) (*receipt.Dir, string) {
	t.Helper()
	path := t.TempDir()
	d, err := receipt.OpenDir(path)
	if err != nil {
		t.Fatal(err)
	}
	return d, path
}

func TestAReceiptIsRebuiltByteForByte(t *testing.T) {
	ctx := context.Background()
	s, ids := sell(t, 1)
	dir, path := openDir(t)
	k := receipt.New(receipt.Config{Rows: s, Objects: dir})
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := s.Receipt(ctx, ids[0])
	if err != nil || !r.Stored {
		t.Fatalf("got %+v, %v; want it stored", r, err)
	}
	file := filepath.Join(path, filepath.FromSlash(r.Key))
	first, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func() error{
		"missing": func() error { return os.Remove(file) },
		"damaged": func() error { return os.WriteFile(file, []byte("{}"), 0o600) },
	} {
		if err := spoil(); err != nil {
			t.Fatal(err)
		}
		doc, err := k.Open(ctx, ids[0])
		if err != nil || len(doc.Lines) == 0 {
			t.Fatalf("%s: got %+v, %v", name, doc, err)
		}
		again, err := os.ReadFile(file)
		if err != nil || !bytes.Equal(first, again) {
			t.Errorf("%s: rebuilt differently, %v:\n%s\n%s", name, err, first, again)
		}
	}
}

func TestAFailingStoreNeverStandsInTheWay(t *testing.T) {
	ctx := context.Background()
	s, ids := sell(t, 2)
	dir, _ := openDir(t)
	objects := &flaky{Objects: dir, down: true}
	k := receipt.New(receipt.Config{Rows: s, Objects: objects})
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := s.Receipt(ctx, ids[0])
	if err != nil || r.Stored || r.Tries != 1 || r.Error != errDown.Error() {
		t.Errorf("got %+v, %v; want one failed try", r, err)
	}
	if doc, err := k.Open(ctx, ids[0]); err != nil || len(doc.Lines) == 0 {
		t.Errorf("while the store is down: got %+v, %v; want it rebuilt", doc, err)
	}
	objects.down = false
	// The pause after the failure is over for a clock that runs ahead.
	if due, err := s.DueReceipts(ctx, 10); err != nil || len(due) != 0 {
		t.Errorf("got %v, %v; want none due during the pause", due, err)
	}
	if err := s.ReceiptFailed(ctx, ids[0], "again", 0); err != nil {
		t.Fatal(err)
	}
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	if r, err = s.Receipt(ctx, ids[0]); err != nil || !r.Stored || r.Tries != 0 {
		t.Errorf("got %+v, %v; want it stored", r, err)
	}
}

// TestTheDirectoryIsMadeAgain removes the whole store while it is in use.
func TestTheDirectoryIsMadeAgain(t *testing.T) {
	ctx := context.Background()
	s, ids := sell(t, 1)
	dir, path := openDir(t)
	k := receipt.New(receipt.Config{Rows: s, Objects: dir})
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	r, err := s.Receipt(ctx, ids[0])
	if err != nil {
		t.Fatal(err)
	}
	before, err := dir.Get(ctx, r.Key)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.RemoveAll(path); err != nil {
		t.Fatal(err)
	}
	if _, err := dir.Get(ctx, r.Key); !errors.Is(err, receipt.ErrNoObject) {
		t.Errorf("without its directory: %v", err)
	}
	if _, err := k.Open(ctx, ids[0]); err != nil {
		t.Error(err)
	}
	if after, err := dir.Get(ctx, r.Key); err != nil || string(after) != string(before) {
		t.Errorf("put back as %q, %v; it was %q", after, err, before)
	}
}

// announced is an object store that says when something was put.
type announced struct {
	receipt.Objects
	puts chan string
}

func (a announced) Put(ctx context.Context, key string, data []byte) error {
	defer func() { a.puts <- key }()
	return a.Objects.Put(ctx, key, data)
}

func TestReceiptsAreStoredAsSalesAreMade(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	dir, _ := openDir(t)
	objects := announced{Objects: dir, puts: make(chan string, 10)}
	k := receipt.New(receipt.Config{Rows: s, Objects: objects, Due: s.ReceiptsReady()})
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- k.Run(ctx) }()
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	for _, raw := range [][]byte{till.Reset(), till.Event(till.Sale(hubtest.Item(1))), till.Event(till.Sale(hubtest.Item(1)))} {
		if _, err := h.Handle(ctx, till.Topic(protocol.Evt), raw); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"receipts/counter-1-s000001.json", "receipts/counter-1-s000002.json"} {
		select {
		case got := <-objects.puts:
			if got != want {
				t.Errorf("got %s, want %s", got, want)
			}
		case <-time.After(20 * time.Second):
			t.Fatal("nothing was stored")
		}
	}
	cancel()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestReceiptOfNothing(t *testing.T) {
	s, _ := sell(t, 0)
	dir, _ := openDir(t)
	_, err := receipt.New(receipt.Config{Rows: s, Objects: dir}).Open(context.Background(), "nope")
	if !errors.Is(err, store.ErrNotFound) {
		t.Errorf("got %v", err)
	}
}

func TestKeysCannotLeaveTheDirectory(t *testing.T) {
	dir, _ := openDir(t)
	if err := dir.Put(context.Background(), "../outside", []byte("x")); err == nil {
		t.Error("a key led out of the directory")
	}
	if _, err := dir.Get(context.Background(), "a/b"); !errors.Is(err, receipt.ErrNoObject) {
		t.Errorf("got %v", err)
	}
	want := []byte("hello")
	if err := dir.Put(context.Background(), "a/b", want); err != nil {
		t.Fatal(err)
	}
	got, err := dir.Get(context.Background(), "a/b")
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Errorf("%v %s", err, diff)
	}
}
