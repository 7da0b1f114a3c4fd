package hub_test

import (
	"strings"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// TestTokenIsKeptAsItsDigest stores a sale without the token that opens its
// receipt, which finds it all the same, and knows the sale when it comes again.
func TestTokenIsKeptAsItsDigest(t *testing.T) {
	d := &drawer{shop: newShop(t)}
	d.send(&protocol.JournalReset{Why: "first start"})
	sold := d.till.Sale(hubtest.Item(1))
	sold.Token = strings.Repeat("k7", 16)
	d.send(sold)
	d.send(sold) // under another number, as after an old journal was recovered
	document, number, err := d.store.SaleDocument(t.Context(), sold.ID)
	if err != nil || number != 1 || document.Token != "" {
		t.Errorf("sale %d is stored as %+v (%v)", number, document, err)
	}
	if sale, err := d.store.LinkedReceipt(t.Context(), protocol.TokenDigest(sold.Token), 0); sale != sold.ID || err != nil {
		t.Errorf("the token leads to %q, %v", sale, err)
	}
}

// TestMailIsQueuedOnce writes one mail however often the device asks, and no
// address into the journal.
func TestMailIsQueuedOnce(t *testing.T) {
	d := &drawer{shop: newShop(t)}
	d.send(&protocol.JournalReset{Why: "first start"})
	sold := d.till.Sale(hubtest.Item(1))
	d.send(sold)
	mail := &protocol.ReceiptMail{ID: "m-1", Sale: sold.ID, Address: "anna@mail.example"}
	d.send(mail)
	d.send(mail)
	all, err := d.store.Mails(t.Context(), 10)
	if err != nil || len(all) != 1 || all[0].Address != mail.Address || all[0].Slip != sold.Slip || all[0].State != store.MailWaiting {
		t.Fatalf("%+v, %v", all, err)
	}
	seen := 0
	for r, err := range d.store.AuditRows(t.Context()) {
		if err != nil || strings.Contains(r.Body, "anna") {
			t.Errorf("the journal says %s (%v)", r.Body, err)
		}
		if strings.HasPrefix(r.Kind, string(protocol.KindMail)) {
			seen++
		}
	}
	if seen != 2 {
		t.Errorf("%d rows of the journal about it, want one and one that it was known", seen)
	}
}
