package flow

import (
	"slices"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/slip"
	"kickstand/protocol/till"
)

// Till is the session of the drawer. It outlives a restart at every step, so that
// a count begun before a power cut goes on after it.
type Till struct {
	Phase    TillPhase            `json:"phase"`
	Session  string               `json:"session"` // empty while the till is shut
	Number   int64                `json:"number"`  // of the last Z report made here
	OpenedMS int64                `json:"opened_ms"`
	Figures  protocol.TillFigures `json:"figures"` // since the opening
	CutMS    int64                `json:"cut_ms"`  // when selling stopped for the count
	Count    []protocol.Pieces    `json:"count"`   // as counted so far
	Tries    int                  `json:"tries"`   // counts that were finished
	First    Cents                `json:"first"`   // what the first one came to
	Why      string               `json:"why"`     // of the variance
	Unsolved []string             `json:"unsolved"`
	Last     *protocol.TillClosed `json:"last"`   // the last Z report, to print again
	Copies   int                  `json:"copies"` // of Last
	Papers   int                  `json:"papers"` // slips and reports printed so far, for their names
}

// TillPhase is how far a till session is.
type TillPhase string

// The phases of a till session.
const (
	TillShut     TillPhase = ""         // no session
	TillOpening  TillPhase = "opening"  // the float is being counted
	TillOpen     TillPhase = "open"     // it sells
	TillCounting TillPhase = "counting" // selling has stopped, the drawer is being counted
	TillReview   TillPhase = "review"   // counted; what is missing or too much is shown
)

// counting reports whether the till needs the screen until somebody is done.
func (s State) counting() bool {
	p := s.Durable.Till.Phase
	return p == TillOpening || p == TillCounting || p == TillReview
}

// tillShut says why no money may be taken; empty when it may.
func (s State) tillShut() bool {
	return s.Durable.Settings.Till.Sessions && s.Role == protocol.Counter && s.Durable.Till.Phase != TillOpen
}

// booked adds a finished sale to the session it belongs to.
func (t *turn) booked(sale *protocol.Sale) {
	if sale.Session != "" && sale.Session == t.Durable.Till.Session {
		t.Durable.Till.Figures = till.Add(t.Durable.Till.Figures, sale)
	}
}

// session is the till session that a sale of now belongs to.
func (s State) session() string {
	if s.Durable.Till.Phase == TillOpen {
		return s.Durable.Till.Session
	}
	return ""
}

// pressTill does the buttons of the till.
func (t *turn) pressTill(verb, rest string) bool {
	switch verb {
	case "till":
		t.openTillScreen()
	case "till-open":
		t.beginFloat()
	case "till-close":
		t.askClose()
	case "till-x":
		t.paper(t.sub("x"), slip.X(t.openFigures()))
		t.toast(PartOK, wordXPrinting)
	case "till-z":
		t.reprintZ()
	case "till-in", "till-out":
		t.amountFor(verb)
	case "till-amount":
		t.amountFor("till-float")
	case "till-ok":
		t.amountDone()
	case "count":
		t.pressCount(rest)
	case "till-counted":
		t.counted()
	case "till-again":
		t.Durable.Till.Phase = TillCounting
		t.show(ScreenTillCount)
	case "till-resume":
		t.resumeSelling()
	case "till-finish":
		t.finishTill()
	default:
		return false
	}
	return true
}

// openTillScreen shows the till as it is.
func (t *turn) openTillScreen() {
	if _, ok := t.operator(); !ok {
		t.visit(ScreenOperators)
		return
	}
	t.visit(ScreenTill)
}

// tillHome is the screen of a till that needs somebody.
func (t *turn) tillHome() {
	if t.Durable.Till.Phase == TillReview {
		t.show(ScreenTillReview)
		return
	}
	t.show(ScreenTillCount)
}

func (t *turn) beginFloat() {
	if t.Durable.Till.Phase != TillShut {
		return
	}
	if _, ok := t.operator(); !ok {
		t.visit(ScreenOperators)
		return
	}
	t.Durable.Till.Phase, t.Durable.Till.Count = TillOpening, t.emptyCount()
	t.show(ScreenTillCount)
}

// emptyCount is a count of nothing, coin by coin.
func (s State) emptyCount() []protocol.Pieces {
	coins := s.Durable.Settings.Till.Coins
	if len(coins) == 0 {
		coins = []Cents{100_00, 50_00, 20_00, 10_00, 5_00, 2_00, 1_00, 25, 10, 5}
	}
	count := make([]protocol.Pieces, len(coins))
	for i, c := range coins {
		count[i].Coin = c
	}
	return count
}

