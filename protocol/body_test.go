package protocol_test

import (
	"errors"
	"strings"
	"testing"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// exampleOf returns the body of the example of a kind.
func exampleOf[B protocol.Body](t *testing.T) B {
	t.Helper()
	var want B
	e, err := protocol.Decode(examples(t)[want.Kind()])
	if err != nil {
		t.Fatal(err)
	}
	b, err := e.Open()
	if err != nil {
		t.Fatal(err)
	}
	return b.(B)
}

func TestSaleChecksItsShape(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*protocol.Sale)
		says   string
	}{
		"no id":                {func(s *protocol.Sale) { s.ID = "" }, "sale id"},
		"strange slip":         {func(s *protocol.Sale) { s.Slip = "123" }, "slip"},
		"no operator":          {func(s *protocol.Sale) { s.Operator = "Mia the Great" }, "operator"},
		"no lines":             {func(s *protocol.Sale) { s.Lines = nil }, "at least one line"},
		"too many lines":       {func(s *protocol.Sale) { s.Lines = make([]protocol.SaleLine, protocol.MaxSaleLines+1) }, "limit"},
		"no payment":           {func(s *protocol.Sale) { s.Payments = nil }, "payment"},
		"too many payments":    {func(s *protocol.Sale) { s.Payments = make([]protocol.Payment, protocol.MaxPayments+1) }, "limit"},
		"line numbers jump":    {func(s *protocol.Sale) { s.Lines[1].N = 7 }, "numbered"},
		"line without item":    {func(s *protocol.Sale) { s.Lines[0].Item = "" }, "item"},
		"a name like a novel":  {func(s *protocol.Sale) { s.Lines[0].Name = strings.Repeat("x", 401) }, "longer"},
		"a name that beeps":    {func(s *protocol.Sale) { s.Lines[0].Name = "bell\a" }, "control"},
		"payment id twice":     {func(s *protocol.Sale) { s.Payments = append(s.Payments, s.Payments[0]) }, "twice"},
		"change does not fit":  {func(s *protocol.Sale) { s.Payments[0].Change++ }, "change"},
		"unknown tender":       {func(s *protocol.Sale) { s.Payments[0].Tender = "seashells" }, "tender"},
		"no currency":          {func(s *protocol.Sale) { s.Rules.Currency = "" }, "currency"},
		"payment without id":   {func(s *protocol.Sale) { s.Payments[0].ID = "" }, "payment 1"},
		"unknown rounding":     {func(s *protocol.Sale) { s.Rules.Mode = "hopefully" }, "mode"},
		"a token to guess":     {func(s *protocol.Sale) { s.Token = "slip-1" }, "random"},
		"barcode with newline": {func(s *protocol.Sale) { s.Lines[0].Barcode = "40\n06" }, "control"},
	} {
		t.Run(name, func(t *testing.T) {
			s := exampleOf[*protocol.Sale](t)
			c.change(s)
			if err := s.Check(); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one about %q", err, c.says)
			}
		})
	}
}

