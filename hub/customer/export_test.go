package customer_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/audit"
	"kickstand/hub/contact"
	"kickstand/hub/customer"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// lived is a shop with a customer of whom it has one of everything, and another
// one who has nothing to do with that.
func lived(t *testing.T, dir string) *store.Store {
	t.Helper()
	s := hubtest.Open(t, dir, 3, "counter-1")
	h, till := hub.New(hub.Config{Store: s}), hubtest.NewTill("counter-1", "C1")
	say := func(b protocol.Body) {
		if _, err := h.Handle(t.Context(), till.Topic(protocol.Evt), till.Event(b)); err != nil {
			t.Fatal(err)
		}
	}
	say(&protocol.JournalReset{Why: "first start"})
	err := s.PutCustomers(t.Context(), []store.Customer{
		{ID: "cus-ada", Name: "Ada Abernathy", Phone: "250-555-0142", Email: "ada@example.com", Notes: "Rides <at> night.", AIOptout: true},
		{ID: "cus-old", Name: "Ada A."},
		{ID: "cus-bo", Name: "Bo Other", Email: "bo@example.com"},
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, id := range []string{"cus-ada", "cus-old", "cus-bo", ""} {
		sold := till.Sale(hubtest.Item(1), hubtest.Item(2))
		sold.Customer = id
		if id == "cus-old" {
			sold.Lines[0].Money.Unit++ // the hub will find a difference
		}
		say(sold)
		say(&protocol.ReceiptPrinted{Job: "job-" + sold.ID, Sale: sold.ID, Proof: protocol.ProofSent})
		say(&protocol.DrawerOpened{ID: "kick-" + sold.ID, Sale: sold.ID, Operator: sold.Operator, Why: "cash sale"})
	}
	say(&protocol.CartParked{CartInfo: protocol.CartInfo{ID: "cart-1", Device: "counter-1", Title: "Bell", Lines: 1, Currency: "CAD"}, Cart: json.RawMessage(`{"customer":{"id":"cus-ada"}}`)})
	merge(t, s, "cus-ada", "cus-old")
	return s
}

func merge(t *testing.T, s *store.Store, into, from string) {
	t.Helper()
	a, b := must(s.Customer(t.Context(), into)), must(s.Customer(t.Context(), from))
	err := s.Write(t.Context(), func(x *store.Tx) error {
		_, err := x.MergeCustomer(a, b)
		row, wrong := audit.Act("customer.merged", into, "op-1", map[string]string{"from": "A-2"})
		_, said := x.Audit(row)
		return errors.Join(err, wrong, said,
			x.AddConsent(store.Consent{Customer: into, Channel: contact.SMS, Given: true, How: contact.Counter, Operator: "op-1"}))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// invented are rows of tables that take long ways to fill, for the first sale of
// cus-ada.
func invented(sale string) []string {
	return []string{
		`INSERT INTO tenders (id, sale, device, operator, tender, amount, currency, gives_back, account, reader, phase, n, begun_ms, changed_ms, words, secret)
			VALUES ('ten-1', '` + sale + `', 'counter-1', 'op-1', 'card', 1, 'CAD', '', '', '', 'taken', 1, 1, 1, 'Visa 4242', 'not-for-anybody')`,
		`INSERT INTO findings (id, code, payment, intent, sale, device, operator, currency, there, here, what, advice, found_ms)
			VALUES ('fin-1', 'AMOUNT', 'ten-1', '', '` + sale + `', 'counter-1', 'op-1', 'CAD', 1, 2, 'x', 'y', 1)`,
		`INSERT INTO returns (refund, origin, line, before, qty, device, operator, at_ms) VALUES ('ref-1', '` + sale + `', 1, 0, 1, 'counter-1', 'op-1', 1)`,
		`INSERT INTO reservations (sale, item, qty, device, until_ms) VALUES ('` + sale + `', 'itm-1', 1, 'counter-1', 1)`,
		`INSERT INTO specials (id, kind, state, who, customer, account, sale, slip, device, operator, lines, cart, total, deposit, currency, said_ms, placed_ms, changed_ms)
			VALUES ('spe-1', 'order', 'ordered', 'Ada, 0142', 'cus-old', 'acc-digest', '` + sale + `', 'C1-000009', 'counter-1', 'op-1',
			'[{"item":"itm-1","name":"Blue frame","qty":1}]', '{}', 100, 50, 'CAD', 1, 1, 1)`,
		`INSERT INTO receipt_links (digest, sale, at_ms) VALUES ('link-digest', '` + sale + `', 1)`,
		`INSERT INTO receipt_mails (id, sale, device, address, message_id, state, asked_ms, due_ms) VALUES ('mail-1', '` + sale + `', 'counter-1', 'ada.private@example.com', 'm', 'sent', 1, 1)`,
		`INSERT INTO audit_texts (n, field, person, salt, words) VALUES (999, 'note', 'cus-ada', 'not-for-anybody', 'paid back by hand')`,
		`INSERT INTO accounts (digest, kind, last4, currency, balance, opened_ms, changed_ms) VALUES ('acc-digest', 'gift', '7K2M', 'CAD', 2500, 1, 1)`,
		`INSERT INTO account_moves (account, delta, balance, reason, sale, line, at_ms) VALUES ('acc-digest', 2500, 2500, 'load', '` + sale + `', 1, 1)`,
	}
}

// export writes the export of a customer and opens its files.
func export(t *testing.T, s *store.Store, id string) map[string]string {
	t.Helper()
	var b bytes.Buffer
	e := customer.Export{
		Store: s, Zone: time.UTC, Now: time.UnixMilli(1_790_000_000_000),
		Paper: func(_ context.Context, f store.SaleFile) (string, error) { return "<svg>" + f.Slip + "</svg>", nil },
	}
	if _, err := e.Write(t.Context(), &b, must(s.Customer(t.Context(), id))); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	return files
}

func TestAnExportHasEverything(t *testing.T) {
	dir := t.TempDir()
	s := lived(t, dir)
	sales, err := s.CustomerSales(t.Context(), "cus-ada", 10)
	if err != nil || len(sales) != 2 {
		t.Fatalf("%d sales, %v", len(sales), err)
	}
	if err := storetest.Alter(t.Context(), filepath.Join(dir, hubtest.Shop+".db"), invented(sales[1].ID)...); err != nil {
		t.Fatal(err)
	}
	files := export(t, s, "cus-ada")
	var data map[string][]map[string]any
	if err := json.Unmarshal([]byte(files["data.json"]), &data); err != nil {
		t.Fatalf("%v:\n%s", err, files["data.json"])
	}
	if len(data) < 20 {
		t.Errorf("only %d tables", len(data))
	}
	for table, rows := range data {
		if len(rows) == 0 {
			t.Errorf("nothing of %s, of which the customer has something", table)
		}
	}
	for table, want := range map[string]int{"customers": 2, "sales": 2, "sale_lines": 4, "payments": 2, "prints": 2, "drawer_events": 2, "customer_consents": 1} {
		if len(data[table]) != want {
			t.Errorf("%d rows of %s, want %d", len(data[table]), table, want)
		}
	}
	all := files["data.json"] + files["index.html"]
	for _, word := range []string{"250-555-0142", "ada@example.com", "Rides", "sms", "ada.private@example.com", "Visa 4242", "paid back by hand", "7K2M", "Blue frame", "customer.merged", "cart-1", sales[0].Slip, sales[1].Slip} {
		if !strings.Contains(all, word) {
			t.Errorf("%q is missing", word)
		}
	}
	for _, word := range []string{"not-for-anybody", "Bo Other", "bo@example.com", "cus-bo", `"salt"`} {
		if strings.Contains(all, word) {
			t.Errorf("%q is none of this customer's", word)
		}
	}
	for _, x := range sales {
		name := fmt.Sprintf("receipts/S-%06d.svg", x.Number)
		if !strings.Contains(files[name], x.Slip) || !strings.Contains(files["index.html"], name) {
			t.Errorf("%s is missing", name)
		}
	}
	if _, document := data["sales"][0]["document"].(map[string]any); !document {
		t.Error("the document of a sale is not readable JSON")
	}
	if page := files["index.html"]; !strings.Contains(page, "Rides &lt;at&gt; night.") || !strings.Contains(page, "25.00 CAD") {
		t.Errorf("the page:\n%s", page)
	}
}

func TestAnExportThatFailsIsNoFile(t *testing.T) {
	s := lived(t, t.TempDir())
	broken := errors.New("no paper")
	var b bytes.Buffer
	e := customer.Export{Store: s, Zone: time.UTC, Paper: func(context.Context, store.SaleFile) (string, error) { return "", broken }}
	if _, err := e.Write(t.Context(), &b, must(s.Customer(t.Context(), "cus-ada"))); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	if _, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len())); err == nil {
		t.Error("half an export can be opened")
	}
}
