package hub_test

import (
	"strings"
	"testing"

	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// telling is a day on which people type a lot.
func telling(t *testing.T) *drawer {
	t.Helper()
	d := session(t)
	d.send(&protocol.DrawerOpened{ID: "d-1", Operator: "op-1", Why: "Mr Quill wants change"})
	d.send(&protocol.DrawerOpened{ID: "d-2", Sale: "sale-1", Operator: "op-1", Why: protocol.WhyCashSale})
	d.z.Why = "Mrs Thistle got too much"
	d.send(d.z)
	return d
}

// TestTheJournalHoldsNoNamesAndNoWords looks for everything that was typed in
// what is chained, and finds it beside it.
func TestTheJournalHoldsNoNamesAndNoWords(t *testing.T) {
	d := telling(t)
	for r, err := range d.store.AuditRows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		for _, word := range []string{"Ada", "Quill", "Thistle", "bank"} {
			if strings.Contains(string(r.Canonical()), word) {
				t.Errorf("row %d has %q: %s", r.N, word, r.Body)
			}
		}
	}
	if _, z := d.report(); z.Name != "Ada" || z.Operator != "op-1" || z.Why != d.z.Why {
		t.Errorf("the report came back as of %s, %s, because %q", z.Operator, z.Name, z.Why)
	}
	texts, err := d.store.AuditTexts(t.Context(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, all := range texts {
		for _, x := range all {
			said = append(said, x.Words)
		}
	}
	if len(said) != 3 {
		t.Errorf("kept beside the journal: %q", said)
	}
}

func TestWordsThatWereChangedAreNamed(t *testing.T) {
	for name, c := range map[string]struct{ sql, want string }{
		"the words":           {`UPDATE audit_texts SET words = 'nothing' WHERE words LIKE '%Quill%'`, "row 6"},
		"words taken away":    {`DELETE FROM audit_texts WHERE words LIKE '%Quill%'`, "row 6"},
		"words slipped in":    {`INSERT INTO audit_texts (n, field, salt, words) VALUES (2, 'why', '', 'x')`, "belong to no row"},
		"another field":       {`INSERT INTO audit_texts (n, field, salt, words) VALUES (6, 'note', '', 'x')`, "row 6"},
		"emptied, no erasure": {`UPDATE audit_texts SET words = '', salt = '' WHERE words LIKE '%Quill%'`, "row 6"},
		"erased by nobody":    {`UPDATE audit_texts SET words = '', salt = '', gone = 7 WHERE words LIKE '%Quill%'`, "row 7"},
		"a Z report":          {`UPDATE z_reports SET document = replace(document, '"tries":1', '"tries":2')`, "Z report 1 of counter-1"},
		"whose Z report":      {`UPDATE z_reports SET operator_name = 'Eve'`, "Z report 1 of counter-1"},
	} {
		t.Run(name, func(t *testing.T) {
			d := telling(t)
			if _, err := d.store.VerifyAudit(t.Context()); err != nil {
				t.Fatal(err)
			}
			if err := storetest.Alter(t.Context(), d.path, c.sql); err != nil {
				t.Fatal(err)
			}
			if _, err := d.store.VerifyAudit(t.Context()); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q named", err, c.want)
			}
		})
	}
}

// TestSaltsMakeEqualMessagesDiffer says the same twice: nobody can tell from the
// digests.
func TestSaltsMakeEqualMessagesDiffer(t *testing.T) {
	d := session(t)
	for _, id := range []string{"d-1", "d-2"} {
		d.send(&protocol.DrawerOpened{ID: id, Operator: "op-1", Why: "Mr Quill wants change"})
	}
	texts, err := d.store.AuditTexts(t.Context(), 1, 100)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, all := range texts {
		for _, x := range all {
			if seen[x.Commit()] || seen[x.Salt] {
				t.Errorf("%q has the digest or salt of another", x.Words)
			}
			seen[x.Commit()], seen[x.Salt] = true, true
		}
	}
	if len(seen) != 6 {
		t.Errorf("%d digests and salts, want 6", len(seen))
	}
}
