package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"kickstand/hub/hubtest"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// order has somebody order something at a counter, with a deposit of 20.00.
func (s *shop) order(n int, kind protocol.SpecialKind, who string) string {
	s.t.Helper()
	id := fmt.Sprintf("order-%d", n)
	sale := hubtest.NewTill("counter-1", "C1").Sale(hubtest.Item(1))
	l := money.Line{Qty: 1, Unit: 20_00, Fixed: true}
	sale.ID, sale.Slip, sale.Operator = "deposit-"+id, fmt.Sprintf("C1-90000%d", n), "op-jules"
	sale.Lines[0] = protocol.SaleLine{N: 1, Item: protocol.DepositItem, Name: "Deposit", Loads: id, LoadsAs: protocol.Deposit, Money: l}
	sale.Totals, _ = money.Compute(money.Document{Rules: sale.Rules, Lines: []money.Line{l}})
	sale.Payments, sale.Rounding = []protocol.Payment{{ID: sale.ID + "-p", Tender: protocol.Cash, Amount: 20_00, Tendered: 20_00}}, 0
	s.say(protocol.Evt, "counter-1", sale)
	s.say(protocol.Evt, "counter-1", &protocol.SpecialPlaced{SpecialInfo: protocol.SpecialInfo{
		ID: id, Order: kind, Who: who, Sale: sale.ID, Slip: sale.Slip, Operator: "op-jules", Total: 120_00, Deposit: 20_00, Currency: "CAD",
		Lines: []protocol.SpecialLine{{Item: "itm-000001", Name: "Blue bicycle", Qty: 2}},
	}, Cart: json.RawMessage(`{"lines":[]}`)})
	return id
}

func TestCustomersOrdersInTheOffice(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-jules")
	v.get("/specials", http.StatusOK, "Nothing is ordered")
	one, two := s.order(1, protocol.SpecialOrder, "Quill Field"), s.order(2, protocol.Layaway, "Vera Moss")
	page := v.get("/specials", http.StatusOK, "Quill Field", "Vera Moss", "2 × Blue bicycle", "laid away", "100.00", "C1-900001")
	plainPage(t, "/specials", page)
	page = v.get("/specials/"+one, http.StatusOK, "It has arrived", "scan receipt C1-900001 at a counter")
	plainPage(t, "/specials/"+one, page)
	if strings.Contains(page, "keep the deposit by right") {
		t.Error("a salesperson is offered to keep a deposit")
	}
	v.send("/specials/"+one, url.Values{"do": {"keep"}, "sure": {"1"}}, http.StatusUnprocessableEntity, "may keep a deposit")
	v.send("/specials/"+one, url.Values{"do": {"arrive"}}, http.StatusOK, "Noted as arrived", "arrived,")
	owner := s.signedIn("op-maren")
	owner.send("/specials/"+two, url.Values{"do": {"arrive"}}, http.StatusUnprocessableEntity, "has gone on meanwhile")
	owner.send("/specials/"+two, url.Values{"do": {"keep"}}, http.StatusUnprocessableEntity, "Say that the shop may keep the deposit.")
	owner.send("/specials/"+two, url.Values{"do": {"keep"}, "sure": {"1"}}, http.StatusOK, "Cancelled. The shop keeps $20.00.", "cancelled,")
	owed, err := s.store.Owed(t.Context(), 0, 1<<60)
	if err != nil || owed[2].Kept != 20_00 || owed[2].Closing != 20_00 || owed[2].Loaded != 40_00 {
		t.Errorf("owed: %+v, %v", owed, err)
	}
	for _, word := range []string{"Quill", "Vera"} {
		if strings.Contains(s.journal(), word) {
			t.Errorf("the journal says %q", word)
		}
	}
	if !strings.Contains(s.journal(), `special.keep order-2 {"deposit":2000,"state":"cancelled"}`) {
		t.Errorf("the journal:\n%s", s.journal()[max(0, len(s.journal())-300):])
	}
	if page, _ := s.get("/specials", http.StatusOK); strings.Contains(page, "Quill") {
		t.Error("names are shown to whoever comes by")
	}
	s.signedIn("op-kai").get("/specials", http.StatusForbidden, "see customers")
	owner.get("/specials/nothing", http.StatusNotFound)
}
