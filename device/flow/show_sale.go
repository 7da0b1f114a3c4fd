package flow

import "kickstand/protocol/money"

// showSale is the cart and what can be done with it.
func (s State) showSale(v *View) {
	c := s.Durable.Cart
	v.Title, v.Hint = wordSale, s.forWhom()
	v.Cart = s.cartView(c)
	empty, noUndo, cannotPay := "", "", s.cannotPay()
	if len(c.Lines) == 0 {
		empty = wordNoLines
		v.Buttons = append(v.Buttons, backButton())
	}
	if len(s.Visit.Undo) == 0 {
		noUndo = wordNothingUndo
	}
	v.Buttons = append(v.Buttons, s.whoButton()...)
	v.Buttons = append(v.Buttons,
		button("search", wordSearch, "search", Normal, s.cannotSearch()))
	v.Buttons = append(v.Buttons, s.customerButton()...)
	v.Buttons = append(v.Buttons,
		button("discount", wordDiscount, "percent", Normal, orElse(empty, s.cannotDiscount())),
		button("undo", wordUndo, "undo", Normal, noUndo),
		button("park", wordPark, "park", Normal, orElse(empty, s.cannotPark())),
		s.parkedButton(),
		button("show-total", wordShowTotal, "person", Normal, empty),
		button("void", wordVoid, "trash", Quiet, empty),
		button("more", wordMore, "list", Quiet, ""),
		button("pay", s.payWords(), "cash", Primary, cannotPay),
	)
}

func (s State) payWords() string {
	if s.Durable.Cart.refunding() {
		return wordGiveTitle
	}
	return wordPay
}

// whoButton leads to the people while nobody is chosen; afterwards the name in
// the strip does.
func (s State) whoButton() []Button {
	if _, ok := s.operator(); ok {
		return nil
	}
	return []Button{button("operator", wordOperators, "person", Normal, "")}
}

func (s State) cannotSearch() string {
	if !s.ready() {
		return wordNoSearch
	}
	return ""
}

func (s State) cannotPay() string {
	if len(s.Durable.Cart.Lines) == 0 {
		return wordNoLines
	}
	return ""
}

func (s State) cannotPark() string {
	if len(s.Durable.Parked) >= maxParked {
		return wordParkedFull
	}
	return ""
}

func (s State) cannotDiscount() string {
	if op, _ := s.operator(); op.MaxDiscount <= 0 {
		return wordMayDiscount(op)
	}
	return ""
}

func (s State) parkedButton() Button {
	label, why := wordParked, ""
	if n := len(s.Durable.Parked) + len(s.elsewhere()); n > 0 {
		label += " (" + itoa(n) + ")"
	} else {
		why = wordNoParked
	}
	return button("parked", label, "list", Normal, why)
}

func (s State) cartView(c Basket) *Cart {
	totals := c.totals()
	prices, order := beforeOrder(totals)
	v := &Cart{
		Lines: s.cartLines(c, totals), Subtotal: prices, Discount: order,
		Taxes: taxRows(totals), Total: totals.Total, Included: c.Rules.Included, Empty: wordSaleEmpty,
	}
	for i := range v.Lines {
		v.Count += v.Lines[i].Qty
		if v.Lines[i].Chosen {
			v.Lines[i].Buttons = s.lineButtons(i+1, c.Lines[i])
		}
	}
	return v
}

// beforeOrder is what the lines come to as they are shown and printed, and what
// the discount on the whole sale takes off that.
func beforeOrder(t money.Totals) (prices, order Cents) {
	for _, l := range t.Lines {
		prices += l.Gross - l.Discount
		order += l.OrderDiscount
	}
	return prices, order
}

func (s State) cartLines(c Basket, totals money.Totals) []CartLine {
	lines := make([]CartLine, len(c.Lines))
	for i, l := range c.Lines {
		lines[i] = CartLine{
			ID: "line:" + itoa(i+1), Name: l.Name, Detail: l.Detail, Qty: l.Money.Qty, Unit: l.Money.Unit,
			Discount: discountText(l.Money.Discount),
			Price:    totals.Lines[i].Gross - totals.Lines[i].Discount,
			Chosen:   s.Visit.Chosen == i+1, Fresh: s.Visit.Fresh == i+1,
			Stock: stockOf(c, l),
		}
	}
	return lines
}

// stockOf marks a line that the stock does not cover.
func stockOf(c Basket, l Line) string {
	if !stocked(l.TaxCategory) || l.Of != nil || l.Loads != "" {
		return ""
	}
	return wordStock(l.OnHand-c.pieces(l.Item), l.OnHand)
}

