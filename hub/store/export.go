package store

import (
	"context"
	"errors"
	"fmt"
	"strings"
)

// about says which rows of which tables are about a customer, whose id is $1, and
// which of their columns are none of the customer's: secrets of the shop. A table
// that is not here holds nothing about a customer; the tests ask for the reason.
type about struct {
	Table  string
	Where  string
	Hidden string // columns, by spaces
}

func tablesAbout() []about {
	const ofSales = `sale IN (` + theirSales + `)`
	const ofAccounts = `digest IN (SELECT m.account FROM account_moves m WHERE m.reason IN ('load', 'new') AND m.sale IN (` + theirSales + `))`
	const ids = `(SELECT c.id FROM customers c WHERE c.id = $1 OR c.merged_into = $1)`
	return []about{
		{Table: "customers", Where: `id IN ` + ids},
		{Table: "customer_consents", Where: `customer IN ` + ids},
		{Table: "sales", Where: `id IN (` + theirSales + `)`, Hidden: "salt"},
		{Table: "sale_lines", Where: ofSales},
		{Table: "sale_taxes", Where: ofSales},
		{Table: "payments", Where: ofSales},
		{Table: "tenders", Where: ofSales, Hidden: "secret"},
		{Table: "differences", Where: ofSales},
		{Table: "findings", Where: ofSales},
		{Table: "returns", Where: `refund IN (` + theirSales + `) OR origin IN (` + theirSales + `)`},
		{Table: "stock_moves", Where: ofSales},
		{Table: "reservations", Where: ofSales},
		{Table: "drawer_events", Where: ofSales},
		{Table: "prints", Where: ofSales},
		{Table: "receipts", Where: ofSales},
		{Table: "receipt_links", Where: ofSales},
		{Table: "receipt_mails", Where: ofSales},
		{Table: "accounts", Where: ofAccounts},
		{Table: "account_moves", Where: ofSales},
		{Table: "specials", Where: `customer IN ` + ids + ` OR ` + ofSales},
		{Table: "carts", Where: `cart LIKE '%"' || $1 || '"%'`},
		{Table: "audit_texts", Where: `person IN ` + ids, Hidden: "salt"},
		{Table: "audit_events", Where: `subject IN ` + ids + ` OR subject IN (` + theirSales + `)`, Hidden: "salt actor"},
	}
}

// Cell is a column of a row with its value: an int64, a string or bytes.
type Cell struct {
	Column string
	Value  any
}

// CustomerData calls each with every row that the shop holds about a customer and
// whoever was merged into it, table by table and all as of one moment. begin is
// called before the rows of a table, also when there are none.
func (s *Store) CustomerData(ctx context.Context, id string, begin func(table string) error, each func([]Cell) error) error {
	columns, err := s.Columns(ctx)
	if err != nil {
		return fmt.Errorf("data of a customer: %w", err)
	}
	return s.snapshot(ctx, func(read query) error {
		for _, a := range tablesAbout() {
			err := begin(a.Table)
			if err == nil {
				err = a.rows(read, id, columns[a.Table], each)
			}
			if err != nil {
				return fmt.Errorf("data of a customer: %s: %w", a.Table, err)
			}
		}
		return nil
	})
}

func (a about) rows(read query, id string, columns []string, each func([]Cell) error) error {
	var shown []string
	for _, c := range columns {
		if !strings.Contains(" "+a.Hidden+" ", " "+c+" ") {
			shown = append(shown, c)
		}
	}
	if len(shown) == 0 {
		return errors.New("the table is not there")
	}
	names := `"` + strings.Join(shown, `", "`) + `"`
	return read(`SELECT `+names+` FROM "`+a.Table+`" WHERE `+a.Where+` ORDER BY "`+shown[0]+`"`, []any{id}, func(scan func(...any) error) error {
		row, dest := make([]Cell, len(shown)), make([]any, len(shown))
		for i, c := range shown {
			row[i].Column, dest[i] = c, &row[i].Value
		}
		if err := scan(dest...); err != nil {
			return err
		}
		return each(row)
	})
}
