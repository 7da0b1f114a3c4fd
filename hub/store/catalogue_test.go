package store_test

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"

	"github.com/google/go-cmp/cmp"
)

// mirror is a device's copy of the catalogue, made from pages.
type mirror struct {
	version int64
	items   map[string]catalogue.Item
}

// pull fetches pages as a device does. between runs after every page.
func (m *mirror) pull(t *testing.T, s *store.Store, between func()) (pages int) {
	t.Helper()
	ask := protocol.CatalogueAsk{Have: m.version}
	for {
		p, err := s.CataloguePage(context.Background(), ask)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(p)
		if err != nil {
			t.Fatal(err)
		}
		if len(raw) > protocol.MaxEnvelope-1024 || p.Check() != nil {
			t.Fatalf("page of %d items and %d bytes: %v", len(p.Items), len(raw), p.Check())
		}
		if pages == 0 && p.From == 0 {
			m.items = map[string]catalogue.Item{}
		}
		pages++
		for _, it := range p.Items {
			m.items[it.ID] = it
			if it.Retired {
				delete(m.items, it.ID)
			}
		}
		if p.Next == "" {
			m.version = p.Version
			return pages
		}
		ask = protocol.CatalogueAsk{Have: ask.Have, After: p.Next, Want: p.Version}
		between()
	}
}

func nothing() {}

// same compares the mirror with the shop.
func (m *mirror) same(t *testing.T, s *store.Store) {
	t.Helper()
	rows, err := s.Items(context.Background(), "", 100_000)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]catalogue.Item{}
	for _, r := range rows {
		want[r.ID] = r.Item.Item
	}
	if diff := cmp.Diff(want, m.items); diff != "" {
		t.Errorf("catalogue on the device (-shop +device):\n%s", diff)
	}
}

func put(t *testing.T, s *store.Store, items ...store.Item) {
	t.Helper()
	if _, err := s.PutItems(context.Background(), items); err != nil {
		t.Fatal(err)
	}
}

func TestSnapshotAndDeltas(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1000, "counter-1")
	m := &mirror{}
	if pages := m.pull(t, s, nothing); pages != 4 {
		t.Errorf("%d pages for 1000 items", pages)
	}
	m.same(t, s)

	gone, changed := hubtest.Item(7), hubtest.Item(8)
	gone.Retired, changed.Name = true, "Loud bell"
	put(t, s, gone, changed)
	put(t, s, hubtest.Item(1001))
	before := m.version
	if pages := m.pull(t, s, nothing); pages != 1 || m.version != before+2 {
		t.Errorf("%d pages to version %d from %d", pages, m.version, before)
	}
	m.same(t, s)
}

func TestItemsThatChangeWhileADevicePullsAreNotLost(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1000, "counter-1")
	m, n := &mirror{}, 0
	m.pull(t, s, func() {
		n++
		it := hubtest.Item(n) // on a page that was sent already
		it.Name = fmt.Sprintf("Changed %d", n)
		last := hubtest.Item(1001 - n) // on a page that is still to come
		last.Retired = true
		put(t, s, it, last)
	})
	m.pull(t, s, nothing)
	m.same(t, s)
}

func TestPagesOfLongItemsStayWithinAnEnvelope(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	var long []store.Item
	for n := range 300 {
		it := hubtest.Item(n + 1)
		it.Name, it.Variant = strings.Repeat("é", 100), strings.Repeat("x", 200)
		for k := range 40 {
			it.Barcodes = append(it.Barcodes, fmt.Sprintf("%d-%d-%s", n, k, strings.Repeat("9", 40)))
		}
		long = append(long, it)
	}
	put(t, s, long...)
	m := &mirror{}
	if pages := m.pull(t, s, nothing); pages < 3 {
		t.Errorf("%d pages", pages)
	}
	m.same(t, s)
}

func TestADeviceAheadOfTheHubStartsAfresh(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 3, "counter-1")
	m := &mirror{version: 99, items: map[string]catalogue.Item{"ghost": {}}}
	m.pull(t, s, nothing)
	m.same(t, s)
}

func TestStockIsOnThePages(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	if err := s.MoveStock(context.Background(), []store.StockChange{{Item: hubtest.Item(1).ID, Delta: -30, Reason: "count"}}); err != nil {
		t.Fatal(err)
	}
	p, err := s.CataloguePage(context.Background(), protocol.CatalogueAsk{})
	if err != nil || p.Items[0].OnHand != 70 {
		t.Errorf("got %+v, %v", p, err)
	}
}
