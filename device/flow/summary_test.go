package flow_test

import (
	"fmt"
	"strings"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// summary is a view in a few lines for the reader of a story.
func summary(v flow.View) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, "    "+format+"\n", args...) }
	say("[%s] %s", v.Screen, v.Title)
	if v.Banner != nil {
		say("banner (%s): %s", v.Banner.State, v.Banner.Text)
	}
	sayCart(say, v)
	sayPanels(say, v)
	sayLists(say, v)
	if v.Dialog != nil {
		say("dialog (%s): %s %s", v.Dialog.State, v.Dialog.Title, v.Dialog.Text)
		for _, button := range v.Dialog.Buttons {
			say("  [%s] %s", button.ID, button.Label)
		}
	}
	if v.Toast != nil {
		say("toast (%s): %s", v.Toast.State, v.Toast.Text)
	}
	return b.String()
}

type sayer func(format string, args ...any)

func sayCart(say sayer, v flow.View) {
	if v.Cart != nil {
		sayLines(say, v.Cart.Lines)
		if v.Cart.Discount != 0 {
			say("discount %v", v.Cart.Discount)
		}
		sayTotal(say, v.Cart.Taxes, v.Cart.Total)
		if len(v.Cart.Lines) == 0 {
			say("%s", v.Cart.Empty)
		}
	}
	if v.Total != nil {
		sayLines(say, v.Total.Lines)
		if v.Total.Discount != 0 {
			say("discount %v", v.Total.Discount)
		}
		sayTotal(say, v.Total.Taxes, v.Total.Total)
	}
}

func sayLines(say sayer, lines []flow.CartLine) {
	for _, l := range lines {
		mark := ""
		if l.Chosen {
			mark += " <chosen>"
		}
		if l.Stock != "" {
			mark += " (" + l.Stock + ")"
		}
		if l.Discount != "" {
			mark = " " + l.Discount + mark
		}
		say("%d × %s at %v%s = %v", l.Qty, l.Name, l.Unit, mark, l.Price)
	}
}

func sayTotal(say sayer, taxes []flow.TaxRow, total flow.Cents) {
	row := ""
	for _, t := range taxes {
		row += fmt.Sprintf("%s %v, ", t.Label, t.Amount)
	}
	say("%stotal %v", row, total)
}

func sayPanels(say sayer, v flow.View) {
	if p := v.Pay; p != nil {
		say("due %v (total %v, rounding %v), typed %q, change %v, missing %v", p.Due, p.Total, p.Rounding, p.Entered, p.Change, p.Short)
		row := ""
		for _, q := range p.Quick {
			row += " [" + q.ID + "]"
		}
		say("quick:%s", row)
		sayError(say, p.Error)
	}
	sayPayment(say, v)
	if d := v.Done; d != nil {
		say("%s: total %v, rounding %v, paid %v, CHANGE %v", d.Slip, d.Total, d.Rounding, d.Paid, d.Change)
		say("receipt (%s): %s", d.Receipt, d.Words)
		say("with the office: %v", d.Synced)
	}
	if k := v.Keypad; k != nil {
		say("%s: %q %s", k.Label, k.Value, k.Unit)
		sayError(say, k.Error)
	}
	if p := v.Price; p != nil {
		say("%s, %s: %v %s. %s", p.Name, p.Detail, p.Price, p.Tax, p.Stock)
	}
	if l := v.Loading; l != nil {
		say("%s %s", v.Hint, l.Words)
	}
}

func sayPayment(say sayer, v flow.View) {
	if w := v.Ways; w != nil {
		say("total %v, due %v, in cash %v, this way %v", w.Total, w.Due, w.Cash, w.Part)
		sayRows(say, w.Paid)
		row := ""
		for _, q := range w.Quick {
			row += " [" + q.ID + "]"
		}
		say("quick:%s", row)
	}
	if c := v.Code; c != nil {
		say("%s %v: %q", v.Hint, c.Amount, c.Value)
		sayError(say, c.Error)
	}
	if w := v.Tender; w != nil {
		say("%s %v (%s): %s %s %d s", w.Words, w.Amount, w.State, w.Text, w.Detail, w.Seconds)
	}
}

func sayError(say sayer, text string) {
	if text != "" {
		say("error: %s", text)
	}
}

func sayLists(say sayer, v flow.View) {
	if s := v.Search; s != nil {
		say("typed %q %s", s.Query, s.Empty)
		sayRows(say, s.Hits)
	}
	if l := v.List; l != nil {
		sayRows(say, l.Rows)
		if len(l.Rows) == 0 {
			say("%s", l.Empty)
		}
	}
}

func sayRows(say sayer, rows []flow.Row) {
	for _, r := range rows {
		id := ""
		if r.ID != "" {
			id = "[" + r.ID + "] "
		}
		say("- %s%s | %s | %s (%s)", id, r.Title, r.Detail, r.Value, r.State)
		for _, button := range r.Buttons {
			say("    [%s] %s %s", button.ID, button.Label, button.Why)
		}
	}
}

// effectWords is an effect in a few words; a Wake is none of the reader's
// business.
func effectWords(e flow.Effect) string {
	switch e := e.(type) {
	case flow.Send:
		return fmt.Sprintf("sends (%s) %s", e.Stream, bodyWords(e.Body))
	case flow.Print:
		return "prints " + e.Doc.Title
	case flow.KickDrawer:
		return "opens the drawer"
	case flow.Ask:
		return "asks " + bodyWords(e.Body)
	case flow.Sound:
		return "sounds " + string(e.Tone)
	}
	return ""
}

func bodyWords(b protocol.Body) string {
	switch b := b.(type) {
	case *protocol.Sale:
		return fmt.Sprintf("sale %s by %s: total %v, paid %s, rounding %v", b.Slip, b.Name, b.Totals.Total, paidWords(b), b.Rounding)
	case *protocol.TenderBegin:
		return fmt.Sprintf("for %v by %s %s %s", b.Amount, b.Tender, b.Code, b.Of)
	case *protocol.ReceiptPrinted:
		return strings.TrimSpace(fmt.Sprintf("receipt copy %d: %s %s", b.Copy, b.Proof, b.Why))
	case *protocol.DrawerOpened:
		return fmt.Sprintf("drawer opened by %s: %s", b.Operator, b.Why)
	case *protocol.DeviceFault:
		return strings.TrimSpace(fmt.Sprintf("%s is %s %s", b.Part, b.State, b.Detail))
	}
	return string(b.Kind())
}

// paidWords is what was paid, and how when it was not cash alone.
func paidWords(s *protocol.Sale) string {
	if len(s.Payments) == 1 && s.Payments[0].Tender == protocol.Cash {
		return s.Payments[0].Amount.String()
	}
	var parts []string
	for _, p := range s.Payments {
		parts = append(parts, p.Amount.String()+" "+string(p.Tender))
	}
	return strings.Join(parts, " + ")
}

// plain is a receipt as text, 42 columns wide.
func plain(d slip.Doc) string {
	const width = 42
	var b strings.Builder
	for _, l := range d.Lines {
		switch {
		case l.Rule:
			b.WriteString(strings.Repeat("-", width))
		case l.Code != "":
			b.WriteString("||| " + l.Code + " |||")
		default:
			left := strings.Repeat(" ", l.Indent) + l.Left
			gap := max(1, width-len([]rune(left))-len([]rune(l.Right)))
			b.WriteString(strings.TrimRight(left+strings.Repeat(" ", gap)+l.Right, " "))
		}
		b.WriteString("\n")
	}
	return b.String()
}
