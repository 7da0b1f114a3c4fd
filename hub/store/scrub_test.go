package store

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestScrubLeavesNothingInTheFile fills tables in a random order, so that pages are
// split and rows moved, and erases some people: their bytes must be nowhere in the
// file, and the file must be sound.
func TestScrubLeavesNothingInTheFile(t *testing.T) {
	for seed := range uint64(3) {
		dir, rng := t.TempDir(), rand.New(rand.NewPCG(seed, 1))
		path := filepath.Join(dir, "demo.db")
		s, err := Open(t.Context(), Config{Path: path, Shop: "demo"})
		if err != nil {
			t.Fatal(err)
		}
		var all []Customer
		for _, n := range rng.Perm(3000) {
			all = append(all, Customer{
				ID: fmt.Sprintf("cus-%05d", n), Name: fmt.Sprintf("Zoe-%05d", n), Email: fmt.Sprintf("zoe%05d@x.example", n), Notes: strings.Repeat("n", rng.IntN(300)),
			})
		}
		if err := s.PutCustomers(t.Context(), all); err != nil {
			t.Fatal(err)
		}
		for _, c := range all[:60] {
			if err := s.Write(t.Context(), func(t *Tx) error { _, err := t.EraseCustomer(c.ID, ""); return err }); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Scrub(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, name := range []string{path, path + "-wal"} {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range all[:60] {
				if bytes.Contains(data, []byte(c.Name)) || bytes.Contains(data, []byte(c.Email)) {
					t.Errorf("seed %d: %s has %s", seed, filepath.Base(name), c.Name)
				}
			}
		}
		sound(t, path)
		if n, err := s.CustomerCount(t.Context()); n != 2940 || err != nil {
			t.Errorf("%d customers are left, %v", n, err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// sound lets SQLite look at every page of a file.
func sound(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+path)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	var verdict string
	if err := db.QueryRowContext(t.Context(), `PRAGMA integrity_check`).Scan(&verdict); err != nil || verdict != "ok" {
		t.Errorf("integrity check: %s, %v", verdict, err)
	}
}

func TestANameIsFoundWhereItStands(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       bool
	}{
		{"Ann Lee", "change for ann  lee.", true},
		{"Ann Lee", "Joann Leeds", false},
		{"Kai", "Kai wants change", true},
		{"Kai", "Kaiser rolls", false},
		{"Mark", "a mark on the frame", false},
		{"Mark", "MARK wants change", true},
		{"Al", "Al wants change", false}, // too short to be looked for
		{"Sam Jr.", "for Sam Jr. as agreed", true},
		{"Zoë", "für ZOË", true},
		{"Zoë", `{"for":"Zo\u00eb"}`, true},
		{"O'Neil & Sons", `{"for":"O'Neil \u0026 Sons"}`, true},
		{"", "nobody", false},
	} {
		var who traces
		who.knows(c.name, "", "")
		if got := who.in(c.text); got != c.want {
			t.Errorf("%q in %q: %v, want %v", c.name, c.text, got, c.want)
		}
	}
	var rose traces
	rose.knows("Rose", "", "")
	rose.knows("Rose Bell", "", "")
	for text, want := range map[string]string{
		"Rose wants the rose bike": "erased wants the rose bike", "call rose bell": "", "a bell": "a bell",
	} {
		if got := string(rose.without([]byte(text), false)); got != want {
			t.Errorf("of %q stays %q, want %q", text, got, want)
		}
	}
	var who traces
	who.knows("", "ann@mail.example", "+1 (250) 555-0142")
	for text, want := range map[string]bool{
		"call 1-250-555-0142": true, "12505550142": true, "call 250 555 0142": true, "555-0142": true, "call 250 555 0143": false, "to ANN@mail.example": true, "annXmail.example": false,
	} {
		if got := who.in(text); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}
