package web_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// order makes an order of ten pieces and returns its page.
func (v *visitor) order(item string) string {
	v.t.Helper()
	page := v.send("/orders/new", url.Values{"supplier": {"Nordrad GmbH"}, "expected": {"2026-06-20"}, "n-" + item: {"10"}}, http.StatusOK, "The order is made", "Nordrad GmbH")
	return regexp.MustCompile(`action="(/orders/[0-9a-f]+)"`).FindStringSubmatch(page)[1]
}

func TestAnOrderArrivesInPartsAndNeverTwice(t *testing.T) {
	s := traded(t)
	lead, sales, item := s.signedIn("op-tomas"), s.signedIn("op-jules"), s.item("itm-000100")
	path := lead.order(item.ID)
	lead.send(path, url.Values{"code": {item.SKU}, "pieces": {"10"}, "cost": {"3.33"}}, http.StatusOK, "10 pieces")
	lead.send(path, url.Values{"code": {"no such code"}, "pieces": {"1"}}, http.StatusUnprocessableEntity, "No single item", `value="no such code"`)
	got := "got-" + item.ID
	values := url.Values{"form": {sales.token(path)}, got: {"4"}}
	sales.post(path+"/receive", values, http.StatusOK, "Received 4 pieces")
	sales.post(path+"/receive", values, http.StatusOK, "Received 4 pieces")
	if now := s.item(item.ID); now.OnHand != item.OnHand+4 || now.Cost != money.Cents(3_33) {
		t.Errorf("%d on hand, before %d; cost %v", now.OnHand, item.OnHand, now.Cost)
	}
	token := func() []string { return []string{sales.token(path)} }
	sales.post(path+"/receive", url.Values{"form": token(), got: {"7"}}, http.StatusUnprocessableEntity, "Only 6 pieces are expected", "More arrived than was ordered", `value="7"`)
	sales.post(path+"/receive", url.Values{"form": token(), got: {""}}, http.StatusUnprocessableEntity, "Type how many pieces arrived")
	sales.post(path+"/receive", url.Values{"form": token(), got: {"-1"}}, http.StatusUnprocessableEntity, "between 0 and")
	sales.post(path+"/receive", url.Values{"form": token(), got: {"7"}, "more": {"1"}}, http.StatusOK, "Received 7 pieces")
	if now := s.hand(item.ID); now != item.OnHand+11 {
		t.Errorf("%d on hand, before %d", now, item.OnHand)
	}
	sales.post(path, url.Values{"form": token(), "do": {"close"}}, http.StatusForbidden, "may change stock")
	last := token()
	lead.send(path, url.Values{"do": {"close"}}, http.StatusOK, "Closed.")
	sales.post(path+"/receive", url.Values{"form": last, got: {"1"}}, http.StatusUnprocessableEntity, "The order is closed")
	s.signedIn("op-kai").post(path+"/receive", url.Values{"form": last, got: {"1"}}, http.StatusForbidden, "may receive deliveries")
	lead.get("/orders", http.StatusOK, "Closed", "Nordrad GmbH")
	lead.get("/stock/"+item.ID, http.StatusOK, "Received", "Nordrad GmbH")
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestWhatRunsLowIsOrderedAtOnce(t *testing.T) {
	s := traded(t)
	lead := s.signedIn("op-tomas")
	err := s.store.MoveStock(t.Context(), []store.StockChange{{Item: "itm-000100", Delta: 1 - s.hand("itm-000100"), Reason: "count"}})
	if err != nil {
		t.Fatal(err)
	}
	page := lead.get("/orders/new?low=1", http.StatusOK)
	values := url.Values{"form": {tokenField.FindStringSubmatch(page)[1]}, "supplier": {""}}
	for _, m := range regexp.MustCompile(`name="(n-[^"]+)" value="(\d*)"`).FindAllStringSubmatch(page, -1) {
		values.Set(m[1], m[2])
	}
	if values.Get("n-itm-000100") == "" {
		t.Fatal("nothing is suggested of what runs low")
	}
	page = lead.post("/orders/new?low=1", values, http.StatusUnprocessableEntity, "Say from whom", `value="`+values.Get("n-itm-000100")+`"`)
	values.Set("supplier", "Nordrad GmbH")
	values.Set("form", tokenField.FindStringSubmatch(page)[1])
	lead.post("/orders/new?low=1", values, http.StatusOK, "The order is made", s.item("itm-000100").SKU)
	if page = lead.get("/orders/new?low=1", http.StatusOK); !strings.Contains(page, `name="n-itm-000100" value=""`) {
		t.Error("what is on its way is suggested again")
	}
}

// TestSalesDuringACountDoNoHarm counts an item, sells it, and books the count.
func TestSalesDuringACountDoNoHarm(t *testing.T) {
	s := traded(t)
	lead, sales := s.signedIn("op-tomas"), s.signedIn("op-jules")
	sold, item := s.stocked()
	err := s.store.MoveStock(t.Context(), []store.StockChange{{Item: item.ID, Delta: 20 - s.hand(item.ID), Reason: "count"}})
	if err != nil {
		t.Fatal(err)
	}
	page := lead.send("/counts/new", url.Values{"category": {item.Category}, "blind": {"1"}}, http.StatusOK, "Open. Several people")
	path := regexp.MustCompile(`"(/counts/[0-9a-f]+)/review"`).FindStringSubmatch(page)[1]
	sheet := path + "?q=" + url.QueryEscape(item.SKU)
	if page = sales.get(sheet, http.StatusOK, item.Name); strings.Contains(page, "In the books") {
		t.Error("a blind sheet shows the books")
	}
	field := "c-" + item.ID
	sales.send(sheet, url.Values{field: {"many"}}, http.StatusUnprocessableEntity, "whole number", `value="many"`)
	sales.send(sheet, url.Values{field: {"17"}}, http.StatusOK, "Noted: 1 item.")
	before := s.hand(item.ID)
	sold.ID, sold.Slip, sold.Payments[0].ID = "sold-meanwhile", "C1-900003", "sold-meanwhile-p1"
	s.say(protocol.Evt, "counter-1", &sold)
	gone := before - s.hand(item.ID)
	if gone < 1 {
		t.Fatal("nothing was sold meanwhile")
	}
	lead.send(sheet, url.Values{field: {fmt.Sprint(18 - gone)}}, http.StatusOK, "Noted") // Tomas counts again, after the sale: two are missing
	sales.post(path+"/review", url.Values{"form": {sales.token(sheet)}, "do": {"book"}}, http.StatusForbidden, "may change stock")
	late := sales.token(sheet)
	lead.get(path+"/review", http.StatusOK, "Tomas", "−2")
	values := url.Values{"form": {lead.token(path + "/review")}, "do": {"book"}}
	lead.post(path+"/review", values, http.StatusOK, "Booked: 1 item corrected.")
	lead.post(path+"/review", values, http.StatusOK, "Booked: 1 item corrected.")
	if got := s.hand(item.ID); got != 18-gone {
		t.Errorf("%d on hand, want %d", got, 18-gone)
	}
	sales.post(sheet, url.Values{"form": {late}, field: {"3"}}, http.StatusUnprocessableEntity, "closed")
	lead.get("/stock/"+item.ID, http.StatusOK, "Counted", "stocktake 1: counted")
	lead.get("/counts", http.StatusOK, "booked")

	page = lead.send("/counts/new", url.Values{}, http.StatusOK, "The whole shop", "In the books")
	path = regexp.MustCompile(`"(/counts/[0-9a-f]+)/review"`).FindStringSubmatch(page)[1]
	lead.send(path, url.Values{field: {"500"}}, http.StatusOK)
	lead.send(path+"/review", url.Values{"do": {"drop"}}, http.StatusOK, "Dropped")
	if got := s.hand(item.ID); got != 18-gone {
		t.Errorf("a dropped stocktake moved stock: %d", got)
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}
