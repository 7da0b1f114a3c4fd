package flow

import (
	"strconv"
	"strings"
	"unicode"
)

// tap does what a button says. What is not on the screen cannot be tapped, so
// a tap meant for the screen before does nothing.
func (t *turn) tap(id string) {
	if t.Visit.Ask.Kind == askIdle && id != "dialog:end" {
		t.stay()
		return
	}
	b, ok := t.View().Target(id)
	if !ok {
		return
	}
	if !b.Enabled {
		t.refuse(b.Why)
		return
	}
	t.moveOn()
	verb, rest, _ := strings.Cut(id, ":")
	if !t.pressSale(verb, rest) && !t.pressMoney(verb, rest) && !t.pressTender(verb, rest) && !t.pressTill(verb, rest) &&
		!t.pressRefund(verb, rest) && !t.pressGift(verb, rest) && !t.pressSpecial(verb, rest) && !t.pressReceipt(verb) && !t.pressCustomer(verb, rest) {
		t.pressDevice(verb, rest)
	}
}

// pressSale does the buttons of the sale and the search.
func (t *turn) pressSale(verb, rest string) bool {
	switch verb {
	case "start":
		t.start()
	case "next":
		t.next()
	case "search":
		t.openSearch()
	case "hit":
		t.hit(rest)
	case "line":
		t.pressLine(rest)
	case "undo", "toast":
		t.undo()
	case "void":
		t.ask(Question{Kind: askVoid})
	case "park":
		t.park()
	case "parked":
		t.visit(ScreenParked)
	case "resume":
		t.resume(number(rest))
	case "claim":
		t.claim(rest)
	case "show-total":
		t.visit(ScreenTotal)
	case "more":
		t.ask(Question{Kind: askMore})
	default:
		return false
	}
	return true
}

// pressMoney does the buttons of keypads and of the payment.
func (t *turn) pressMoney(verb, rest string) bool {
	switch verb {
	case "key":
		t.key(rest)
	case "ok":
		t.keypadDone()
	case "discount":
		t.openDiscount(0)
	case "percent":
		t.takeDiscount(percentOff(rest))
	case "unit":
		t.Visit.Percent, t.Visit.Entry, t.Visit.Error = rest == "percent", "", ""
	case "pay":
		t.pay()
		t.Visit.Entry = ""
	case "cash":
		t.takeCash(Cents(number(rest)))
	case "cash-ok":
		t.takeCash(t.entered())
	default:
		return false
	}
	return true
}

// pressDevice does the buttons around the sale: people, paper, drawer, trouble.
func (t *turn) pressDevice(verb, rest string) {
	switch verb {
	case "back":
		if t.Visit.Screen == ScreenPay || t.Visit.Screen == ScreenGive {
			t.leavePay()
			return
		}
		t.back()
	case "operator":
		t.pressOperator(rest)
	case "receipts":
		t.openReceipts()
	case "device":
		t.visit(ScreenDevice)
	case "copy":
		t.copyReceipt(rest)
	case "drawer":
		t.ask(Question{Kind: askDrawer})
	case "reprint":
		t.reprint(rest)
	case "job":
		t.pressJob(rest)
	case "banner":
		t.pressBanner(rest)
	case "history":
		t.pressHistory()
	case "notices":
		t.Durable.Notices = nil
	case "help":
		t.ask(Question{Kind: askHelp})
	case "dialog":
		t.answer(rest)
	}
}

func (t *turn) pressBanner(rest string) {
	switch rest {
	case "receipts":
		t.openReceipts()
	case "device", "parked":
		t.visit(Screen(rest))
	}
}

func (t *turn) ask(a Question) {
	a.AtMS = t.Clock.MonoMS
	t.Visit.Ask = a
}

// typed takes text from a keyboard as taps on the keys of the screen.
func (t *turn) typed(text string) {
	for _, r := range text {
		switch r {
		case '\n', '\r':
			t.tapFirst("dialog:dismiss", "cash-ok", "till-ok", "ok", "settle", "mail-ok", "next", "key:enter")
		case '\x1b':
			t.tapFirst("dialog:dismiss", "dialog:keep", "dialog:stay", "back")
		case '\b', '\x7f':
			t.tap("key:backspace")
		default:
			t.typedRune(r)
		}
	}
}

// tapFirst taps the first of the ids that is on the screen.
func (t *turn) tapFirst(ids ...string) {
	v := t.View()
	for _, id := range ids {
		if _, ok := v.Target(id); ok {
			t.tap(id)
			return
		}
	}
}

// typedRune begins a search where nothing else takes letters.
func (t *turn) typedRune(r rune) {
	if !unicode.IsPrint(r) {
		return
	}
	switch t.Visit.Screen {
	case ScreenAttract, ScreenSale, ScreenPrice:
		t.tap("search")
	case ScreenPay:
		if unicode.IsDigit(r) {
			t.tap("way:cash")
		}
	}
	if r == ' ' {
		t.tap("key:space")
		return
	}
	t.tap("key:" + string(r))
}

// key takes one key of the keypad or of the on-screen keyboard.
func (t *turn) key(k string) {
	switch t.Visit.Screen {
	case ScreenSearch:
		t.searchKey(k)
		return
	case ScreenCode:
		t.codeKey(k)
		return
	case ScreenMail:
		t.mailKey(k)
		return
	case ScreenCustomer, ScreenBuyerName, ScreenBuyerPhone:
		t.customerKey(k)
		return
	}
	t.Visit.Error = ""
	switch k {
	case "clear":
		t.Visit.Entry = ""
	case "backspace":
		t.Visit.Entry = t.Visit.Entry[:max(0, len(t.Visit.Entry)-1)]
	default:
		t.digits(k)
	}
}

// digits appends to what is typed on a keypad, without leading zeros.
func (t *turn) digits(k string) {
	entry := strings.TrimLeft(t.Visit.Entry+k, "0")
	if len(entry) > t.maxDigits() {
		t.sound(Refused)
		return
	}
	if entry == "" {
		entry = "0"
	}
	t.Visit.Entry = entry
}

func (t *turn) maxDigits() int {
	switch {
	case t.Visit.Screen == ScreenQuantity:
		return 4
	case t.Visit.Screen == ScreenDiscount && t.Visit.Percent:
		return 3
	}
	return 8
}

// entered is what is typed on the keypad.
func (s State) entered() Cents { return Cents(number(s.Visit.Entry)) }

// number reads what only ever holds digits; anything else is 0.
func number(s string) int64 {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		return 0
	}
	return n
}
