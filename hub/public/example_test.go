package public_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"

	"kickstand/hub/public"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// book knows one receipt.
type book struct{ digest string }

func (b book) LinkedReceipt(_ context.Context, digest string, _ int64) (string, error) {
	if digest != b.digest {
		return "", store.ErrNotFound
	}
	return "sale-1", nil
}

func (book) ReceiptRules(context.Context) (store.ReceiptRules, error) {
	return store.ReceiptRules{}, nil
}

func (book) Open(context.Context, string) (slip.Doc, error) {
	return slip.Doc{Title: "Receipt C1-000001", Lines: []slip.Line{{Left: "TOTAL CAD", Right: "9.95", Style: slip.Total}}}, nil
}

func Example() {
	const token = "k7k7k7k7k7k7k7k7k7k7k7k7k7k7k7k7"
	b := book{digest: protocol.TokenDigest(token)}
	pages := public.New(public.Config{Links: b, Receipts: b})
	for _, t := range []string{token, "guess"} {
		w := httptest.NewRecorder()
		pages.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/r/"+t+"/receipt.txt", nil))
		fmt.Println(w.Code)
	}
	// Output:
	// 200
	// 404
}
