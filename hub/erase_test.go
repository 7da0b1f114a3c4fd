package hub_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kickstand/hub/audit"
	"kickstand/hub/hubtest"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// zoe is the person who is erased in these tests.
var zoe = store.Customer{
	ID: "cus-zoe", Name: "Zoë Ó Faoláin-Quill", Email: "zoe.quill@mail.example", Phone: "250-555-0142", Notes: "Rides a red tandem",
}

// patronage is a shop in which a customer left traces everywhere.
func patronage(t *testing.T) *drawer {
	t.Helper()
	d := session(t)
	others := make([]store.Customer, 600)
	for i := range others {
		n := (i * 263) % len(others) // not in order of the ids, so that pages are split
		others[i] = store.Customer{ID: fmt.Sprintf("cus-%04d", n), Name: fmt.Sprintf("Somebody %d", n), Email: fmt.Sprintf("c%d@mail.example", n), Notes: strings.Repeat("x", n%90)}
		if i == 300 {
			others[i] = zoe
		}
	}
	d.put(others...)
	sold := d.till.Sale(hubtest.Item(1))
	sold.Customer, sold.Session = zoe.ID, "session-1"
	d.send(sold)
	d.send(&protocol.ReceiptMail{ID: "m-1", Sale: sold.ID, Address: zoe.Email})
	d.send(&protocol.DrawerOpened{ID: "d-1", Operator: "op-1", Why: "change for ZOË Ó faoláin-quill"})
	d.send(&protocol.DrawerOpened{ID: "d-2", Operator: "op-1", Why: "change for somebody else"})
	d.send(&protocol.TillMoved{ID: "move-2", Session: "session-1", Operator: "op-1", Amount: -1, Why: "call (250) 555 0142"})
	d.send(&protocol.CartParked{CartInfo: protocol.CartInfo{ID: "cart-1", Device: "counter-1", Title: "Bell for Zoë Ó Faoláin-Quill", ParkedMS: 1}, Cart: []byte(`{"for":"` + zoe.Email + `"}`)})
	d.z.Why = "gave " + strconv.QuoteToASCII(zoe.Name) + " too much"
	d.send(d.z)
	poison := d.till.Sale(hubtest.Item(1))
	poison.Lines[0].Name = zoe.Name
	d.say(d.till, bytes.Replace(d.till.Event(poison), []byte(`"n":1,`), []byte(`"n":5,`), 1))
	err := storetest.Alter(t.Context(), d.path, `INSERT INTO findings (id, code, payment, intent, sale, device, operator, currency, there, here, what, advice, found_ms)
		VALUES ('fin-1', 'AMOUNT', '', '', '`+sold.ID+`', 'counter-1', 'op-1', 'CAD', 1, 2, 'x', 'y', 1)`,
		`INSERT INTO specials (id, kind, state, who, customer, account, sale, slip, device, operator, lines, cart, total, deposit, currency, said_ms, placed_ms, changed_ms)
		VALUES ('sp-1', 'order', 'ordered', 'the lady of the tandem', 'cus-zoe', '', '', '', 'counter-1', 'op-1', '[]', '{}', 1, 1, 'CAD', 1, 1, 1)`)
	if err != nil {
		t.Fatal(err)
	}
	d.settle("fin-1", "paid the tandem rider back by hand")
	return d
}

func (d *drawer) put(all ...store.Customer) {
	d.t.Helper()
	if err := d.store.PutCustomers(d.t.Context(), all); err != nil {
		d.t.Fatal(err)
	}
}

