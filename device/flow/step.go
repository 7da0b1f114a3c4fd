package flow

import (
	"slices"
	"strconv"

	"kickstand/protocol"
)

// Step returns the State after an event and what has to be done in the world.
// It reads nothing but its arguments and changes nothing its arguments refer
// to: the same State and Event always give the same result.
func Step(s State, e Event) (State, []Effect) {
	t := &turn{State: s, id: e.NewID, secret: e.Secret}
	t.Clock.WallMS, t.Clock.MonoMS = e.WallMS, e.MonoMS
	t.expire()
	t.happen(e.Is)
	t.askAround()
	t.setWake()
	return t.State, t.effects
}

// turn is the work sheet of one Step.
type turn struct {
	State
	id      string // the event's NewID
	ids     int    // sub ids given out
	secret  string // the event's
	effects []Effect
	owed    []Kick // drawer pulses of cash taken in this step
}

func (t *turn) happen(h Happening) {
	switch h := h.(type) {
	case Booted:
		t.boot()
	case Ticked:
		t.tick()
	case Tapped:
		t.touched()
		t.tap(h.ID)
	case Typed:
		t.touched()
		t.stay()
		t.typed(h.Text)
	case Scanned:
		t.touched()
		t.stay()
		t.scan(h)
	case ScanTrouble:
		t.scanTrouble()
	case PartChanged:
		t.partChanged(h)
	case Printed:
		t.printed(h)
	case Kicked:
		t.kicked(h)
	default:
		t.told(h)
	}
}

// told takes what the hub, the link and the journal say.
func (t *turn) told(h Happening) {
	switch h := h.(type) {
	case LinkChanged:
		t.linked(h)
	case HubAcked:
		t.World.Waiting = max(0, h.Waiting)
	case HubRejected:
		t.notice(wordRejected(h))
	case SettingsChanged:
		t.settings(h.Settings)
	case CatalogueChanged:
		t.catalogue(h.Index)
	case CatalogueLoading:
		t.World.Have, t.World.Total = h.Have, h.Total
	case ClockChecked:
		t.clockChecked(h.OffsetMS)
	case JournalRecovered:
		t.recovered(h.Why)
	case SlipsSeen:
		t.Durable.Slips = max(t.Durable.Slips, h.Last)
		t.Durable.Till.Number = max(t.Durable.Till.Number, h.Reports)
	case OutboxFilled:
		t.World.Filled = h.Percent
	case HistoryAccepted:
		t.historyAccepted(h.Code)
	default:
		t.heard(h)
	}
}

// heard takes answers to questions, and what the hub says unasked.
func (t *turn) heard(h Happening) {
	switch h := h.(type) {
	case Answered:
		_ = t.sealAnswered(h) || t.tenderAnswered(h) || t.refundAnswered(h) || t.giftAnswered(h) || t.specialAnswered(h) || t.cartAnswered(h) || t.copyAnswered(h) || t.reserveAnswered(h) || t.pictureAnswered(h) || t.customerAnswered(h)
	case AskFailed:
		_ = t.sealFailed(h) || t.tenderFailed(h) || t.refundFailed(h) || t.giftFailed(h) || t.specialFailed(h) || t.cartFailed(h) || t.copyFailed(h) || t.pictureFailed(h) || t.customerFailed(h)
		t.keptSelf(h.ID)
	case Told:
		t.heardUnasked(h.Body)
	}
}

func (t *turn) heardUnasked(body protocol.Body) {
	switch b := body.(type) {
	case *protocol.SealTold:
		t.sealTold(b)
	case *protocol.TenderState:
		t.tenderTold(b)
	case *protocol.CartList:
		t.cartsTold(b)
	case *protocol.TenderWays:
		t.World.Ways = append([]protocol.TenderWay{}, b.Ways...)
	}
}

// linked takes the news that the hub can be reached, or no longer.
func (t *turn) linked(h LinkChanged) {
	t.World.Linked, t.World.Online, t.World.Why = true, h.Online, phrase(h.Why)
	if h.Online {
		t.relinked()
		t.askCarts()
		t.askClaim()
		t.forgetBuyer()
		t.World.SealAsk = ""
		t.askSeal()
	}
}

