package flow

import (
	"regexp"
	"slices"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// What a code is typed for, beside the tenders.
const (
	wayBalance protocol.Tender = "balance" // to see what is on a card
	wayLoad    protocol.Tender = "load"    // to put money on it
)

// askCard shows what is on a card; its Code is the answer in words.
const askCard = "card"

// giftLike is what the codes of the hub's own cards look like.
var giftLike = regexp.MustCompile(`^KS[0-9A-HJKMNP-TV-Z]{13}$`)

// GiftTalk is a question about a card that is out. It is not kept over a restart:
// nothing has moved, and it is asked again.
type GiftTalk struct {
	Ask  string // id of the Ask, empty when none is out
	Code string // of the card; empty: a new one is made up
	Load Cents  // to be put on; 0: what is on it?
}

// pressGift does the buttons of gift cards.
func (t *turn) pressGift(verb, rest string) bool {
	switch verb {
	case "gift-amount":
		t.loadGift(Cents(number(rest)))
	case "gift-code":
		t.typeCode(wayLoad)
	case "gift-balance":
		t.typeCode(wayBalance)
	case "gift-new":
		t.Visit.Card = ""
	default:
		return false
	}
	return true
}

// typeCode leads to where a code is scanned or typed.
func (t *turn) typeCode(way protocol.Tender) {
	t.visit(ScreenCode)
	t.Visit.Way, t.Visit.Query = way, ""
}

// openGift asks how much is put on a card.
func (t *turn) openGift(code string) {
	t.visit(ScreenGift)
	t.Visit.Card, t.Visit.Entry = code, ""
}

// giftCode takes the code of a card that is to be loaded, or asked about.
func (t *turn) giftCode(way protocol.Tender, code string) {
	if why := t.cannotGift(); why != "" {
		t.Visit.Error = why
		t.sound(Refused)
		return
	}
	if way == wayLoad {
		t.back()
		t.Visit.Card, t.Visit.Entry = code, ""
		return
	}
	t.askGift(GiftTalk{Code: code})
}

// askGift asks the hub about a card.
func (t *turn) askGift(g GiftTalk) {
	g.Ask = t.sub("a")
	t.World.Gift = g
	t.do(Ask{ID: g.Ask, Body: &protocol.GiftAsk{ID: g.Ask, Code: g.Code, Load: g.Load}})
	t.toast(PartOK, wordAskingText)
}

// loadGift asks whether an amount may be put on the card, and for the code of a new
// one.
func (t *turn) loadGift(amount Cents) {
	least, most := t.Durable.Settings.Gift.Bounds()
	card := t.Visit.Card
	has := func(l Line) bool { return card != "" && protocol.PlainCode(l.Loads) == protocol.PlainCode(card) }
	why := t.cannotGift()
	switch {
	case why != "":
	case t.World.Gift.Ask != "":
		why = wordAskingText
	case amount < least:
		why = wordGiftLeast(least)
	case amount > most:
		why = wordGiftMost(most)
	case slices.ContainsFunc(t.Durable.Cart.Lines, has):
		why = wordGiftTwice
	}
	if why != "" {
		t.Visit.Error = why
		t.sound(Refused)
		return
	}
	t.askGift(GiftTalk{Code: card, Load: amount})
}

// giftAnswered takes the hub's word about a card.
func (t *turn) giftAnswered(h Answered) bool {
	g := t.World.Gift
	if h.ID == "" || h.ID != g.Ask {
		return false
	}
	t.World.Gift = GiftTalk{}
	told, ok := h.Body.(*protocol.GiftTold)
	switch {
	case !ok || told.Check() != nil:
		t.refuse(wordGiftOffline)
	case g.Load > 0:
		t.addGift(g, told)
	default:
		t.Visit.Toast = Note{}
		if !t.kiosk() && t.Visit.Screen == ScreenCode {
			t.back()
		}
		t.Visit.Card = g.Code
		t.ask(Question{Kind: askCard, Code: wordHolds(told)})
		if told.Account == protocol.Gift && !t.kiosk() {
			t.Visit.Ask.Kind = askCardTop
		}
		t.sound(Accepted)
	}
	return true
}

// giftFailed says why nothing is known of a card, or nothing may be put on it.
func (t *turn) giftFailed(h AskFailed) bool {
	if h.ID == "" || h.ID != t.World.Gift.Ask {
		return false
	}
	t.World.Gift = GiftTalk{}
	why := wordGiftOffline
	if h.Refused {
		why = orElse(clean(h.Why), why)
	}
	if t.Visit.Screen == ScreenGift || t.Visit.Screen == ScreenCode {
		t.Visit.Error = why
	}
	t.refuse(why)
	return true
}

// addGift puts a card into the sale. The money is on it once the sale is with the hub.
func (t *turn) addGift(g GiftTalk, told *protocol.GiftTold) {
	if t.Visit.Screen != ScreenGift || t.Durable.Cart.Locked || told.Load != g.Load {
		return // somebody went on with something else
	}
	next := t.begun()
	code := g.Code
	if code == "" {
		code = clean(told.Code)
	}
	next.Lines = append(slices.Clone(next.Lines), Line{
		Item: protocol.GiftItem, Name: wordGiftLine(code), Detail: wordGiftDetail(g.Code == ""), Catalogue: t.World.Items.Version(),
		Loads: code, Fresh: g.Code == "", Money: money.Line{Qty: 1, Unit: g.Load, Fixed: true},
	})
	if why := t.wrong(next); why != "" {
		t.Visit.Error = why
		t.refuse(why)
		return
	}
	t.moveOn()
	t.Durable.Finished = false
	t.change(next, wordAdded(wordGift))
	t.afterAdd(len(next.Lines))
}

// cannotGift says why no card can be sold, loaded or looked up now; empty when one can.
func (s State) cannotGift() string {
	switch {
	case !s.World.Online:
		return wordGiftOffline
	case s.Durable.Cart.Locked:
		return wordPayFirst
	}
	return ""
}

// forGift is how much of what is due may be paid by gift card or store credit: all but
// the gift cards in the sale.
func (c Basket) forGift() Cents {
	most, totals := c.totals().Total, c.totals()
	for i, l := range c.Lines {
		if l.Loads != "" && l.LoadsAs != protocol.Deposit {
			most -= totals.Lines[i].Total
		}
	}
	for _, p := range c.Paid {
		if p.Tender == protocol.Gift || p.Tender == protocol.Credit {
			most -= p.Amount
		}
	}
	return max(0, min(most, c.rest().Other))
}

// dueBy is what a tender takes: what is due, but gift cards are not bought with others.
func (s State) dueBy(tender protocol.Tender) Cents {
	if tender == protocol.Gift || tender == protocol.Credit {
		return min(s.dueOther(), s.Durable.Cart.forGift())
	}
	return s.dueOther()
}

// loads reports whether the cart puts money on a card or a deposit.
func (c Basket) loads() bool {
	return slices.ContainsFunc(c.Lines, func(l Line) bool { return l.Loads != "" })
}

// vouchers prints the cards whose codes were made up for the sale: whoever has the
// paper has the money.
func (t *turn) vouchers(c Basket, sale *protocol.Sale) {
	for i, l := range c.Lines {
		if l.Fresh {
			t.paper(sale.ID, slip.Gift(sale.Shop, sale.Rules.Currency, sale.Totals.Lines[i].Total, l.Loads, t.Clock.WallMS))
		}
	}
}

// masked is the sale as the till keeps it: without the codes of cards.
func masked(sale *protocol.Sale) *protocol.Sale {
	kept := *sale
	kept.Lines = slices.Clone(sale.Lines)
	for i := range kept.Lines {
		if l := &kept.Lines[i]; l.Loads != "" {
			l.Loads = protocol.MaskCode(l.Loads)
		}
	}
	return &kept
}

// cardScanned takes the code of a card: the one that is loaded, or one of the shop's
// own, to see what is on it.
func (t *turn) cardScanned(code string, wrong bool) bool {
	switch {
	case t.Visit.Screen == ScreenGift && !wrong && code != "" && len(code) <= protocol.MaxCode:
		t.Visit.Ask = Question{}
		t.Visit.Card, t.Visit.Error = code, ""
		t.sound(Accepted)
	case giftLike.MatchString(protocol.PlainCode(code)):
		t.lookUp(code)
	default:
		return false
	}
	return true
}

// lookUp asks what is on a card that was scanned.
func (t *turn) lookUp(code string) {
	t.Visit.Ask = Question{}
	if why := t.cannotGift(); why != "" {
		t.refuse(why)
		return
	}
	t.askGift(GiftTalk{Code: code})
}

// cardDialog says what is on a card.
func cardDialog(a Question) *Dialog {
	title, text, _ := strings.Cut(a.Code, "\n")
	d := &Dialog{State: PartOK, Title: title, Text: text, Buttons: []Button{
		{ID: "dialog:dismiss", Label: wordClose, Icon: "close", Enabled: true},
	}}
	if a.Kind == askCardTop {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:top-up", Label: wordTopUp, Icon: "plus", Enabled: true})
	}
	return d
}
