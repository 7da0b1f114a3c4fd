package flow_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
)

var (
	ada  = protocol.Buyer{ID: "cus-ada", Number: "A-17", Name: "Ada Abernathy", Last: "0142"}
	adam = protocol.Buyer{ID: "cus-adam", Number: "A-4", Name: "Adam Quill"}
)

// asked is the question about customers that went out with the last event.
func (d *desk) asked(t *testing.T) flow.Ask {
	t.Helper()
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok && strings.HasPrefix(string(a.Body.Kind()), "customer.") {
			if err := a.Body.Check(); err != nil {
				t.Fatal(err)
			}
			return a
		}
	}
	t.Fatalf("nothing was asked: %+v, toast %+v", d.effects, d.state.Visit.Toast)
	return flow.Ask{}
}

// foundFor answers the last question with customers.
func (d *desk) foundFor(t *testing.T, all ...protocol.Buyer) {
	t.Helper()
	d.post(flow.Answered{ID: d.asked(t).ID, Body: &protocol.CustomersFound{Customers: all}})
}

// withAda is a counter at which Ben rings up a tube for Ada.
func withAda(t *testing.T) *desk {
	t.Helper()
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben")
	d.scan("4006381333931")
	d.tap("customer")
	d.post(flow.Typed{Text: "ad"})
	d.foundFor(t, ada, adam)
	d.tap("buyer:cus-ada")
	return d
}

func hitIDs(v flow.View) []string {
	var ids []string
	for _, r := range v.Search.Hits {
		ids = append(ids, r.ID)
	}
	return ids
}

func TestASaleNamesItsCustomer(t *testing.T) {
	d := withAda(t)
	if v := d.state.View(); v.Screen != flow.ScreenSale || v.Hint != "for Ada Abernathy, A-17" || len(v.Cart.Lines) != 1 {
		t.Fatalf("screen %s, hint %q", v.Screen, v.Hint)
	}
	d.scan("4006381333931")
	d.tap("pay", "way:cash", "cash:2090")
	sales := sentOf[*protocol.Sale](d)
	if len(sales) != 1 || sales[0].Customer != "cus-ada" {
		t.Fatalf("%+v, screen %s", sales, d.state.View().Screen)
	}
	d.tap("next")
	if d.state.Durable.Cart.Customer != "" || d.state.World.Buyer.Name != "" || d.state.View().Hint != "" {
		t.Error("the next sale is for the customer of the last one")
	}
}

func TestACustomerBeforeTheFirstLine(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben", "start", "customer")
	d.post(flow.Typed{Text: "0142"})
	d.foundFor(t, ada)
	d.post(flow.Typed{Text: "\n"})
	d.scan("4006381333931")
	if c := d.state.Durable.Cart; c.Customer != "cus-ada" || len(c.Lines) != 1 {
		t.Errorf("%+v", c)
	}
	d.tap("undo", "undo")
	if d.state.Durable.Cart.Customer != "" {
		t.Error("choosing a customer cannot be undone")
	}
}

// TestFastFingersAskOnce types faster than the hub answers: one question is out,
// and the last text is what is found.
func TestFastFingersAskOnce(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben", "start", "customer")
	d.post(flow.Typed{Text: "a"})
	if slices.ContainsFunc(d.effects, func(e flow.Effect) bool { _, ok := e.(flow.Ask); return ok }) {
		t.Error("one letter is looked up")
	}
	d.post(flow.Typed{Text: "d"})
	first := d.asked(t)
	d.post(flow.Answered{ID: first.ID, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada, adam}}})
	d.post(flow.Typed{Text: "a"})
	first = d.asked(t)
	d.post(flow.Typed{Text: "m\n"})
	if d.state.Durable.Cart.Customer != "" {
		t.Error("Enter took somebody who was found for an earlier text")
	}
	for _, e := range d.effects {
		if _, ok := e.(flow.Ask); ok {
			t.Error("a second question while the first is out")
		}
	}
	d.post(flow.Answered{ID: first.ID, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada, adam}}})
	if a := d.asked(t).Body.(*protocol.CustomerFind); a.Text != "adam" || a.Operator != "ben" {
		t.Errorf("asked %+v", a)
	}
	if v := d.state.View(); v.Search.Empty != "Looking …" || slices.Contains(hitIDs(v), "buyer-new") {
		t.Errorf("%+v", v.Search)
	}
	d.foundFor(t, adam)
	if ids := hitIDs(d.state.View()); !slices.Equal(ids, []string{"buyer:cus-adam", "buyer-new"}) {
		t.Errorf("shows %v", ids)
	}
}

