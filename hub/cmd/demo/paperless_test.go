package main_test

import (
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kickstand/hub/mail/mailtest"
)

// paperlessShop is a card shop whose receipts can be opened and sent.
type paperlessShop struct {
	*cardShop
	public string // address of the receipts
	post   string // address of the mail catcher's page
}

func openPaperless(t *testing.T) *paperlessShop {
	t.Helper()
	s := &paperlessShop{cardShop: openCardShop(t), public: freePort(t), post: freePort(t)}
	smtp := freePort(t)
	s.hub.stop()
	set := exec.Command(filepath.Join(s.bin, "hub"), "receipts", "--data", filepath.Join(s.dir, "hub"), "--db", s.db, "--shop", "demo", "--url", "http://"+s.public)
	if out, err := set.CombinedOutput(); err != nil {
		t.Fatalf("receipts: %v\n%s", err, out)
	}
	catcher := s.program("mail", "demo", "--smtp", smtp, "--mail-page", s.post)
	catcher.start()
	await(t, "the mail catcher answers", func() bool { return get(t, "http://"+s.post+"/mails.json", nil) == nil })
	s.hub.args = append(s.hub.args, "--public-addr", s.public, "--smtp", smtp, "--smtp-security", "none", "--mail-from", "Demo <receipts@shop.example>")
	s.hub.start()
	await(t, "the hub answers", func() bool { return get(t, "http://"+s.web+"/healthz", nil) == nil })
	return s
}

// mails is what the mail catcher was given.
func (s *paperlessShop) mails() []mailtest.Mail {
	s.t.Helper()
	var all []mailtest.Mail
	if err := get(s.t, "http://"+s.post+"/mails.json", &all); err != nil {
		s.t.Fatal(err)
	}
	return all
}

// fetch opens an address as a telephone does.
func (s *paperlessShop) fetch(url string) (int, string) {
	s.t.Helper()
	res, err := http.Get(url)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// readScreen has an independent reader read the QR code on a screen.
func (k *till) readScreen(reader string) string {
	k.t.Helper()
	res, err := http.Get(k.url + "/screen.png")
	if err != nil {
		k.t.Fatal(err)
	}
	defer res.Body.Close()
	picture, err := io.ReadAll(res.Body)
	if err != nil {
		k.t.Fatal(err)
	}
	file := filepath.Join(k.t.TempDir(), "screen.png")
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		k.t.Fatal(err)
	}
	out, err := exec.Command(reader, "-q", "--raw", file).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(out))
}

// TestReceiptWithoutPaper buys at the kiosk whose printer is out of paper and takes
// the receipt home otherwise: the code on the screen, read by another program, opens
// the sale, first while the kiosk is cut off; the e-mail is there once although
// the mail server could not say that it took it; and the counter prints a copy.
func TestReceiptWithoutPaper(t *testing.T) {
	reader, err := exec.LookPath("zbarimg")
	if err != nil {
		t.Skip("zbarimg is not installed; make test installs it")
	}
	s := openPaperless(t)
	k := s.till("kiosk-1", "kiosk", "K1")
	k.must("/printer/fault", map[string]string{"fault": "paper-out"})
	k.fill(s.articles()[0])
	s.toCard(k, "pay")
	s.customerAt(kioskReader, "tap")
	await(t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	k.network("down")
	k.tap("by-qr")
	await(t, "the code is shown", func() bool { return k.scene().Screen == "qr" })
	link := k.readScreen(reader)
	if !strings.HasPrefix(link, "http://"+s.public+"/r/") {
		t.Fatalf("the code reads %q", link)
	}
	k.network("up")
	await(t, "the hub has it", func() bool { return s.sold() == 1 && k.state().Outbox == 0 })
	status, page := s.fetch(link)
	for _, want := range []string{"K1-000001", "S-000001", "Visa 4242", "Self-checkout", s.articles()[0].Name} {
		if status != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("status %d, no %q in %s", status, want, page)
		}
	}
	if status, _ := s.fetch("http://" + s.public + "/"); status != http.StatusNotFound {
		t.Errorf("the office is at the public address: %d", status)
	}
	token := link[strings.LastIndexByte(link, '/')+1:]
	if n := s.count("SELECT count(*) AS n FROM sales WHERE document LIKE '%" + token + "%'"); n != 0 {
		t.Error("the token is in the database")
	}
	s.mailOnce(k)
	s.copyAtTheCounter("K1-000001")
	s.verifyAudit(t)
}

// copyAtTheCounter prints what the kiosk had no paper for, found by its number.
func (s *paperlessShop) copyAtTheCounter(slip string) {
	s.t.Helper()
	c := s.till("counter-1", "counter", "C1")
	c.scan(slip)
	await(s.t, "the counter can ask the hub", func() bool { n, ok := c.scene().node("dialog:copy"); return ok && n.Enabled })
	c.tap("dialog:copy")
	await(s.t, "the copy is printed", func() bool {
		all := c.papers()
		return len(all) == 1 && all[0].Complete && strings.Contains(all[0].Text, "COPY 1") && strings.Contains(all[0].Text, slip)
	})
	await(s.t, "the hub counts it", func() bool { return s.count("SELECT count(*) AS n FROM prints WHERE copy = 1") == 1 })
}

// mailOnce asks for the receipt by e-mail while the mail server takes it and loses the
// connection.
func (s *paperlessShop) mailOnce(k *till) {
	s.t.Helper()
	res, err := http.Post("http://"+s.post+"/fail?next="+string(mailtest.Unsaid), "", nil)
	if err != nil {
		s.t.Fatal(err)
	}
	_ = res.Body.Close() // only that it arrived counts
	k.tap("by-mail")
	for _, c := range "anna@mail.example" {
		k.tap("key:" + string(c))
	}
	k.tap("mail-ok")
	await(s.t, "it says where the receipt goes", func() bool {
		n, ok := k.scene().node("mailed")
		return ok && strings.Contains(n.Label+n.Value, "a•••@mail.example")
	})
	await(s.t, "the receipt is sent", func() bool { return s.count("SELECT count(*) AS n FROM receipt_mails WHERE state = 'sent'") == 1 })
	all := s.mails()
	if len(all) != 1 || all[0].Came != 2 || all[0].To[0] != "anna@mail.example" || !strings.Contains(all[0].Text, "K1-000001") {
		s.t.Errorf("the box has %+v", all)
	}
	if n := s.count("SELECT count(*) AS n FROM receipt_mails WHERE tries = 2"); n != 1 {
		s.t.Error("the mail server was not asked twice")
	}
}
