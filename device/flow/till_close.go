package flow

import (
	"slices"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/slip"
	"kickstand/protocol/till"
)

// askClose stops selling for the count. What is not settled is named first, and
// then only a manager may go on.
func (t *turn) askClose() {
	switch {
	case t.Durable.Till.Phase != TillOpen:
	case len(t.unsolved()) > 0:
		t.ask(Question{Kind: askUnsolved})
	default:
		t.cutOff()
	}
}

// cutOff is the moment from which sales belong to the next session.
func (t *turn) cutOff() {
	till := &t.Durable.Till
	till.Phase, till.CutMS, till.Count, till.Unsolved = TillCounting, t.Clock.WallMS, t.emptyCount(), t.unsolved()
	till.Tries, till.First, till.Why = 0, 0, ""
	t.do(Keep{})
	t.show(ScreenTillCount)
}

// unsolved names what stands in the way of a clean close. What is on its way to a
// hub that answers does not: it arrives before the Z report.
func (s State) unsolved() []string {
	var all []string
	if n := s.World.Waiting; n > 0 && !s.World.Online {
		all = append(all, wordNotAtHub(n))
	}
	return append(all, s.openTenders()...)
}

// manager reports whether the person may close a till with something unsolved.
func manager(o protocol.Operator) bool { return o.Role == "owner" || o.Role == "service lead" }

// counted takes a finished count: of the float, or of the drawer at the close.
func (t *turn) counted() {
	c := &t.Durable.Till
	sum := till.Sum(c.Count)
	switch c.Phase {
	case TillOpening:
		t.openTill(sum, pieces(c.Count))
	case TillCounting:
		if c.Tries++; c.Tries == 1 {
			c.First = sum
		}
		c.Phase = TillReview
		t.do(Keep{})
		t.show(ScreenTillReview)
	}
}

// pieces leaves out the coins of which there are none.
func pieces(count []protocol.Pieces) []protocol.Pieces {
	return slices.DeleteFunc(slices.Clone(count), func(p protocol.Pieces) bool { return p.N == 0 })
}

// variance is what was counted less what should be there.
func (c Till) variance() Cents { return till.Sum(c.Count) - c.Figures.Expected() }

// mustExplain reports whether the variance needs a reason.
func (s State) mustExplain() bool {
	v := s.Durable.Till.variance()
	return (v > s.Durable.Settings.Till.Accept || -v > s.Durable.Settings.Till.Accept) && s.Durable.Till.Why == ""
}

// finishTill closes the session: its Z report is made, sent and printed once.
func (t *turn) finishTill() {
	op, ok := t.operator()
	switch {
	case t.Durable.Till.Phase != TillReview:
		return
	case !ok:
		t.visit(ScreenOperators)
		return
	case t.mustExplain():
		t.ask(Question{Kind: askVariance})
		return
	}
	c := t.Durable.Till
	z := &protocol.TillClosed{
		ID: c.Session, Number: c.Number + 1, Operator: op.ID, Name: clean(op.Name),
		OpenedMS: c.OpenedMS, CutMS: c.CutMS, ClosedMS: t.Clock.WallMS,
		Currency: t.Durable.Settings.Rules.Currency, Shop: t.Durable.Settings.Shop, Figures: c.Figures,
		Counted: till.Sum(c.Count), Count: pieces(c.Count), Tries: c.Tries, First: c.First, Why: c.Why, Open: c.Unsolved, Seal: t.mark(),
	}
	t.send(Hi, z)
	t.cosign()
	t.Durable.Till = Till{Number: z.Number, Last: z, Papers: c.Papers}
	t.queuePaper(z.ID, wordZ(z.Number), slip.Z(z, 0), 0)
	t.show(ScreenTill)
	t.Visit.Trail = []Screen{ScreenAttract}
	t.toast(PartOK, wordTillClosed(z.Number))
	t.sound(Accepted)
}

// reprintZ prints the last Z report again as a marked copy.
func (t *turn) reprintZ() {
	z := t.Durable.Till.Last
	if z == nil {
		return
	}
	if t.job(wordZ(z.Number)) >= 0 {
		t.refuse(wordJobWaiting)
		return
	}
	t.Durable.Till.Copies = min(t.Durable.Till.Copies+1, maxCopies)
	t.queuePaper(z.ID, wordZ(z.Number), slip.Z(z, 0), t.Durable.Till.Copies)
}

// paper prints a slip or an X report, once.
func (t *turn) paper(subject string, doc slip.Doc) {
	t.Durable.Till.Papers++
	t.queuePaper(subject, doc.Title+" "+itoa(t.Durable.Till.Papers), doc, 0)
}

// answerTill does the buttons of the till's dialogs.
func (t *turn) answerTill(kind, arg string) {
	switch kind {
	case askUnsolved:
		if op, ok := t.operator(); ok && manager(op) {
			t.cutOff()
		}
	case askVariance:
		t.Durable.Till.Why = varianceReasons()[number(arg)-1]
		t.finishTill()
	case askCashIn, askCashOut:
		t.moveCash(cashReasons(kind)[number(arg)-1])
	}
}

// tillDialog is the view of the till's questions.
func (s State) tillDialog(kind string) *Dialog {
	switch kind {
	case askUnsolved:
		return s.unsolvedDialog()
	case askVariance:
		return reasonDialog(wordVarianceTitle(s.Durable.Till.variance()), wordVarianceText, varianceReasons())
	case askCashIn, askCashOut:
		return reasonDialog(wordCashWhy(kind == askCashIn, s.entered()), wordCashWhyText, cashReasons(kind))
	}
	return nil
}

func (s State) unsolvedDialog() *Dialog {
	d := &Dialog{State: PartWarning, Title: wordUnsolvedTitle, Text: strings.Join(s.unsolved(), " "), Buttons: []Button{
		{ID: "dialog:dismiss", Label: wordCloseLater, Icon: "back", Enabled: true},
	}}
	if op, ok := s.operator(); ok && manager(op) {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:till", Label: wordCloseAnyway, Icon: "check", Kind: Danger, Enabled: true})
		return d
	}
	d.Text += " " + wordManagerCloses
	d.Buttons = append(d.Buttons, Button{ID: "dialog:operators", Label: wordChangePerson, Icon: "person", Kind: Primary, Enabled: true})
	return d
}

func reasonDialog(title, text string, reasons []string) *Dialog {
	d := &Dialog{State: PartOK, Title: title, Text: text}
	for i, why := range reasons {
		d.Buttons = append(d.Buttons, Button{ID: "dialog:till:" + itoa(i+1), Label: why, Enabled: true})
	}
	d.Buttons = append(d.Buttons, Button{ID: "dialog:dismiss", Label: wordCancel, Icon: "close", Kind: Quiet, Enabled: true})
	return d
}

// openTenders names the sales with a payment whose end is not known.
func (s State) openTenders() []string {
	var all []string
	for _, c := range s.owing() {
		all = append(all, wordOpenTender(c.Open, parkedTitle(c)))
	}
	for _, c := range s.Durable.Parked {
		if c.Open.ended() && c.paid() != 0 {
			all = append(all, wordPaidParked(c.paid(), parkedTitle(c)))
		}
	}
	return all
}
