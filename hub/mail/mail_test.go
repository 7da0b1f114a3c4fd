package mail_test

import (
	"context"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/mail"
	"kickstand/hub/mail/mailtest"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// post is a shop that sends its receipts by a mail server on this machine.
type post struct {
	t      *testing.T
	now    time.Time // of the hub; the test moves it
	store  *store.Store
	hub    *hub.Hub
	till   *hubtest.Till
	server *mailtest.Server
	sender *mail.Sender
	sale   *protocol.Sale
}

func open(t *testing.T) *post {
	t.Helper()
	p := &post{t: t, now: time.UnixMilli(1_790_000_000_000), server: mailtest.New(), till: hubtest.NewTill("counter-1", "C1")}
	clock := func() time.Time { return p.now }
	db, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: hubtest.Shop, Now: clock}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	if err := hubtest.Fill(t.Context(), db, 3, "counter-1"); err != nil {
		t.Fatal(err)
	}
	dir, err := receipt.OpenDir(filepath.Join(t.TempDir(), "receipts"))
	if err != nil {
		t.Fatal(err)
	}
	p.store, p.hub = db, hub.New(hub.Config{Store: db, Now: clock})
	p.sender = mail.New(mail.Config{
		Store: db, Receipts: receipt.New(receipt.Config{Rows: db, Objects: dir}), Now: clock,
		Server: mail.Server{Address: p.listen(), From: "Räder & Co <receipts@shop.example>", Security: mail.Plain, Patience: time.Second},
	})
	p.sale = p.till.Sale(hubtest.Item(1), hubtest.Item(2))
	p.sale.Lines[0].Name = "Glocke für Räder"
	p.event(&protocol.JournalReset{Why: "first start"})
	p.event(p.sale)
	return p
}

// listen starts the mail server and returns where it is.
func (p *post) listen() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- p.server.Serve(ctx, l) }()
	p.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			p.t.Error(err)
		}
	})
	return l.Addr().String()
}

func (p *post) event(b protocol.Body) {
	p.t.Helper()
	if _, err := p.hub.Handle(p.t.Context(), p.till.Topic(protocol.Evt), p.till.Event(b)); err != nil {
		p.t.Fatal(err)
	}
}

// ask asks for the receipt by e-mail.
func (p *post) ask(id, sale, address string) {
	p.t.Helper()
	p.event(&protocol.ReceiptMail{ID: id, Sale: sale, Address: address})
}

