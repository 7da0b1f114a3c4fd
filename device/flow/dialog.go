package flow

import (
	"strings"

	"kickstand/protocol"
)

// The questions a dialog may put.
const (
	askUnknown = "unknown" // a code nobody knows
	askMisread = "misread" // a code with a wrong check digit
	askChoose  = "choose"  // several items share a code
	askRefund  = "refund"  // how to find the receipt of what comes back
	askReceipt = "receipt" // the code of a receipt was scanned
	askVoid    = "void"    // throw the sale away?
	askMore    = "more"    // rare things to do
	askDrawer  = "drawer"  // why the drawer is opened
	askHelp    = "help"    // customer wants to know what this is
	askIdle    = "idle"    // is the customer still here?

	askStaff   = "staff"   // staff was called
	askHistory = "history" // go on with a journal of the hub that was refused?

	askGiveBack = "give-back" // give a payment back? Its Code is the number of it
)

// answer does what a button of the dialog says.
func (t *turn) answer(rest string) {
	ask := t.Visit.Ask
	t.Visit.Ask = Question{}
	verb, arg, _ := strings.Cut(rest, ":")
	switch verb {
	case "search":
		t.openSearch()
	case "item":
		for _, i := range ask.Items {
			if i.ID == arg {
				t.found(i, ask.Code)
			}
		}
	case "void":
		t.void()
	case "give-back":
		t.giveBack(number(ask.Code))
	case "history":
		t.answerHistory()
	case "end":
		t.reset()
	case "receipts":
		t.openReceipts()
	case "copy":
		t.copyReceipt(ask.Code)
	case "device", "operators":
		t.visit(Screen(verb))
	case "drawer":
		t.ask(Question{Kind: askDrawer})
	case "till":
		t.answerTill(ask.Kind, arg)
	case "leave-pay":
		if t.free() {
			t.leavePay()
		}
	case "refund":
		t.findReceipt(ask.Code)
	case "order":
		t.ask(Question{Kind: askOrder})
	case "order-kind":
		t.orderFor(protocol.SpecialKind(arg))
	case "orders":
		t.askSpecial(&protocol.SpecialAsk{})
	case "order-of":
		t.askSpecial(&protocol.SpecialAsk{Text: ask.Code})
	case "gift":
		t.openGift("")
	case "top-up":
		t.openGift(t.Visit.Card)
	case "is-card":
		t.lookUp(ask.Code)
	case "how-refund":
		t.ask(Question{Kind: askRefund})
	case "open-till":
		t.openTillScreen()
	case "why":
		t.openDrawer(drawerReasons()[number(arg)-1])
	}
}

// dialog is the view of the question.
func (s State) dialog() *Dialog {
	a := s.Visit.Ask
	switch a.Kind {
	case askUnknown, askMisread:
		return s.unknownDialog(a)
	case askChoose:
		return chooseDialog(a)
	case askReceipt:
		return &Dialog{State: PartOK, Title: wordReceiptTitle(a.Code), Text: s.receiptText(a.Code), Buttons: []Button{
			{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Enabled: true},
			button("dialog:refund", wordRefund, "undo", Normal, s.cannotRefund()),
			button("dialog:order-of", wordPickUpOrder, "park", Normal, s.cannotSpecial()),
			button("dialog:copy", wordCopy, "printer", Primary, s.cannotCopy(a.Code)),
		}}
	case askOrder:
		return orderDialog()
	case askCard, askCardTop:
		return cardDialog(a)
	case askShort:
		return shortDialog(a.Code)
	case askRefund:
		return &Dialog{State: PartOK, Title: wordRefund, Text: wordRefundHow, Buttons: []Button{
			{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Enabled: true},
			{ID: "dialog:search", Label: wordSearch, Icon: "search", Kind: Primary, Enabled: true},
		}}
	case askVoid:
		return &Dialog{State: PartWarning, Title: wordVoidTitle, Text: wordVoidText(len(s.Durable.Cart.Lines)), Buttons: []Button{
			{ID: "dialog:keep", Label: wordKeepSale, Icon: "back", Enabled: true},
			{ID: "dialog:void", Label: wordVoidSale, Icon: "trash", Kind: Danger, Enabled: true},
		}}
	case askStaff:
		return staffDialog(s.World.Online)
	case askGiveBack:
		return s.giveBackDialog(a)
	case askHistory:
		return &Dialog{State: PartWarning, Title: wordHistoryTitle, Text: wordHistoryText(s.Durable.Seal), Buttons: []Button{
			{ID: "dialog:keep", Label: wordHistoryKeep, Icon: "back", Enabled: true},
			{ID: "dialog:history", Label: wordHistoryTake, Icon: "check", Kind: Danger, Enabled: true},
		}}
	case askMore:
		return s.moreDialog()
	case askDrawer:
		return drawerDialog()
	case askHelp:
		return &Dialog{State: PartOK, Title: wordHelpTitle, Text: wordHelpText, Buttons: []Button{
			{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Kind: Primary, Enabled: true},
		}}
	case askIdle:
		return &Dialog{State: PartWarning, Title: wordIdleTitle, Text: wordIdleText, Buttons: []Button{
			{ID: "dialog:end", Label: wordIdleEnd, Icon: "close", Enabled: true},
			{ID: "dialog:stay", Label: wordIdleStay, Icon: "check", Kind: Primary, Enabled: true},
		}}
	}
	return s.tillDialog(a.Kind)
}

