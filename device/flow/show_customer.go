package flow

import (
	"strings"
	"unicode/utf8"

	"kickstand/protocol"
)

// The screens of the customer of a sale. Each is a keyboard with rows to tap.
const (
	ScreenCustomer   Screen = "customer"    // who buys?
	ScreenBuyerName  Screen = "buyer-name"  // name of a new customer
	ScreenBuyerPhone Screen = "buyer-phone" // and the phone number
)

// customerButton leads to the customers of the shop, for who may see them.
func (s State) customerButton() []Button {
	if _, ok := s.operator(); !ok || s.kiosk() {
		return nil
	}
	return []Button{button("customer", wordCustomer, "person", Normal, s.cannotCustomer())}
}

// forWhom names the customer of the sale under its title.
func (s State) forWhom() string {
	if b, ok := s.buyer(); ok {
		return wordForBuyer(b)
	}
	if s.Durable.Cart.Customer != "" {
		return wordForSomebody
	}
	return ""
}

// showCustomerScreens shows a screen of customers and reports whether it was one.
func (s State) showCustomerScreens(v *View) bool {
	switch v.Screen {
	case ScreenCustomer:
		s.showCustomer(v)
	case ScreenBuyerName:
		s.showBuyerName(v)
	case ScreenBuyerPhone:
		s.showBuyerPhone(v)
	default:
		return false
	}
	v.Buttons = []Button{backButton()}
	return true
}

// showCustomer lists whom the typed text finds.
func (s State) showCustomer(v *View) {
	v.Title = wordCustomerTitle
	v.Search = &Search{Query: s.Visit.Query, Empty: wordCustomerEmpty}
	typed := strings.TrimSpace(s.Visit.Query)
	for _, b := range s.buyersBut() {
		v.Search.Hits = append(v.Search.Hits, buyerRow(b))
	}
	switch {
	case !s.World.Online:
		v.Search.Empty = wordCustomerOffline
	case utf8.RuneCountInString(typed) < fewestTyped:
	case s.Visit.Asked != typed:
		v.Search.Empty = wordCustomerAsking
	default:
		v.Search.Hits = append(v.Search.Hits, Row{ID: "buyer-new", Title: wordNewBuyer, Detail: wordNewBuyerOf(typed, len(s.Visit.Buyers)), State: PartOK})
	}
	if s.Durable.Cart.Customer != "" {
		v.Search.Hits = append([]Row{{ID: "buyer-none", Title: wordTakeOff, Detail: s.forWhom(), State: PartOK}}, v.Search.Hits...)
	}
}

func buyerRow(b protocol.Buyer) Row {
	detail := b.Number
	if b.Last != "" {
		detail += " · phone … " + b.Last
	}
	return Row{ID: "buyer:" + b.ID, Title: b.Name, Detail: detail, State: PartOK}
}

// showBuyerName asks for the name of a new customer.
func (s State) showBuyerName(v *View) {
	v.Title = wordBuyerName
	v.Search = &Search{Query: s.Visit.Query, Empty: wordBuyerNameEmpty}
	if name := capitals(strings.TrimSpace(s.Visit.Query)); name != "" {
		v.Search.Hits = []Row{{ID: "buyer-name", Title: name, Detail: wordBuyerNameNext, State: PartOK}}
	}
}

// showBuyerPhone asks for the number of a new customer, or whether it is one of
// those who have it already.
func (s State) showBuyerPhone(v *View) {
	m := s.Visit.Meeting
	v.Title = wordBuyerPhone(m.Name)
	v.Search = &Search{Query: s.Visit.Query}
	if m.Twins {
		for _, b := range s.Visit.Buyers {
			row := buyerRow(b)
			row.Detail += " · " + wordSamePhone
			v.Search.Hits = append(v.Search.Hits, row)
		}
		v.Search.Hits = append(v.Search.Hits, Row{ID: "buyer-sure", Title: wordAddAllTheSame(m.Name), Detail: wordAnotherPerson, State: PartWarning})
		return
	}
	v.Search.Hits = []Row{{ID: "buyer-save", Title: wordAddBuyer(m.Name), Detail: wordWithPhone(strings.TrimSpace(s.Visit.Query)), State: PartOK}}
}

// The words of the customer of a sale.
const (
	wordCustomer        = "Customer"
	wordCustomerTitle   = "Who is the customer?"
	wordCustomerEmpty   = "Type part of the name, the last digits of the phone number, or the account number."
	wordCustomerAsking  = "Looking …"
	wordCustomerOffline = "Customers are looked up in the office, and the connection to it is away. The sale goes on without a customer."
	wordNoBuyer         = "The sale names no customer now."
	wordTakeOff         = "No customer for this sale"
	wordForSomebody     = "for a customer of the shop"
	wordUndoBuyer       = "the customer"
	wordNewBuyer        = "New customer"
	wordBuyerName       = "Name of the new customer"
	wordBuyerNameEmpty  = "Type the name of the person or the company."
	wordBuyerNameNext   = "Tap to go on to the phone number"
	wordAddingBuyer     = "Adding …"
	wordSamePhone       = "has this number already"
	wordAnotherPerson   = "Another person, same number"
	wordBuyerGone       = "The customer of this sale is not kept by the shop any more. The sale goes on without."
	wordBuyerDoubt      = "The office does not answer, so it is not certain that the customer was added. Tap again: nobody is added twice."
)

func wordMayCustomers(o protocol.Operator) string {
	return o.Name + " may not see customers. Ask a colleague, and tap the name above to change the person."
}

func wordForBuyer(b protocol.Buyer) string { return "for " + b.Name + ", " + b.Number }

func wordBuyerAdded(b protocol.Buyer) string { return b.Name + " was added as " + b.Number + "." }

func wordNewBuyerOf(typed string, found int) string {
	if found == 0 {
		return "nobody is found for “" + typed + "”"
	}
	return "if “" + typed + "” is not among these"
}

func wordBuyerPhone(name string) string { return "Phone number of " + name }

func wordAddBuyer(name string) string { return "Add " + name }

func wordAddAllTheSame(name string) string { return "Add " + name + " all the same" }

func wordWithPhone(phone string) string {
	if phone == "" {
		return "without a phone number"
	}
	return "with the phone number " + phone
}
