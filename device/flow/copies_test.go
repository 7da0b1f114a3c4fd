package flow_test

import (
	"strings"
	"testing"

	"kickstand/device/flow"
	"kickstand/protocol"
)

// kioskSale is a sale of the kiosk as the hub finds it for a counter.
func kioskSale(t *testing.T) *protocol.SaleFound {
	t.Helper()
	_, sale := boughtAtKiosk(t)
	return &protocol.SaleFound{Sale: *sale, Number: "S-000007", Returned: make([]int64, len(sale.Lines)), Copies: 2}
}

// question is the id of the question of a kind that the last event put to the hub.
func (d *desk) question(k protocol.Kind) string {
	for _, e := range d.effects {
		if a, ok := e.(flow.Ask); ok && a.Body.Kind() == k {
			return a.ID
		}
	}
	return ""
}

// TestCopyOfAnotherDevice prints at the counter what the kiosk could not: found by
// its number, scanned or typed, or among the last sales.
func TestCopyOfAnotherDevice(t *testing.T) {
	found := kioskSale(t)
	for name, look := range map[string]func(d *desk){
		"scanned": func(d *desk) { d.scan(found.Sale.Slip); d.tap("dialog:copy") },
		"typed": func(d *desk) {
			d.tap("search")
			d.post(flow.Typed{Text: strings.ToLower(found.Sale.Slip) + "\n"})
			d.tap("dialog:copy")
		},
		"among the last": func(d *desk) {
			d.tap("receipts")
			d.post(flow.Answered{ID: d.question(protocol.KindSalesAsk), Body: &protocol.SalesLast{Sales: []protocol.SaleBrief{{Slip: found.Sale.Slip, Device: "kiosk-1", Total: 10_45}}}})
			d.tap("copy:" + found.Sale.Slip)
		},
	} {
		t.Run(name, func(t *testing.T) {
			d := openDesk(protocol.Counter)
			look(d)
			ask := d.question(protocol.KindSaleFind)
			if ask == "" {
				t.Fatalf("the hub is not asked; the screen shows %+v", d.state.View())
			}
			d.post(flow.Answered{ID: ask, Body: found})
			var paper *flow.Print
			for _, e := range d.effects {
				if p, ok := e.(flow.Print); ok {
					paper = &p
				}
			}
			if paper == nil || paper.Doc.Lines[0].Left != "COPY 3" || !strings.Contains(texts(t, paper.Doc), found.Sale.Slip) || !strings.Contains(texts(t, paper.Doc), "S-000007") {
				t.Fatalf("printed: %+v", paper)
			}
			d.post(flow.Printed{Job: paper.Job, Proof: protocol.ProofConfirmed})
			if p := sent[*protocol.ReceiptPrinted](d); p == nil || p.Sale != found.Sale.ID || p.Copy != 3 {
				t.Errorf("the hub hears %+v", p)
			}
		})
	}
}

// TestCopyWithoutTheOffice says why it cannot be had, and later what the hub said.
func TestCopyWithoutTheOffice(t *testing.T) {
	d := openDesk(protocol.Counter)
	d.post(flow.LinkChanged{Why: "no network"})
	d.scan("K1-000001")
	d.tap("dialog:copy")
	if v := d.state.View(); d.question(protocol.KindSaleFind) != "" || v.Toast == nil || !strings.Contains(v.Toast.Text, "network is back") {
		t.Errorf("it says %+v", v.Toast)
	}
	d.post(flow.LinkChanged{Online: true})
	d.scan("K1-000001")
	d.tap("dialog:copy")
	d.post(flow.AskFailed{ID: d.question(protocol.KindSaleFind), Refused: true, Why: "no receipt K1-000001 is known here"})
	if v := d.state.View(); v.Toast == nil || !strings.Contains(v.Toast.Text, "no receipt K1-000001") {
		t.Errorf("it says %+v", v.Toast)
	}
}

// TestOwnReceiptsNeedNoHub copies what this till made with the network gone, and
// lists it once.
func TestOwnReceiptsNeedNoHub(t *testing.T) {
	d, sale := boughtAtCounter(t)
	d.post(flow.Printed{Job: d.job(), Proof: protocol.ProofConfirmed})
	d.tap("next", "back", "receipts")
	d.post(flow.Answered{ID: d.question(protocol.KindSalesAsk), Body: &protocol.SalesLast{Sales: []protocol.SaleBrief{{Slip: sale.Slip, Device: "counter-1"}}}})
	if v := d.state.View(); v.List == nil || len(v.List.Rows) != 1 {
		t.Fatalf("%+v", v.List)
	}
	d.post(flow.LinkChanged{Why: "no network"})
	d.scan(sale.Slip)
	d.tap("dialog:copy")
	if !strings.Contains(texts(t, d.effects), "COPY 1") {
		t.Errorf("printed: %+v", d.effects)
	}
}
