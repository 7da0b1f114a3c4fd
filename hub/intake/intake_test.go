package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/goods"
	"kickstand/hub/hubtest"
	"kickstand/hub/intake"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// known is how many items the shop has, and fresh how many the file adds.
const known, fresh = 450, 180

// shop has a catalogue and a file that changes every price and adds items.
type shop struct {
	t     *testing.T
	store *store.Store
	token string
}

func openShop(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, store: hubtest.Open(t, t.TempDir(), known, "counter-1"), token: "f1"}
	table, err := money.TableByName("ca-bc")
	if err != nil {
		t.Fatal(err)
	}
	table.Categories["accessory"] = []string{"GST"}
	if err := s.store.PutTaxTable(t.Context(), table); err != nil {
		t.Fatal(err)
	}
	s.stage(s.token)
	return s
}

func (s *shop) write(do func(*store.Tx) error) {
	s.t.Helper()
	if err := s.store.Write(s.t.Context(), do); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) stage(token string) {
	s.t.Helper()
	var b strings.Builder
	b.WriteString("sku,name,price,tax_category\n")
	for n := 1; n <= known; n++ {
		it := hubtest.Item(n)
		fmt.Fprintf(&b, "%s,%s,%s,accessory\n", it.SKU, it.Name, it.Price+5_00)
	}
	for n := range fresh {
		fmt.Fprintf(&b, "NEW-%d,Lamp %d,19.90,accessory\n", n, n)
	}
	s.write(func(t *store.Tx) error {
		return t.StageImport(store.Import{Token: token, Name: "all.csv", Operator: "op-1", Raw: []byte(b.String())})
	})
}

func (s *shop) row() store.Import {
	s.t.Helper()
	i, err := s.store.Import(s.t.Context(), s.token)
	if err != nil {
		s.t.Fatal(err)
	}
	return i
}

func (s *shop) begin() {
	s.t.Helper()
	i := s.row()
	s.write(func(t *store.Tx) error {
		seen, err := t.CatalogueVersion()
		if err != nil {
			return err
		}
		return t.BeginImport(i, seen)
	})
}

func (s *shop) undo() {
	s.t.Helper()
	i := s.row()
	s.write(func(t *store.Tx) error { return t.BeginUndo(i) })
}

