package web

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"

	"kickstand/hub/contact"
	"kickstand/hub/customer"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// exporting answers with everything the shop holds about a customer. The file is
// made whole, and the journal has its row, before the first byte leaves.
func (o *office) exporting(w http.ResponseWriter, r *http.Request) {
	v, ok := o.admitted(w, r, "Customers", right.Export, newForm())
	if !ok {
		return
	}
	c, err := o.Store.Customer(r.Context(), r.PathValue("id"))
	if errors.Is(err, store.ErrNotFound) {
		o.render(w, v, "Customers", notFound())
		return
	}
	if err == nil {
		err = o.sendExport(w, v, c)
	}
	if err != nil {
		o.trouble(w, r, err)
	}
}

// sendExport returns an error only while nothing was sent.
func (o *office) sendExport(w http.ResponseWriter, v visit, c store.Customer) error {
	f, err := scratch()
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }() // it has no name any more: closing is forgetting
	e := customer.Export{Store: o.Store, Zone: v.zone, Now: v.now, Paper: func(ctx context.Context, f store.SaleFile) (string, error) {
		return paper(o.document(ctx, f))
	}}
	made, err := e.Write(v.Context(), f, c)
	if err != nil {
		return err
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = f.Seek(0, io.SeekStart)
	}
	if err != nil {
		return err
	}
	err = o.Store.Write(v.Context(), func(t *store.Tx) error {
		return v.audit(t, "customer.exported", c.ID, map[string]any{"number": contact.Number(c.Number), "rows": made.Rows, "receipts": made.Receipts})
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/zip")
	w.Header().Set("Content-Disposition", `attachment; filename="customer-`+contact.Number(c.Number)+`-`+v.now.Format("2006-01-02")+`.zip"`)
	w.Header().Set("Content-Length", strconv.FormatInt(size, 10))
	_, _ = io.Copy(w, f) // the reader has gone: the length tells that it is not whole
	return nil
}

// scratch is a file without a name, which is gone when it is closed.
func scratch() (*os.File, error) {
	f, err := os.CreateTemp("", "export-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}
