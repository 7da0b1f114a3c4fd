package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Others is what the hub told of the shop's last sales, so that a counter can
// print a copy of a receipt that another device could not.
type Others struct {
	Ask   string               // id of the question that is out, empty when none is
	Sales []protocol.SaleBrief // newest first, never changed once here
}

// lastSales is how many sales are asked for.
const lastSales = 30

// openReceipts shows the receipts, and asks the hub for those of other devices.
func (t *turn) openReceipts() {
	t.visit(ScreenReceipts)
	if t.kiosk() || !t.World.Online {
		return
	}
	t.World.Others.Ask = t.sub("a")
	t.do(Ask{ID: t.World.Others.Ask, Body: &protocol.SalesAsk{Most: lastSales}})
}

// cannotCopy says why no copy of a receipt can be printed now; empty when it can.
func (s State) cannotCopy(slipNo string) string {
	i := s.recent(slipNo)
	switch {
	case s.job(slipNo) >= 0:
		return wordJobWaiting
	case i >= 0:
		return copiesLeft(s.Durable.Recent[i])
	case !s.World.Online:
		return wordCopyOffline
	case s.World.Copying.Ask != "":
		return wordAskingText
	}
	return ""
}

// copyReceipt prints a copy of a receipt of any device of the shop. What this one
// does not have the hub does.
func (t *turn) copyReceipt(slipNo string) {
	if why := t.cannotCopy(slipNo); why != "" {
		t.refuse(why)
		return
	}
	if t.recent(slipNo) >= 0 {
		t.reprint(slipNo)
		return
	}
	t.World.Copying = Inquiry{Ask: t.sub("a"), Slip: slipNo}
	t.do(Ask{ID: t.World.Copying.Ask, Body: &protocol.SaleFind{Code: slipNo}})
	t.toast(PartOK, wordLooking(slipNo))
}

// copyAnswered takes the hub's answer about a receipt to copy, or about the last
// sales.
func (t *turn) copyAnswered(h Answered) bool {
	switch {
	case h.ID == "":
		return false
	case h.ID == t.World.Others.Ask:
		if l, ok := h.Body.(*protocol.SalesLast); ok && l.Check() == nil {
			t.World.Others = Others{Sales: l.Sales}
		}
		return true
	case h.ID != t.World.Copying.Ask:
		return false
	}
	t.World.Copying = Inquiry{}
	f, ok := h.Body.(*protocol.SaleFound)
	if !ok || f.Check() != nil {
		t.refuse(wordCopyOffline)
		return true
	}
	n := min(max(f.Copies, 0)+1, maxCopies)
	t.queuePaper(f.Sale.ID, f.Sale.Slip, slip.Build(&f.Sale, 0, f.Number), n)
	t.toast(PartOK, wordCopyAsked(n, f.Sale.Slip))
	return true
}

// copyFailed says why a receipt cannot be copied.
func (t *turn) copyFailed(h AskFailed) bool {
	switch {
	case h.ID == "":
		return false
	case h.ID == t.World.Others.Ask:
		t.World.Others.Ask = ""
		return true
	case h.ID != t.World.Copying.Ask:
		return false
	}
	t.World.Copying = Inquiry{}
	t.refuse(orElse(clean(h.Why), wordCopyOffline))
	return true
}

// otherSales are the last sales of other devices.
func (s State) otherSales() []Row {
	var rows []Row
	for _, b := range s.World.Others.Sales {
		if s.recent(b.Slip) >= 0 || s.job(b.Slip) >= 0 {
			continue
		}
		rows = append(rows, Row{
			Title: b.Slip, Detail: clockText(b.AtMS, s.Durable.Settings.Shop.UTCOffset) + " · " + clean(b.Device),
			Value: b.Total.String(), State: PartOK,
			Buttons: []Button{button("copy:"+b.Slip, wordCopy, "printer", Normal, s.cannotCopy(b.Slip))},
		})
	}
	return rows
}
