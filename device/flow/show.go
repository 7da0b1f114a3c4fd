package flow

import (
	"strings"

	"kickstand/protocol"
)

// View returns what the screen shows: everything, derived from the State and
// nothing else.
func (s State) View() View {
	v := View{
		Screen: s.Visit.Screen, Kiosk: s.kiosk(), Currency: s.Durable.Settings.Rules.Currency,
		Strip: s.strip(), Banner: s.banner(), Toast: s.showToast(), Dialog: s.dialog(),
	}
	switch v.Screen {
	case ScreenSale:
		s.showSale(&v)
	case ScreenSearch:
		s.showSearch(&v)
	case ScreenQuantity:
		s.showQuantity(&v)
	case ScreenDiscount:
		s.showDiscount(&v)
	case ScreenPay:
		s.showWays(&v)
	case ScreenBasket:
		s.showBasket(&v)
	case ScreenCash:
		s.showPay(&v)
	case ScreenPart:
		s.showPart(&v)
	case ScreenCode:
		s.showCode(&v)
	case ScreenGift:
		s.showGift(&v)
	case ScreenTender:
		s.showTender(&v)
	case ScreenDone:
		s.showDone(&v)
	case ScreenQR:
		s.showQR(&v)
	case ScreenMail:
		s.showMail(&v)
	case ScreenParked:
		s.showParked(&v)
	case ScreenOperators:
		s.showOperators(&v)
	case ScreenTotal:
		s.showTotal(&v)
	case ScreenReceipts:
		s.showReceipts(&v)
	case ScreenDevice:
		s.showDevice(&v)
	case ScreenPrice:
		s.showPriceCheck(&v)
	default:
		if !s.showTillScreens(&v) && !s.showRefundScreens(&v) && !s.showSpecialScreens(&v) && !s.showCustomerScreens(&v) {
			s.showAttract(&v)
		}
	}
	return v
}

func (s State) kiosk() bool { return s.Role == protocol.Kiosk }

func (s State) showToast() *Toast {
	n := s.Visit.Toast
	if n.Text == "" {
		return nil
	}
	t := &Toast{State: n.State, Text: n.Text}
	if n.Undo && len(s.Visit.Undo) > 0 && s.Visit.Screen == ScreenSale {
		t.Button = &Button{ID: "toast:undo", Label: wordUndo, Icon: "undo", Enabled: true}
	}
	return t
}

// strip is the quiet line of status.
func (s State) strip() Strip {
	shop := s.Durable.Settings.Shop
	st := Strip{Shop: shop.Name, Time: clockText(s.Clock.WallMS, shop.UTCOffset)}
	st.Items = append(st.Items, s.networkItem())
	if !s.kiosk() {
		op, _ := s.operator()
		st.Operator = op.Name
		st.Items = append(st.Items, s.partItem("printer"))
	}
	st.Items = append(st.Items, s.partItem("scanner"))
	if !s.kiosk() {
		st.Items = append(st.Items, s.outboxItem())
	}
	return st
}

func (s State) networkItem() StripItem {
	item := StripItem{Icon: "network", State: PartOK}
	switch {
	case !s.World.Linked:
		item.State, item.Text = PartWarning, wordConnecting
	case !s.World.Online:
		item.State, item.Text = PartWarning, wordOffline
	}
	return item
}

// partItem is the worst health of a kind of peripheral; its name is the icon's.
func (s State) partItem(kind string) StripItem {
	item := StripItem{Icon: kind, State: PartOK}
	for _, p := range s.World.Parts {
		if name, _, _ := strings.Cut(p.Name, ":"); name == kind && worse(p.State, item.State) {
			item.State, item.Text = p.State, orElse(p.Detail, wordPart(p.Name)+": "+string(p.State))
		}
	}
	return item
}

func worse(a, b PartState) bool {
	rank := map[PartState]int{PartOK: 0, PartWarning: 1, PartDown: 2}
	return rank[a] > rank[b]
}

