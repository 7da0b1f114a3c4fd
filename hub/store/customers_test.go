package store_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub"
	"kickstand/hub/contact"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
)

// ada and bea are two entries of one person.
var (
	ada = store.Customer{ID: "cus-a", Name: "Ada Abernathy", Phone: "+1 250-555-0142", Notes: "Two bikes."}
	bea = store.Customer{ID: "cus-b", Name: "A. Abernathy", Phone: "(250) 555 0142", Email: "Ada@Example.com"}
)

func write(t *testing.T, s *store.Store, do func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(t.Context(), do); err != nil {
		t.Fatal(err)
	}
}

func customer(t *testing.T, s *store.Store, id string) store.Customer {
	t.Helper()
	c, err := s.Customer(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAccountNumbersHaveNoGaps(t *testing.T) {
	s := open(t)
	undone := errors.New("undone")
	for n := range 4 {
		err := s.Write(t.Context(), func(t *store.Tx) error {
			if fresh, err := t.AddCustomer(store.Customer{ID: fmt.Sprint("cus-", n), Name: "x"}); !fresh || err != nil {
				return err
			}
			if n == 1 {
				return undone
			}
			return nil
		})
		if err != nil && !errors.Is(err, undone) {
			t.Fatal(err)
		}
	}
	write(t, s, func(x *store.Tx) error { // the same again, as after a lost answer
		fresh, err := x.AddCustomer(store.Customer{ID: "cus-3", Name: "other"})
		if fresh {
			t.Error("a customer was added twice")
		}
		return err
	})
	for n, id := range []string{"cus-0", "cus-2", "cus-3"} {
		c, err := s.CustomerByNumber(t.Context(), int64(n+1))
		if err != nil || c.ID != id || c.Name != "x" {
			t.Errorf("number %d is %+v, %v", n+1, c, err)
		}
	}
}

func TestTheSecondOfTwoEditorsLoses(t *testing.T) {
	s := open(t)
	if err := s.PutCustomers(t.Context(), []store.Customer{ada}); err != nil {
		t.Fatal(err)
	}
	seen := customer(t, s, "cus-a")
	change := func(name string) (ok bool) {
		c := seen
		c.Name = name
		write(t, s, func(t *store.Tx) (err error) { ok, err = t.ChangeCustomer(c); return err })
		return ok
	}
	if !change("Ada B.") || change("Ada C.") {
		t.Error("both or none of two editors won")
	}
	if got := customer(t, s, "cus-a"); got.Name != "Ada B." || got.Version <= seen.Version || got.Number != seen.Number {
		t.Errorf("%+v", got)
	}
	write(t, s, func(t *store.Tx) error {
		return t.AddConsent(store.Consent{Customer: "cus-a", Channel: contact.SMS, Given: true, How: contact.Counter, Operator: "op-1"})
	})
	seen.Version++
	if change("Ada D.") {
		t.Error("an editor who has not seen a consent won")
	}
}

func TestTwinsAreSeenHoweverTheyAreWritten(t *testing.T) {
	s := open(t)
	other := store.Customer{ID: "cus-c", Name: "Carl", Phone: "250-555-9999"}
	if err := s.PutCustomers(t.Context(), []store.Customer{ada, other}); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]store.Customer{
		"phone without country": {ID: "new", Phone: "2505550142"},
		"phone with zeros":      {ID: "new", Phone: "001 250 5550142"},
	} {
		write(t, s, func(x *store.Tx) error {
			all, err := x.Twins(c)
			if len(all) != 1 || all[0].ID != "cus-a" {
				t.Errorf("%s: %+v", name, all)
			}
			return err
		})
	}
	write(t, s, func(x *store.Tx) error {
		all, err := x.Twins(store.Customer{ID: "new", Phone: "12"})
		if len(all) != 0 {
			t.Errorf("nothing to compare, yet twins: %+v", all)
		}
		return err
	})
	found, err := s.CustomersByPhone(t.Context(), "0142", 10)
	if err != nil || len(found) != 1 || found[0].ID != "cus-a" {
		t.Errorf("by its last digits: %+v, %v", found, err)
	}
}

// merged is a shop in which bea bought something and was merged into ada.
func merged(t *testing.T) (*store.Store, *hubtest.Till, *hub.Hub) {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 2, "counter-1")
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	sell(t, h, till, &protocol.JournalReset{Why: "first start"})
	if err := s.PutCustomers(t.Context(), []store.Customer{ada, bea}); err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"cus-a", "cus-b", "cus-b"} {
		sale := till.Sale(hubtest.Item(1))
		sale.Customer = id
		sell(t, h, till, sale)
	}
	write(t, s, func(t *store.Tx) error {
		for _, c := range []store.Consent{
			{Customer: "cus-a", Channel: contact.SMS, Given: true, How: contact.Counter, Operator: "op-1"},
			{Customer: "cus-b", Channel: contact.SMS, Given: false, How: contact.Phone, Operator: "op-1"},
			{Customer: "cus-b", Channel: contact.Email, Given: true, How: contact.Online, Operator: "op-1"},
		} {
			if err := t.AddConsent(c); err != nil {
				return err
			}
		}
		return nil
	})
	into, from := customer(t, s, "cus-a"), customer(t, s, "cus-b")
	into.Email = from.Email
	write(t, s, func(x *store.Tx) error {
		ok, err := x.MergeCustomer(into, from)
		if !ok {
			t.Error("not merged")
		}
		return err
	})
	return s, till, h
}