// stocked reports whether things of a tax category lie on a shelf.
func stocked(taxCategory string) bool { return taxCategory != "labour" && taxCategory != "rental" }

func (s State) lineButtons(n int, l Line) []Button {
	id := "line:" + itoa(n) + ":"
	less, more := "", ""
	if l.Money.Qty <= 1 {
		less = wordQtyOne
	}
	if l.Money.Qty >= money.MaxQty {
		more = wordQtyMost
	}
	serial := ""
	if l.Serialised {
		serial = wordQtySerial
	}
	if l.Of != nil || l.Loads != "" {
		why := wordReturnFixed
		if l.Loads != "" {
			why = wordGiftFixed
		}
		return []Button{
			button(id+"minus", wordLess, "minus", Normal, why),
			button(id+"plus", wordPlus, "plus", Normal, why),
			button(id+"qty", wordQty, "keyboard", Normal, why),
			button(id+"discount", wordDiscount, "percent", Normal, why),
			button(id+"remove", wordRemove, "trash", Danger, ""),
		}
	}
	return []Button{
		button(id+"minus", wordLess, "minus", Normal, less),
		button(id+"plus", wordPlus, "plus", Normal, orElse(serial, more)),
		button(id+"qty", wordQty, "keyboard", Normal, serial),
		button(id+"discount", wordDiscount, "percent", Normal, s.cannotDiscount()),
		button(id+"remove", wordRemove, "trash", Danger, ""),
	}
}

func taxRows(t money.Totals) []TaxRow {
	rows := make([]TaxRow, len(t.Tax))
	for i, x := range t.Tax {
		rows[i] = TaxRow{Label: x.Name + " " + percent(x.PPM), Amount: x.Tax}
	}
	return rows
}

// showTotal is the sale turned to the customer.
func (s State) showTotal(v *View) {
	c := s.Durable.Cart
	totals := c.totals()
	v.Title = wordTotal
	_, order := beforeOrder(totals)
	v.Total = &Total{
		Lines: s.cartLines(c, totals), Discount: order, Taxes: taxRows(totals), Total: totals.Total, Shop: s.Durable.Settings.Shop.Name,
	}
	for i := range v.Total.Lines {
		v.Total.Lines[i].Stock, v.Total.Lines[i].Chosen = "", false
	}
	v.Buttons = []Button{backButton()}
}

// showQuantity is the keypad for the chosen line.
func (s State) showQuantity(v *View) {
	name := ""
	if n := s.Visit.Chosen; n > 0 && n <= len(s.Durable.Cart.Lines) {
		name = s.Durable.Cart.Lines[n-1].Name
	}
	v.Title, v.Hint = wordQuantity, name
	v.Keypad = &Keypad{Label: name, Value: s.Visit.Entry, Unit: wordPieces, Error: s.Visit.Error}
	v.Buttons = []Button{backButton(), button("ok", wordOK, "check", Primary, "")}
}

// showDiscount is the keypad for a discount on the chosen line or the order.
func (s State) showDiscount(v *View) {
	what := wordWholeSale
	if n := s.Visit.Chosen; n > 0 && n <= len(s.Durable.Cart.Lines) {
		what = s.Durable.Cart.Lines[n-1].Name
	}
	v.Title, v.Hint = wordDiscount, "On "+what
	pad := &Keypad{Label: what, Value: s.Visit.Entry, Unit: "%", Error: s.Visit.Error}
	other := button("unit:amount", wordInMoney, "cash", Quiet, "")
	if !s.Visit.Percent {
		pad.Value, pad.Unit = s.entryText(), s.Durable.Cart.Rules.Currency
		other = button("unit:percent", wordInPercent, "percent", Quiet, "")
	}
	op, _ := s.operator()
	for _, p := range []int64{5, 10, 15, 20} {
		why := ""
		if p*percentMillionth > op.MaxDiscount {
			why = wordMayDiscount(op)
		}
		pad.Presets = append(pad.Presets, button("percent:"+itoa(int(p)), percent(p*percentMillionth), "", Normal, why))
	}
	pad.Presets = append(pad.Presets, button("percent:0", wordNoDiscount, "", Quiet, ""), other)
	v.Keypad = pad
	v.Buttons = []Button{backButton(), button("ok", wordOK, "check", Primary, "")}
}

// entryText is typed money as a till shows it: "2000" is 20.00.
func (s State) entryText() string {
	if s.Visit.Entry == "" {
		return ""
	}
	return s.entered().String()
}
