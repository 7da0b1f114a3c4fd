package flow

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"kickstand/protocol"
)

// Lookup is a question about customers that is with the hub, one at a time. It is
// not kept over a restart.
type Lookup struct {
	Ask  string // id of the Ask, empty when none is out
	ID   string // of the customer of the cart, whose name is asked for
	Text string // looked for
	Add  bool   // a new customer is being added
}

// Meeting is a new customer while a counter adds one. The id is minted once, so
// that adding again after a lost answer adds nobody twice.
type Meeting struct {
	ID    string
	Name  string
	Phone string
	Twins bool // the hub knows others with this phone number; they are in Visit.Buyers
}

// fewestTyped is how many characters a search for customers begins with.
const fewestTyped = 2

// cannotCustomer says why no customer can be chosen now; empty when one can.
func (s State) cannotCustomer() string {
	op, ok := s.operator()
	switch {
	case !ok:
		return wordWhoSells
	case op.Role == "junior":
		return wordMayCustomers(op)
	case !s.World.Online && s.Durable.Cart.Customer == "":
		return wordCustomerOffline
	}
	return ""
}

// buyer is the customer of the cart as far as this till has heard: the name is
// learned from the hub and never stored here.
func (s State) buyer() (protocol.Buyer, bool) {
	b := s.World.Buyer
	return b, s.Durable.Cart.Customer != "" && b.ID == s.Durable.Cart.Customer && b.Name != ""
}

// pressCustomer does the buttons of choosing a customer.
func (t *turn) pressCustomer(verb, rest string) bool {
	switch verb {
	case "customer":
		t.openCustomer()
	case "buyer":
		t.chooseBuyer(rest)
	case "buyer-none":
		t.setBuyer(protocol.Buyer{}, wordNoBuyer)
	case "buyer-new":
		t.meet()
	case "buyer-name":
		t.nameBuyer()
	case "buyer-save":
		t.addBuyer()
	case "buyer-sure":
		t.addBuyer()
	default:
		return false
	}
	return true
}

func (t *turn) openCustomer() {
	t.visit(ScreenCustomer)
	t.Visit.Query, t.Visit.Buyers, t.Visit.Asked, t.Visit.Meeting = "", nil, "", Meeting{}
}

// customerKey takes a key of the keyboard on the screens of customers.
func (t *turn) customerKey(k string) {
	if k == "enter" {
		t.customerEnter()
		return
	}
	q := strings.TrimLeft(keyed(t.Visit.Query, k), " ")
	if utf8.RuneCountInString(q) > maxQuery {
		t.sound(Refused)
		return
	}
	t.Visit.Query, t.Visit.Error = q, ""
	switch {
	case t.Visit.Screen == ScreenBuyerPhone && t.Visit.Meeting.Twins:
		t.Visit.Meeting.Twins, t.Visit.Buyers = false, nil
	case t.Visit.Screen == ScreenCustomer && utf8.RuneCountInString(q) < fewestTyped:
		t.Visit.Buyers, t.Visit.Asked = nil, ""
	}
}

// customerEnter takes the first row, once it is what was found for all that is
// typed. It takes nobody off the sale.
func (t *turn) customerEnter() {
	rows := slices.DeleteFunc(slices.Clone(t.View().Search.Hits), func(r Row) bool { return r.ID == "buyer-none" })
	late := t.Visit.Screen == ScreenCustomer && strings.TrimSpace(t.Visit.Query) != t.Visit.Asked
	if len(rows) == 0 || late {
		t.sound(Refused)
		return
	}
	t.tap(rows[0].ID)
}

func (t *turn) chooseBuyer(id string) {
	for _, b := range t.Visit.Buyers {
		if b.ID == id {
			t.setBuyer(b, "")
			return
		}
	}
}

// setBuyer makes somebody the customer of the sale, or nobody.
func (t *turn) setBuyer(b protocol.Buyer, words string) {
	next := t.begun()
	next.Customer = b.ID
	t.World.Buyer = b
	t.Durable.Finished = false
	undo := t.Visit.Undo
	t.Visit = Visit{Screen: ScreenSale, Undo: undo}
	t.change(next, wordUndoBuyer)
	if words != "" {
		t.toast(PartOK, words)
	}
	t.sound(Accepted)
}

// meet begins a new customer with what was typed so far.
func (t *turn) meet() {
	typed := t.Visit.Query
	t.Visit.Meeting = Meeting{ID: t.sub("cus")}
	t.visit(ScreenBuyerName)
	t.Visit.Query = ""
	if strings.ContainsFunc(typed, unicode.IsLetter) && !strings.Contains(typed, "@") {
		t.Visit.Query = typed
		return
	}
	t.Visit.Meeting.Phone = typed
}

// nameBuyer goes on to the phone number.
func (t *turn) nameBuyer() {
	t.Visit.Meeting.Name = capitals(strings.TrimSpace(t.Visit.Query))
	t.visit(ScreenBuyerPhone)
	t.Visit.Query = t.Visit.Meeting.Phone
}

