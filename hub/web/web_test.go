package web_test

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/seed"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/hub/web"
	"kickstand/protocol"
)

// noon is the present of all test shops, a Saturday on the Pacific coast.
var noon = time.Date(2026, time.June, 13, 19, 0, 0, 0, time.UTC)

// shop is an office over a real store and a real hub.
type shop struct {
	*httptest.Server
	t     *testing.T
	store *store.Store
	hub   *hub.Hub
	clock *seed.Clock
	seq   map[string]uint64
}

// empty opens the office of a shop that has nothing.
func empty(t *testing.T) *shop {
	t.Helper()
	s := &shop{t: t, clock: seed.NewClock(noon), seq: map[string]uint64{}}
	var err error
	s.store, err = store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: s.clock.Now}))
	if err != nil {
		t.Fatal(err)
	}
	s.hub = hub.New(hub.Config{Store: s.store, Now: s.clock.Now})
	h, err := web.New(web.Config{Store: s.store, Live: s.hub, Now: s.clock.Now, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	s.Server = httptest.NewServer(h)
	t.Cleanup(func() {
		s.Close()
		if err := s.store.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// traded opens the office of a shop with a few days of sales, the last of them
// today, and one of everything that can go wrong.
func traded(t *testing.T) *shop {
	t.Helper()
	s := empty(t)
	size := seed.Size{Items: 450, Customers: 40, Sales: 60}
	if _, err := seed.Volume(t.Context(), s.store, s.clock, noon.Add(14*time.Hour), size, func(string, int, int) {}); err != nil {
		t.Fatal(err)
	}
	s.clock.Set(noon.Add(6 * time.Hour))
	s.born("counter-1", protocol.Counter)
	s.say(protocol.Metric, "counter-1", &protocol.DeviceMetric{Values: map[string]float64{"outbox_events": 3, "clock_offset_ms": -90_000}})
	s.say(protocol.Evt, "counter-1", &protocol.JournalReset{Why: "first start"})
	s.say(protocol.Evt, "counter-1", &protocol.DeviceFault{Part: "printer", State: "down", Detail: "The paper is used up. Put in a new roll."})
	s.born("counter-2", protocol.Counter)
	s.say(protocol.Will, "counter-2", &protocol.DeviceWill{Session: "session-counter-2", Why: "lost"})
	s.say(protocol.Evt, "till-of-nobody", &protocol.JournalReset{Why: "first start"})
	s.raw("counter-1", []byte(`{"v":1,"device":"counter-1","epoch":"counter-1-hi","seq":3,"kind":"sale.completed","wall_ms":1,"mono_ms":1,"boot_id":"b","body":{"id":"?"}}`))
	return s
}

func (s *shop) born(device string, role protocol.Role) {
	s.t.Helper()
	s.say(protocol.Birth, device, &protocol.DeviceBirth{
		Session: "session-" + device, Role: role, Program: "v1.2.0", Panel: "10.1in 1280x800",
		Epochs: map[string]string{"hi": device + "-hi"}, Next: map[string]uint64{"hi": 1}, Catalogue: 3, Settings: 1,
	})
}

// say sends what a device would.
func (s *shop) say(channel protocol.Channel, device string, body protocol.Body) {
	s.t.Helper()
	env, err := protocol.Seal(device, body, protocol.Stamp{WallMS: s.clock.Now().UnixMilli(), BootID: "boot"})
	if err != nil {
		s.t.Fatal(err)
	}
	if channel == protocol.Evt {
		s.seq[device]++
		env.Epoch, env.Seq, env.Salt = device+"-hi", s.seq[device], strings.Repeat("5a", 16)
	}
	raw, err := env.Encode()
	if err != nil {
		s.t.Fatal(err)
	}
	s.handle(channel, device, raw)
}

// raw sends bytes in the place of the device's next event.
func (s *shop) raw(device string, raw []byte) {
	s.t.Helper()
	s.seq[device]++
	s.handle(protocol.Evt, device, raw)
}

func (s *shop) handle(channel protocol.Channel, device string, raw []byte) {
	s.t.Helper()
	topic := protocol.Topic{Address: protocol.Address{Shop: "demo", Device: device}, Channel: channel}
	if _, err := s.hub.Handle(s.t.Context(), topic, raw); err != nil {
		s.t.Fatal(err)
	}
}

// get asks for a page and returns what came.
func (s *shop) get(path string, want int) (string, http.Header) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodGet, s.URL+path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	res, err := s.Client().Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if res.StatusCode != want {
		s.t.Errorf("GET %s: %s, want %d\n%s", path, res.Status, want, b)
	}
	return string(b), res.Header
}

// last is the newest sale.
func (s *shop) last() store.SaleRow {
	s.t.Helper()
	rows, err := s.store.Sales(s.t.Context(), 0, s.clock.Now().Add(1000*time.Hour).UnixMilli(), 0, 1)
	if err != nil || len(rows) != 1 {
		s.t.Fatalf("newest sale: %v, %v", rows, err)
	}
	return rows[0]
}

// oversell repeats a sale of something that is no longer there, with a wrong
// clock, and returns the sale's number on paper.
func (s *shop) oversell() string {
	s.t.Helper()
	sold, item := s.stocked()
	sold.ID, sold.Slip, sold.ClosedMS = "oversold-1", "C1-900001", s.clock.Now().Add(time.Hour).UnixMilli()
	sold.Payments[0].ID = "oversold-1-p1"
	if err := s.store.MoveStock(s.t.Context(), []store.StockChange{{Item: item.ID, Delta: -item.OnHand, Reason: "count", Note: "none left"}}); err != nil {
		s.t.Fatal(err)
	}
	s.say(protocol.Evt, "counter-1", &sold)
	return sold.Slip
}

// stocked is the newest sale of something that has stock, and that.
func (s *shop) stocked() (protocol.Sale, store.StockRow) {
	s.t.Helper()
	rows, err := s.store.Sales(s.t.Context(), 0, s.clock.Now().UnixMilli(), 0, 20)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rows {
		f, err := s.store.SaleFile(s.t.Context(), r.ID)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, l := range f.Lines {
			if row, _, err := s.store.Stock(s.t.Context(), l.Item, 0); err == nil && !row.Unstocked {
				return *f.Document, row
			}
		}
	}
	s.t.Fatal("the newest sales have services only")
	return protocol.Sale{}, store.StockRow{}
}

// wellFormed reads a page as XML, with the void elements of HTML closed.
func wellFormed(page string) error {
	d := xml.NewDecoder(strings.NewReader(page))
	d.Strict, d.Entity = false, xml.HTMLEntity
	d.AutoClose = []string{"meta", "link", "input", "img", "br"}
	var open []string
	for {
		token, err := d.Token()
		if err == io.EOF {
			if len(open) > 0 {
				return fmt.Errorf("%v is still open at the end", open)
			}
			return nil
		}
		if err != nil {
			return err
		}
		switch x := token.(type) {
		case xml.StartElement:
			open = append(open, x.Name.Local)
		case xml.EndElement:
			if len(open) == 0 || open[len(open)-1] != x.Name.Local {
				return fmt.Errorf("</%s> closes %v", x.Name.Local, open)
			}
			open = open[:len(open)-1]
		}
	}
}

func TestPagesOfAnEmptyShopTeach(t *testing.T) {
	s := empty(t)
	pages := map[string]string{
		"/":           "hub seed demo",
		"/stock":      "No items yet",
		"/devices":    "No devices yet",
		"/quarantine": "Nothing is waiting",
	}
	for path, want := range pages {
		page, _ := s.get(path, http.StatusOK)
		if !strings.Contains(page, want) {
			t.Errorf("%s does not say %q", path, want)
		}
		if err := wellFormed(page); err != nil {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func TestPagesOfATradingShop(t *testing.T) {
	s := traded(t)
	last := s.last()
	slip := s.oversell()
	day := "/?day=" + time.UnixMilli(last.AtMS).UTC().Add(-7*time.Hour).Format(time.DateOnly)
	pages := []struct {
		path  string
		wants []string
	}{
		{day, []string{last.Slip, "Cash expected in the drawers", "GST 5%", "21 sales", "role=\"img\""}},
		{"/", []string{"Oversold", "with differences", slip, "S-000061"}},
		{"/sales/" + last.ID, []string{"Printed; the printer confirmed it", "Audit row", "Being stored"}},
		{"/sales/" + slip, []string{"What does not agree", "0 were on hand", "at Front counter", "clock is 60 min ahead", "has not said yet"}},
		{"/sales/S-000001", []string{"-000001"}},
		{"/stock?q=schrader+tube", []string{"Inner tube", "TUBE-"}},
		{"/stock?q=inner+tueb", []string{"Inner tube"}},
		{"/stock?q=zzzzzz", []string{"Nothing found"}},
		{"/stock", []string{"Running low", "oversold"}},
		{"/stock/itm-000100", []string{"Opening stock", "Maren", "on hand"}},
		{"/devices", []string{"Front counter", "Online", "3 events", "90 s ahead", "Printer: The paper is used up", "Offline", "keeps selling", "till-of-nobody", "Never seen", "1 message in quarantine"}},
		{"/quarantine", []string{"Its content cannot be true", "A sale", "counter-1"}},
	}
	for _, p := range pages {
		page, header := s.get(p.path, http.StatusOK)
		for _, want := range p.wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s does not say %q", p.path, want)
			}
		}
		if err := wellFormed(page); err != nil {
			t.Errorf("%s: %v", p.path, err)
		}
		if strings.Contains(page, "<script") || strings.Contains(page, "style=\"") {
			t.Errorf("%s has a script or a style in it, which the policy forbids", p.path)
		}
		if header.Get("Content-Security-Policy") == "" || header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be framed or cached: %v", p.path, header)
		}
	}
}

func TestADayFollowsTheShopsClock(t *testing.T) {
	s := traded(t)
	last := s.last()
	local := time.UnixMilli(last.AtMS).In(time.FixedZone("shop", -7*3600))
	page, _ := s.get("/?day="+local.Format(time.DateOnly), http.StatusOK)
	if !strings.Contains(page, ">"+local.Format("15:04")+"</time>") {
		t.Errorf("the sale of %v is not listed at the shop's time", local)
	}
}

// TestARestartedHubDoesNotVouchForDevices: the database says that a device is
// connected, but this hub has not heard from it.
func TestARestartedHubDoesNotVouchForDevices(t *testing.T) {
	s := traded(t)
	s.clock.Set(s.clock.Now().Add(time.Minute))
	again, err := web.New(web.Config{Store: s.store, Now: s.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	answer := httptest.NewRecorder()
	again.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/devices", nil))
	if page := answer.Body.String(); !strings.Contains(page, "Not back yet") || strings.Contains(page, "Online") {
		t.Errorf("a device nobody has heard from is shown as online:\n%s", page)
	}
}

// TestSearchFollowsTheCatalogue searches, changes the items and searches again.
func TestSearchFollowsTheCatalogue(t *testing.T) {
	s := traded(t)
	finds := func(query string, want bool) {
		t.Helper()
		page, _ := s.get("/stock?q="+query, http.StatusOK)
		if got := !strings.Contains(page, "Nothing found"); got != want {
			t.Errorf("searching %s finds something: %v, want %v", query, got, want)
		}
	}
	finds("kickstand+double", true)
	row, err := s.store.Items(t.Context(), "KSTD-03", 1)
	if err != nil || len(row) != 1 {
		t.Fatalf("KSTD-03: %v, %v", row, err)
	}
	gone, fresh := row[0].Item, row[0].Item
	gone.Retired, gone.Barcodes = true, nil
	fresh.ID, fresh.Name, fresh.SKU = "itm-zebra", "Zebra stand", "ZEBRA"
	if _, err := s.store.PutItems(t.Context(), []store.Item{gone, fresh}); err != nil {
		t.Fatal(err)
	}
	finds("kickstand+double", false)
	finds("zebra", true)
}

func TestBadQuestions(t *testing.T) {
	s := traded(t)
	for path, want := range map[string]int{
		"/?day=yesterday": http.StatusBadRequest, "/?day=2999-01-01": http.StatusBadRequest, "/?before=x": http.StatusOK,
		"/sales/S-999999": http.StatusNotFound, "/sales/..%2f..": http.StatusNotFound, "/stock/nothing": http.StatusNotFound,
		"/sales/nothing/receipt.svg": http.StatusNotFound, "/nowhere": http.StatusNotFound,
		"/assets/../web.go": http.StatusNotFound, "/stock?q=%25%27%22%3Cscript%3E": http.StatusOK,
		"/stock?q=" + strings.Repeat("long+", 1000): http.StatusOK,
	} {
		page, _ := s.get(path, want)
		if strings.Contains(page, "<script") {
			t.Errorf("%s lets a question into the page", path)
		}
	}
}

func TestOnlyReading(t *testing.T) {
	s := empty(t)
	for _, path := range []string{"/", "/stock", "/healthz"} {
		res, err := http.Post(s.URL+path, "text/plain", strings.NewReader("x"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close() // nothing was read
		if res.StatusCode < 400 {
			t.Errorf("POST %s: %s", path, res.Status)
		}
	}
}

func TestHealthFollowsTheDatabase(t *testing.T) {
	s := empty(t)
	if page, _ := s.get("/healthz", http.StatusOK); page != "ok\n" {
		t.Errorf("healthz says %q", page)
	}
	if err := s.store.Close(); err != nil {
		t.Fatal(err)
	}
	s.get("/healthz", http.StatusServiceUnavailable)
	s.get("/", http.StatusInternalServerError)
}

func TestServeEndsCleanly(t *testing.T) {
	s := empty(t)
	h, err := web.New(web.Config{Store: s.store})
	if err != nil {
		t.Fatal(err)
	}
	l := httptest.NewUnstartedServer(nil).Listener
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- web.Serve(ctx, l, h, discard()) }()
	res, err := http.Get("http://" + l.Addr().String() + "/healthz")
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close() // nothing was read
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve ended with %v", err)
	}
	if _, err := http.Get("http://" + l.Addr().String() + "/healthz"); err == nil {
		t.Error("the port still answers")
	}
}
