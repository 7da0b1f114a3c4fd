package customer

import (
	"archive/zip"
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"math"
	"time"

	"kickstand/hub/contact"
	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Export writes everything the shop holds about a customer as one ZIP file.
type Export struct {
	Store *store.Store
	// Paper draws the receipt of a sale as SVG.
	Paper func(ctx context.Context, sale store.SaleFile) (string, error)
	// Zone is the shop's, for the times on the page.
	Zone *time.Location
	// Now is when it is made.
	Now time.Time
}

// Exported is how much went into an export.
type Exported struct{ Rows, Receipts int }

// Write writes the export of a customer: a page to read, index.html; every row of
// every table, data.json; and the receipts. It never holds more than one of them in
// memory. After an error what was written is no ZIP file and must be thrown away.
func (e Export) Write(ctx context.Context, w io.Writer, c store.Customer) (Exported, error) {
	x := exporting{Export: e, zip: zip.NewWriter(w)}
	for _, part := range []func(context.Context, store.Customer) error{x.page, x.data, x.receipts} {
		if err := part(ctx, c); err != nil {
			return x.done, fmt.Errorf("export: %w", err)
		}
	}
	return x.done, x.zip.Close()
}

// exporting is one export on its way.
type exporting struct {
	Export
	zip  *zip.Writer
	done Exported
}

func (x *exporting) create(name string) (io.Writer, error) {
	return x.zip.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: x.Now})
}

// exportPage is what index.html shows.
type exportPage struct {
	store.Customer
	Shop     protocol.Letterhead
	Currency string
	Made     time.Time
	Holdings store.Holdings
	Consents []store.Consent
	Sales    []store.CustomerSale
	Accounts []store.CustomerAccount
	Specials []store.Special
}

//go:embed export.html
var exportHTML string

// page adds what a person reads first.
func (x *exporting) page(ctx context.Context, c store.Customer) error {
	set, err := x.Store.Settings(ctx)
	if err != nil {
		return err
	}
	p := exportPage{Customer: c, Shop: set.Shop, Currency: set.Rules.Currency, Made: x.Now.In(x.Zone)}
	if p.Holdings, err = x.Store.Holdings(ctx, c.ID); err != nil {
		return err
	}
	if p.Consents, err = x.Store.Consents(ctx, c.ID); err != nil {
		return err
	}
	if p.Sales, err = x.Store.CustomerSales(ctx, c.ID, math.MaxInt32); err != nil {
		return err
	}
	if p.Accounts, err = x.Store.CustomerAccounts(ctx, c.ID); err != nil {
		return err
	}
	if p.Specials, err = x.Store.CustomerSpecials(ctx, c.ID); err != nil {
		return err
	}
	t, err := template.New("export").Funcs(template.FuncMap{
		"account": contact.Number, "number": sale.Number, "tender": slip.Tender,
		"when": func(ms int64) string { return time.UnixMilli(ms).In(x.Zone).Format("2 January 2006, 15:04") },
	}).Parse(exportHTML)
	if err != nil {
		return err
	}
	to, err := x.create("index.html")
	if err != nil {
		return err
	}
	return t.Execute(to, p)
}

// data adds every row as JSON: an object of tables, each a list of rows.
func (x *exporting) data(ctx context.Context, c store.Customer) error {
	to, err := x.create("data.json")
	if err != nil {
		return err
	}
	w := bufio.NewWriter(to)
	open, rows := false, 0
	end := func() {
		if open {
			_, _ = w.WriteString("\n  ]") // an error stays until Flush
		}
	}
	_, _ = w.WriteString("{")
	err = x.Store.CustomerData(ctx, c.ID, func(table string) error {
		end()
		if open {
			_, _ = w.WriteString(",")
		}
		open, rows = true, 0
		_, err := fmt.Fprintf(w, "\n  %q: [", table)
		return err
	}, func(row []store.Cell) error {
		text, err := rowJSON(row)
		if err != nil {
			return err
		}
		if rows > 0 {
			_, _ = w.WriteString(",")
		}
		rows++
		x.done.Rows++
		_, err = fmt.Fprintf(w, "\n    %s", text)
		return err
	})
	if err != nil {
		return err
	}
	end()
	_, _ = w.WriteString("\n}\n")
	return w.Flush()
}

// rowJSON writes a row with its columns in order. Texts that are JSON themselves,
// such as the document of a sale, are put in as they are.
func rowJSON(row []store.Cell) ([]byte, error) {
	var b bytes.Buffer
	for i, c := range row {
		if i > 0 {
			b.WriteByte(',')
		}
		v := c.Value
		switch t := v.(type) {
		case []byte:
			v = hex.EncodeToString(t)
		case string:
			if len(t) > 1 && (t[0] == '{' || t[0] == '[') && json.Valid([]byte(t)) {
				v = json.RawMessage(t)
			}
		}
		text, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("column %s: %w", c.Column, err)
		}
		fmt.Fprintf(&b, "%q:%s", c.Column, text)
	}
	return append(append([]byte{'{'}, b.Bytes()...), '}'), nil
}

// receipts adds the paper of every sale.
func (x *exporting) receipts(ctx context.Context, c store.Customer) error {
	sales, err := x.Store.CustomerSales(ctx, c.ID, math.MaxInt32)
	if err != nil {
		return err
	}
	for _, s := range sales {
		f, err := x.Store.SaleFile(ctx, s.ID)
		if err != nil {
			return err
		}
		paper, err := x.Paper(ctx, f)
		if err != nil {
			return fmt.Errorf("receipt of %s: %w", sale.Number(s.Number), err)
		}
		to, err := x.create("receipts/" + sale.Number(s.Number) + ".svg")
		if err == nil {
			_, err = io.WriteString(to, paper)
		}
		if err != nil {
			return err
		}
		x.done.Receipts++
	}
	return nil
}
