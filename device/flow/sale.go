package flow

import (
	"errors"
	"slices"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// maxTotal is the largest sale this till closes; above it a quantity or a
// price was surely mistyped.
const maxTotal Cents = 1_000_000_00

// start begins a sale, or at the kiosk a search.
func (t *turn) start() {
	if t.Role == protocol.Kiosk {
		t.openSearch()
		return
	}
	t.show(ScreenSale)
}

// next leaves the finished sale for a new one, at a kiosk for the resting screen.
func (t *turn) next() {
	t.reset()
	if !t.kiosk() {
		t.show(ScreenSale)
	}
}

// scan takes a barcode to wherever the person is.
func (t *turn) scan(h Scanned) {
	code := clean(h.Code)
	if t.Visit.Screen == ScreenCode && t.Visit.Ask.Kind == "" {
		t.codeScanned(code)
		return
	}
	if why := t.busy(); why != "" {
		t.refuse(why)
		return
	}
	items := t.sold(t.World.Items.ByCode(code))
	switch {
	case len(items) == 1:
		t.found(items[0], code)
	case len(items) > 1:
		t.choose(items, code)
	case t.Role == protocol.Counter && (t.recent(code) >= 0 || slipLike.MatchString(code)):
		t.ask(Question{Kind: askReceipt, Code: code})
	case t.cardScanned(code, h.Wrong):
	case h.Wrong:
		t.ask(Question{Kind: askMisread, Code: code})
		t.sound(Refused)
	default:
		t.ask(Question{Kind: askUnknown, Code: code})
		t.sound(Refused)
	}
}

// scanTrouble says gently that something unreadable came from a scanner.
func (t *turn) scanTrouble() { t.refuse(wordScanTrouble) }

// busy says why a scan cannot be taken now; empty when it can. A scan is never
// kept for later: it would land in the next customer's sale.
func (t *turn) busy() string {
	switch t.Visit.Ask.Kind {
	case "", askUnknown, askMisread, askReceipt, askHelp, askCard, askCardTop:
	default:
		return wordAnswerFirst
	}
	switch {
	case !t.ready():
		return wordNotReady
	case t.counting(), t.Visit.Screen == ScreenTillAmount:
		return wordCountFirst
	case t.Durable.Cart.Locked:
		return wordPayFirst
	case t.Visit.Screen == ScreenRefund:
		return wordAnswerFirst
	case t.Visit.Screen == ScreenQuantity, t.Visit.Screen == ScreenDiscount:
		return wordNumberFirst
	}
	return ""
}

// sold drops items that are no longer sold.
func (t *turn) sold(items []catalogue.Item) []catalogue.Item {
	return slices.DeleteFunc(slices.Clone(items), func(i catalogue.Item) bool { return i.Retired })
}

func (t *turn) found(item catalogue.Item, code string) {
	t.moveOn()
	t.Visit.Ask = Question{}
	if t.Role == protocol.Kiosk {
		t.met(item, code)
		return
	}
	t.add(item, code)
}

// choose asks which of several items with one barcode it is.
func (t *turn) choose(items []catalogue.Item, code string) {
	t.sound(Attention)
	if len(items) <= maxChoices {
		t.ask(Question{Kind: askChoose, Code: code, Items: items})
		return
	}
	t.openSearch()
	t.Visit.Query, t.Visit.Hits = code, items[:min(len(items), maxHits)]
}

// maxChoices is how many items fit into a dialog.
const maxChoices = 4

// add puts one piece of an item into the sale.
func (t *turn) add(item catalogue.Item, code string) {
	next, at := t.begun(), 0
	if item.Serialised && next.pieces(item.ID) > 0 {
		t.refuse(wordSerialTwice(itemName(item)))
		return
	}
	line := t.newLine(item, code)
	next.Lines = slices.Clone(next.Lines)
	if at = slices.IndexFunc(next.Lines, line.joins); at >= 0 {
		next.Lines[at].Money.Qty++
		next.Lines[at].OnHand = line.OnHand
	} else {
		at = len(next.Lines)
		next.Lines = append(next.Lines, line)
	}
	why := t.wrong(next)
	if protocol.CheckID(item.ID) != nil {
		why = wordBadItem
	}
	if why != "" {
		t.refuse(why)
		return
	}
	t.moveOn()
	t.Durable.Finished = false
	t.change(next, wordAdded(line.Name))
	t.afterAdd(at + 1)
}

func (t *turn) afterAdd(line int) {
	undo := t.Visit.Undo
	t.Visit = Visit{Screen: t.Visit.Screen, Toast: t.Visit.Toast}
	t.show(ScreenSale)
	t.Visit.Undo, t.Visit.Fresh = undo, line
	t.sound(Accepted)
}

// begun is the open sale, or a new one.
func (t *turn) begun() Basket {
	if t.Durable.Cart.ID != "" {
		return t.Durable.Cart
	}
	return Basket{ID: t.id, OpenedMS: t.Clock.WallMS, Rules: t.Durable.Settings.Rules}
}

func (t *turn) newLine(item catalogue.Item, code string) Line {
	return Line{
		Item: item.ID, SKU: clean(item.SKU), Name: itemName(item), Detail: itemDetail(item), Barcode: code,
		TaxCategory: clean(item.TaxCategory), Serialised: item.Serialised, OnHand: item.OnHand,
		Catalogue: t.World.Items.Version(),
		Money:     money.Line{Qty: 1, Unit: item.Price, Taxes: slices.Clone(item.Taxes)},
	}
}

// joins reports whether a new line is one more piece of an existing one: the
// same item at the same price and taxes.
func (l Line) joins(other Line) bool {
	return l.Of == nil && l.Loads == "" && l.Item == other.Item && !other.Serialised && other.Money.Unit == l.Money.Unit &&
		other.Money.Discount.Amount == 0 && slices.Equal(other.Money.Taxes, l.Money.Taxes)
}

// wrong says why the sale cannot become next; empty when it can.
func (t *turn) wrong(next Basket) string {
	if next.placing() && len(next.Lines) > 1 {
		return wordDepositAlone
	}
	totals, err := money.Compute(next.document())
	var limit *money.LimitError
	switch {
	case errors.As(err, &limit):
		return wordLimit(limit)
	case err != nil:
		return err.Error()
	case totals.Total > maxTotal, totals.Gross > maxTotal:
		return wordTooMuch(totals.Gross)
	case totals.Total < -maxTotal, totals.Total < 0 && next.Back == nil:
		return wordNegative(totals.Total)
	}
	if t.kiosk() {
		return t.beyondSelf(next.count(), totals.Total)
	}
	return t.overDiscount(next, totals)
}

// change makes next the sale and remembers how it was.
func (t *turn) change(next Basket, words string) {
	undo := append(slices.Clone(t.Visit.Undo), Undo{Cart: t.Durable.Cart, Words: words})
	t.Visit.Undo = undo[max(0, len(undo)-maxUndo):]
	t.Visit.Fresh = 0
	if t.Visit.Toast.Undo {
		t.Visit.Toast = Note{}
	}
	t.Durable.Cart = next
	t.showCounters()
}

// undo takes back the last change.
func (t *turn) undo() {
	n := len(t.Visit.Undo)
	if n == 0 {
		return
	}
	last := t.Visit.Undo[n-1]
	t.Visit.Undo = slices.Clone(t.Visit.Undo[:n-1])
	t.Durable.Cart = last.Cart
	t.Visit.Chosen, t.Visit.Fresh = 0, 0
	t.toast(PartOK, wordUndone(last.Words))
}

// pressLine does the buttons of one line, "2" or "2:plus".
func (t *turn) pressLine(rest string) {
	at, verb, _ := strings.Cut(rest, ":")
	n := int(number(at))
	switch verb {
	case "":
		if t.Visit.Chosen == n {
			n = 0
		}
		t.Visit.Chosen, t.Visit.Fresh = n, 0
	case "plus":
		t.setQty(n, t.Durable.Cart.Lines[n-1].Money.Qty+1)
	case "minus":
		t.setQty(n, t.Durable.Cart.Lines[n-1].Money.Qty-1)
	case "qty":
		t.visit(ScreenQuantity)
		t.Visit.Entry = ""
	case "discount":
		t.openDiscount(n)
	case "remove":
		t.remove(n)
	}
}

// setQty changes the pieces of a line and reports whether it could.
func (t *turn) setQty(n int, qty int64) bool {
	next := t.Durable.Cart
	next.Lines = slices.Clone(next.Lines)
	next.Lines[n-1].Money.Qty = qty
	if why := t.wrong(next); why != "" {
		t.Visit.Error = why
		t.refuse(why)
		return false
	}
	t.change(next, wordQtySet(next.Lines[n-1].Name, qty))
	return true
}

func (t *turn) remove(n int) {
	if t.unplace() {
		return
	}
	next := t.Durable.Cart
	name := next.Lines[n-1].Name
	next.Lines = slices.Delete(slices.Clone(next.Lines), n-1, n)
	if len(next.Lines) == 0 {
		next.Discount = money.Discount{}
	}
	if len(next.wishes()) == 0 {
		next.Back = nil
	}
	if why := t.wrong(next); why != "" {
		t.refuse(why)
		return
	}
	t.change(next, wordRemoved(name))
	t.Visit.Chosen = 0
	if t.kiosk() && len(next.Lines) == 0 {
		t.reset()
	}
	t.toast(PartOK, wordRemoved(name))
	t.Visit.Toast.Undo = true
}

// keypadDone takes the number typed for a quantity or a discount.
func (t *turn) keypadDone() {
	switch {
	case t.Visit.Entry == "":
		t.Visit.Error = wordTypeNumber
		t.sound(Refused)
	case t.Visit.Screen == ScreenDiscount:
		t.takeDiscount(t.typedDiscount())
	case t.Visit.Screen == ScreenDeposit:
		t.placeOrder(t.entered())
	case t.Visit.Screen == ScreenGift:
		t.loadGift(t.entered())
	case t.Visit.Screen == ScreenPart:
		t.takePart(t.entered())
	case t.entered() == 0:
		t.Visit.Error = wordUseRemove
		t.sound(Refused)
	default:
		if t.setQty(t.Visit.Chosen, int64(t.entered())) {
			t.back()
		}
	}
}

// void throws the sale away, unless money was taken for it meanwhile.
func (t *turn) void() {
	if !t.free() {
		t.refuse(wordGiveBackFirst)
		return
	}
	if t.unplace() {
		return
	}
	t.letGo(t.Durable.Cart)
	if t.Durable.Cart.Locked {
		t.letStockGo(t.Durable.Cart.ID)
	}
	t.Durable.Cart = Basket{}
	t.reset()
	t.toast(PartOK, wordVoided)
}
