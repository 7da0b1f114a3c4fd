package main_test

import (
	"slices"
	"testing"
	"time"
)

// BenchmarkStockSeen goes to pay at a counter, which keeps the piece for that sale,
// and waits until a kiosk shows what is left: from the tap to the other screen,
// through all processes. Each round is another item that the kiosk says "the last
// one" or "not in the shop" of afterwards.
func BenchmarkStockSeen(b *testing.B) {
	s := openShop(b)
	c := s.till("counter-1", "counter", "C1")
	k := s.till("kiosk-1", "kiosk", "K1")
	var few []article
	s.query(selectArticles+` AND i.id IN (SELECT item FROM stock WHERE on_hand IN (1, 2)) GROUP BY i.id ORDER BY i.id`, &few)
	if len(few) < b.N {
		b.Skipf("only %d items to sell", len(few))
	}
	c.tap("operator")
	c.tap("operator:" + s.operator("owner"))
	took := make([]time.Duration, 0, b.N)
	for _, a := range few[:b.N] {
		k.scan(a.Code)
		await(b, "the kiosk shows it", func() bool { return k.scene().Screen == "price" })
		was := k.stock()
		c.scan(a.Code)
		await(b, "the item is in the cart", func() bool { return c.lines() == 1 })
		began := time.Now()
		c.tap("pay")
		for k.stock() == was {
			if time.Since(began) > 10*time.Second {
				b.Fatalf("the kiosk goes on to say %q of %s", was, a.Name)
			}
		}
		took = append(took, time.Since(began))
		c.payExact()
		c.tap("next")
		k.tap("back")
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "worst-ms")
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "median-ms")
}

// stock is what a price check says of the shelf.
func (k *till) stock() string {
	n, _ := k.scene().node("stock")
	return n.Value
}
