package web_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"kickstand/hub/staff"
	"kickstand/hub/web"
)

func TestAClosedOfficeShowsNothingToStrangers(t *testing.T) {
	s := traded(t)
	h, err := web.New(web.Config{Store: s.store, Now: s.clock.Now, Closed: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Server.Close()
	s.Server = httptest.NewServer(h)
	v := s.visitor()
	for _, path := range []string{"/", "/items", "/stock/itm-000100", "/reports/stock", "/sales/S-000058", "/audit", "/devices", "/items/items.csv", "/nowhere"} {
		v.get(path, http.StatusOK, "Who are you?")
	}
	v.get("/healthz", http.StatusOK, "ok")
	v.post("/signin", url.Values{"who": {"op-kai"}, "password": {staff.DemoPassword}, "back": {"/devices"}}, http.StatusOK, "Kai", "Front counter")
	v.get("/items", http.StatusOK, "items in the shop")
}
