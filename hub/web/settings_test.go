package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// settings are what devices are told now.
func (s *shop) settings() protocol.Settings {
	s.t.Helper()
	set, err := s.store.Settings(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return set
}

// told is what the newest message to a device says.
func (s *shop) told(device string) protocol.Settings {
	s.t.Helper()
	all, err := s.store.Outbox(s.t.Context(), 1000)
	if err != nil {
		s.t.Fatal(err)
	}
	var last protocol.HubDesired
	for _, m := range all {
		if m.Kind != protocol.KindDesired || m.Device != device {
			continue
		}
		if err := json.Unmarshal([]byte(m.Body), &last); err != nil {
			s.t.Fatal(err)
		}
	}
	return last.Settings
}

var (
	choiceField = regexp.MustCompile(`(?s)<select id="([a-z]+)".*?<option value="([^"]*)" selected`)
	wasField    = regexp.MustCompile(`name="was" value="([0-9a-f]+)"`)
)

// typed are the fields of a page with all its choices.
func (v *visitor) typed(path string) url.Values {
	v.t.Helper()
	all := v.fields(path)
	all.Del("tax_category")
	for _, m := range choiceField.FindAllStringSubmatch(v.get(path, http.StatusOK), -1) {
		all.Set(m[1], m[2])
	}
	return all
}

func TestTheOwnerChangesTheLetterhead(t *testing.T) {
	s := traded(t)
	owner, lead := s.signedIn("op-maren"), s.signedIn("op-tomas")
	lead.get("/settings/letterhead", http.StatusForbidden, "Only the owner may change the shop's settings")
	fields := owner.typed("/settings/letterhead")
	fields.Set("address", "1 New Street\r\n\r\n  Victoria  ")
	fields.Set("utc", "-8")
	fields.Set("zone", "")
	look := url.Values{"look": {"1"}, "name": {fields.Get("name")}, "address": {"3 Only A Look"}, "tax": {""}, "footer": {""}, "utc": {"-8"}}
	owner.get("/settings/letterhead?"+look.Encode(), http.StatusOK, "3 Only A Look", "address=3+Only+A+Look")
	owner.get("/settings/letterhead.svg?"+look.Encode(), http.StatusOK, "3 Only A Look", "Sample bell")
	lead.get("/settings/letterhead.svg?"+look.Encode(), http.StatusForbidden, "Only the owner")
	if got := s.settings().Shop.Address[0]; got == "3 Only A Look" {
		t.Fatal("a look changed the settings")
	}
	owner.post("/settings/letterhead", fields, http.StatusOK, "Saved.", "1 New Street")
	want := []string{"1 New Street", "Victoria"}
	for who, set := range map[string]protocol.Settings{"the shop": s.settings(), "a till": s.told("counter-1")} {
		if strings.Join(set.Shop.Address, "|") != strings.Join(want, "|") || set.Shop.UTCOffset != -8*3600 || set.Shop.TaxNumber == "" {
			t.Errorf("%s has %+v", who, set.Shop)
		}
	}
	if n := s.acts("settings.shop"); n != 1 {
		t.Errorf("%d rows in the journal, want 1", n)
	}
	owner.send("/settings/letterhead", url.Values{
		"was": {owner.typed("/settings/letterhead").Get("was")}, "name": {""}, "utc": {"25"}, "tax": {strings.Repeat("9", 43)}, "footer": {"a\nb\nc\nd\ne\nf"}, "address": {strings.Repeat("x", 43)},
	}, http.StatusUnprocessableEntity, "what the shop is called", "between -14 and +14", "one line of paper", "5 lines at most", "Break it in two")
}

// TestTheShopsTimeZone sets the clock by a place, and refuses places there are not.
func TestTheShopsTimeZone(t *testing.T) {
	s := traded(t)
	owner := s.signedIn("op-maren")
	fields := owner.typed("/settings/letterhead")
	if fields.Get("zone") != "America/Vancouver" {
		t.Errorf("the page begins with %v", fields)
	}
	fields.Set("zone", "Bikes/Everywhere")
	owner.post("/settings/letterhead", fields, http.StatusUnprocessableEntity, "no time zone of this name")
	fields = owner.typed("/settings/letterhead")
	fields.Set("zone", "Asia/Kolkata")
	owner.post("/settings/letterhead", fields, http.StatusOK, "Saved.")
	if shop := s.told("counter-1").Shop; shop.Zone != "Asia/Kolkata" || shop.UTCOffset != 19800 {
		t.Errorf("a till has %+v", shop)
	}
}

// TestTwoOwnersDoNotReplaceEachOther opens one page twice and saves both.
func TestTwoOwnersDoNotReplaceEachOther(t *testing.T) {
	s := traded(t)
	one, two := s.signedIn("op-maren"), s.signedIn("op-maren")
	first, second := one.typed("/settings/kiosk"), two.typed("/settings/kiosk")
	if first.Get("items") != "15" || first.Get("most") != "500.00" {
		t.Errorf("the page begins with %v", first)
	}
	other := two.typed("/settings/rules")
	first.Set("items", "4")
	first.Set("most", "40")
	second.Set("items", "9")
	one.post("/settings/kiosk", first, http.StatusOK, "Saved.")
	page := two.post("/settings/kiosk", second, http.StatusUnprocessableEntity, "Somebody changed these settings while you typed", `value="9"`)
	if got := s.told("counter-1"); got.SelfItems != 4 || got.SelfMax != 40_00 {
		t.Errorf("devices were told %d pieces and %v", got.SelfItems, got.SelfMax)
	}
	again := url.Values{"form": {tokenField.FindStringSubmatch(page)[1]}, "was": {wasField.FindStringSubmatch(page)[1]}, "items": {"9"}, "most": {"500.00"}}
	two.post("/settings/kiosk", again, http.StatusOK, "Saved.")
	two.post("/settings/rules", other, http.StatusOK, "Nothing was different") // another page was changed, not this one
	if got := s.told("counter-1").SelfItems; got != 9 {
		t.Errorf("devices were told %d pieces, want 9", got)
	}
	two.send("/settings/kiosk", url.Values{"was": {two.typed("/settings/kiosk").Get("was")}, "items": {"0"}, "most": {"x"}}, http.StatusUnprocessableEntity, "between 1 and 200", "Type an amount")
}

func TestTheOwnerChangesTheRules(t *testing.T) {
	s := traded(t)
	owner, before := s.signedIn("op-maren"), s.settings()
	fields := owner.typed("/settings/rules")
	fields.Set("step", "0.10")
	fields.Set("cashmode", "down")
	fields.Set("idle", "120")
	fields.Set("accept", "5")
	fields.Set("giftmost", "250")
	owner.post("/settings/rules", fields, http.StatusOK, "Saved.")
	got := s.told("counter-2")
	want := before.Rules
	want.CashStep, want.CashMode = 10, money.Down
	if got.Rules != want || got.IdleS != 120 || got.Till.Accept != 5_00 || got.Till.Sessions != before.Till.Sessions || len(got.Till.Coins) != len(before.Till.Coins) {
		t.Errorf("devices were told %+v, %+v, idle %d; want %+v", got.Rules, got.Till, got.IdleS, want)
	}
	if least, most := got.Gift.Bounds(); least != 5_00 || most != 250_00 || got.Gift.Least != 0 {
		t.Errorf("a gift card takes %v to %v, %+v", least, most, got.Gift)
	}
	fields = owner.typed("/settings/rules")
	fields.Set("giftleast", "300")
	fields.Set("step", "2.00")
	fields.Set("mode", "sideways")
	fields.Set("idle", "5")
	owner.post("/settings/rules", fields, http.StatusUnprocessableEntity, "between 0.00 and 1.00", "Choose one", "between 20 and 3,600", "at least what is put on at a time")
}
