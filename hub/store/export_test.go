package store_test

import (
	"maps"
	"slices"
	"testing"

	"kickstand/hub/store"
)

// apart is why a table holds nothing about a customer. A new table is named here
// with its reason, or in tablesAbout of export.go with the rows that are.
var apart = map[string]string{
	"meta": "counters", "settings": "the shop's", "jobs": "work of the hub", "office_forms": "forms of the staff",
	"operators": "staff", "staff_passwords": "staff", "staff_sessions": "staff", "staff_tries": "staff",
	"items": "goods", "barcodes": "goods", "item_prices": "goods", "item_pictures": "goods", "price_plans": "goods", "imports": "goods", "import_rows": "goods", "stock": "goods",
	"purchase_orders": "suppliers", "purchase_lines": "suppliers", "stocktakes": "goods", "stocktake_lines": "goods",
	"devices": "devices", "device_cursors": "devices", "device_keys": "devices", "presence": "devices", "faults": "devices", "readers": "devices",
	"outbox": "the catalogue and settings for devices, parked sales without a name", "quarantine": "messages that could not be read or taken",
	"audit_checkpoints": "digests", "audit_tiles": "digests", "audit_cosignatures": "digests",
	"payment_attempts": "how a tender was asked of the card service; the tender is there", "webhook_events": "ids of the card service",
	"till_sessions": "sums of a drawer", "till_moves": "cash without a sale", "z_reports": "sums of a drawer", "z_addenda": "sums of a drawer",
	"bundles":          "who of the staff asked for all data",
	"goose_db_version": "migrations",
	"erasures":         "people of whom nothing is left",
}

func TestEveryTableIsInTheExportOrApart(t *testing.T) {
	s, _, _ := merged(t)
	rows := map[string]int{}
	table := ""
	begin := func(name string) error { table = name; rows[name] += 0; return nil }
	each := func(row []store.Cell) error {
		rows[table]++
		for _, c := range row {
			if c.Column == "salt" || c.Column == "secret" || c.Value == nil {
				t.Errorf("%s shows %s: %v", table, c.Column, c.Value)
			}
		}
		return nil
	}
	if err := s.CustomerData(t.Context(), "cus-a", begin, each); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]int{"customers": 2, "customer_consents": 3, "sales": 3, "sale_lines": 3, "payments": 3, "audit_events": 5} {
		if rows[name] != want {
			t.Errorf("%d rows of %s, want %d", rows[name], name, want)
		}
	}
	columns, err := s.Columns(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		_, within := rows[name]
		if within == (apart[name] != "") {
			t.Errorf("table %s: say in export.go which of its rows are about a customer, or here why none are", name)
		}
	}
}
