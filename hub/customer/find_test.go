package customer_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"kickstand/hub/customer"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
)

func ExampleFinder_Find() {
	ctx := context.Background()
	s, done, err := hubtest.Scratch(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = s.PutCustomers(ctx, []store.Customer{{ID: "cus-1", Name: "Keiko Nakagawa", Phone: "250-555-0142"}})
	found, wrong := customer.NewFinder(s).Find(ctx, "nakagwa", 5)
	for _, c := range found {
		fmt.Println(c.Name)
	}
	fmt.Println(errors.Join(err, wrong, done()))
	// Output:
	// Keiko Nakagawa
	// <nil>
}

func TestCustomersAreFoundAsStaffType(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1)
	people := []store.Customer{
		{ID: "ada", Name: "Ada Abernathy", Phone: "+1 (250) 555-0142", Email: "ada.a@example.com"},
		{ID: "odile", Name: "Odile Ó Faoláin", Phone: "250 555 0102"},
		{ID: "club", Name: "Rad-Club Süd e.V.", Email: "kasse@club.example"},
	}
	if err := s.PutCustomers(t.Context(), people); err != nil {
		t.Fatal(err)
	}
	f := customer.NewFinder(s)
	for typed, want := range map[string][]string{
		"aber":              {"ada"},
		"abernahty":         {"ada"},
		"O'Faolain":         {"odile"},
		"faolian odile":     {"odile"},
		"sud rad":           {"club"},
		"kasse@club":        {"club"},
		"ada.a@example.com": {"ada"},
		"555 01":            {"ada", "odile"},
		"0142":              {"ada"},
		"(250) 555-0102":    {"odile"},
		"A-2":               {"odile"},
		"a3":                {"club"},
		"2":                 {"odile"},
		"10":                nil, // too few digits of a phone number
		"zzz":               nil,
		" ":                 nil,
		"%":                 nil,
	} {
		var got []string
		found, err := f.Find(t.Context(), typed, 10)
		for _, c := range found {
			got = append(got, c.ID)
		}
		if !slices.Equal(got, want) || err != nil {
			t.Errorf("%q finds %v, want %v, %v", typed, got, want, err)
		}
	}
}

func TestAnOldNameFindsNobody(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1)
	put := func(c store.Customer) {
		if err := s.PutCustomers(t.Context(), []store.Customer{c}); err != nil {
			t.Fatal(err)
		}
	}
	put(store.Customer{ID: "a", Name: "Ada"})
	put(store.Customer{ID: "b", Name: "Bertram"})
	f := customer.NewFinder(s)
	find := func(typed string, want int) {
		t.Helper()
		if all, err := f.Find(t.Context(), typed, 10); len(all) != want || err != nil {
			t.Errorf("%q finds %+v, %v", typed, all, err)
		}
	}
	find("bertram", 1)
	put(store.Customer{ID: "b", Name: "Gwendolyn"})
	find("bertram", 0)
	find("gwendolyn", 1)
	a, b := must(s.Customer(t.Context(), "a")), must(s.Customer(t.Context(), "b"))
	if err := s.Write(t.Context(), func(t *store.Tx) error { _, err := t.MergeCustomer(a, b); return err }); err != nil {
		t.Fatal(err)
	}
	find("gwendolyn", 0)
	find("A-2", 1)
}

func must(c store.Customer, err error) store.Customer {
	if err != nil {
		panic(err)
	}
	return c
}