// settle notes what somebody did about a finding, as the office does.
func (d *drawer) settle(id, note string) {
	d.t.Helper()
	err := d.store.Write(d.t.Context(), func(t *store.Tx) error {
		about, err := t.FindingAbout(id)
		if err != nil {
			return err
		}
		row, err := audit.Act("finding.settled", id, "op-1", struct{}{}, audit.Say("note", about, note))
		if err != nil {
			return err
		}
		if _, err = t.SettleFinding(id, "op-1", note); err == nil {
			_, err = t.Audit(row)
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *drawer) erase() {
	d.t.Helper()
	if done, err := d.store.EraseCustomer(d.t.Context(), zoe.ID, "op-1"); err != nil || !done {
		d.t.Fatalf("erased: %v, %v", done, err)
	}
}

// ofZoe is what must not be left of the customer.
func ofZoe() [][]byte {
	return forms(zoe.Name, zoe.Email, zoe.Phone, zoe.Notes, "2505550142", "555 0142", "ZOË Ó faoláin-quill", "tandem")
}

// forms returns texts in every form they may have in a file.
func forms(texts ...string) (all [][]byte) {
	for _, s := range texts {
		j, err := json.Marshal(s)
		if err != nil {
			panic(err)
		}
		ascii := strings.Trim(strconv.QuoteToASCII(s), `"`)
		all = append(all, []byte(s), bytes.Trim(j, `"`), []byte(ascii), []byte(strings.ToUpper(ascii)))
	}
	return all
}

// search reads every byte of every file below a directory.
func search(t *testing.T, dir string, traces [][]byte, each func(path string, trace []byte)) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		for _, trace := range traces {
			if bytes.Contains(data, trace) {
				each(path, trace)
			}
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// written puts receipts, export and tables beside the database.
func (d *drawer) written() string {
	d.t.Helper()
	dir := filepath.Dir(d.path)
	objects, err := receipt.OpenDir(filepath.Join(dir, "receipts"))
	if err == nil {
		err = receipt.New(receipt.Config{Rows: d.store, Objects: objects}).StoreDue(d.t.Context())
	}
	if err != nil {
		d.t.Fatal(err)
	}
	return dir
}

func TestNothingOfAnErasedCustomerIsInAnyFile(t *testing.T) {
	storetest.OnlySQLite(t, "the files are a server's own")
	d := patronage(t)
	dir := d.written()
	before := 0
	search(t, dir, ofZoe(), func(string, []byte) { before++ })
	if before < 8 {
		t.Fatalf("only %d traces before: this test looks in the wrong place", before)
	}
	d.erase()
	err := d.store.AtOneMoment(t.Context(), dir, func(*store.Moment) error {
		search(t, dir, ofZoe(), func(path string, trace []byte) { t.Errorf("%s has %q", filepath.Base(path), trace) })
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func TestAnErasedCustomerIsInNoTable(t *testing.T) {
	d := patronage(t)
	d.erase()
	d.dump(func(table string, b []byte) {
		for _, trace := range ofZoe() {
			if bytes.Contains(b, trace) || bytes.Contains(b, fmt.Appendf(nil, "%x", trace)) {
				t.Errorf("%s has %q: %s", table, trace, b)
			}
		}
	})
	var sales int64
	if taken, err := d.store.Takings(t.Context(), 0, 1<<60); err == nil {
		sales = taken.Sales
	}
	if sales != 3 {
		t.Errorf("%d sales are left, want all 3", sales)
	}
	var kept []string
	texts, err := d.store.AuditTexts(t.Context(), 1, 1<<40)
	if err != nil {
		t.Fatal(err)
	}
	for _, all := range texts {
		for _, x := range all {
			kept = append(kept, x.Words)
		}
	}
	if said := strings.Join(kept, "|"); !strings.Contains(said, "to the bank") || !strings.Contains(said, "change for somebody else") {
		t.Errorf("words about others went too: %q", said)
	}
}

// dump reads every cell of every table.
func (d *drawer) dump(each func(table string, b []byte)) {
	d.t.Helper()
	err := d.store.AtOneMoment(d.t.Context(), d.t.TempDir(), func(m *store.Moment) error {
		return m.Dump(func(table string) (io.Writer, error) {
			return writer(func(b []byte) (int, error) {
				each(table, b)
				return len(b), nil
			}), nil
		})
	})
	if err != nil {
		d.t.Fatal(err)
	}
}

type writer func([]byte) (int, error)

func (w writer) Write(b []byte) (int, error) { return w(b) }

// TestErasingKeepsEverythingValid verifies database, export and proofs after an
// erasure, and goes on afterwards.
func TestErasingKeepsEverythingValid(t *testing.T) {
	d := patronage(t)
	key, err := audit.CreateKey(filepath.Join(t.TempDir(), "key"), hubtest.Shop)
	if err != nil {
		t.Fatal(err)
	}
	seal := func() audit.Report {
		t.Helper()
		s := audit.NewSealer(audit.SealerConfig{Shop: hubtest.Shop, Ledger: d.store, Key: key})
		if err := s.SealAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		r, err := d.store.VerifySealed(t.Context(), key.Public(), "")
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	before := seal()
	d.erase()
	after := seal()
	var file bytes.Buffer
	err = d.store.AuditBook(t.Context(), key.Public(), func(b audit.Book) error { return audit.Export(&file, b) })
	if err != nil {
		t.Fatal(err)
	}
	for _, trace := range ofZoe() {
		if bytes.Contains(file.Bytes(), trace) {
			t.Errorf("the export has %q", trace)
		}
	}
	book, err := audit.ReadExport(&file)
	if err != nil {
		t.Fatal(err)
	}
	book.Code = before.Latest.Code()
	if r, err := audit.VerifyBook(t.Context(), book); err != nil || r.Rows != after.Rows {
		t.Errorf("the export: %+v, %v", r, err)
	}
	if _, err := audit.LookUp(t.Context(), d.store, key.Public(), before.Latest.Code()); err != nil {
		t.Errorf("the code from before: %v", err)
	}
}

// TestErasingTwiceChangesNothing, and nobody is put back.
func TestErasingTwiceChangesNothing(t *testing.T) {
	d := patronage(t)
	d.erase()
	head, err := d.store.VerifyAudit(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if done, err := d.store.EraseCustomer(t.Context(), zoe.ID, "op-1"); done || err != nil {
		t.Errorf("erased again: %v, %v", done, err)
	}
	if err := d.store.PutCustomers(t.Context(), []store.Customer{{ID: "cus-new", Name: "New"}, zoe}); !errors.Is(err, store.ErrErased) {
		t.Errorf("put back: %v", err)
	}
	if again, err := d.store.VerifyAudit(t.Context()); err != nil || again != head {
		t.Errorf("the journal went on from %v to %v, %v", head, again, err)
	}
	if _, err := d.store.EraseCustomer(t.Context(), "cus-nobody", ""); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("an unknown id: %v", err)
	}
}

// TestAnOlderBackupIsBroughtUpToDate replays the list of erasures on a database
// that knows nothing of them.
func TestAnOlderBackupIsBroughtUpToDate(t *testing.T) {
	d := patronage(t)
	d.erase()
	erased, err := d.store.Erasures(t.Context())
	if err != nil || len(erased) != 1 || erased[0].Person != zoe.ID {
		t.Fatalf("the list has %+v, %v", erased, err)
	}
	older := patronage(t)
	all := append(erased, store.Erasure{Person: "cus-later", Kind: store.KindCustomer})
	for _, want := range []int{1, 0} {
		if n, err := older.store.EraseAgain(t.Context(), all); n != want || err != nil {
			t.Errorf("erased %d, %v; want %d", n, err, want)
		}
	}
	if c, err := older.store.Customer(t.Context(), zoe.ID); err != nil || !c.Erased() || c.Name+c.Email+c.Phone+c.Notes != "" {
		t.Errorf("still there: %+v, %v", c, err)
	}
	if err := older.store.PutCustomers(t.Context(), []store.Customer{{ID: "cus-later", Name: "X"}}); !errors.Is(err, store.ErrErased) {
		t.Errorf("somebody who came after the backup is put back: %v", err)
	}
	if _, err := older.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// guesses is what somebody who knows the person and everything that was said, but
// no salt, would hold against what is stored.
func guesses(d *drawer, salts []string) map[string]string {
	all := map[string]string{}
	sale := d.till.Sale(hubtest.Item(1))
	words := []string{zoe.ID, zoe.Name, zoe.Email, zoe.Phone, "change for ZOË Ó faoláin-quill", "call (250) 555 0142", d.z.Why, "paid the tandem rider back by hand"}
	for _, b := range []any{sale, d.z, zoe} {
		j, err := json.Marshal(b)
		if err != nil {
			panic(err)
		}
		words = append(words, string(j))
	}
	for _, w := range words {
		all[audit.Digest([]byte(w))] = w
		for _, salt := range append(salts, "") {
			all[audit.Commit(salt, w)] = w
			for _, field := range []string{"why", "note"} {
				all[audit.Commit(salt, field, w)] = w
			}
		}
	}
	return all
}

var hexes = regexp.MustCompile(`\b[0-9a-f]{32,64}\b`)

// stored returns every digest and salt in the database.
func (d *drawer) stored() (all []string) {
	d.t.Helper()
	d.dump(func(_ string, b []byte) { all = append(all, hexes.FindAllString(string(b), -1)...) })
	return all
}

func (d *drawer) confirmed() map[string]bool {
	stored := d.stored()
	var salts []string
	for _, s := range stored {
		if len(s) == 32 {
			salts = append(salts, s)
		}
	}
	all, found := guesses(d, salts), map[string]bool{}
	for _, s := range stored {
		if w, ok := all[s]; ok {
			found[w] = true
		}
	}
	return found
}

func TestNoGuessAtAnErasedCustomerIsConfirmed(t *testing.T) {
	d := patronage(t)
	if found := d.confirmed(); len(found) < 4 {
		t.Fatalf("with the salts there the guesses find only %v: this test guesses wrong", found)
	}
	d.erase()
	for w := range d.confirmed() {
		t.Errorf("a guess is confirmed: %q", w)
	}
}
