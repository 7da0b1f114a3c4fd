package flow_test

import (
	"encoding/json"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

const newCode = "KS4M7QZ1T0X2BN8"

// answerGift answers what was asked about a card.
func answerGift(t *testing.T, d *desk, told protocol.GiftTold) *protocol.GiftAsk {
	t.Helper()
	for _, e := range d.effects {
		a, ok := e.(flow.Ask)
		if !ok {
			continue
		}
		q, ok := a.Body.(*protocol.GiftAsk)
		if !ok {
			continue
		}
		if err := q.Check(); err != nil {
			t.Fatal(err)
		}
		told.ID, told.Load = q.ID, q.Load
		if told.Account == "" {
			told.Account = protocol.Gift
		}
		d.post(flow.Answered{ID: a.ID, Body: &told})
		return q
	}
	t.Fatalf("nothing was asked about a card: %+v, toast %+v", d.effects, d.state.View().Toast)
	return nil
}

// sellCard puts a new card of 50.00 into the sale.
func sellCard(t *testing.T, d *desk) {
	t.Helper()
	d.tap("more", "dialog:gift", "gift-amount:5000")
	if q := answerGift(t, d, protocol.GiftTold{Code: newCode, Ref: "•••• 2BN8"}); q.Code != "" || q.Load != 50_00 {
		t.Fatalf("asked %+v", q)
	}
}

func TestANewGiftCardIsSoldAndPrintedOnce(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann")
	d.scan("0036000291452")
	sellCard(t, d)
	d.tap("discount", "percent:10")
	v := d.state.View()
	if v.Cart == nil || v.Cart.Total != 50_00+14_11 || v.Cart.Lines[1].Name != "Gift card •••• 2BN8" || v.Cart.Lines[1].Stock != "" {
		t.Fatalf("the cart: %+v", v.Cart)
	}
	d.tap("line:2", "line:2:plus")
	if got := d.state.View(); got.Cart.Lines[1].Qty != 1 || got.Toast == nil || !strings.Contains(got.Toast.Text, "stays as it is") {
		t.Errorf("two pieces of one card: %+v", got.Cart.Lines)
	}
	d.tap("pay", "way:gift")
	if v := d.state.View(); v.Code == nil || v.Code.Amount != 14_11 {
		t.Errorf("by gift card may be paid %+v, want the bell alone", v.Code)
	}
	d.tap("back", "cash:6410")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Lines[1].Loads != newCode || sales[0].Lines[1].Item != protocol.GiftItem || len(sales[0].Lines[1].Money.Taxes) != 0 {
		t.Fatalf("the sale: %+v", sales)
	}
	if d.state.Durable.Recent[0].Sale.Lines[1].Loads != "•••• 2BN8" {
		t.Error("the till keeps the code of a card that is sold")
	}
	paper := ""
	for range 2 {
		paper += printedText(d)
		d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	}
	if strings.Count(paper, "KS4M 7QZ1 T0X2 BN8") != 1 || strings.Count(paper, "code "+newCode) != 1 || !strings.Contains(paper, "Gift card •••• 2BN8") {
		t.Errorf("on paper is\n%s", paper)
	}
	kept, err := json.Marshal(d.state.Durable)
	if err != nil || strings.Contains(string(kept), newCode) {
		t.Errorf("the till still knows the code: %v", err)
	}
}

// printedText is what was printed last, a line each.
func printedText(d *desk) string {
	var b strings.Builder
	for _, e := range d.effects {
		if p, ok := e.(flow.Print); ok {
			for _, l := range p.Doc.Lines {
				b.WriteString(l.Left + " " + l.Right)
				if l.Code != "" {
					b.WriteString("code " + l.Code)
				}
				b.WriteString("\n")
			}
		}
	}
	return b.String()
}

func TestAGiftCardIsNotPaidForWithOthers(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann", "start")
	sellCard(t, d)
	d.tap("pay")
	for _, way := range []string{"way:gift", "way:credit"} {
		if b, ok := d.state.View().Target(way); !ok || b.Enabled || !strings.Contains(b.Why, "not paid for with gift cards") {
			t.Errorf("%s: %+v", way, b)
		}
	}
	if b, _ := d.state.View().Target("way:deposit"); !b.Enabled {
		t.Errorf("%+v", b)
	}
}

// TestScanningACard shows what is on it, and leads on to put more on it.
func TestScanningACard(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.scan(newCode)
	answerGift(t, d, protocol.GiftTold{Ref: "•••• 2BN8", Balance: 37_50})
	if v := d.state.View(); v.Dialog == nil || v.Dialog.Title != "Gift card •••• 2BN8 holds 37.50" {
		t.Fatalf("%+v", v.Dialog)
	}
	d.tap("dialog:top-up", "key:2", "key:0", "key:00", "ok")
	if q := answerGift(t, d, protocol.GiftTold{Ref: "•••• 2BN8"}); q.Code != newCode || q.Load != 20_00 {
		t.Fatalf("asked %+v", q)
	}
	c := d.state.Durable.Cart
	if len(c.Lines) != 1 || c.Lines[0].Fresh || c.Lines[0].Loads != newCode || c.Lines[0].Money.Unit != 20_00 {
		t.Errorf("%+v", c.Lines)
	}
	d.scan(newCode)
	answerGift(t, d, protocol.GiftTold{Ref: "•••• 2BN8", Balance: 37_50})
	d.tap("dialog:top-up", "gift-amount:2500")
	if v := d.state.View(); v.Keypad == nil || v.Keypad.Error == "" {
		t.Errorf("the same card twice in a sale: %+v", v.Keypad)
	}
}

func TestACardWithACodeOfItsOwn(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("start", "more", "dialog:gift", "gift-code")
	d.scan("PLASTIC-0042")
	if v := d.state.View(); v.Screen != flow.ScreenGift || v.Hint != "On gift card •••• 0042" {
		t.Fatalf("%s, %q", v.Screen, v.Hint)
	}
	d.scan("PLASTIC-0043") // the right one
	d.tap("gift-amount:10000")
	if q := answerGift(t, d, protocol.GiftTold{}); q.Code != "PLASTIC-0043" {
		t.Errorf("asked %+v", q)
	}
	if l := d.state.Durable.Cart.Lines; len(l) != 1 || l[0].Fresh {
		t.Errorf("%+v", l)
	}
}

func TestWhatIsOnACard(t *testing.T) {
	for _, role := range []protocol.Role{protocol.Counter, protocol.Kiosk} {
		d := openDesk(role)
		d.scan("PLASTIC-0042")
		d.tap("dialog:is-card")
		answerGift(t, d, protocol.GiftTold{Account: protocol.Credit, Ref: "•••• 0042"})
		v := d.state.View()
		if v.Dialog == nil || v.Dialog.Title != "Store credit •••• 0042 is empty" || len(v.Dialog.Buttons) != 1 {
			t.Errorf("%s: %+v", role, v.Dialog)
		}
		d.tap("dialog:dismiss")
		d.scan(newCode)
		answerGift(t, d, protocol.GiftTold{Ref: "•••• 2BN8", Balance: 37_50})
		if v := d.state.View(); v.Dialog == nil || v.Dialog.Title != "Gift card •••• 2BN8 holds 37.50" {
			t.Errorf("%s: %+v", role, v.Dialog)
		}
	}
	d := openDesk(protocol.Counter)
	d.tap("start", "more", "dialog:gift", "gift-balance", "key:k", "key:1", "code-ok")
	if q := answerGift(t, d, protocol.GiftTold{Ref: "•••• K1", Balance: 1_00}); q.Code != "K1" || q.Load != 0 {
		t.Errorf("%+v", q)
	}
	if v := d.state.View(); v.Screen != flow.ScreenGift || v.Dialog == nil {
		t.Errorf("%s %+v", v.Screen, v.Dialog)
	}
}

// TestGiftCardsSayWhyNot goes through everything that is refused: nothing is lost.
func TestGiftCardsSayWhyNot(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("start", "more", "dialog:gift")
	for typed, want := range map[string]string{"499": "At least 5.00", "50001": "holds at most 500.00"} {
		d.tap("key:clear")
		for _, k := range typed {
			d.tap("key:" + string(k))
		}
		d.tap("ok")
		if v := d.state.View(); !strings.Contains(v.Keypad.Error, want) || v.Keypad.Value == "" {
			t.Errorf("%s: %+v", typed, v.Keypad)
		}
	}
	d.tap("gift-amount:2500", "gift-amount:2500")
	if v := d.state.View(); v.Keypad.Error == "" {
		t.Error("asked twice at once")
	}
	d.post(flow.AskFailed{ID: d.state.World.Gift.Ask, Refused: true, Why: "A gift card holds at most 20.00."})
	if v := d.state.View(); v.Keypad.Error != "A gift card holds at most 20.00." || d.state.Durable.Cart.ID != "" {
		t.Errorf("refused: %+v", v.Keypad)
	}
	d.tap("gift-amount:2500")
	d.post(flow.AskFailed{ID: d.state.World.Gift.Ask, Why: "time"})
	if v := d.state.View(); !strings.Contains(v.Keypad.Error, "connection to the office") {
		t.Errorf("no answer: %+v", v.Keypad)
	}
	d.post(flow.LinkChanged{})
	if b, _ := d.state.View().Target("gift-amount:2500"); b.Enabled || !strings.Contains(b.Why, "connection to the office") {
		t.Errorf("offline: %+v", b)
	}
	d.tap("back", "more")
	if b, _ := d.state.View().Target("dialog:gift"); b.Enabled || !strings.Contains(b.Why, "connection to the office") {
		t.Errorf("offline: %+v", b)
	}
	d.tap("dialog:dismiss")
	d.scan(newCode)
	if v := d.state.View(); v.Toast == nil || !strings.Contains(v.Toast.Text, "connection to the office") {
		t.Errorf("a card scanned offline: %+v", v.Toast)
	}
}

// TestACardOnTheWayIsNotPutIntoAnotherSale hears an answer late.
func TestACardOnTheWayIsNotPutIntoAnotherSale(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann")
	d.scan("0036000291452")
	d.tap("more", "dialog:gift", "gift-amount:2500")
	ask := d.state.World.Gift.Ask
	d.tap("back", "pay")
	d.post(flow.Answered{ID: ask, Body: &protocol.GiftTold{ID: ask, Account: protocol.Gift, Code: newCode, Load: 25_00}})
	if c := d.state.Durable.Cart; len(c.Lines) != 1 || !c.Locked {
		t.Errorf("%+v", c)
	}
}

// TestAGiftCardComesBack takes the line of a card back as one that had loaded it.
func TestAGiftCardComesBack(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ann", "start")
	sellCard(t, d)
	d.tap("pay", "cash:5000")
	c := &clerk{sold: sentOf[*protocol.Sale](d)[0], returned: []int64{0}, back: map[string]money.Cents{}}
	for range 2 {
		d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed}, flow.Kicked{ID: d.kick()})
	}
	d.tap("next", "back")
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take-all", "take-back")
	c.answer(t, d)
	d.tap("pay")
	c.answer(t, d)
	d.tap("give")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Lines[0].LoadKind() != protocol.Gift || sales[0].Lines[0].Loads != "" || sales[0].Check() != nil || sales[0].Totals.Total != -50_00 {
		t.Fatalf("%+v", sales)
	}
}