func sell(t *testing.T, h *hub.Hub, till *hubtest.Till, b protocol.Body) {
	t.Helper()
	if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), till.Event(b)); err != nil {
		t.Fatal(err)
	}
}

func TestAMergeTakesEverythingAlong(t *testing.T) {
	s, till, h := merged(t)
	late := till.Sale(hubtest.Item(1))
	late.Customer = "cus-b" // from a till that was offline
	sell(t, h, till, late)
	if c := customer(t, s, "cus-b"); c.ID != "cus-a" || c.Email != bea.Email || c.Notes != ada.Notes {
		t.Errorf("the merged id leads to %+v", c)
	}
	if c, err := s.CustomerByNumber(t.Context(), 2); err != nil || c.ID != "cus-a" {
		t.Errorf("the merged account number leads to %+v, %v", c, err)
	}
	sales, err := s.CustomerSales(t.Context(), "cus-a", 10)
	if err != nil || len(sales) != 4 || sales[0].ID != late.ID {
		t.Errorf("%d sales: %+v, %v", len(sales), sales, err)
	}
	all, err := s.Consents(t.Context(), "cus-a")
	holds := store.Holds(all)
	if err != nil || len(all) != 3 || holds[contact.SMS].Given || !holds[contact.Email].Given {
		t.Errorf("consents %+v, %v", all, err)
	}
	rows, err := s.MergedCustomers(t.Context(), "cus-a")
	want := []store.Customer{{ID: "cus-b", Number: 2, MergedInto: "cus-a"}}
	if diff := cmp.Diff(want, rows, cmpopts.IgnoreFields(store.Customer{}, "Version", "CreatedMS", "ChangedMS", "MergedMS")); diff != "" || err != nil {
		t.Errorf("%v; what is left of the merged row (-want +got):\n%s", err, diff)
	}
	if listed, err := s.Customers(t.Context(), store.CustomersAfter{}, 10); err != nil || len(listed) != 1 {
		t.Errorf("listed: %+v, %v", listed, err)
	}
	got, err := s.Holdings(t.Context(), "cus-a")
	if err != nil || got.Sales != 4 || got.Merged != 1 || got.Consents != 3 || got.Total != 4*sales[0].Total {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := s.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestAChainOfMergesIsOneStep(t *testing.T) {
	s, _, _ := merged(t)
	if err := s.PutCustomers(t.Context(), []store.Customer{{ID: "cus-c", Name: "Ada"}}); err != nil {
		t.Fatal(err)
	}
	merge := func(into, from store.Customer) (ok bool, err error) {
		err = s.Write(t.Context(), func(t *store.Tx) (err error) { ok, err = t.MergeCustomer(into, from); return err })
		return ok, err
	}
	old := customer(t, s, "cus-a")
	if ok, err := merge(customer(t, s, "cus-c"), old); !ok || err != nil {
		t.Fatal(ok, err)
	}
	for _, id := range []string{"cus-a", "cus-b"} {
		if c := customer(t, s, id); c.ID != "cus-c" {
			t.Errorf("%s leads to %s", id, c.ID)
		}
	}
	if ok, err := merge(customer(t, s, "cus-c"), old); ok || err != nil {
		t.Errorf("a page from before the merge merged again: %v, %v", ok, err)
	}
	if _, err := merge(old, old); !errors.Is(err, store.ErrNotMergeable) {
		t.Errorf("merged with itself: %v", err)
	}
}

// TestCustomersOfAnOlderShopGetNumbers takes the tables back to what they were and
// opens them again.
func TestCustomersOfAnOlderShopGetNumbers(t *testing.T) {
	at := storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "shop.db"), Shop: "demo"})
	s, err := store.Open(t.Context(), at)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PutCustomers(t.Context(), []store.Customer{{ID: "c-2", Name: "Bo", Phone: "(250) 555-01.42"}, {ID: "c-1", Name: "Al"}}); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	undo := []string{"DROP TABLE customer_consents", "DELETE FROM meta WHERE name LIKE 'customer%'", "DELETE FROM goose_db_version WHERE version_id = 25"}
	for _, i := range []string{"number", "version", "email", "merged"} {
		undo = append(undo, "DROP INDEX customers_"+i)
	}
	for _, c := range []string{"number", "version", "phone_digits", "changed_ms", "merged_into", "merged_ms"} {
		undo = append(undo, "ALTER TABLE customers DROP COLUMN "+c)
	}
	if err := storetest.Alter(t.Context(), at.Path, undo...); err != nil {
		t.Fatal(err)
	}
	if s, err = store.Open(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if err := s.PutCustomers(t.Context(), []store.Customer{{ID: "c-3", Name: "Cy"}}); err != nil {
		t.Fatal(err)
	}
	for n, id := range []string{"c-1", "c-2", "c-3"} {
		if c, err := s.CustomerByNumber(t.Context(), int64(n+1)); err != nil || c.ID != id {
			t.Errorf("number %d is %+v, %v", n+1, c, err)
		}
	}
	if found, err := s.CustomersByPhone(t.Context(), "2505550142", 2); err != nil || len(found) != 1 {
		t.Errorf("by phone: %+v, %v", found, err)
	}
}