func TestTheCustomerIsTakenOffAgain(t *testing.T) {
	d := withAda(t)
	d.post(flow.LinkChanged{Why: "no network"}) // also without network
	d.tap("customer")
	if ids := hitIDs(d.state.View()); !slices.Equal(ids, []string{"buyer-none"}) {
		t.Fatalf("shows %v", ids)
	}
	d.post(flow.Typed{Text: "\n"})
	if d.state.Durable.Cart.Customer == "" {
		t.Error("Enter took the customer off")
	}
	d.tap("buyer-none")
	if c := d.state.Durable.Cart; c.Customer != "" || len(c.Lines) != 1 {
		t.Errorf("%+v", c)
	}
}

func TestWithoutTheHubTheSaleGoesOnWithout(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben")
	d.scan("4006381333931")
	d.post(flow.LinkChanged{Why: "no network"})
	d.tap("customer")
	if v := d.state.View(); v.Screen != flow.ScreenSale || v.Toast == nil || !strings.Contains(v.Toast.Text, "goes on without") {
		t.Errorf("%s, %+v", v.Screen, v.Toast)
	}
	d.post(flow.LinkChanged{Online: true})
	d.tap("customer")
	d.post(flow.Typed{Text: "ada"})
	d.post(flow.AskFailed{ID: d.asked(t).ID, Why: "the hub does not answer"})
	if v := d.state.View(); v.Toast == nil || v.Search == nil {
		t.Errorf("nothing is said: %+v", v)
	}
	for _, e := range d.effects {
		if _, ok := e.(flow.Ask); ok {
			t.Error("asks again and again by itself")
		}
	}
	d.tap("back", "pay", "way:cash", "cash:1045")
	if sales := sentOf[*protocol.Sale](d); len(sales) != 1 || sales[0].Customer != "" {
		t.Errorf("%+v", sales)
	}
}

func TestWhoMaySeeCustomersAtTheCounter(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("start")
	if _, shown := d.state.View().Target("customer"); shown {
		t.Error("nobody is signed on and customers are offered")
	}
	d.tap("operator", "operator:cleo")
	if b, _ := d.state.View().Target("customer"); b.Enabled || !strings.Contains(b.Why, "may not see customers") {
		t.Errorf("a junior: %+v", b)
	}
}

func TestANewCustomerIsAddedOnce(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben")
	d.scan("4006381333931")
	d.tap("customer")
	d.post(flow.Typed{Text: "noor el amin"})
	d.foundFor(t)
	d.tap("buyer-new", "buyer-name")
	if v := d.state.View(); v.Title != "Phone number of Noor El Amin" {
		t.Fatalf("%s: %q", v.Screen, v.Title)
	}
	d.post(flow.Typed{Text: "604 555 0190"})
	d.tap("buyer-save")
	first := d.asked(t)
	add := *first.Body.(*protocol.CustomerAdd)
	if add.Name != "Noor El Amin" || add.Phone != "604 555 0190" || add.Operator != "ben" || add.Sure {
		t.Errorf("adds %+v", add)
	}
	d.post(flow.AskFailed{ID: first.ID, Why: "the hub does not answer"})
	d.tap("buyer-save")
	second := d.asked(t)
	if again := second.Body.(*protocol.CustomerAdd); *again != add {
		t.Errorf("the second time %+v", again)
	}
	d.post(flow.Answered{ID: second.ID, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada}, Twins: true}})
	if ids := hitIDs(d.state.View()); !slices.Equal(ids, []string{"buyer:cus-ada", "buyer-sure"}) {
		t.Fatalf("twins: %v", ids)
	}
	d.tap("buyer-sure")
	third := d.asked(t)
	if sure := third.Body.(*protocol.CustomerAdd); !sure.Sure || sure.ID != add.ID {
		t.Errorf("all the same: %+v", sure)
	}
	noor := protocol.Buyer{ID: add.ID, Number: "A-41", Name: "Noor El Amin"}
	d.post(flow.Answered{ID: third.ID, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{noor}, Added: add.ID}})
	if v := d.state.View(); v.Screen != flow.ScreenSale || v.Hint != "for Noor El Amin, A-41" || d.state.Durable.Cart.Customer != add.ID {
		t.Errorf("%s, %q", v.Screen, v.Hint)
	}
}