// due makes every attempt that is due after a while.
func (p *post) due(after time.Duration) {
	p.t.Helper()
	p.now = p.now.Add(after)
	if err := p.sender.SendDue(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
}

// only is the one mail of the shop.
func (p *post) only() store.Mail {
	p.t.Helper()
	all, err := p.store.Mails(p.t.Context(), 10)
	if err != nil || len(all) != 1 {
		p.t.Fatalf("%d mails, %v", len(all), err)
	}
	return all[0]
}

const anna = "anna@mail.example"

func TestReceiptArrives(t *testing.T) {
	p := open(t)
	p.ask("m-1", p.sale.ID, anna)
	p.due(0)
	p.due(time.Hour)
	got := p.server.Mails()
	if len(got) != 1 || got[0].Came != 1 || len(got[0].To) != 1 || got[0].To[0] != anna {
		t.Fatalf("%+v", got)
	}
	m := got[0]
	if m.Subject != "Receipt "+p.sale.Slip+", Test Cycles" || m.Sender != `"Räder & Co" <receipts@shop.example>` && m.Sender != "Räder & Co <receipts@shop.example>" {
		t.Errorf("subject %q, sender %q", m.Subject, m.Sender)
	}
	for _, part := range []string{m.Text, m.HTML} {
		for _, want := range []string{p.sale.Slip, "S-000001", "Glocke für Räder", p.sale.Totals.Total.String()} {
			if !strings.Contains(part, want) {
				t.Errorf("no %q in\n%s", want, part)
			}
		}
	}
	if m.Headers.Get("Auto-Submitted") != "auto-generated" || !strings.HasSuffix(m.MessageID, "@shop.example>") {
		t.Errorf("headers %v", m.Headers)
	}
	if row := p.only(); row.State != store.MailSent || "<"+row.MessageID+">" != m.MessageID || row.Tries != 1 {
		t.Errorf("the books say %+v", row)
	}
}

// TestServerFails tries again what may work later, under the same Message-ID, and
// does it with growing pauses.
func TestServerFails(t *testing.T) {
	for _, fault := range []mailtest.Fault{mailtest.Busy, mailtest.Full, mailtest.Dropped, mailtest.Hangs} {
		t.Run(string(fault), func(t *testing.T) {
			p := open(t)
			p.server.Fail(fault, fault)
			p.ask("m-1", p.sale.ID, anna)
			p.due(0)
			first := p.only()
			if first.State != store.MailWaiting || first.Error == "" || strings.Contains(first.Error, anna) {
				t.Fatalf("after the fault: %+v", first)
			}
			p.due(9 * time.Second)
			if n := p.server.Tried(); n != 1 {
				t.Errorf("%d attempts within ten seconds", n)
			}
			p.due(time.Second)
			p.due(19 * time.Second)
			if n := p.server.Tried(); n != 2 {
				t.Errorf("%d attempts, want the third after twenty more seconds", n)
			}
			p.due(time.Second)
			if got := p.server.Mails(); len(got) != 1 || got[0].Came != 1 || got[0].MessageID != "<"+first.MessageID+">" {
				t.Errorf("taken: %+v", got)
			}
			if m := p.only(); m.State != store.MailSent || m.Error != "" || m.Tries != 3 {
				t.Errorf("%+v", m)
			}
		})
	}
}

// TestTakenButNotSaid is the gap of SMTP: the server has the mail and cannot say so.
// It comes again under its Message-ID, by which mail programs know it.
func TestTakenButNotSaid(t *testing.T) {
	p := open(t)
	p.server.Fail(mailtest.Unsaid)
	p.ask("m-1", p.sale.ID, anna)
	p.due(0)
	if m := p.only(); m.State != store.MailWaiting {
		t.Fatalf("%+v", m)
	}
	p.due(time.Hour)
	if got := p.server.Mails(); len(got) != 1 || got[0].Came != 2 {
		t.Errorf("%+v", got)
	}
	if m := p.only(); m.State != store.MailSent {
		t.Errorf("%+v", m)
	}
}

// TestNoSuchAddress is told to a person at once.
func TestNoSuchAddress(t *testing.T) {
	for _, fault := range []mailtest.Fault{mailtest.NoSuchBox, mailtest.Refused} {
		p := open(t)
		p.server.Fail(fault)
		p.ask("m-1", p.sale.ID, anna)
		p.due(0)
		if m := p.only(); m.State != store.MailFailed || m.Tries != 1 || m.Error == "" || strings.Contains(m.Error, anna) {
			t.Errorf("%s: %+v", fault, m)
		}
		if n, err := p.store.FailedMails(t.Context()); n != 1 || err != nil {
			t.Errorf("%d for a person, %v", n, err)
		}
		p.due(48 * time.Hour)
		if n := p.server.Tried(); n != 1 {
			t.Errorf("%s: tried %d times", fault, n)
		}
	}
}

// TestGivesUpAfterADay goes on for a day and no longer, also for a sale that never
// comes.
func TestGivesUpAfterADay(t *testing.T) {
	p := open(t)
	p.ask("m-1", "sale-that-never-came", anna)
	for range 40 {
		p.due(time.Hour)
	}
	m := p.only()
	if m.State != store.MailFailed || !strings.Contains(m.Error, "quarantine") || m.Tries < 20 || m.Tries > 30 {
		t.Errorf("%+v", m)
	}
	if at := m.EndedMS - m.AskedMS; at < 24*3_600_000 || at > 25*3_600_000 {
		t.Errorf("given up after %v", time.Duration(at)*time.Millisecond)
	}
}

// TestStoppedOverAMail is a hub that dies in the middle of an attempt: another takes
// the mail when the lease has ended.
func TestStoppedOverAMail(t *testing.T) {
	p := open(t)
	p.ask("m-1", p.sale.ID, anna)
	died, err := p.store.TakeMail(t.Context(), "first@shop.example", 2000)
	if err != nil {
		t.Fatal(err)
	}
	p.due(time.Second)
	if n := p.server.Tried(); n != 0 {
		t.Fatalf("tried %d times while somebody was at it", n)
	}
	p.due(time.Second)
	if got := p.server.Mails(); len(got) != 1 || got[0].MessageID != "<"+died.MessageID+">" {
		t.Errorf("%+v", got)
	}
}

// TestHeadersCannotBeForged refuses a shop's name with a second header in it.
func TestHeadersCannotBeForged(t *testing.T) {
	p := open(t)
	forged := p.till.Sale(hubtest.Item(1))
	forged.Shop.Name = "Cycles\r\nBcc: everybody@mail.example"
	p.event(forged)
	p.ask("m-1", forged.ID, anna)
	p.due(0)
	if m := p.only(); m.State != store.MailFailed || len(p.server.Mails()) != 0 {
		t.Errorf("%+v, %d sent", m, len(p.server.Mails()))
	}
}

// TestAddressIsForgotten empties it three days after the mail was sent.
func TestAddressIsForgotten(t *testing.T) {
	p := open(t)
	p.ask("m-1", p.sale.ID, anna)
	p.due(0)
	p.now = p.now.Add(71 * time.Hour)
	if err := p.sender.Forget(t.Context()); err != nil || p.only().Address != anna {
		t.Errorf("forgotten after 71 hours (%v)", err)
	}
	p.now = p.now.Add(2 * time.Hour)
	if err := p.sender.Forget(t.Context()); err != nil || p.only().Address != "" {
		t.Errorf("%q after 73 hours (%v)", p.only().Address, err)
	}
}

func TestServerSettings(t *testing.T) {
	good := mail.Server{Address: "mail.example.com:587", User: "shop", Password: "x", From: "Shop <a@b.ca>"}
	for name, c := range map[string]struct {
		change func(*mail.Server)
		says   string
	}{
		"good":               {func(*mail.Server) {}, ""},
		"none":               {func(s *mail.Server) { *s = mail.Server{} }, ""},
		"no port":            {func(s *mail.Server) { s.Address = "mail.example.com" }, "a port"},
		"no sender":          {func(s *mail.Server) { s.From = "" }, "sender"},
		"two headers":        {func(s *mail.Server) { s.From = "a\r\nBcc: x <a@b.ca>" }, "sender"},
		"no password":        {func(s *mail.Server) { s.Password = "" }, "password"},
		"password in clear":  {func(s *mail.Server) { s.Security = mail.Plain }, "encryption"},
		"unknown encryption": {func(s *mail.Server) { s.Security = "rot13" }, "starttls"},
	} {
		s := good
		c.change(&s)
		err := s.Check()
		if (err == nil) != (c.says == "") || err != nil && !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want a word about %q", name, err, c.says)
		}
	}
}

// TestPasswordStaysHere refuses to go on with a server that offers no encryption.
func TestPasswordStaysHere(t *testing.T) {
	p := open(t)
	address := p.listen()
	s := mail.New(mail.Config{
		Store: p.store, Receipts: nothing{}, Now: func() time.Time { return p.now },
		Server: mail.Server{Address: address, User: "shop", Password: "secret", From: "receipts@shop.example", Patience: time.Second},
	})
	p.ask("m-1", p.sale.ID, anna)
	if err := s.SendDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if m := p.only(); m.State != store.MailWaiting || !strings.Contains(strings.ToUpper(m.Error), "STARTTLS") || p.server.Tried() != 0 {
		t.Errorf("%+v", m)
	}
}

// nothing finds an empty receipt.
type nothing struct{}

func (nothing) Open(context.Context, string) (slip.Doc, error) {
	return slip.Doc{Title: "Receipt"}, nil
}