// capitals begins each word with a capital when none has one: the keyboard of the
// screen has small letters only.
func capitals(name string) string {
	if name != strings.ToLower(name) {
		return name
	}
	words := strings.Fields(name)
	for i, w := range words {
		r, n := utf8.DecodeRuneInString(w)
		words[i] = string(unicode.ToUpper(r)) + w[n:]
	}
	return strings.Join(words, " ")
}

// addBuyer asks the hub to add the new customer, or to add it all the same when
// others have its phone number.
func (t *turn) addBuyer() {
	if !t.World.Online {
		t.refuse(wordCustomerOffline)
		return
	}
	m := &t.Visit.Meeting
	m.Phone = strings.TrimSpace(t.Visit.Query)
	t.World.Lookup = Lookup{Ask: t.sub("a"), Add: true}
	t.do(Ask{ID: t.World.Lookup.Ask, Body: &protocol.CustomerAdd{ID: m.ID, Name: m.Name, Phone: m.Phone, Operator: t.Durable.Operator, Sure: m.Twins}})
	t.toast(PartOK, wordAddingBuyer)
}

// askAround asks the hub what the screen needs to know of customers: the name of the
// cart's, and whom the typed text finds. One question is out at a time, so that
// fast fingers do not fill the line.
func (t *turn) askAround() {
	c := t.Durable.Cart.Customer
	if c == "" {
		t.World.Buyer = protocol.Buyer{}
	}
	if t.World.Lookup.Ask != "" || !t.World.Online || t.Durable.Operator == "" || t.kiosk() {
		return
	}
	typed := strings.TrimSpace(t.Visit.Query)
	switch {
	case c != "" && t.World.Buyer.ID != c:
		t.askCustomer(Lookup{ID: c})
	case t.Visit.Screen == ScreenCustomer && utf8.RuneCountInString(typed) >= fewestTyped && typed != t.Visit.Asked:
		t.askCustomer(Lookup{Text: typed})
	}
}

func (t *turn) askCustomer(l Lookup) {
	l.Ask = t.sub("a")
	t.World.Lookup = l
	t.do(Ask{ID: l.Ask, Body: &protocol.CustomerFind{ID: l.ID, Text: l.Text, Operator: t.Durable.Operator}})
}

// customerAnswered takes the hub's answer about customers.
func (t *turn) customerAnswered(h Answered) bool {
	b, ok := h.Body.(*protocol.CustomersFound)
	if !ok || h.ID != t.World.Lookup.Ask || b.Check() != nil {
		return false
	}
	was := t.World.Lookup
	t.World.Lookup = Lookup{}
	switch {
	case was.Add:
		t.addedBuyer(b)
	case was.ID != "":
		t.named(was.ID, b)
	case t.Visit.Screen == ScreenCustomer:
		t.Visit.Buyers, t.Visit.Asked = b.Customers, was.Text
	}
	return true
}

// addedBuyer takes the new customer into the sale, or shows who has its number.
func (t *turn) addedBuyer(b *protocol.CustomersFound) {
	if t.Visit.Screen != ScreenBuyerPhone || len(b.Customers) == 0 {
		return // the person has gone on; the customer is found by typing
	}
	if b.Twins {
		t.Visit.Meeting.Twins, t.Visit.Buyers, t.Visit.Toast = true, b.Customers, Note{}
		t.sound(Attention)
		return
	}
	t.setBuyer(b.Customers[0], wordBuyerAdded(b.Customers[0]))
}

// named takes the name of the cart's customer. One that was merged into another is
// that one from now on; one that was erased is nobody.
func (t *turn) named(id string, b *protocol.CustomersFound) {
	if t.Durable.Cart.Customer != id {
		return
	}
	if len(b.Customers) == 0 {
		t.Durable.Cart.Customer = ""
		t.toast(PartWarning, wordBuyerGone)
		return
	}
	t.World.Buyer = b.Customers[0]
	t.Durable.Cart.Customer = t.World.Buyer.ID
}

// customerFailed says why nobody was found or added.
func (t *turn) customerFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Lookup.Ask {
		return false
	}
	was := t.World.Lookup
	t.World.Lookup = Lookup{}
	why := orElse(clean(h.Why), wordCustomerOffline)
	switch {
	case was.ID != "":
		t.World.Buyer = protocol.Buyer{ID: was.ID} // asked again when the hub is back
	case was.Add && !h.Refused:
		t.refuse(wordBuyerDoubt)
	case was.Add:
		t.refuse(why)
	case t.Visit.Screen == ScreenCustomer:
		t.Visit.Buyers, t.Visit.Asked = nil, was.Text
		t.refuse(why)
	}
	return true
}

// forgetBuyer lets the name of the cart's customer be asked for again: while the
// hub was away, the customer may have been merged or erased.
func (t *turn) forgetBuyer() {
	t.World.Lookup, t.World.Buyer = Lookup{}, protocol.Buyer{}
}

// buyersBut are those found without the one who is chosen already.
func (s State) buyersBut() []protocol.Buyer {
	return slices.DeleteFunc(slices.Clone(s.Visit.Buyers), func(b protocol.Buyer) bool { return b.ID == s.Durable.Cart.Customer })
}
