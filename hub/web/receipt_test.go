package web_test

import (
	"encoding/xml"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"kickstand/protocol"
)

// TestReceiptOfLongNames wants every text to fit the paper, and signs that
// mean something in XML to be text.
func TestReceiptOfLongNames(t *testing.T) {
	s := traded(t)
	sold, _ := s.stocked()
	sold.ID, sold.Slip = "long-1", "C1-900002"
	sold.Payments[0].ID = "long-1-p1"
	sold.Lines[0].Name = strings.Repeat("Brake & gear cable <stainless>, ", 6) + strings.Repeat("x", 90)
	sold.Shop.Name = "A & B \"Cycles\" of the Upper Island Highway and Beyond"
	s.say(protocol.Evt, "counter-1", &sold)

	svg, header := s.get("/sales/C1-900002/receipt.svg", http.StatusOK)
	if got := header.Get("Content-Type"); got != "image/svg+xml" {
		t.Errorf("the receipt is of type %q", got)
	}
	var image struct {
		Texts []struct {
			Size float64 `xml:"font-size,attr"`
			Text string  `xml:",chardata"`
		} `xml:"g>text"`
	}
	if err := xml.Unmarshal([]byte(svg), &image); err != nil {
		t.Fatalf("the receipt is no XML: %v", err)
	}
	var all []string
	for _, x := range image.Texts {
		all = append(all, x.Text)
		most := 48.0
		if x.Size > 0 {
			most = 48 * 11.6 / x.Size
		}
		if n := utf8.RuneCountInString(x.Text); float64(n) > most+0.5 {
			t.Errorf("%q has %d letters, the paper takes %.0f of its size", x.Text, n, most)
		}
	}
	text := strings.Join(all, " ")
	for _, want := range []string{"Brake & gear cable <stainless>,", `A & B "Cycles"`, "TOTAL CAD", "C1-900002", "S-000061"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
}

// TestReceiptsThatWaitAreTold has the receipt store refuse, and then take them.
func TestReceiptsThatWaitAreTold(t *testing.T) {
	s := traded(t)
	due, err := s.store.DueReceipts(t.Context(), 3)
	if err != nil || len(due) != 3 {
		t.Fatal(due, err)
	}
	s.says("/", nil, []string{"not in the receipt store"})
	for _, r := range due {
		if err := s.store.ReceiptFailed(t.Context(), r.Sale, `put receipts/s1.json: there is no bucket "shop"`, 0); err != nil {
			t.Fatal(err)
		}
	}
	s.says("/", []string{"3 receipts are not in the receipt store yet", "No sale is lost", "The store says: there is no bucket"}, nil)
	if err := s.store.ReceiptsStored(t.Context(), due); err != nil {
		t.Fatal(err)
	}
	s.says("/", nil, []string{"not in the receipt store"})
}