// TestAFormerNameIsErasedToo merges two entries and erases the one that stays: a
// note of the staff under the name that went is found through the notes.
func TestAFormerNameIsErasedToo(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 2, "counter-1")
	if err := s.PutCustomers(t.Context(), []store.Customer{ada, bea}); err != nil {
		t.Fatal(err)
	}
	item := hubtest.Item(1).ID
	err := s.MoveStock(t.Context(), []store.StockChange{
		{Item: item, Delta: -1, Reason: "adjust", Note: "lent to A. Abernathy", Operator: "op-1"},
		{Item: item, Delta: -1, Reason: "adjust", Note: "broken", Operator: "op-1"},
	})
	if err != nil {
		t.Fatal(err)
	}
	into, from := customer(t, s, "cus-a"), customer(t, s, "cus-b")
	into.Notes = contact.Draft{Name: from.Name}.Keep(into.Notes)
	write(t, s, func(x *store.Tx) error {
		if _, err := x.MergeCustomer(into, from); err != nil {
			return err
		}
		_, err := x.EraseCustomer("cus-a", "op-1")
		return err
	})
	_, moves, err := s.Stock(t.Context(), item, 10)
	if err != nil {
		t.Fatal(err)
	}
	kept := false
	for _, m := range moves {
		kept = kept || m.Note == "broken"
		if strings.Contains(m.Note, "Abernathy") {
			t.Errorf("still there: %q", m.Note)
		}
	}
	if !kept {
		t.Error("a note about nobody is gone")
	}
}
