package flow

import (
	"fmt"
	"regexp"

	"kickstand/protocol"
)

// The screens of taking things back.
const (
	ScreenRefund Screen = "refund" // which lines of a receipt come back
	ScreenGive   Screen = "give"   // where the money goes back to
)

// slipLike is what the number of a receipt looks like.
var slipLike = regexp.MustCompile(`^([A-Z0-9]{1,8}-[0-9]{6,10})$`)

// showRefundScreens shows a screen of a refund and reports whether it was one.
func (s State) showRefundScreens(v *View) bool {
	switch v.Screen {
	case ScreenRefund:
		s.showRefund(v)
	case ScreenGive:
		s.showGive(v)
	default:
		return false
	}
	return true
}

// showRefund lists the lines of a receipt with how many of each come back.
func (s State) showRefund(v *View) {
	f := s.Visit.Found
	v.Title, v.List = wordRefundTitle, &List{Empty: wordNothingToTake}
	v.Buttons = []Button{backButton()}
	if f == nil {
		return
	}
	v.Title = wordRefundOf(f.Sale.Slip)
	any, some := false, false
	for i := range f.Sale.Lines {
		v.List.Rows = append(v.List.Rows, s.takeRow(f, i))
		any, some = any || canComeBack(f, i), some || s.Visit.Take[i] > 0
	}
	none, all := "", ""
	if !some {
		none = wordChooseLines
	}
	if !any {
		none, all = wordNothingToTake, wordNothingToTake
	}
	if s.World.Inquiry.Ask != "" {
		none = wordAskingText
	}
	v.Buttons = append(v.Buttons, button("take-all", wordTakeAll, "undo", Normal, all), button("take-back", wordTakeBack, "check", Primary, none))
}

func (s State) takeRow(f *protocol.SaleFound, i int) Row {
	l, id := f.Sale.Lines[i], "take:"+itoa(i+1)
	n := s.Visit.Take[i]
	row := Row{Title: l.Name, Detail: wordSold(l.Money.Qty, f.Returned[i]), State: PartOK}
	if i < len(f.Sale.Totals.Lines) {
		row.Value = f.Sale.Totals.Lines[i].Total.String()
	}
	if !canComeBack(f, i) {
		return row
	}
	less, more := "", ""
	if n == 0 {
		less = wordNoneChosen
	}
	if n >= l.Money.Qty-f.Returned[i] {
		more = wordAllChosen
	}
	row.Buttons = []Button{
		button(id+":minus", "−", "", Normal, less),
		button(id+":plus", wordBackCount(n), "", Normal, more),
	}
	return row
}

// showGive says where the money goes.
func (s State) showGive(v *View) {
	c := s.Durable.Cart
	v.Title, v.List = wordGiveTitle, &List{Empty: wordNothingToTake}
	if c.Back == nil { // never: only a refund shows it
		v.Buttons = []Button{backButton()}
		return
	}
	var sum Cents
	for _, p := range c.Paid {
		if p.Amount < 0 {
			v.List.Rows = append(v.List.Rows, Row{Title: wordPayment(p), Detail: wordWentBack, Value: (-p.Amount).String(), State: PartOK})
		}
	}
	offline := ""
	for _, g := range c.toGive() {
		sum += g.Amount
		row := Row{Title: g.Words, Detail: wordGoesBack(g.Tender), Value: g.Amount.String(), State: PartOK}
		if g.Tender.ByHub() && !s.World.Online {
			offline = wordNeedsHub(g.Tender)
		}
		v.List.Rows = append(v.List.Rows, row)
	}
	credit := button("give-credit", wordAsCredit, "tag", Normal, "")
	switch {
	case !s.World.Online:
		credit.Enabled, credit.Why = false, wordNeedsHub(protocol.Credit)
	case c.Back.Credit:
		credit.Label = wordAsPaid
	}
	v.Buttons = []Button{
		button("back", wordBack, "back", Normal, s.cannotLeave()), credit,
		button("give", wordGiveAmount(sum), "check", Primary, offline),
	}
}

// The words of taking things back.
const (
	wordRefund         = "Refund"
	wordRefundTitle    = "What comes back?"
	wordNothingToTake  = "Nothing of this receipt can come back any more."
	wordChooseLines    = "Choose what comes back first."
	wordTakeAll        = "All of it"
	wordTakeBack       = "Take back"
	wordNoneChosen     = "None of these are chosen."
	wordAllChosen      = "More cannot come back."
	wordGiveTitle      = "Give the money back"
	wordWentBack       = "given back"
	wordAsCredit       = "As store credit"
	wordAsPaid         = "As it was paid"
	wordRefundOffline  = "A refund needs the connection to the office, which is away. Keep the receipt and try again later."
	wordTakenBack      = "Scan more for an exchange, or go on to the payment."
	wordReturnsChanged = "Another till took some of it back meanwhile. Look at the lines again."
	wordReturnFixed    = "What comes back is as it was sold. Remove the line to change it."
	wordRefundHow      = "Scan the barcode of the receipt, or type its number into the search, such as C1-000123."
	wordReceiptOther   = "Another till may have made it. Print it again, or take something of it back."
	whyCashRefund      = "cash refund"
)

func wordMayRefund(o protocol.Operator) string {
	return o.Name + " may not give money back. Ask a colleague, and tap the name above to change the person."
}

func wordLooking(code string) string { return "Looking up receipt " + code + " …" }

func wordOneReceipt(slip string) string {
	return "This sale gives back receipt " + slip + " already. Finish it first, then take the other one."
}

func wordRefundOf(slip string) string { return "What comes back of " + slip + "?" }

func wordFromReceipt(slip string) string { return "from receipt " + slip }

func wordSold(qty, back int64) string {
	if back == 0 {
		return fmt.Sprintf("%d sold", qty)
	}
	return fmt.Sprintf("%d sold, %d came back", qty, back)
}

func wordBackCount(n int64) string {
	if n == 0 {
		return "+"
	}
	return itoa(int(n)) + " back  +"
}

func wordGoesBack(t protocol.Tender) string {
	switch t {
	case protocol.Cash:
		return "from the drawer"
	case protocol.External:
		return "on the other terminal, by hand"
	case protocol.Credit:
		return "a new store credit, printed with its code"
	}
	return "goes back by itself"
}

func wordGiveAmount(c Cents) string { return "Give back " + amount(c) }