// pressCount changes how many of a coin were counted, "2000:plus"; without a verb
// it leads to the keypad.
func (t *turn) pressCount(rest string) {
	coin, verb, _ := strings.Cut(rest, ":")
	i := slices.IndexFunc(t.Durable.Till.Count, func(p protocol.Pieces) bool { return p.Coin == Cents(number(coin)) })
	if i < 0 {
		return
	}
	n := t.Durable.Till.Count[i].N
	switch verb {
	case "plus":
		t.setPieces(i, n+1)
	case "minus":
		t.setPieces(i, n-1)
	default:
		t.visit(ScreenTillAmount)
		t.Visit.Move, t.Visit.Coin, t.Visit.Entry = "till-pieces", t.Durable.Till.Count[i].Coin, ""
	}
}

// maxCounted is the most pieces of one coin that can be typed.
const maxCounted = 9999

func (t *turn) setPieces(i int, n int64) {
	t.Durable.Till.Count = slices.Clone(t.Durable.Till.Count)
	t.Durable.Till.Count[i].N = min(max(n, 0), maxCounted)
}

// amountFor asks for an amount on the keypad.
func (t *turn) amountFor(what string) {
	t.visit(ScreenTillAmount)
	t.Visit.Move, t.Visit.Coin, t.Visit.Entry = what, 0, ""
}

// amountDone takes what was typed.
func (t *turn) amountDone() {
	amount, what, coin := t.entered(), t.Visit.Move, t.Visit.Coin
	if why := t.wrongAmount(what, amount); why != "" {
		t.Visit.Error = why
		t.refuse(why)
		return
	}
	switch what {
	case "till-pieces":
		t.back()
		if i := slices.IndexFunc(t.Durable.Till.Count, func(p protocol.Pieces) bool { return p.Coin == coin }); i >= 0 {
			t.setPieces(i, int64(amount))
		}
	case "till-float":
		t.openTill(amount, nil)
	case "till-in":
		t.ask(Question{Kind: askCashIn})
	case "till-out":
		t.ask(Question{Kind: askCashOut})
	}
}

// wrongAmount says why an amount cannot be taken.
func (s State) wrongAmount(what string, amount Cents) string {
	there := s.Durable.Till.Figures.Expected()
	switch {
	case what == "till-pieces" && amount > maxCounted:
		return wordManyPieces
	case (what == "till-in" || what == "till-out") && amount == 0:
		return wordTypeAmount
	case what == "till-out" && amount > there:
		return wordTooMuchOut(there)
	}
	return ""
}

// moveCash puts cash in or takes it out for a reason.
func (t *turn) moveCash(why string) {
	amount := t.entered()
	if t.Visit.Move == "till-out" {
		amount = -amount
	}
	op, ok := t.operator()
	if !ok || t.Durable.Till.Phase != TillOpen || t.wrongAmount(t.Visit.Move, t.entered()) != "" {
		t.refuse(wordWhoSells)
		return
	}
	m := &protocol.TillMoved{ID: t.sub("m"), Session: t.Durable.Till.Session, Operator: op.ID, Amount: amount, Why: why}
	t.send(Hi, m)
	t.Durable.Till.Figures = till.Move(t.Durable.Till.Figures, amount)
	t.kick(Kick{ID: t.sub("d"), Sale: m.ID, By: op.ID, Why: why})
	t.paper(m.ID, slip.Moved(m, t.Durable.Settings.Shop, clean(op.Name), t.Clock.WallMS))
	t.show(ScreenTill)
	t.Visit.Trail = []Screen{ScreenAttract}
	t.toast(PartOK, wordCashMoved(amount))
	t.sound(Accepted)
}

// openTill begins a session with a float.
func (t *turn) openTill(float Cents, count []protocol.Pieces) {
	op, ok := t.operator()
	if !ok {
		t.visit(ScreenOperators)
		return
	}
	id := t.sub("t")
	t.send(Hi, &protocol.TillOpened{ID: id, Operator: op.ID, Name: clean(op.Name), Float: float, Count: count})
	old := t.Durable.Till
	t.Durable.Till = Till{
		Phase: TillOpen, Session: id, OpenedMS: t.Clock.WallMS, Number: old.Number, Last: old.Last, Copies: old.Copies, Papers: old.Papers,
		Figures: protocol.TillFigures{Float: float},
	}
	t.home()
	t.toast(PartOK, wordTillOpened(float))
	t.sound(Accepted)
}

// resumeSelling gives the count up: an opening is forgotten, a closing goes back
// to selling.
func (t *turn) resumeSelling() {
	if t.Durable.Till.Phase == TillOpening {
		t.Durable.Till.Phase = TillShut
	} else {
		t.Durable.Till.Phase = TillOpen
	}
	t.Durable.Till.Count = nil
	t.home()
}

func (t *turn) openFigures() slip.Open {
	op, _ := t.operator()
	return slip.Open{
		Shop: t.Durable.Settings.Shop, Currency: t.Durable.Settings.Rules.Currency, Name: clean(op.Name),
		OpenedMS: t.Durable.Till.OpenedMS, NowMS: t.Clock.WallMS, Figures: t.Durable.Till.Figures,
	}
}
