package cart_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"kickstand/hub"
	"kickstand/hub/cart"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// shop is a hub with two tills and the desk under test.
type shop struct {
	t     testing.TB
	store *store.Store
	hub   *hub.Hub
	desk  *cart.Desk
	till  *hubtest.Till
}

func newShop(t testing.TB) *shop {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 2, "counter-1", "counter-2")
	sh := &shop{t: t, store: s, hub: hub.New(hub.Config{Store: s}), desk: cart.New(s), till: hubtest.NewTill("counter-1", "C1")}
	sh.tell(&protocol.JournalReset{Why: "first start"})
	return sh
}

func (s *shop) tell(b protocol.Body) {
	s.t.Helper()
	if _, err := s.hub.Handle(s.t.Context(), s.till.Topic(protocol.Evt), s.till.Event(b)); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) park(id string, paid bool) {
	s.t.Helper()
	s.tell(&protocol.CartParked{
		CartInfo: protocol.CartInfo{ID: id, Device: "counter-1", Operator: "op-1", Title: "Bell", Lines: 1, Total: 10_00, Currency: "CAD", Money: paid},
		Cart:     json.RawMessage(`{"id":"` + id + `"}`),
	})
}

func (s *shop) list() []protocol.CartInfo {
	s.t.Helper()
	b, mine, err := s.desk.Answer(s.t.Context(), store.Device{ID: "counter-2"}, &protocol.CartAsk{})
	if err != nil || !mine {
		s.t.Fatal(mine, err)
	}
	return b.(*protocol.CartList).Carts
}

func (s *shop) claim(id, by string) (*protocol.CartClaimed, error) {
	b, _, err := s.desk.Answer(context.Background(), store.Device{ID: "counter-2"}, &protocol.CartClaim{ID: id, By: by})
	if err != nil {
		return nil, err
	}
	return b.(*protocol.CartClaimed), nil
}

func TestAParkedSaleIsSeenAndTakenOverOnce(t *testing.T) {
	s := newShop(t)
	s.park("cart-1", false)
	if all := s.list(); len(all) != 1 || all[0].Title != "Bell" {
		t.Fatalf("listed: %+v", all)
	}
	const rivals = 50
	var won atomic.Int64
	var wg sync.WaitGroup
	for n := range rivals {
		wg.Go(func() {
			by := fmt.Sprintf("sale-%d", n)
			if _, err := s.claim("cart-1", by); err != nil {
				return
			}
			won.Add(1)
			if c, err := s.claim("cart-1", by); err != nil || string(c.Cart) != `{"id":"cart-1"}` { // the answer was lost
				t.Errorf("the winner asks again: %+v, %v", c, err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 || len(s.list()) != 0 {
		t.Errorf("%d took it over, %d are still listed", won.Load(), len(s.list()))
	}
	s.park("cart-1", false) // an old event of its device, late
	if len(s.list()) != 0 {
		t.Error("what was taken over is parked again")
	}
}

func TestWhatCannotBeTakenOver(t *testing.T) {
	s := newShop(t)
	s.park("cart-1", true)
	s.park("cart-2", false)
	s.tell(&protocol.CartGone{ID: "cart-2"})
	for id, want := range map[string]protocol.Reason{"cart-1": cart.Paid, "cart-2": cart.Gone, "cart-3": cart.Gone} {
		_, err := s.claim(id, "sale-of-"+id)
		var no *protocol.RefusedError
		if !errors.As(err, &no) || no.Reason != want {
			t.Errorf("%s: %v, want %s", id, err, want)
		}
	}
	if all := s.list(); len(all) != 1 || all[0].ID != "cart-1" {
		t.Errorf("a refused claim took something: %+v", all)
	}
}

func TestAFinishedSaleIsNotParked(t *testing.T) {
	s := newShop(t)
	sold := s.till.Sale(hubtest.Item(1))
	s.park(sold.ID, false)
	s.tell(sold)
	if all := s.list(); len(all) != 0 {
		t.Errorf("still listed: %+v", all)
	}
	s.park(sold.ID, false)
	if all := s.list(); len(all) != 0 {
		t.Errorf("parked after it was sold: %+v", all)
	}
}