func (s *shop) finish() {
	s.t.Helper()
	if err := intake.New(s.store, nil).Turn(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// steps carries out so many steps, each by a process that is then killed, and
// reports whether there was more to do.
func (s *shop) steps(n int) bool {
	s.t.Helper()
	for range n {
		more, err := intake.New(s.store, nil).Step(s.t.Context())
		if err != nil {
			s.t.Fatal(err)
		}
		if !more {
			return false
		}
	}
	return true
}

// holds counts the items that are sold at the file's price, at the old one, and
// new.
func (s *shop) holds() (changed, old, added int) {
	s.t.Helper()
	items, err := s.store.AllItems(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	for _, it := range items {
		switch {
		case it.Retired:
		case strings.HasPrefix(it.SKU, "NEW-"):
			added++
		case it.Price >= 15_00:
			changed++
		default:
			old++
		}
	}
	return changed, old, added
}

func (s *shop) want(state string, changed, old, added int) {
	s.t.Helper()
	c, o, a := s.holds()
	if i := s.row(); i.State != state || c != changed || o != old || a != added {
		s.t.Errorf("%s (%s): %d changed, %d as before, %d new; want %s, %d, %d, %d", i.State, i.Words, c, o, a, state, changed, old, added)
	}
}

// TestAFileIsWholeHoweverOftenTheHubIsKilled kills the hub after every step, once
// also in the middle of writing the plan down.
func TestAFileIsWholeHoweverOftenTheHubIsKilled(t *testing.T) {
	s := openShop(t)
	s.want("staged", 0, known, 0)
	s.begin()
	s.write(func(t *store.Tx) error { // a plan that did not come to its end
		it := hubtest.Item(1)
		it.Price = 1
		return t.PlanImport(s.row0(t), []goods.Planned{{Before: hubtest.Item(1), After: it}}, true)
	})
	n := 0
	for s.steps(1) {
		if n++; n > 20 {
			t.Fatal("it never ends")
		}
	}
	if n != 1+4+1 { // the plan, four batches, the end
		t.Errorf("%d steps", n)
	}
	s.want("done", known, 0, fresh)
	s.undo()
	for s.steps(1) {
		if n++; n > 40 {
			t.Fatal("undoing never ends")
		}
	}
	s.want("undone", 0, known, 0)
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// row0 is the import as of a transaction.
func (s *shop) row0(t *store.Tx) store.Import {
	i, err := t.Import(s.token)
	if err != nil {
		s.t.Error(err)
	}
	return i
}

// reprice is somebody at an item's page.
func (s *shop) reprice(n int, price money.Cents) {
	s.t.Helper()
	s.write(func(t *store.Tx) error {
		it, err := t.Item(hubtest.Item(n).ID)
		if err != nil {
			return err
		}
		it.Price = price
		_, err = t.PutItems([]store.Item{it})
		return err
	})
}

// TestAnItemThatIsChangedMeanwhilePutsAllBack changes an item before the import
// begins, and then while it goes on.
func TestAnItemThatIsChangedMeanwhilePutsAllBack(t *testing.T) {
	s := openShop(t)
	s.begin()
	s.reprice(450, 9_00)
	s.finish()
	s.want("staged", 0, known, 0)
	if i := s.row(); !strings.Contains(i.Words, "Look again") {
		t.Errorf("it says %q", i.Words)
	}
	s.begin()
	s.steps(3) // the plan and two batches
	if c, _, _ := s.holds(); c == 0 {
		t.Error("nothing was imported yet: the test shows nothing")
	}
	s.reprice(450, 8_00)
	s.finish()
	s.want("undone", 0, known, 0)
	if i := s.row(); !strings.Contains(i.Words, "put back") {
		t.Errorf("it says %q", i.Words)
	}
	if it := s.item(450); it.Price != 8_00 {
		t.Errorf("what somebody typed meanwhile is now %v", it.Price)
	}
}

func (s *shop) item(n int) (it store.Item) {
	s.t.Helper()
	s.write(func(t *store.Tx) (err error) {
		it, err = t.Item(hubtest.Item(n).ID)
		return err
	})
	return it
}

func TestAnImportThatWasBuiltUponIsNotUndone(t *testing.T) {
	s := openShop(t)
	s.begin()
	s.finish()
	s.reprice(7, 77_00)
	s.undo()
	s.finish()
	s.want("done", known, 0, fresh)
	if i := s.row(); !strings.Contains(i.Words, "Bell 7 was changed since") {
		t.Errorf("it says %q", i.Words)
	}
}

// TestSalesGoOnMeanwhile sells while a file is imported and undone, and logs the
// longest wait of a sale.
func TestSalesGoOnMeanwhile(t *testing.T) {
	s := openShop(t)
	h, till := hub.New(hub.Config{Store: s.store}), hubtest.NewTill("counter-1", "C1")
	say := func(raw []byte) {
		if _, err := h.Handle(context.Background(), till.Topic(protocol.Evt), raw); err != nil {
			t.Error(err)
		}
	}
	say(till.Reset())
	s.begin()
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.finish()
	}()
	longest, sales := time.Duration(0), 0
	for going := true; going; sales++ {
		select {
		case <-done:
			going = false
		default:
		}
		began := time.Now()
		say(till.Event(till.Sale(hubtest.Item(1 + sales%known))))
		longest = max(longest, time.Since(began))
	}
	t.Logf("%d sales, the longest took %v", sales, longest)
	if sales < 3 {
		t.Errorf("%d sales while %d items were imported", sales, known+fresh)
	}
	s.want("done", known, 0, fresh)
	taken, err := s.store.Takings(t.Context(), 0, 1<<60)
	if err != nil || taken.Sales != int64(sales) {
		t.Errorf("%d sales are kept of %d, %v", taken.Sales, sales, err)
	}
}

func ExampleWorker() {
	run := func(ctx context.Context, s *store.Store) error {
		w := intake.New(s, nil)
		w.Soon() // the office does, once it has noted an import
		return w.Run(ctx)
	}
	_ = run // kept going by the hub
}
