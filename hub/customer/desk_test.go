package customer_test

import (
	"errors"
	"strings"
	"testing"

	"kickstand/hub/audit"
	"kickstand/hub/customer"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

var counter = store.Device{ID: "counter-1", Role: protocol.Counter}

// front is a shop with a desk, a seller, a junior and one customer.
func front(t *testing.T) (*store.Store, *customer.Desk) {
	t.Helper()
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	for id, role := range map[string]string{"op-sel": "sales", "op-jun": "junior"} {
		if err := s.PutOperator(t.Context(), protocol.Operator{ID: id, Name: id, Role: role}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.PutCustomers(t.Context(), []store.Customer{{ID: "cus-ada", Name: "Ada Abernathy", Phone: "+1 250 555 0142", Notes: "secret"}}); err != nil {
		t.Fatal(err)
	}
	return s, customer.New(s)
}

func found(t *testing.T, d *customer.Desk, body protocol.Body) *protocol.CustomersFound {
	t.Helper()
	answer, mine, err := d.Answer(t.Context(), counter, body)
	if err != nil || !mine {
		t.Fatal(mine, err)
	}
	if err := answer.Check(); err != nil {
		t.Fatal(err)
	}
	return answer.(*protocol.CustomersFound)
}

func TestACounterFindsCustomers(t *testing.T) {
	_, d := front(t)
	want := protocol.Buyer{ID: "cus-ada", Number: "A-1", Name: "Ada Abernathy", Last: "0142"}
	for _, ask := range []*protocol.CustomerFind{{Text: "abernaty"}, {Text: "0142"}, {Text: "A-1"}, {ID: "cus-ada"}} {
		ask.Operator = "op-sel"
		if f := found(t, d, ask); len(f.Customers) != 1 || f.Customers[0] != want {
			t.Errorf("%+v finds %+v", ask, f)
		}
	}
	for _, ask := range []*protocol.CustomerFind{{Text: "zebra"}, {ID: "cus-nobody"}} {
		ask.Operator = "op-sel"
		if f := found(t, d, ask); len(f.Customers) != 0 {
			t.Errorf("%+v finds %+v", ask, f)
		}
	}
}

func TestWhoIsToldNothing(t *testing.T) {
	_, d := front(t)
	kiosk := store.Device{ID: "kiosk-1", Role: protocol.Kiosk}
	for name, c := range map[string]struct {
		at  store.Device
		ask protocol.Body
	}{
		"kiosk":         {kiosk, &protocol.CustomerFind{Text: "ada", Operator: "op-sel"}},
		"junior":        {counter, &protocol.CustomerFind{Text: "ada", Operator: "op-jun"}},
		"stranger":      {counter, &protocol.CustomerFind{Text: "ada", Operator: "op-nobody"}},
		"junior adding": {counter, &protocol.CustomerAdd{ID: "cus-x", Name: "X", Operator: "op-jun"}},
	} {
		answer, mine, err := d.Answer(t.Context(), c.at, c.ask)
		var no *protocol.RefusedError
		if !mine || answer != nil || !errors.As(err, &no) || no.Reason != customer.NotHere {
			t.Errorf("%s: %v, %v", name, answer, err)
		}
	}
	if _, mine, _ := d.Answer(t.Context(), counter, &protocol.ClockAsk{}); mine {
		t.Error("it answers what is not its own")
	}
}

func TestACounterAddsOnce(t *testing.T) {
	s, d := front(t)
	add := &protocol.CustomerAdd{ID: "cus-noor", Name: "Noor Zebra", Phone: "250-555-0142", Operator: "op-sel"}
	if f := found(t, d, add); !f.Twins || f.Added != "" || f.Customers[0].ID != "cus-ada" {
		t.Fatalf("twins: %+v", f)
	}
	add.Sure = true
	for range 3 {
		if f := found(t, d, add); f.Added != "cus-noor" || f.Customers[0].Number != "A-2" {
			t.Errorf("%+v", f)
		}
	}
	if n, err := s.CustomerCount(t.Context()); n != 2 || err != nil {
		t.Errorf("%d customers, %v", n, err)
	}
	_, _, err := d.Answer(t.Context(), counter, &protocol.CustomerAdd{ID: "cus-bad", Name: "Bo", Phone: "12", Operator: "op-sel"})
	var no *protocol.RefusedError
	if !errors.As(err, &no) || no.Reason != customer.Wrong || !strings.Contains(no.Detail, "at least 5 digits") {
		t.Errorf("%v", err)
	}
	var rows []audit.Row
	for r, err := range s.AuditRows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Kind == "customer.added" && r.Actor != "" { // by a person, not by the set-up of this test
			rows = append(rows, r)
		}
		if strings.Contains(r.Body, "Zebra") || strings.Contains(r.Body, "0142") {
			t.Errorf("the journal names somebody: %s", r.Body)
		}
	}
	if len(rows) != 1 || rows[0].Subject != "cus-noor" || rows[0].Actor == "" {
		t.Errorf("%+v", rows)
	}
}
