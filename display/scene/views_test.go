package scene_test

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// views are the screens of the shop, by name.
func views() map[string]flow.View {
	all := map[string]flow.View{}
	for name, d := range desks() {
		all[name] = d.state.View()
	}
	for _, name := range []string{"price", "price-long"} {
		v := all[name]
		p := *v.Price
		p.Picture = photo()
		v.Price = &p
		all[name+"-picture"] = v
	}
	return all
}

// photo is a picture of an item.
func photo() string {
	m := image.NewRGBA(image.Rect(0, 0, 64, 48))
	draw.Draw(m, m.Rect, image.NewUniform(color.RGBA{40, 90, 160, 255}), image.Point{}, draw.Src)
	var b bytes.Buffer
	_ = jpeg.Encode(&b, m, nil) // into memory, and small enough
	return b.String()
}

func basket() *desk {
	d := signedOn()
	d.scan("TUBE", "LIGHT", "BELL", "TYRE", "LUBE", "LOCK", "FIT")
	return d
}

// desks are tills in the middle of things.
func desks() map[string]*desk {
	all := map[string]*desk{
		"attract": openDesk(protocol.Counter), "kiosk": openDesk(protocol.Kiosk),
		"loading": {state: flow.New(protocol.Counter, "C1")}, "sale-0": signedOn(), "sale-7": basket(),
	}
	visit := func(name string, d *desk, ids ...string) *desk {
		d.tap(ids...)
		all[name] = d
		return d
	}
	visit("sale-chosen", basket(), "line:4", "line:4:plus")
	visit("sale-discount", basket(), "line:6", "percent:10", "line:6:discount", "percent:10", "discount", "percent:5")
	one := signedOn()
	one.scan("BIKE")
	visit("sale-1", one)
	sixty := signedOn()
	sixty.bolts(60)
	visit("sale-60", sixty)
	visit("pay", basket(), "pay", "way:cash")
	visit("pay-short", basket(), "pay", "way:cash", "key:2", "key:0", "key:00")
	visit("pay-change", basket(), "pay", "way:cash", "key:4", "key:0", "key:00", "key:0")
	visit("done-printing", basket(), "pay", "way:cash", "key:4", "key:0", "key:0", "key:00", "cash-ok")
	done := visit("done", basket(), "pay", "way:cash", "key:4", "key:0", "key:0", "key:00", "cash-ok")
	done.post(flow.Printed{Job: done.job(), Proof: protocol.ProofConfirmed}, flow.HubAcked{})
	held := visit("done-held", basket(), "pay", "way:cash", "key:4", "key:0", "key:0", "key:00", "cash-ok")
	held.post(flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"}, flow.Printed{Job: held.job(), Fault: "paper is out", Clean: true})
	visit("receipts", held.copy(), "next", "more", "dialog:receipts")
	visit("search", basket(), "search").typed("glo")
	visit("search-empty", basket(), "search")
	visit("search-none", basket(), "search").typed("glockenspiel")
	visit("search-many", basket(), "search").typed("bolt")
	visit("quantity", basket(), "line:1", "line:1:qty", "key:1", "key:2")
	visit("discount", basket(), "discount", "key:1", "key:0")
	visit("discount-error", basket(), "discount", "key:9", "key:0", "ok")
	visit("operators", basket(), "operator")
	visit("device", basket(), "more", "dialog:device").post(flow.PartChanged{Part: "printer", State: flow.PartWarning, Detail: "paper is low"})
	visit("total", basket(), "show-total")
	rounded := signedOn()
	rounded.scan("LUBE")
	visit("done-rounded", rounded, "pay", "cash:2000")
	payments(visit)
	visit("parked", basket(), "park", "parked")
	customers(visit)
	visit("dialog-void", basket(), "void")
	visit("dialog-more", basket(), "more")
	visit("dialog-drawer", basket(), "more", "dialog:drawer")
	visit("dialog-choose", basket()).scan("GLOVES")
	visit("dialog-unknown", basket()).scan("4006381333931")
	busy := visit("dialog-toast", basket(), "void")
	busy.scan("TUBE")
	visit("toast", basket(), "line:3", "line:3:remove")
	visit("toast-warning", basket(), "pay", "way:cash", "key:1", "cash-ok")
	visit("banner", basket(), "line:4").post(flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"}, flow.LinkChanged{Why: "no network"})
	visit("banner-toast", held.copy(), "next").scan("TUBE", "BELL")
	all["banner-toast"].tap("line:1", "line:1:remove")
	visit("banner-called", basket(), "line:4").post(flow.Told{Body: &protocol.CartList{N: 1, Carts: []protocol.CartInfo{
		{ID: "s-k", Device: "kiosk-1", Title: "Bell", Total: 1799, Currency: "CAD", Lines: 1, Help: true},
		{ID: "s-l", Device: "kiosk-2", Title: "Lock", Total: 899, Currency: "CAD", Lines: 1, Help: true},
	}}})
	nobody := openDesk(protocol.Counter)
	nobody.scan("TUBE")
	visit("nobody", nobody)
	visit("price", openDesk(protocol.Kiosk)).scan("LOCK")
	visit("price-long", openDesk(protocol.Kiosk)).scan("TYRE")
	visit("kiosk-search", openDesk(protocol.Kiosk), "search").typed("li")
	visit("kiosk-unknown", openDesk(protocol.Kiosk)).scan("4006381333931")
	customer := func() *desk {
		d := openDesk(protocol.Kiosk)
		d.scan("LOCK")
		d.tap("buy")
		d.scan("TUBE", "TUBE", "LUBE", "TYRE")
		return d
	}
	visit("self", customer())
	offline := visit("self-offline", customer())
	offline.post(flow.LinkChanged{Why: "no network"})
	visit("self-staff", customer(), "staff")
	visit("self-waiting", customer(), "pay").tender(protocol.TenderWaiting, "")
	visit("self-declined", customer(), "pay").tender(protocol.TenderDeclined, "The bank says: not enough money on the card. No money was taken.")
	visit("self-person", customer(), "pay").tender(protocol.TenderPerson, "")
	visit("self-done", customer(), "pay").tender(protocol.TenderTaken, "")
	paperless(visit, customer)
	visit("kiosk-help", openDesk(protocol.Kiosk), "help")
	tillDesks(visit)
	refunds(visit)
	histories(visit)
	return all
}

// paperless are the screens of receipts that are not on paper.
func paperless(visit func(name string, d *desk, ids ...string) *desk, customer func() *desk) {
	sold := func() *desk {
		d := customer()
		d.tap("pay")
		d.tender(protocol.TenderTaken, "")
		return d
	}
	paid := []string{"pay", "way:cash", "key:4", "key:0", "key:0", "key:00", "cash-ok"}
	out := visit("self-no-paper", sold())
	out.post(flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"}, flow.Printed{Job: out.job(), Fault: "paper is out", Clean: true})
	visit("qr", sold(), "by-qr").post(flow.HubAcked{})
	visit("qr-offline", sold(), "by-qr").post(flow.LinkChanged{Why: "no network"})
	visit("qr-counter", basket(), append(paid, "by-qr")...)
	visit("mail-empty", sold(), "by-mail")
	visit("mail", sold(), "by-mail").typed("anna.abernathy@mail.example")
	visit("mail-wrong", sold(), "by-mail").typed("anna.abernathy@mail\n")
	visit("mail-counter", basket(), append(paid, "by-mail")...).typed("anna.abernathy.of.the.long.names@department.of.redundancy.example")
	cut := visit("mail-offline", basket(), append(paid, "by-mail")...)
	cut.post(flow.LinkChanged{Why: "no network"}, flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"})
	visit("done-mailed", out.copy(), "by-mail").typed("anna.abernathy@mail.example\n")
	visit("done-mailed-counter", cut.copy()).typed("anna.abernathy@mail.example\n")
}

// refunds are the screens of taking things back.
func refunds(visit func(name string, d *desk, ids ...string) *desk) {
	found := func() *desk {
		d := basket()
		d.tap("pay", "cash:30725")
		sold := d.state.Durable.Recent[0].Sale
		d.tap("next")
		d.scan(sold.Slip)
		d.tap("dialog:refund")
		d.post(flow.Answered{ID: d.state.World.Inquiry.Ask, Body: &protocol.SaleFound{
			Sale: *sold, Number: "S-000417", Returned: []int64{0, 1, 0, 0, 0, 0, 0},
			Paid: []protocol.PaidLeft{{ID: "p1", Tender: protocol.Card, Amount: 200_00, Words: "Visa 4242"}, {ID: "p2", Tender: protocol.Cash, Amount: 107_25}},
		}})
		return d
	}
	visit("refund", found(), "take:1:plus", "take:4:plus")
	taken := func() *desk {
		d := found()
		sold := d.state.Visit.Found.Sale
		d.tap("take:1:plus", "take:4:plus", "take-back")
		held := &protocol.RefundHeld{ID: d.state.Durable.Cart.ID}
		for _, n := range []int{1, 4} {
			part, err := money.Part(sold.Totals.Lines[n-1], sold.Lines[n-1].Money.Qty, 0, 1)
			if err != nil {
				panic(err)
			}
			held.Lines = append(held.Lines, protocol.HeldLine{Of: protocol.Origin{Sale: sold.ID, Line: n}, Qty: 1, Stored: part})
		}
		d.post(flow.Answered{ID: d.state.World.Inquiry.Ask, Body: held})
		return d
	}
	visit("refund-cart", taken(), "line:1")
	give := visit("give", taken(), "pay")
	give.post(flow.Answered{ID: give.state.World.Inquiry.Ask, Body: &protocol.RefundHeld{ID: give.state.Durable.Cart.ID, Lines: heldAgain(give)}})
	visit("give-credit", give.copy(), "give-credit")
}

func heldAgain(d *desk) []protocol.HeldLine {
	var all []protocol.HeldLine
	for _, l := range d.state.Durable.Cart.Lines {
		all = append(all, protocol.HeldLine{Of: *l.Of, Qty: -l.Money.Qty, Stored: *l.Money.Stored})
	}
	return all
}

// tillDesks are the screens of the drawer's session.
func tillDesks(visit func(name string, d *desk, ids ...string) *desk) {
	counted := []string{"till-counted", "till"}
	for range 7 {
		counted = append([]string{"count:2000:plus"}, counted...)
	}
	opened := func() *desk {
		d := signedOn()
		d.tap("back", "till", "till-open")
		d.tap(counted...)
		return d
	}
	visit("till-shut", signedOn(), "back", "till")
	visit("till-float", signedOn(), "back", "till", "till-open", "count:500:plus")
	visit("till-open", opened())
	visit("till-out", opened(), "till-out", "key:5", "key:00")
	visit("till-out-why", opened(), "till-out", "key:5", "key:00", "till-ok")
	visit("till-moved", opened(), "till-out", "key:5", "key:00", "till-ok", "dialog:till:1")
	visit("till-pieces", opened(), "till-close", "count:25", "key:1", "key:2")
	visit("till-count", opened(), "till-close", "count:10000:plus", "count:2000:plus", "count:5:plus")
	visit("till-review", opened(), "till-close", "count:2000:plus", "till-counted")
	visit("till-why", opened(), "till-close", "count:2000:plus", "till-counted", "till-finish")
	visit("till-closed", opened(), "till-close", "count:2000:plus", "till-counted", "till-finish", "dialog:till:4")
	cut := opened()
	cut.post(flow.LinkChanged{Why: "no network"}, flow.HubAcked{Waiting: 12})
	visit("till-unsolved", cut, "till-close")
}

// payments are sales that are being paid.
func payments(visit func(name string, d *desk, ids ...string) *desk) {
	visit("ways", basket(), "pay")
	visit("ways-offline", basket(), "pay").post(flow.LinkChanged{Why: "no network"})
	visit("ways-part", basket(), "pay", "part", "key:2", "key:0", "key:00", "ok")
	visit("ways-paid", basket(), "pay", "part", "key:2", "key:0", "key:00", "ok", "cash:2000")
	visit("ways-paid-2", visit("ways-paid", basket(), "pay", "part", "key:2", "key:0", "key:00", "ok", "cash:2000").copy(),
		"part", "key:3", "key:0", "key:00", "ok", "way:external", "key:4", "key:2", "code-ok")
	visit("part", basket(), "pay", "part", "key:2", "key:0", "key:00")
	visit("code", basket(), "pay", "way:gift").typed("KS42")
	visit("code-empty", basket(), "pay", "way:external", "code-ok")
	visit("give-back", basket(), "pay", "part", "key:2", "key:0", "key:00", "ok", "cash:2000", "paid:1:back")
	visit("card-asking", basket(), "pay", "way:card")
	visit("card-waiting", basket(), "pay", "way:card").tender(protocol.TenderWaiting, "")
	visit("done-card", basket(), "pay", "way:card").tender(protocol.TenderTaken, "")
	checking := visit("card-checking", basket(), "pay", "way:card")
	checking.tender(protocol.TenderChecking, "")
	checking.mono += 42_000
	checking.post(flow.Ticked{})
	visit("card-declined", basket(), "pay", "way:card").tender(protocol.TenderDeclined, "The bank says: not enough money on the card. No money was taken.")
	visit("card-person", basket(), "pay", "way:card").tender(protocol.TenderPerson, "The bank gives no answer since yesterday. Look the payment up at Stripe and settle it in the office.")
	away := visit("card-away", basket(), "pay", "way:card")
	away.tender(protocol.TenderWaiting, "")
	away.post(flow.LinkChanged{Why: "no network"})
}

func (d *desk) copy() *desk {
	c := *d
	return &c
}

// customers are the screens of choosing and adding one.
func customers(visit func(string, *desk, ...string) *desk) {
	answer := func(d *desk, f *protocol.CustomersFound) *desk {
		for d.state.World.Lookup.Ask != "" {
			d.post(flow.Answered{ID: d.state.World.Lookup.Ask, Body: f})
		}
		return d
	}
	many := &protocol.CustomersFound{Customers: []protocol.Buyer{
		{ID: "c-1", Number: "A-1712", Name: "Maximiliane von und zu Hohenstauffen-Brightwater", Last: "0142"},
		{ID: "c-2", Number: "A-4", Name: "Max Ó Faoláin", Last: "0199"},
		{ID: "c-3", Number: "A-39", Name: "Mae Whitlock"},
		{ID: "c-4", Number: "A-40", Name: "Max Xu", Last: "7781"},
	}}
	typed := func(d *desk, text string) *desk { d.typed(text); return d }
	open := func() *desk { d := basket(); d.tap("customer"); return d }
	visit("customer-empty", basket(), "customer")
	visit("customer-found", answer(typed(open(), "ma"), many))
	visit("customer-none", answer(typed(open(), "zebra"), &protocol.CustomersFound{}))
	visit("sale-customer", answer(typed(open(), "ma"), many), "buyer:c-1")
	visit("customer-again", answer(typed(open(), "ma"), many), "buyer:c-2", "customer")
	visit("buyer-name", answer(typed(open(), "zoe zebra"), &protocol.CustomersFound{}), "buyer-new")
	visit("buyer-phone", answer(typed(open(), "zoe zebra"), &protocol.CustomersFound{}), "buyer-new", "buyer-name").typed("250 555 0142")
	twins := visit("buyer-twins", answer(typed(open(), "zoe zebra"), &protocol.CustomersFound{}), "buyer-new", "buyer-name", "buyer-save")
	answer(twins, &protocol.CustomersFound{Customers: many.Customers[:1], Twins: true})
}