func (s State) giveBackDialog(a Question) *Dialog {
	kept := s.Durable.Cart.kept()
	n := int(number(a.Code))
	if n < 1 || n > len(kept) {
		return nil
	}
	return &Dialog{State: PartWarning, Title: wordGiveBackTitle, Text: wordGiveBackText(kept[n-1]), Buttons: []Button{
		{ID: "dialog:keep", Label: wordKeepPayment, Icon: "back", Enabled: true},
		{ID: "dialog:give-back", Label: wordGiveBack, Icon: "undo", Kind: Danger, Enabled: true},
	}}
}

func (s State) receiptText(code string) string {
	if s.recent(code) >= 0 {
		return wordReceiptText
	}
	return wordReceiptOther
}

func (s State) unknownDialog(a Question) *Dialog {
	d := &Dialog{State: PartWarning, Title: wordUnknownTitle, Text: wordUnknownText(a.Code), Buttons: []Button{
		{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Enabled: true},
		{ID: "dialog:search", Label: wordSearchName, Icon: "search", Kind: Primary, Enabled: true},
	}}
	if a.Kind == askUnknown && s.World.Online && len(a.Code) <= protocol.MaxCode {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:is-card", Label: wordIsCard, Icon: "tag", Enabled: true})
	}
	switch {
	case a.Kind == askMisread && s.kiosk():
		d.Title, d.Text = wordMisreadTitle, wordMisreadKiosk
	case a.Kind == askMisread:
		d.Title, d.Text = wordMisreadTitle, wordMisreadText(a.Code)
	case s.kiosk():
		d.Title, d.Text = wordUnknownKiosk, wordUnknownKioskText
	}
	return d
}

func chooseDialog(a Question) *Dialog {
	d := &Dialog{State: PartOK, Title: wordChooseTitle, Text: wordChooseText(a.Code)}
	for _, i := range a.Items {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:item:" + i.ID, Label: itemName(i) + ", " + i.Price.String(), Enabled: true})
	}
	d.Buttons = append(d.Buttons, Button{ID: "dialog:dismiss", Label: wordCancel, Icon: "close", Kind: Quiet, Enabled: true})
	return d
}

func (s State) moreDialog() *Dialog {
	return &Dialog{State: PartOK, Title: wordMore, Buttons: []Button{
		{ID: "dialog:receipts", Label: wordReceipts, Icon: "receipt", Enabled: true},
		s.drawerButton("dialog:drawer"),
		button("dialog:how-refund", wordRefund, "undo", Normal, s.cannotRefund()),
		button("dialog:order", wordOrder, "park", Normal, s.cannotOrder()),
		button("dialog:orders", wordOrders, "list", Normal, s.cannotSpecial()),
		button("dialog:gift", wordGift, "tag", Normal, s.cannotGift()),
		{ID: "dialog:open-till", Label: wordTill, Icon: "cash", Enabled: true},
		{ID: "dialog:operators", Label: wordChangePerson, Icon: "person", Enabled: true},
		{ID: "dialog:device", Label: wordDevice, Icon: "info", Enabled: true},
		{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Kind: Quiet, Enabled: true},
	}}
}

func drawerDialog() *Dialog {
	d := &Dialog{State: PartOK, Title: wordDrawerTitle, Text: wordDrawerText}
	for i, why := range drawerReasons() {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:why:" + itoa(i+1), Label: why, Enabled: true})
	}
	d.Buttons = append(d.Buttons, Button{ID: "dialog:dismiss", Label: wordCancel, Icon: "close", Kind: Quiet, Enabled: true})
	return d
}
