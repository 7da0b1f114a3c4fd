package hub_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub/hubtest"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// otto is the person of the staff who is erased in these tests.
var otto = protocol.Operator{ID: "op-7", Name: "Ottoline Grübchen", Role: "sales"}

// served is a shop in which that person sold something, closed the till, and left.
func served(t *testing.T) *drawer {
	t.Helper()
	d := session(t)
	if err := d.store.PutOperator(t.Context(), otto); err != nil {
		t.Fatal(err)
	}
	d.sellAs(otto)
	d.send(&protocol.DrawerOpened{ID: "d-1", Operator: otto.ID, Why: "ottoline grübchen wants change"})
	d.send(&protocol.DrawerOpened{ID: "d-2", Operator: otto.ID, Why: "somebody else wants change"})
	d.z.Operator, d.z.Name = otto.ID, otto.Name
	d.send(d.z)
	return d
}

func (d *drawer) sellAs(o protocol.Operator) string {
	d.t.Helper()
	s := d.till.Sale(hubtest.Item(1))
	s.Operator, s.Name = o.ID, o.Name
	d.send(s)
	return s.ID
}

func (d *drawer) leave() {
	d.t.Helper()
	if err := d.store.RetireOperator(d.t.Context(), otto.ID); err != nil {
		d.t.Fatal(err)
	}
}

func TestAnErasedPersonOfTheStaffIsInNoFile(t *testing.T) {
	d := served(t)
	dir, before := d.written(), 0
	search(t, filepath.Join(dir, "receipts"), forms(otto.Name), func(string, []byte) { before++ })
	if before == 0 {
		t.Fatal("no receipt names the person: this test looks in the wrong place")
	}
	if _, err := d.store.EraseOperator(t.Context(), otto.ID, ""); !errors.Is(err, store.ErrOnStaff) {
		t.Errorf("erased while on the staff: %v", err)
	}
	d.leave()
	if done, err := d.store.EraseOperator(t.Context(), otto.ID, "op-1"); !done || err != nil {
		t.Fatalf("erased: %v, %v", done, err)
	}
	d.written()
	search(t, dir, forms(otto.Name), func(path string, trace []byte) { t.Errorf("%s has %q", filepath.Base(path), trace) })
	d.dump(func(table string, b []byte) {
		if strings.Contains(string(b), otto.Name) {
			t.Errorf("%s: %s", table, b)
		}
	})
	if _, err := d.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if s, z := d.report(); z.Name != "Former employee 1" || s.Number != 1 {
		t.Errorf("Z report %d was closed by %q", s.Number, z.Name)
	}
}

// TestAnErasedPersonStaysErased sends what was still on its way from a till, and
// tries to put the person back.
func TestAnErasedPersonStaysErased(t *testing.T) {
	d := served(t)
	d.leave()
	for _, want := range []bool{true, false} {
		if done, err := d.store.EraseOperator(t.Context(), otto.ID, ""); done != want || err != nil {
			t.Errorf("erased: %v, %v; want %v", done, err, want)
		}
	}
	late := d.sellAs(otto)
	if p, _, err := d.store.SaleDocument(t.Context(), late); err != nil || p.Name != "Former employee 1" || p.Operator != otto.ID {
		t.Errorf("a late sale was served by %s %q, %v", p.Operator, p.Name, err)
	}
	if err := d.store.PutOperator(t.Context(), otto); !errors.Is(err, store.ErrErased) {
		t.Errorf("put back: %v", err)
	}
	if _, err := d.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if err := storetest.Alter(t.Context(), d.path, `UPDATE audit_events SET salt = '' WHERE n = 3`); err != nil {
		t.Fatal(err)
	}
	if _, err := d.store.VerifyAudit(t.Context()); err == nil || !strings.Contains(err.Error(), "somebody emptied them") {
		t.Errorf("a salt emptied on the quiet: %v", err)
	}
}

// firmly is a directory that does not let go of a file at the first try.
type firmly struct {
	*receipt.Dir
	tries int
}

func (f *firmly) Remove(ctx context.Context, key string) error {
	if f.tries++; f.tries == 1 {
		return errors.New("the disk is away")
	}
	return f.Dir.Remove(ctx, key)
}

// TestReceiptsOfAnErasedPersonAreFinishedLater ends the process between the
// transaction and the receipts, and then lets the object store fail once.
func TestReceiptsOfAnErasedPersonAreFinishedLater(t *testing.T) {
	d := served(t)
	dir := filepath.Join(d.written(), "receipts")
	d.leave()
	err := d.store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.EraseOperator(otto.ID, ""); return err })
	if err != nil {
		t.Fatal(err)
	}
	files, err := receipt.OpenDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	objects := &firmly{Dir: files}
	long := func() time.Time { return time.UnixMilli(0) } // a failure is tried again at once
	keeper := receipt.New(receipt.Config{Rows: d.store, Objects: objects, Now: long})
	for objects.tries < 2 {
		if err := keeper.StoreDue(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	search(t, dir, forms(otto.Name), func(path string, trace []byte) { t.Errorf("%s has %q", filepath.Base(path), trace) })
	f, err := d.store.SaleFile(t.Context(), "S-000003")
	if err != nil {
		t.Fatal(err)
	}
	if doc, err := keeper.Open(t.Context(), f.ID); err != nil || !f.Receipt.Stored {
		t.Errorf("the receipt is %+v, stored %v, %v", doc, f.Receipt.Stored, err)
	}
}