func (s State) outboxItem() StripItem {
	item := StripItem{Icon: "outbox", State: PartOK}
	if s.World.Waiting > 0 && !s.World.Online {
		item.State, item.Text = PartWarning, wordWaitingEvents(s.World.Waiting)
	}
	switch {
	case s.World.Filled >= 95:
		item.State, item.Text = PartDown, itoa(s.World.Filled)+" % full"
	case s.World.Filled >= 80:
		item.State, item.Text = PartWarning, itoa(s.World.Filled)+" % full"
	}
	return item
}

// banner is the worst trouble that lasts.
func (s State) banner() *Banner {
	if s.kiosk() {
		return s.kioskBanner()
	}
	printer, journal, clock := s.part("printer"), s.part("journal"), s.part("clock")
	calls := s.callBanner()
	switch {
	case journal.State == PartDown:
		return &Banner{State: PartDown, Text: wordJournalDown(journal.Detail)}
	case s.World.Filled >= 95:
		return &Banner{State: PartDown, Text: wordOutboxFull}
	case printer.State == PartDown:
		return &Banner{State: PartDown, Text: wordPrinterBanner(printer), Button: s.heldButton()}
	case calls != nil:
		return calls
	case s.held() > 0:
		return &Banner{State: PartWarning, Text: wordHeld(s.held()), Button: s.heldButton()}
	case len(s.Durable.Notices) > 0:
		return &Banner{State: PartWarning, Text: s.Durable.Notices[len(s.Durable.Notices)-1].Text, Button: s.noticeButton()}
	case s.World.Filled >= 80:
		return &Banner{State: PartWarning, Text: wordOutboxFilled}
	case s.scannerWords() != "":
		return &Banner{State: PartWarning, Text: s.scannerWords()}
	case s.World.Linked && !s.World.Online:
		return &Banner{State: PartWarning, Text: wordOfflineBanner(s.World.Why, s.ready())}
	case clock.State != PartOK:
		return &Banner{State: PartWarning, Text: clock.Detail}
	case printer.State == PartWarning:
		return &Banner{State: PartWarning, Text: wordPrinterBanner(printer)}
	}
	return nil
}

func (s State) kioskBanner() *Banner {
	if s.scannerWords() == wordScannerDown {
		return &Banner{State: PartWarning, Text: wordScannerKiosk}
	}
	if len(s.Durable.Cart.Lines) > 0 && !s.Durable.Cart.Locked && s.cannotTake(protocol.Card) != "" {
		return &Banner{State: PartWarning, Text: wordSelfNoCards}
	}
	return nil
}

// scannerWords is what to do about scanners that do not answer; empty while all do.
func (s State) scannerWords() string {
	down, up := 0, 0
	for _, p := range s.World.Parts {
		name, _, _ := strings.Cut(p.Name, ":")
		switch {
		case name == "scanner" && p.State == PartDown:
			down++
		case name == "scanner":
			up++
		}
	}
	switch {
	case down == 0:
		return ""
	case up > 0:
		return wordScannerOther
	}
	return wordScannerDown
}

// heldButton leads to the waiting receipts, unless they are on the screen.
func (s State) heldButton() *Button {
	if s.held() == 0 || s.Visit.Screen == ScreenReceipts {
		return nil
	}
	return &Button{ID: "banner:receipts", Label: wordReceipts, Icon: "receipt", Enabled: true}
}

// noticeButton leads to the notices, unless they are on the screen.
func (s State) noticeButton() *Button {
	if s.Visit.Screen == ScreenDevice {
		return nil
	}
	return &Button{ID: "banner:device", Label: wordDevice, Icon: "info", Enabled: true}
}

// held counts the receipts that wait for a person.
func (s State) held() int {
	n := 0
	for _, j := range s.Durable.Jobs {
		if j.Phase == Held {
			n++
		}
	}
	return n
}

// button returns an enabled button, or a disabled one when there is a why.
func button(id, label, icon string, kind Kind, why string) Button {
	return Button{ID: id, Label: label, Icon: icon, Kind: kind, Enabled: why == "", Why: why}
}

func backButton() Button { return button("back", wordBack, "back", Normal, "") }

func (s State) drawerButton(id string) Button {
	why := ""
	if _, ok := s.operator(); !ok {
		why = wordWhoSells
	}
	return button(id, wordDrawer, "drawer", Normal, why)
}