func TestATwinIsTakenInstead(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.tap("operator", "operator:ben", "start", "customer")
	d.post(flow.Typed{Text: "2505550142"})
	d.foundFor(t)
	d.tap("buyer-new")
	d.post(flow.Typed{Text: "ada"})
	d.tap("buyer-name")
	if v := d.state.View(); v.Search.Query != "2505550142" {
		t.Errorf("the number typed first is gone: %q", v.Search.Query)
	}
	d.tap("buyer-save")
	d.post(flow.Answered{ID: d.asked(t).ID, Body: &protocol.CustomersFound{Customers: []protocol.Buyer{ada}, Twins: true}})
	d.tap("buyer:cus-ada")
	if d.state.Durable.Cart.Customer != "cus-ada" {
		t.Errorf("%+v", d.state.Durable.Cart)
	}
}

// TestNoNameIsKeptOrShared parks a sale with a customer, restarts the till, and
// hands the sale to another counter.
func TestNoNameIsKeptOrShared(t *testing.T) {
	d := withAda(t)
	d.state.Device = "counter-1"
	d.tap("park")
	parked := sentOf[*protocol.CartParked](d)
	stored, err := json.Marshal(d.state.Durable)
	if err != nil || len(parked) != 1 {
		t.Fatal(err, parked)
	}
	for what, text := range map[string]string{"the journal": string(stored), "the hub's list": texts(t, parked[0])} {
		if strings.Contains(text, "Abernathy") || strings.Contains(text, "0142") {
			t.Errorf("%s keeps who it is: %s", what, text)
		}
		if !strings.Contains(text, "cus-ada") {
			t.Errorf("%s lost the customer", what)
		}
	}
	other := openDesk(protocol.Counter)
	other.state.Device = "counter-2"
	other.tap("operator", "operator:ben", "back")
	other.post(flow.Told{Body: &protocol.CartList{N: 1, Carts: []protocol.CartInfo{parked[0].CartInfo}}})
	other.tap("parked", "claim:"+parked[0].ID)
	claim := other.state.Durable.Claim
	other.post(flow.Answered{ID: other.state.World.Claiming, Body: &protocol.CartClaimed{CartInfo: parked[0].CartInfo, By: claim.By, Cart: parked[0].Cart}})
	if a := other.asked(t).Body.(*protocol.CustomerFind); a.ID != "cus-ada" || a.Text != "" {
		t.Errorf("asked %+v", a)
	}
	merged := protocol.Buyer{ID: "cus-one", Number: "A-2", Name: "Ada A."}
	other.foundFor(t, merged)
	if v := other.state.View(); v.Hint != "for Ada A., A-2" || other.state.Durable.Cart.Customer != "cus-one" {
		t.Errorf("%q, %+v", v.Hint, other.state.Durable.Cart)
	}
}

func TestAnErasedCustomerLeavesTheSale(t *testing.T) {
	d := withAda(t)
	d.post(flow.LinkChanged{Why: "no network"})
	if d.state.View().Hint != "for Ada Abernathy, A-17" {
		t.Error("without network the name is gone")
	}
	d.post(flow.LinkChanged{Online: true})
	d.foundFor(t)
	if v := d.state.View(); d.state.Durable.Cart.Customer != "" || v.Toast == nil || !strings.Contains(v.Toast.Text, "not kept by the shop") {
		t.Errorf("%+v, %+v", d.state.Durable.Cart.Customer, v.Toast)
	}
}

func TestARefundIsForWhoeverBought(t *testing.T) {
	d := openDesk(protocol.Counter)
	c := sellThree(t, d)
	c.sold.Customer = "cus-ada"
	d.scan(c.sold.Slip)
	d.tap("dialog:refund")
	c.answer(t, d)
	d.tap("take:1:plus", "take-back")
	if d.state.Durable.Cart.Customer != "cus-ada" {
		t.Errorf("%+v", d.state.Durable.Cart)
	}
}