// boot continues after a start of the process, whatever ended the last one.
func (t *turn) boot() {
	t.Visit = Visit{}
	t.Clock = Clock{WallMS: t.Clock.WallMS, MonoMS: t.Clock.MonoMS, TouchMS: t.Clock.MonoMS}
	t.bootJobs()
	t.bootKicks()
	t.bootSeal()
	if t.Durable.Finished && t.Role == protocol.Counter {
		t.show(ScreenDone)
		return
	}
	if t.free() {
		t.unlock()
	}
	t.home()
	if len(t.Durable.Cart.Lines) > 0 && !t.Durable.Cart.Locked {
		t.toast(PartOK, wordSaleKept)
	}
}

// home shows the screen to begin or go on from.
func (t *turn) home() {
	if t.counting() {
		t.tillHome()
		return
	}
	if t.Durable.Cart.Locked {
		t.paying()
		return
	}
	if t.Role == protocol.Counter && t.Durable.Cart.ID != "" {
		t.show(ScreenSale)
		return
	}
	if t.kiosk() && len(t.Durable.Cart.Lines) > 0 {
		t.show(ScreenBasket)
		return
	}
	t.show(ScreenAttract)
}

// reset forgets everything about the person who was here.
func (t *turn) reset() {
	t.Visit = Visit{}
	t.Durable.Finished = false
	if t.kiosk() && t.free() {
		t.wipe()
	}
	t.home()
}

// show changes to a screen from which back leads nowhere.
func (t *turn) show(s Screen) {
	t.enter(s)
	t.Visit.Trail = nil
}

// visit changes to a screen from which back leads here.
func (t *turn) visit(s Screen) {
	trail := append(slices.Clone(t.Visit.Trail), t.Visit.Screen)
	if i := slices.Index(trail, s); i >= 0 {
		trail = trail[:i]
	}
	if len(trail) > maxTrail {
		trail = trail[1:]
	}
	t.enter(s)
	t.Visit.Trail = trail
}

// back returns to where visit came from.
func (t *turn) back() {
	n := len(t.Visit.Trail)
	if n == 0 {
		t.Durable.Cart = t.nonEmpty()
		t.Durable.Finished = false
		t.home()
		return
	}
	to := t.Visit.Trail[n-1]
	t.enter(to)
	t.Visit.Trail = slices.Clone(t.Visit.Trail[:n-1])
}

// nonEmpty is the cart unless it is empty.
func (t *turn) nonEmpty() Basket {
	if len(t.Durable.Cart.Lines) == 0 {
		return Basket{}
	}
	return t.Durable.Cart
}

func (t *turn) enter(s Screen) {
	if s == ScreenAttract {
		t.Visit = Visit{Toast: t.Visit.Toast}
	}
	t.Visit.Screen = s
	t.Visit.Ask = Question{}
	t.Visit.Fresh, t.Visit.Error, t.Visit.Paying = 0, "", false
}

// sub returns a fresh id made from the event's.
func (t *turn) sub(kind string) string {
	t.ids++
	return t.id + "-" + kind + strconv.Itoa(t.ids)
}

func (t *turn) do(e Effect) { t.effects = append(t.effects, e) }

func (t *turn) send(s Stream, b protocol.Body) {
	t.World.Waiting++
	t.do(Send{Stream: s, Body: b})
}

func (t *turn) sound(tone Tone) { t.do(Sound{Tone: tone}) }

// toastMS is how long a toast stays.
const toastMS = 6000

func (t *turn) toast(state PartState, text string) {
	t.Visit.Toast = Note{State: state, Text: text, UntilMS: t.Clock.MonoMS + toastMS}
}

// moveOn takes away a toast that the person has answered by doing something
// else. What broke stays for its time.
func (t *turn) moveOn() {
	if t.Visit.Toast.State != PartDown {
		t.Visit.Toast = Note{}
	}
}

// refuse says why something did not happen.
func (t *turn) refuse(why string) {
	t.toast(PartWarning, why)
	t.sound(Refused)
}

func (t *turn) notice(text string) {
	all := append(slices.Clone(t.Durable.Notices), Notice{WallMS: t.Clock.WallMS, Text: clean(text)})
	t.Durable.Notices = all[max(0, len(all)-maxNotices):]
	t.sound(Attention)
}
