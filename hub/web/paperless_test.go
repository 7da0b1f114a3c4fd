package web_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/protocol"
)

func TestTheOwnerSaysHowReceiptsAreGiven(t *testing.T) {
	s := traded(t)
	owner, lead := s.signedIn("op-maren"), s.signedIn("op-tomas")
	lead.get("/settings/receipts", http.StatusForbidden, "Only the owner may change the shop's settings")
	owner.get("/settings/receipts", http.StatusOK, "No QR code is offered yet", "without a mail server", `value="90"`)
	fields := owner.typed("/settings/receipts")
	stale := owner.typed("/settings/receipts")
	fields.Set("url", "https://receipts.example.com")
	fields.Set("days", "30")
	fields.Set("print", "1")
	owner.post("/settings/receipts", fields, http.StatusOK, "Saved.")
	want := protocol.ReceiptWays{URL: "https://receipts.example.com", Print: true}
	if got := s.told("counter-1").Receipts; got != want {
		t.Errorf("a till hears %+v, want %+v", got, want)
	}
	owner.post("/settings/receipts", stale, http.StatusUnprocessableEntity, "Somebody changed these settings while you typed")
	bad := owner.typed("/settings/receipts")
	bad.Set("url", "receipts.example.com/")
	bad.Set("days", "0")
	owner.post("/settings/receipts", bad, http.StatusUnprocessableEntity, "Give an address such as https://receipts.example.com", `value="receipts.example.com/"`)
	if n := s.acts("settings.receipts"); n != 1 {
		t.Errorf("%d rows in the journal, want 1", n)
	}
}

// TestFailedMailsAreSeen shows a mail that was given up until somebody took note, and
// lets it be tried again, with most of its address hidden.
func TestFailedMailsAreSeen(t *testing.T) {
	s := traded(t)
	sale := s.last()
	s.mailed()
	owner, seller := s.signedIn("op-maren"), s.signedIn("op-kai")
	seller.get("/", http.StatusOK, "2 receipts could not be sent by e-mail")
	page := owner.get("/mails", http.StatusOK, sale.Slip, "a•••@mail.example", "Not sent", "there is no box", "Send again")
	if strings.Contains(page, "anna@") {
		t.Error("the page shows the address")
	}
	seller.mail("/mails/again", url.Values{"id": {"m-1"}}, http.StatusForbidden, "may settle findings")
	owner.mail("/mails/again", url.Values{"id": {"m-1"}}, http.StatusOK, "It is tried again now", "Waiting")
	owner.mail("/mails/again", url.Values{"id": {"m-1"}}, http.StatusUnprocessableEntity, "cannot be sent again")
	owner.get("/", http.StatusOK, "1 receipt could not be sent by e-mail")
	owner.mail("/mails/seen", url.Values{}, http.StatusOK, "Noted.")
	if page := owner.get("/", http.StatusOK); strings.Contains(page, "could not be sent") {
		t.Error("the page goes on about it")
	}
}

// mail sends a form that stands on the page of the e-mails.
func (v *visitor) mail(path string, values url.Values, want int, says ...string) {
	v.t.Helper()
	values.Set("form", v.token("/mails"))
	v.post(path, values, want, says...)
}

// mailed has two receipts that could not be sent, and one on its way.
func (s *shop) mailed() {
	s.t.Helper()
	sale := s.last()
	err := s.store.Write(s.t.Context(), func(tx *store.Tx) error {
		for _, id := range []string{"m-1", "m-2", "m-3"} {
			if _, err := tx.QueueMail("kiosk-1", &protocol.ReceiptMail{ID: id, Sale: sale.ID, Address: "anna@mail.example"}); err != nil {
				return err
			}
			if id == "m-3" {
				continue
			}
			if err := tx.MailEnded(id, store.MailFailed, "550 there is no box the address"); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.t.Fatal(err)
	}
}
