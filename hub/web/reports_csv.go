package web

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"kickstand/hub/store"
)

// writeCSV writes a table as RFC 4180 has it: a header row, commas, CR LF. It
// is UTF-8 without a mark.
func writeCSV(w io.Writer, t table) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	record := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		record[i] = harmless(c.Name)
	}
	if err := out.Write(record); err != nil {
		return err
	}
	for _, row := range t.Rows {
		for i, c := range row {
			record[i] = c.Value
			if !t.Columns[i].Number {
				record[i] = harmless(c.Value)
			}
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless marks text that a spreadsheet would take for a formula, as OWASP's
// page on CSV injection advises: an apostrophe in front makes it text.
func harmless(text string) string {
	if start := strings.TrimLeft(text, " \u00a0"); start != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(start)[0]) {
		return "'" + text
	}
	return text
}

// file makes a handler of a function that gathers one table and says of when
// it is.
func (o *office) file(gather func(visit) (table, string, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		v, err := o.visit(r)
		if err != nil {
			o.trouble(w, r, err)
			return
		}
		t, when, err := gather(v)
		var asker badQuestion
		switch {
		case errors.As(err, &asker):
			o.render(w, v, "Takings", sheet{Name: "message", Title: "No such report", status: http.StatusBadRequest, Data: message{
				Text: string(asker), Link: "/reports", Word: "Choose the days again",
			}})
		case errors.Is(err, store.ErrNotFound):
			o.render(w, v, "Takings", notFound())
		case err != nil:
			o.trouble(w, r, err)
		default:
			o.sendCSV(w, r, t, when)
		}
	}
}

// sendCSV answers with a table as a file named after shop, table and time.
func (o *office) sendCSV(w http.ResponseWriter, r *http.Request, t table, when string) {
	var b bytes.Buffer
	if err := writeCSV(&b, t); err != nil {
		o.trouble(w, r, fmt.Errorf("write %s.csv: %w", t.Name, err))
		return
	}
	name := fmt.Sprintf("%s_%s_%s.csv", o.Store.Shop(), t.Name, when)
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
	_, _ = b.WriteTo(w) // the reader has gone: nobody to tell
}
