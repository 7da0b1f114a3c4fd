package journal_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/journal"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

func items(n int, price money.Cents) []catalogue.Item {
	out := make([]catalogue.Item, n)
	for i := range out {
		out[i] = catalogue.Item{
			ID: fmt.Sprintf("itm-%06d", i), SKU: fmt.Sprintf("SKU-%d", i), Name: fmt.Sprintf("Inner tube %d", i),
			Barcodes: []string{fmt.Sprintf("%013d", i)}, Price: price, TaxCategory: "standard",
		}
	}
	return out
}

func stored(t *testing.T, j *journal.Journal) (int64, []catalogue.Item) {
	t.Helper()
	version, got, err := j.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	return version, got
}

func TestCatalogueSnapshotAndChanges(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, _, stop := open(t, path, options())
	if version, got := stored(t, j); version != 0 || got != nil {
		t.Errorf("an empty journal holds catalogue %d with %d items", version, len(got))
	}
	want := items(3000, 100)
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{Version: 7, Items: want}); err != nil {
		t.Fatal(err)
	}
	change := items(3, 250)
	change[1].Retired = true
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{From: 7, Version: 8, Items: change}); err != nil {
		t.Fatal(err)
	}
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{From: 7, Version: 9, Items: change}); !errors.Is(err, journal.ErrVersion) {
		t.Errorf("a change that skips one: %v", err)
	}
	stop()
	j, _, _ = open(t, path, options())
	want[0].Price, want[2].Price = 250, 250
	want = append(want[:1], want[2:]...)
	version, got := stored(t, j)
	if diff := cmp.Diff(want, got); diff != "" || version != 8 {
		t.Errorf("catalogue %d (-want +got):\n%s", version, diff)
	}
	long := items(2500, 300) // longer than one transaction carries
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{From: 8, Version: 10, Items: long}); err != nil {
		t.Fatal(err)
	}
	want = append(items(2500, 300), items(3000, 100)[2500:]...)
	version, got = stored(t, j)
	if diff := cmp.Diff(want, got); diff != "" || version != 10 {
		t.Errorf("catalogue %d (-want +got):\n%s", version, diff)
	}
}

func TestInterruptedSnapshotKeepsTheOldCatalogue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, _, stop := open(t, path, options())
	want := items(10, 100)
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{Version: 1, Items: want}); err != nil {
		t.Fatal(err)
	}
	stop()
	// The owner ends after a few pieces of the next snapshot.
	opt := options()
	var commits atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	opt.HiCap = 1 // every commit changes the percentage: Watch counts pieces
	opt.Watch = func(journal.Status) {
		if commits.Add(1) == 2 {
			cancel()
		}
	}
	j, _, err := journal.Open(path, opt)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan error, 2)
	go func() { done <- j.Run(ctx) }()
	go func() {
		for n := 0; ctx.Err() == nil; n++ {
			_, _ = j.Commit(ctx, journal.Entry{Hi: []protocol.Envelope{fault(t, n, 0)}}) // ends with ctx
		}
		done <- nil
	}()
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{Version: 2, Items: items(20_000, 200)}); !errors.Is(err, journal.ErrClosed) {
		t.Fatalf("interrupted snapshot: %v", err)
	}
	for range 2 {
		if err := <-done; err != nil {
			t.Fatal(err)
		}
	}
	if err := j.Close(); err != nil {
		t.Fatal(err)
	}
	j, _, _ = open(t, path, options())
	version, got := stored(t, j)
	if diff := cmp.Diff(want, got); diff != "" || version != 1 {
		t.Errorf("catalogue %d (-want +got):\n%s", version, diff)
	}
	if err := j.StoreCatalogue(t.Context(), journal.Catalogue{Version: 3, Items: items(400, 300)}); err != nil {
		t.Fatal(err)
	}
	if version, got := stored(t, j); version != 3 || len(got) != 400 {
		t.Errorf("catalogue %d with %d items after another try", version, len(got))
	}
}
