package flow

import (
	"fmt"
	"strings"

	"kickstand/protocol"
)

// The screens of customers' orders.
const (
	ScreenDeposit  Screen = "deposit"  // how much is paid now
	ScreenSpecials Screen = "specials" // open orders
)

// showSpecialScreens shows a screen of orders and reports whether it was one.
func (s State) showSpecialScreens(v *View) bool {
	switch v.Screen {
	case ScreenDeposit:
		s.showDeposit(v)
	case ScreenSpecials:
		s.showSpecials(v)
	default:
		return false
	}
	return true
}

// showDeposit is the keypad with the usual shares.
func (s State) showDeposit(v *View) {
	c := s.Durable.Cart
	total := c.totals().Total
	v.Title, v.Hint = wordDepositTitle, wordDepositHint(total)
	pad := &Keypad{Label: v.Hint, Value: s.entryText(), Unit: c.Rules.Currency, Error: s.Visit.Error}
	why := s.cannotOrder()
	for _, share := range []Cents{20, 50, 100} {
		part := max(1, (total*share+50)/100)
		label := fmt.Sprintf("%d %%, %s", share, amount(part))
		pad.Presets = append(pad.Presets, button("deposit:"+itoa(int(part)), label, "", Normal, why))
	}
	v.Keypad = pad
	v.Buttons = []Button{backButton(), button("ok", wordOK, "check", Primary, why)}
}

// showSpecials lists open orders.
func (s State) showSpecials(v *View) {
	v.Title, v.Hint = wordOrders, wordOrdersHint
	v.List = &List{Empty: wordOrdersEmpty}
	for i := range s.Visit.Specials {
		o := &s.Visit.Specials[i]
		row := Row{
			ID: "special:" + o.ID, Title: orElse(clean(o.Who), wordNobody), Value: (o.Total - o.Deposit).String(), State: PartOK,
			Detail:  strings.Join([]string{wordSpecialState(o), wordSpecialGoods(o), o.Slip}, " · "),
			Buttons: []Button{button("special-back:"+o.Slip, wordDepositBack, "undo", Normal, s.cannotRefund())},
		}
		v.List.Rows = append(v.List.Rows, row)
	}
	v.Buttons = []Button{backButton()}
}

// orderDialog asks what is done with the goods.
func orderDialog() *Dialog {
	return &Dialog{State: PartOK, Title: wordOrderTitle, Text: wordOrderText, Buttons: []Button{
		{ID: "dialog:order-kind:" + string(protocol.SpecialOrder), Label: wordSpecialOrder, Icon: "tag", Enabled: true},
		{ID: "dialog:order-kind:" + string(protocol.Layaway), Label: wordLayaway, Icon: "park", Enabled: true},
		{ID: "dialog:dismiss", Label: wordCancel, Icon: "close", Kind: Quiet, Enabled: true},
	}}
}

// The words of customers' orders.
const (
	wordOrder        = "Order, layaway"
	wordOrders       = "Customers' orders"
	wordPickUpOrder  = "Pick up an order"
	wordOrdersHint   = "Tap an order to sell it."
	wordOrdersEmpty  = "No customer's order is open."
	wordOrderTitle   = "Order it, or lay it away?"
	wordOrderText    = "A special order is got for the customer. A layaway is here and is kept. The customer pays a deposit now and the rest when it is picked up."
	wordSpecialOrder = "Special order"
	wordLayaway      = "Layaway"
	wordWhoTitle     = "Who is it for?"
	wordWhoHint      = "Type the name and a phone number."
	wordWhoEmpty     = "Type who it is for first."
	wordWhoOK        = "Go on"
	wordNobody       = "Nobody named"
	wordDepositTitle = "Deposit: how much?"
	wordDepositAlone = "Take the deposit first, or void it to change what is ordered."
	wordDepositBack  = "Give deposit back"
	wordOrderOffline = "Orders need the connection to the office, which is away."
	wordOrderTwice   = "This sale belongs to an order already."
	wordOrderGoods   = "An order is of goods that are sold: take returns and gift cards out of the sale first."
	wordOrderUndone  = "Nothing was ordered. The sale is as it was."
	wordOrderParked  = "This order is among the parked sales. Go on with it there."
)

func wordDepositHint(total Cents) string { return "Of " + amount(total) + " in all" }

func wordDepositRange(total Cents) string {
	return "A deposit is more than nothing and at most " + amount(total) + "."
}

func wordDepositMore(c Cents) string {
	return "The deposit of " + amount(c) + " is more than this sale. Add something, or give the deposit back and sell this as a new sale."
}

// wordDepositLine is the line of the receipt.
func wordDepositLine(k protocol.SpecialKind, rest Cents) string {
	what := "Deposit on order"
	if k == protocol.Layaway {
		what = "Deposit on layaway"
	}
	return what + ", " + rest.String() + " remains"
}

func wordOrderUnreadable(who string) string {
	return "The order of " + clean(who) + " comes from another version of this program. Ring its goods up again, and give the deposit back."
}

func wordPickUp(who string, deposit Cents) string {
	return clean(who) + ": the deposit of " + amount(deposit) + " is taken first when you tap Pay."
}

func wordSpecialState(o *protocol.SpecialInfo) string {
	switch {
	case o.Order == protocol.Layaway:
		return "laid away"
	case o.State == protocol.SpecialArrived:
		return "arrived"
	}
	return "ordered"
}

func wordSpecialGoods(o *protocol.SpecialInfo) string {
	if n := len(o.Lines); n > 1 {
		return clean(o.Lines[0].Name) + " and " + itoa(n-1) + " more"
	}
	return clean(o.Lines[0].Name)
}
