package flow

import (
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/till"
)

// The screens of the till.
const (
	ScreenTill       Screen = "till"        // the drawer's session and what can be done with it
	ScreenTillCount  Screen = "till-count"  // how many of each coin and note are in the drawer
	ScreenTillAmount Screen = "till-amount" // keypad: pieces, a float, cash in or out
	ScreenTillReview Screen = "till-review" // counted, expected, and the difference
)

// The questions of the till's dialogs.
const (
	askUnsolved = "unsolved" // something is not settled at the close
	askVariance = "variance" // why is there more or less in the drawer?
	askCashIn   = "cash-in"  // why is cash put in?
	askCashOut  = "cash-out" // why is cash taken out?
)

// showTillScreens shows a screen of the till and reports whether it was one.
func (s State) showTillScreens(v *View) bool {
	switch v.Screen {
	case ScreenTill:
		s.showTill(v)
	case ScreenTillCount:
		s.showCount(v)
	case ScreenTillAmount:
		s.showAmount(v)
	case ScreenTillReview:
		s.showReview(v)
	default:
		return false
	}
	return true
}

// showTill says how the drawer's session stands.
func (s State) showTill(v *View) {
	c := s.Durable.Till
	v.Title, v.List = wordTill, &List{}
	add := func(title, detail, value string) {
		v.List.Rows = append(v.List.Rows, Row{Title: title, Detail: detail, Value: value, State: PartOK})
	}
	v.Buttons = []Button{backButton()}
	if c.Phase != TillOpen {
		add(wordTillIsShut, wordTillShutText, "")
		if c.Last != nil {
			add(wordZ(c.Last.Number), clockText(c.Last.ClosedMS, c.Last.Shop.UTCOffset)+" · "+c.Last.Name, c.Last.Figures.Total.String())
			v.Buttons = append(v.Buttons, button("till-z", wordZAgain, "printer", Normal, ""))
		}
		v.Buttons = append(v.Buttons, button("till-open", wordOpenTill, "drawer", Primary, ""))
		return
	}
	f := c.Figures
	add(wordTillIsOpen, wordOpenSince(clockText(c.OpenedMS, s.Durable.Settings.Shop.UTCOffset)), f.Float.String())
	add(wordReceiptsSoFar, plural(int(f.Sales), "sale", "sales")+refundWords(f.Refunds), f.Total.String())
	if f.In != 0 {
		add(wordCashPutIn, "", f.In.String())
	}
	if f.Out != 0 {
		add(wordCashTakenOut, "", (-f.Out).String())
	}
	selling := ""
	if len(s.Durable.Cart.Lines) > 0 {
		selling = wordSaleFirst
	}
	v.Buttons = append(v.Buttons,
		button("till-in", wordCashIn, "plus", Normal, ""),
		button("till-out", wordCashOut, "minus", Normal, ""),
		button("till-x", wordXReport, "printer", Normal, ""),
		button("till-close", wordCloseTill, "check", Primary, selling),
	)
}

func refundWords(n int64) string {
	if n == 0 {
		return ""
	}
	return ", " + plural(int(n), "refund", "refunds")
}

// showCount lists coins and notes with how many there are.
func (s State) showCount(v *View) {
	c := s.Durable.Till
	v.Title, v.Hint, v.List = wordCountTitle(till.Sum(c.Count)), wordCountHint, &List{}
	for _, p := range c.Count {
		id := "count:" + itoa(int(p.Coin))
		none := ""
		if p.N == 0 {
			none = wordNoneCounted
		}
		v.List.Rows = append(v.List.Rows, Row{
			Title: p.Coin.String(), Value: (p.Coin * Cents(p.N)).String(), State: PartOK,
			Buttons: []Button{
				button(id+":minus", "−", "", Normal, none),
				button(id, itoa(int(p.N)), "", Normal, ""),
				button(id+":plus", "+", "", Normal, ""),
			},
		})
	}
	give, done := button("till-resume", wordGoOnSelling, "back", Normal, ""), button("till-counted", wordCountDone, "check", Primary, "")
	if c.Phase == TillOpening {
		give.Label, done.Label = wordCancel, wordOpenTill
		v.Buttons = []Button{give, button("till-amount", wordTypeSum, "keyboard", Normal, ""), done}
		return
	}
	v.Buttons = []Button{give, done}
}

// showAmount is the keypad of the till.
func (s State) showAmount(v *View) {
	k := &Keypad{Label: wordTillAmount(s.Visit.Move), Value: s.entryText(), Unit: "$", Error: s.Visit.Error}
	if s.Visit.Move == "till-pieces" {
		k.Label, k.Value, k.Unit = wordPiecesOf(s.Visit.Coin), s.Visit.Entry, wordPieces
	}
	v.Title, v.Keypad = k.Label, k
	v.Buttons = []Button{backButton(), button("till-ok", wordOK, "check", Primary, "")}
}

// showReview shows the difference, after the count and not before.
func (s State) showReview(v *View) {
	c := s.Durable.Till
	v.Title, v.List = wordReviewTitle, &List{}
	add := func(title, detail string, value Cents, state PartState) {
		v.List.Rows = append(v.List.Rows, Row{Title: title, Detail: detail, Value: value.String(), State: state})
	}
	add(wordCounted, wordCountN(c.Tries), till.Sum(c.Count), PartOK)
	add(wordShouldBe, wordShouldBeHow(c.Figures), c.Figures.Expected(), PartOK)
	state, why := PartOK, wordAgrees
	if d := c.variance(); d != 0 {
		state, why = PartWarning, orElse(c.Why, wordDiffers(d))
	}
	add(wordDifference, why, c.variance(), state)
	v.Buttons = []Button{
		button("till-resume", wordGoOnSelling, "back", Normal, ""),
		button("till-again", wordCountAgain, "undo", Normal, ""),
		button("till-finish", wordCloseTill, "check", Primary, ""),
	}
}

func wordShouldBeHow(f protocol.TillFigures) string {
	words := fmt.Sprintf("float %v", f.Float)
	for _, t := range f.Tenders {
		if t.Tender == protocol.Cash {
			words += fmt.Sprintf(", cash from sales %v", t.Taken-t.Back)
		}
	}
	if f.In != 0 {
		words += fmt.Sprintf(", put in %v", f.In)
	}
	if f.Out != 0 {
		words += fmt.Sprintf(", taken out %v", f.Out)
	}
	return words
}
