package flow_test

import (
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// boughtAtKiosk is a customer who has paid at the kiosk, and the sale.
func boughtAtKiosk(t *testing.T) (*desk, *protocol.Sale) {
	t.Helper()
	d := atKiosk()
	d.tap("pay")
	d.told(protocol.TenderTaken)
	sale := sent[*protocol.Sale](d)
	if sale == nil {
		t.Fatal("no sale was sent")
	}
	return d, sale
}

// boughtAtCounter is a sale that Ann made for cash.
func boughtAtCounter(t *testing.T) (*desk, *protocol.Sale) {
	t.Helper()
	d := openDesk(protocol.Counter)
	d.tap("start", "operator", "operator:ann")
	d.scan("4006381333931")
	d.tap("pay", "cash:2000")
	sale := sent[*protocol.Sale](d)
	if sale == nil {
		t.Fatal("no sale was sent")
	}
	return d, sale
}

// sent is the body of a kind that the last event put into the outbox, nil when none.
func sent[B protocol.Body](d *desk) (found B) {
	for _, e := range d.effects {
		if s, ok := e.(flow.Send); ok && s.Body.Kind() == found.Kind() {
			found = s.Body.(B)
		}
	}
	return found
}

func (d *desk) has(id string) bool {
	_, ok := d.state.View().Target(id)
	return ok
}

// TestReceiptByQR shows the address that the sale carries the token of, also with
// the network gone, and lets go of it with the customer.
func TestReceiptByQR(t *testing.T) {
	for name, bought := range map[string]func(*testing.T) (*desk, *protocol.Sale){"kiosk": boughtAtKiosk, "counter": boughtAtCounter} {
		t.Run(name, func(t *testing.T) {
			d, sale := bought(t)
			if !protocol.IsReceiptToken(sale.Token) {
				t.Fatalf("token %q", sale.Token)
			}
			d.post(flow.LinkChanged{Why: "no network"})
			d.tap("by-qr")
			v := d.state.View()
			if v.QR == nil || v.QR.Link != "https://shop.example/r/"+sale.Token || v.QR.Note == "" {
				t.Fatalf("%s shows %+v", v.Screen, v.QR)
			}
			d.tap("back")
			if d.state.View().Screen != flow.ScreenDone {
				t.Errorf("back leads to %s", d.state.View().Screen)
			}
			d.tap("by-qr", "next")
			if s := texts(t, d.state.View()); strings.Contains(s, sale.Token) || d.state.View().QR != nil {
				t.Error("the receipt stays on the screen")
			}
		})
	}
}

// TestEachSaleHasItsOwnToken keeps one receipt from opening another.
func TestEachSaleHasItsOwnToken(t *testing.T) {
	d, first := boughtAtCounter(t)
	d.tap("next")
	d.scan("4006381333931")
	d.tap("pay", "cash:2000")
	if second := sent[*protocol.Sale](d); second == nil || second.Token == first.Token || !protocol.IsReceiptToken(second.Token) {
		t.Errorf("%+v after token %s", second, first.Token)
	}
}

// TestWaysThatAreNotSetUp offers nothing that does not work.
func TestWaysThatAreNotSetUp(t *testing.T) {
	for name, c := range map[string]struct {
		ways     protocol.ReceiptWays
		qr, mail bool
	}{
		"nothing": {},
		"a page":  {protocol.ReceiptWays{URL: "https://shop.example"}, true, false},
		"mail":    {protocol.ReceiptWays{Mail: true}, false, true},
	} {
		t.Run(name, func(t *testing.T) {
			d, _ := boughtAtKiosk(t)
			set := shopSettings()
			set.Receipts = c.ways
			d.post(flow.SettingsChanged{Settings: set})
			if d.has("by-qr") != c.qr || d.has("by-mail") != c.mail {
				t.Errorf("QR %v, mail %v", d.has("by-qr"), d.has("by-mail"))
			}
		})
	}
}

// TestReceiptByMail sends what was typed, once, and says where it goes without
// showing all of the address.
func TestReceiptByMail(t *testing.T) {
	d, sale := boughtAtKiosk(t)
	d.tap("by-mail")
	d.post(flow.Typed{Text: "anna@mail"})
	d.tap("mail-ok")
	if v := d.state.View(); v.Screen != flow.ScreenMail || !strings.Contains(v.Mail.Error, "a dot") || v.Mail.Value != "anna@mail" || sent[*protocol.ReceiptMail](d) != nil {
		t.Fatalf("%s %+v: a bad address is not said, or what was typed is lost", v.Screen, v.Mail)
	}
	d.post(flow.Typed{Text: " .ex"})
	d.tap("key:a", "key:m", "key:p", "key:l", "key:x", "key:backspace", "key:e", "mail-ok")
	mail := sent[*protocol.ReceiptMail](d)
	if mail == nil || mail.Check() != nil || mail.Address != "anna@mail.example" || mail.Sale != sale.ID {
		t.Fatalf("the hub hears %+v", mail)
	}
	v := d.state.View()
	if v.Screen != flow.ScreenDone || v.Done.Mailed != "E-mail to a•••@mail.example" {
		t.Errorf("%s says %q", v.Screen, v.Done.Mailed)
	}
	if s := texts(t, d.state); strings.Contains(s, "anna@") {
		t.Error("the kiosk keeps the address")
	}
	d.tap("mail-ok")
	if sent[*protocol.ReceiptMail](d) != nil {
		t.Error("it is sent twice")
	}
}

// TestMailWaitsForTheNetwork takes an address with the network gone, and says so.
func TestMailWaitsForTheNetwork(t *testing.T) {
	d, _ := boughtAtCounter(t)
	d.post(flow.LinkChanged{Why: "no network"})
	d.tap("by-mail")
	if v := d.state.View(); !strings.Contains(v.Hint, "when it is back") {
		t.Errorf("hint %q", v.Hint)
	}
	d.post(flow.Typed{Text: "anna@mail.example\n"})
	if v := d.state.View(); sent[*protocol.ReceiptMail](d) == nil || !strings.HasSuffix(v.Done.Mailed, "when the network is back") {
		t.Errorf("it says %q", v.Done.Mailed)
	}
}

// TestMailIsNotForTheWholeTown ends after a few addresses.
func TestMailIsNotForTheWholeTown(t *testing.T) {
	d, _ := boughtAtKiosk(t)
	n := 0
	for range 10 {
		if b, _ := d.state.View().Target("by-mail"); !b.Enabled {
			break
		}
		d.tap("by-mail")
		d.post(flow.Typed{Text: "anna@mail.example\n"})
		if sent[*protocol.ReceiptMail](d) != nil {
			n++
		}
	}
	if b, _ := d.state.View().Target("by-mail"); n != 3 || b.Enabled || b.Why == "" {
		t.Errorf("%d mails, and the button is %+v", n, b)
	}
}

// TestNoPaperAtTheKiosk offers the other ways at once, and says who has paper.
func TestNoPaperAtTheKiosk(t *testing.T) {
	d, _ := boughtAtKiosk(t)
	d.post(
		flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"},
		flow.Printed{Job: d.job(), Fault: "paper is out", Clean: true},
	)
	v := d.state.View()
	if v.Done.Receipt != flow.PartDown || !strings.Contains(v.Done.Words, "on your phone") || !d.has("by-qr") || !d.has("by-mail") {
		t.Errorf("%+v", v.Done)
	}
	set := shopSettings()
	set.Receipts = protocol.ReceiptWays{}
	d.post(flow.SettingsChanged{Settings: set})
	if v := d.state.View(); !strings.Contains(v.Done.Words, "The counter can print") {
		t.Errorf("without other ways it says %q", v.Done.Words)
	}
}

// TestCodeOnPaper prints the code where the shop wants it, and never otherwise.
func TestCodeOnPaper(t *testing.T) {
	for _, want := range []bool{false, true} {
		d := openDesk(protocol.Counter)
		set := shopSettings()
		set.Receipts.Print = want
		d.post(flow.SettingsChanged{Settings: set})
		d.tap("start", "operator", "operator:ann")
		d.scan("4006381333931")
		d.tap("pay", "cash:2000")
		code := ""
		for _, e := range d.effects {
			if p, ok := e.(flow.Print); ok {
				code = qrOf(p.Doc)
			}
		}
		link := ""
		if want {
			link = "https://shop.example/r/" + sent[*protocol.Sale](d).Token
		}
		if code != link {
			t.Errorf("the paper has %q, want %q", code, link)
		}
	}
}

func qrOf(d slip.Doc) string {
	for _, l := range d.Lines {
		if l.QR != "" {
			return l.QR
		}
	}
	return ""
}

// TestNothingOfAReceiptStays forgets address and token when the customer has left.
func TestNothingOfAReceiptStays(t *testing.T) {
	d, sale := boughtAtKiosk(t)
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofSent})
	d.tap("by-qr", "by-mail")
	d.post(flow.Typed{Text: "zebra@mail.example\nzebra"})
	d.tap("by-mail")
	d.post(flow.Typed{Text: "zebra@"})
	if !strings.Contains(texts(t, d.state), "zebra@") {
		t.Fatal("nothing was typed")
	}
	d.pass(60_000)
	d.pass(20_000)
	if s := texts(t, d.state); d.state.View().Screen != flow.ScreenAttract || strings.Contains(s, "zebra") || strings.Contains(s, sale.Token) {
		t.Errorf("screen %s: the kiosk keeps something of the customer", d.state.View().Screen)
	}
}
