package flow

import (
	"strings"

	"kickstand/protocol"
)

// showPay takes the customer's cash.
func (s State) showPay(v *View) {
	due, rounding := s.due()
	p := &Pay{
		Total: due - rounding, Rounding: rounding, Due: due,
		Entered: s.entryText(), Error: s.Visit.Error,
	}
	if s.cannotTake(protocol.Cash) == "" {
		p.Quick = quickCash(due, s.Durable.Settings.Notes)
	}
	why := ""
	given := s.entered()
	switch {
	case s.Visit.Entry == "" && due > 0:
		why = wordTypeCash
	case given < due:
		p.Short = due - given
		why = wordShort(p.Short)
	default:
		p.Change = given - due
		why = s.wrongCash(due, given)
	}
	if p.Error == "" && s.Visit.Entry != "" && p.Short == 0 {
		p.Error = s.wrongCash(due, given)
	}
	v.Title, v.Pay = wordCashTitle, p
	v.Buttons = []Button{backButton(), button("cash-ok", wordTake, "check", Primary, orElse(s.cannotTake(protocol.Cash), why))}
}

// showDone is the finished sale: the change, and how the receipt fares.
func (s State) showDone(v *View) {
	v.Title = wordDoneTitle
	next := s.endButton()
	if len(s.Durable.Recent) == 0 {
		v.Done = &Done{}
		v.Buttons = []Button{next}
		return
	}
	r := s.Durable.Recent[0]
	d := &Done{
		Slip: r.Sale.Slip, Total: r.Sale.Totals.Total, Receipt: PartOK, Words: r.Receipt,
		Synced: s.World.Online && s.World.Waiting == 0,
	}
	d.count(r.Sale.Payments)
	copying := ""
	if i := s.job(r.Sale.Slip); i >= 0 {
		j := s.Durable.Jobs[i]
		d.Receipt, d.Words = s.jobLook(j)
		v.Buttons = append(v.Buttons, s.jobButtons(j)...)
		copying = wordJobWaiting
	}
	v.Done = d
	d.Mailed = s.Visit.Mailed
	if s.kiosk() {
		s.showSelfDone(v, r)
		return
	}
	v.Buttons = append(append(v.Buttons, s.paperlessButtons(r)...), button("reprint", wordCopy, "printer", Normal, orElse(copying, copiesLeft(r))), next)
}

// count adds up what was paid. Without cash it says how instead of the change.
func (d *Done) count(paid []protocol.Payment) {
	cash := false
	var words []string
	for _, p := range paid {
		d.Rounding += p.Rounding
		d.Paid += p.Tendered
		d.Change += p.Change
		cash = cash || p.Tender == protocol.Cash
	}
	for _, p := range (Basket{Paid: paid}).kept() {
		words = append(words, wordPayment(p))
	}
	if !cash {
		d.By = strings.Join(words, ", ")
	}
}

func copiesLeft(r Recent) string {
	if r.Copies >= maxCopies {
		return wordCopiesEnough
	}
	return ""
}

// jobLook is how a job shows: its state and its words.
func (s State) jobLook(j Job) (PartState, string) {
	printer := s.part("printer")
	switch {
	case j.Phase == Begun && printer.State == PartDown:
		return PartWarning, wordPrintStops
	case j.Phase == Begun:
		return PartWarning, wordPrinting
	case j.Phase != Held:
		return PartWarning, wordQueued
	case j.Why != "":
		return PartDown, j.Why
	case printer.State == PartDown:
		return PartDown, wordPrinterDown(printer.Detail)
	}
	return PartWarning, wordPrinterBack
}

// jobButtons is what a person can do about a receipt that is not on paper.
func (s State) jobButtons(j Job) []Button {
	id, busy, label := "job:"+j.Slip+":", "", wordPrint
	if j.Copy > 0 {
		label = wordPrintAgain
	}
	switch {
	case j.Phase == Begun && s.Clock.MonoMS-j.MonoMS < stuckMS:
		busy = wordStillPrints
	case j.Phase == Begun:
		return []Button{button(id+"skip", wordSkip, "close", Normal, "")}
	case j.Phase == Queued:
		return []Button{button(id+"skip", wordSkip, "close", Normal, "")}
	}
	return []Button{
		button(id+"print", label, "printer", Normal, busy),
		button(id+"skip", wordSkip, "close", Normal, busy),
	}
}