func TestBodiesThatBreakTheirRules(t *testing.T) {
	long := strings.Repeat("x", 500)
	for name, b := range map[string]protocol.Body{
		"drawer without id":           &protocol.DrawerOpened{Operator: "mia"},
		"drawer of a strange sale":    &protocol.DrawerOpened{ID: "d1", Operator: "mia", Sale: "A B"},
		"print with unknown proof":    &protocol.ReceiptPrinted{Job: "j", Sale: "s", Proof: "surely"},
		"print without job":           &protocol.ReceiptPrinted{Sale: "s", Proof: protocol.ProofSent},
		"copy minus one":              &protocol.ReceiptPrinted{Job: "j", Sale: "s", Proof: protocol.ProofSent, Copy: -1},
		"reset with a novel":          &protocol.JournalReset{Why: long},
		"gap of nothing":              &protocol.JournalGap{},
		"no last sale asked for":      &protocol.SalesAsk{},
		"a sale without a number":     &protocol.SalesLast{Sales: []protocol.SaleBrief{{Device: "kiosk-1"}}},
		"too many last sales":         &protocol.SalesLast{Sales: make([]protocol.SaleBrief, protocol.MaxLastSales+1)},
		"mail to nobody":              &protocol.ReceiptMail{ID: "m", Sale: "s"},
		"mail without a sale":         &protocol.ReceiptMail{ID: "m", Address: "a@b.ca"},
		"gap that cannot count":       &protocol.JournalGap{From: 1, To: 5, N: 4},
		"fault with unknown state":    &protocol.DeviceFault{State: "tired"},
		"birth without session":       &protocol.DeviceBirth{Role: protocol.Kiosk},
		"birth of a toaster":          &protocol.DeviceBirth{Session: "s", Role: "toaster"},
		"will without session":        &protocol.DeviceWill{},
		"report with a novel":         &protocol.DeviceReported{Program: long},
		"ack without epoch":           &protocol.HubAck{Upto: 3},
		"refusal without reason":      &protocol.HubRefused{},
		"answer before the question":  &protocol.ClockReading{ReceivedMS: 2, AnsweredMS: 1},
		"items after minus one":       &protocol.CatalogueAsk{Have: -1},
		"cursor like a novel":         &protocol.CatalogueAsk{After: long},
		"page that leads back":        &protocol.CataloguePage{From: 9, Version: 8},
		"page of a whole warehouse":   &protocol.CataloguePage{Version: 1, Items: make([]catalogue.Item, protocol.MaxPageItems+1)},
		"desired without a currency":  &protocol.HubDesired{Catalogue: 1},
		"desired operator, no name":   &protocol.HubDesired{Settings: protocol.Settings{Operators: []protocol.Operator{{ID: "mia"}}}},
		"metric with too many values": &protocol.DeviceMetric{Values: manyValues()},
	} {
		t.Run(name, func(t *testing.T) {
			if b.Check() == nil {
				t.Error("accepted")
			}
		})
	}
}

func manyValues() map[string]float64 {
	m := map[string]float64{}
	for i := range 201 {
		m[strings.Repeat("v", i+1)] = 1
	}
	return m
}

func TestTendersCheckTheirShape(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*protocol.TenderBegin, *protocol.TenderState)
		says   string
	}{
		"cash is the device's own":  {func(b *protocol.TenderBegin, _ *protocol.TenderState) { b.Tender = protocol.Cash }, "does not carry out"},
		"an amount of nothing":      {func(b *protocol.TenderBegin, _ *protocol.TenderState) { b.Amount = 0 }, "amount"},
		"no sale":                   {func(b *protocol.TenderBegin, _ *protocol.TenderState) { b.Sale = "" }, "ids"},
		"a code like a novel":       {func(b *protocol.TenderBegin, _ *protocol.TenderState) { b.Code = strings.Repeat("9", 41) }, "code"},
		"an unknown phase":          {func(_ *protocol.TenderBegin, s *protocol.TenderState) { s.Phase = "maybe" }, "phase"},
		"more taken than asked for": {func(_ *protocol.TenderBegin, s *protocol.TenderState) { s.Taken++ }, "taken"},
		"taken the wrong way":       {func(_ *protocol.TenderBegin, s *protocol.TenderState) { s.Amount, s.Taken = -5, 5 }, "taken"},
		"declined and taken":        {func(_ *protocol.TenderBegin, s *protocol.TenderState) { s.Phase = protocol.TenderDeclined }, "declined"},
	} {
		t.Run(name, func(t *testing.T) {
			b, s := exampleOf[*protocol.TenderBegin](t), exampleOf[*protocol.TenderState](t)
			if b.Check() != nil || s.Check() != nil {
				t.Fatal("the examples are not sound")
			}
			c.change(b, s)
			if err := errors.Join(b.Check(), s.Check()); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want one about %q", err, c.says)
			}
		})
	}
}

func TestReturnsNameWhatTheyGiveBack(t *testing.T) {
	s := exampleOf[*protocol.Sale](t)
	l := &s.Lines[0]
	part, err := money.Part(s.Totals.Lines[0], l.Money.Qty, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	l.Money.Qty, l.Money.Stored, l.Of = -1, &part, &protocol.Origin{Sale: "s-before", Line: 1}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	for _, change := range []func(){func() { l.Of.Line = 0 }, func() { l.Money.Stored = nil }, func() { l.Of = nil }, func() { l.Money.Qty = 1 }} {
		kept := *l
		change()
		if s.Check() == nil {
			t.Errorf("%+v is accepted", *l)
		}
		*l = kept
		l.Of = &protocol.Origin{Sale: "s-before", Line: 1}
	}
}
