package stock_test

import (
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/stock"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// shop is a hub with two tills and the desk under test.
type shop struct {
	t     testing.TB
	store *store.Store
	hub   *hub.Hub
	desk  *stock.Desk
	till  *hubtest.Till
	clock *atomic.Int64 // hub time, Unix ms
}

func newShop(t testing.TB) *shop {
	t.Helper()
	sh := &shop{t: t, clock: &atomic.Int64{}}
	sh.clock.Store(1_700_000_000_000)
	now := func() time.Time { return time.UnixMilli(sh.clock.Load()) }
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "shop.db"), Shop: hubtest.Shop, Now: now}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	if err := hubtest.Fill(t.Context(), s, 5, "counter-1", "counter-2"); err != nil {
		t.Fatal(err)
	}
	sh.store, sh.desk = s, stock.New(s, now, nil)
	sh.hub, sh.till = hub.New(hub.Config{Store: s, Now: now, Journeys: []hub.Journey{sh.desk}}), hubtest.NewTill("counter-1", "C1")
	sh.tell(sh.till.Reset())
	s.TakeMoved()
	return sh
}

func (s *shop) tell(raw []byte) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till.Topic(protocol.Evt), raw); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) ask(b protocol.Body) protocol.Body {
	answer, mine, err := s.desk.Answer(context.Background(), store.Device{ID: "counter-1"}, b)
	if !mine || err != nil {
		s.t.Errorf("%s: %v", b.Kind(), err)
		return &protocol.StockReserved{Short: []protocol.StockLevel{{}}}
	}
	return answer
}

func (s *shop) reserve(sale string, item int, qty int64) []protocol.StockLevel {
	return s.ask(&protocol.StockReserve{Sale: sale, Lines: []protocol.StockWish{{Item: hubtest.Item(item).ID, Qty: qty}}}).(*protocol.StockReserved).Short
}

func (s *shop) left(item int) int64 {
	s.t.Helper()
	all, err := s.store.Levels(s.t.Context(), []string{hubtest.Item(item).ID})
	if err != nil || len(all) != 1 {
		s.t.Fatalf("%+v %v", all, err)
	}
	return all[0].Left
}

// setLeft moves an item to a number of pieces.
func (s *shop) setLeft(item int, n int64) {
	s.t.Helper()
	if err := s.store.MoveStock(s.t.Context(), []store.StockChange{{Item: hubtest.Item(item).ID, Delta: n - s.left(item), Reason: "count"}}); err != nil {
		s.t.Fatal(err)
	}
}

// TestTheLastPieceHasOneWinner lets rivals ask for the last piece, 10,000 times
// in all.
func TestTheLastPieceHasOneWinner(t *testing.T) {
	rounds, rivals := 100, 100
	if testing.Short() {
		rounds = 10
	}
	s := newShop(t)
	for round := range rounds {
		s.setLeft(1, 1)
		var won atomic.Int64
		var wg sync.WaitGroup
		for n := range rivals {
			wg.Go(func() {
				if len(s.reserve(fmt.Sprintf("sale-%d-%d", round, n), 1, 1)) == 0 {
					won.Add(1)
				}
			})
		}
		wg.Wait()
		if won.Load() != 1 || s.left(1) != 0 {
			t.Fatalf("round %d: %d won, %d left", round, won.Load(), s.left(1))
		}
		s.clock.Add(stock.HoldTime.Milliseconds() + 1) // all give up
		if s.left(1) != 1 {
			t.Fatalf("round %d: what was reserved is not free again: %d left", round, s.left(1))
		}
		if err := s.store.Write(t.Context(), (*store.Tx).ReleaseExpired); err != nil {
			t.Fatal(err)
		}
	}
}

func TestReservingIsAllOrNothing(t *testing.T) {
	s := newShop(t)
	s.setLeft(1, 5)
	s.setLeft(2, 1)
	want := &protocol.StockReserve{Sale: "sale-a", Lines: []protocol.StockWish{{Item: hubtest.Item(1).ID, Qty: 3}, {Item: hubtest.Item(2).ID, Qty: 2}}}
	got := s.ask(want).(*protocol.StockReserved)
	if diff := cmp.Diff([]protocol.StockLevel{{Item: hubtest.Item(2).ID, Left: 1}}, got.Short); diff != "" {
		t.Errorf("short (-want +got):\n%s", diff)
	}
	if s.left(1) != 5 || s.left(2) != 1 {
		t.Errorf("something is kept: %d and %d left", s.left(1), s.left(2))
	}
	want.Lines[1].Qty = 1
	for range 2 { // asked again it is the same
		if got := s.ask(want).(*protocol.StockReserved); len(got.Short) > 0 {
			t.Fatalf("short of %+v", got.Short)
		}
		if s.left(1) != 2 || s.left(2) != 0 {
			t.Errorf("%d and %d left", s.left(1), s.left(2))
		}
	}
	want.Lines = nil
	s.ask(want)
	if s.left(1) != 5 || s.left(2) != 1 {
		t.Errorf("after letting go %d and %d are left", s.left(1), s.left(2))
	}
}

func TestTheSaleTakesWhatItReserved(t *testing.T) {
	s := newShop(t)
	s.setLeft(1, 2)
	sold := s.till.Sale(hubtest.Item(1))
	if short := s.reserve(sold.ID, 1, 1); len(short) > 0 {
		t.Fatalf("short of %+v", short)
	}
	s.tell(s.till.Event(sold))
	if s.left(1) != 1 {
		t.Errorf("%d left, want 1: the piece counts once", s.left(1))
	}
	if short := s.reserve(sold.ID, 1, 1); len(short) > 0 || s.left(1) != 1 {
		t.Errorf("a finished sale reserves again: short %+v, %d left", short, s.left(1))
	}
}

// TestChangesAreTold follows a sale to the message that every device gets.
func TestChangesAreTold(t *testing.T) {
	s := newShop(t)
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.desk.Run(ctx) }()
	before := s.ask(&protocol.StockAsk{}).(*protocol.StockLevels)
	<-s.store.OutboxReady() // of the settings
	s.tell(s.till.Event(s.till.Sale(hubtest.Item(2))))
	<-s.store.OutboxReady()
	all, err := s.store.Outbox(t.Context(), 10)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]protocol.StockLevels{}
	for _, m := range all {
		if m.Kind == protocol.KindStockLevels {
			var l protocol.StockLevels
			if err := json.Unmarshal([]byte(m.Body), &l); err != nil {
				t.Fatal(err)
			}
			told[m.Device] = l
		}
	}
	for _, d := range []string{"counter-1", "counter-2"} {
		l := told[d]
		if l.N <= before.N {
			t.Errorf("%s: the news carries %d, the page before %d", d, l.N, before.N)
		}
		if diff := cmp.Diff([]protocol.StockLevel{{Item: hubtest.Item(2).ID, Left: 99}}, l.Levels); diff != "" {
			t.Errorf("%s is told (-want +got):\n%s", d, diff)
		}
	}
	stop()
	if err := <-done; err != nil {
		t.Error(err)
	}
}

func TestAPageHasAllLevels(t *testing.T) {
	s := newShop(t)
	s.setLeft(3, -2)
	got := s.ask(&protocol.StockAsk{}).(*protocol.StockLevels)
	if len(got.Levels) != 5 || got.Next != "" || got.Levels[2].Left != -2 {
		t.Errorf("got %+v", got)
	}
}
