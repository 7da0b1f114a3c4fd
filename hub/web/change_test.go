package web_test

import (
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"kickstand/hub/staff"
)

// visitor is a browser with cookies and without scripts.
type visitor struct {
	*http.Client
	t    *testing.T
	base string
}

// visitor opens a browser on the office.
func (s *shop) visitor() *visitor {
	s.t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		s.t.Fatal(err)
	}
	return &visitor{t: s.t, base: s.URL, Client: &http.Client{Jar: jar}}
}

// signedIn is a browser in which somebody of the demo shop is signed in.
func (s *shop) signedIn(who string) *visitor {
	s.t.Helper()
	v := s.visitor()
	v.post("/signin", url.Values{"who": {who}, "password": {staff.DemoPassword}, "back": {"/devices"}}, http.StatusOK, "Sign out")
	return v
}

func (v *visitor) read(res *http.Response, err error, want int, says []string) string {
	v.t.Helper()
	if err != nil {
		v.t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err := errors.Join(err, res.Body.Close()); err != nil {
		v.t.Fatal(err)
	}
	page := html.UnescapeString(string(b))
	if res.StatusCode != want {
		v.t.Errorf("%s %s: %s, want %d\n%s", res.Request.Method, res.Request.URL, res.Status, want, page)
	}
	for _, w := range says {
		if !strings.Contains(page, w) {
			v.t.Errorf("%s does not say %q:\n%s", res.Request.URL, w, page)
		}
	}
	if res.Header.Get("Content-Type") == "text/html; charset=utf-8" {
		if err := wellFormed(string(b)); err != nil {
			v.t.Errorf("%s: %v", res.Request.URL, err)
		}
	}
	return page
}

func (v *visitor) get(path string, want int, says ...string) string {
	v.t.Helper()
	res, err := v.Get(v.base + path)
	return v.read(res, err, want, says)
}

func (v *visitor) post(path string, values url.Values, want int, says ...string) string {
	v.t.Helper()
	res, err := v.PostForm(v.base+path, values)
	return v.read(res, err, want, says)
}

var tokenField = regexp.MustCompile(`name="form" value="([0-9a-f]{32})"`)

// token is the one-time token of a page's form.
func (v *visitor) token(path string) string {
	v.t.Helper()
	m := tokenField.FindStringSubmatch(v.get(path, http.StatusOK))
	if m == nil {
		v.t.Fatalf("%s has no form", path)
	}
	return m[1]
}

// send fills in the form of a page.
func (v *visitor) send(path string, values url.Values, want int, says ...string) string {
	v.t.Helper()
	values.Set("form", v.token(path))
	return v.post(path, values, want, says...)
}

func (s *shop) hand(item string) int64 {
	s.t.Helper()
	row, _, err := s.store.Stock(s.t.Context(), item, 0)
	if err != nil {
		s.t.Fatal(err)
	}
	return row.OnHand
}

func TestSigningInAndOut(t *testing.T) {
	s := traded(t)
	v := s.visitor()
	v.get("/signin?back=/devices", http.StatusOK, "Who are you?", "Maren", "owner")
	v.post("/signin", url.Values{"who": {"op-maren"}, "back": {"/devices"}}, http.StatusOK, "Password", staff.DemoPassword)
	v.post("/signin", url.Values{"who": {"op-maren"}, "password": {"wrong wrong wrong"}}, http.StatusUnprocessableEntity, "This is not the password")
	v.post("/signin", url.Values{"who": {"op-nobody"}, "password": {"wrong wrong wrong"}}, http.StatusUnprocessableEntity)
	v.post("/signin", url.Values{"who": {"op-maren"}, "password": {staff.DemoPassword}, "back": {"/devices"}}, http.StatusOK, "Maren", "Sign out", "Devices")
	v.post("/signout", nil, http.StatusOK, "Sign in")
	for _, back := range []string{"//evil.example/", "https://evil.example/", `/\evil.example`, "javascript:alert(1)", "/\nevil", ""} {
		page := s.visitor()
		page.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
		res, err := page.PostForm(s.URL+"/signin", url.Values{"who": {"op-kai"}, "password": {staff.DemoPassword}, "back": {back}})
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		if to := res.Header.Get("Location"); to != "/" {
			t.Errorf("back %q leads to %q", back, to)
		}
		c := res.Cookies()[0]
		if !c.HttpOnly || c.SameSite != http.SameSiteStrictMode || len(c.Value) != 32 {
			t.Errorf("the cookie is %v", c)
		}
	}
}

func TestAShopWithoutPasswordsSaysHowToSetOne(t *testing.T) {
	s := empty(t)
	s.visitor().get("/signin", http.StatusOK, "Nobody has a password yet", "hub operator password ID --data DIR --shop demo", "hub operator add")
}

func TestAChangeHappensOnce(t *testing.T) {
	s := traded(t)
	v, item := s.signedIn("op-maren"), "itm-000100"
	before := s.hand(item)
	values := url.Values{"form": {v.token("/stock/" + item + "/adjust")}, "pieces": {"+2"}, "why": {"found"}, "note": {"behind the shelf"}}
	var wg sync.WaitGroup
	for range 5 { // a very nervous finger
		wg.Go(func() {
			res, err := v.PostForm(s.URL+"/stock/"+item+"/adjust", values)
			v.read(res, err, http.StatusOK, []string{"Adjusted by +2.", "behind the shelf"})
		})
	}
	wg.Wait()
	if got := s.hand(item); got != before+2 {
		t.Errorf("%d on hand after one adjustment of 2, before %d", got, before)
	}
	v.post("/stock/"+item+"/adjust", values, http.StatusOK, "Adjusted by +2.") // the back button
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	rows, err := s.store.RowsBefore(t.Context(), 0, 1)
	if err != nil || rows[0].Kind != "stock.adjusted" || rows[0].Actor == "" || strings.Contains(rows[0].Body, "maren") {
		t.Errorf("audit row %+v, %v", rows, err)
	}
	if strings.Contains(rows[0].Body, "behind the shelf") {
		t.Errorf("the journal has what was typed: %s", rows[0].Body)
	}
	s.says("/audit", []string{"Stock adjusted", "“found: behind the shelf”"}, nil)
	if got := s.hand(item); got != before+2 {
		t.Errorf("%d on hand after the back button", got)
	}
}

func TestWhatIsWrongStandsBesideItsFieldAndNothingIsLost(t *testing.T) {
	s := traded(t)
	v, item := s.signedIn("op-tomas"), "itm-000100"
	before := s.hand(item)
	v.send("/stock/"+item+"/adjust", url.Values{"pieces": {"two"}, "why": {"other"}, "note": {}}, http.StatusUnprocessableEntity,
		`value="two"`, "Type a whole number", "Say in a few words why", `<option value="other" selected>`)
	v.send("/stock/"+item+"/adjust", url.Values{"pieces": {"-99999"}, "why": {"broken"}}, http.StatusUnprocessableEntity, "not that many on hand", `value="-99999"`)
	v.post("/stock/"+item+"/adjust", url.Values{"pieces": {"1"}, "why": {"found"}}, http.StatusUnprocessableEntity, "The page was too old", `value="1"`)
	v.get("/stock/nothing/adjust", http.StatusNotFound)
	v.post("/stock/nothing/adjust", url.Values{"form": {strings.Repeat("a", 32)}, "pieces": {"1"}, "why": {"found"}}, http.StatusNotFound)
	if got := s.hand(item); got != before {
		t.Errorf("%d on hand, before %d", got, before)
	}
}

func TestWhoMayNotIsToldWhoMay(t *testing.T) {
	s := traded(t)
	v, item := s.signedIn("op-kai"), "itm-000100"
	before := s.hand(item)
	v.get("/stock/"+item, http.StatusOK, "For the owner or a service lead")
	v.get("/stock/"+item+"/adjust", http.StatusForbidden, "Only the owner or a service lead may change stock")
	v.post("/stock/"+item+"/adjust", url.Values{"form": {strings.Repeat("a", 32)}, "pieces": {"1"}, "why": {"found"}}, http.StatusForbidden)
	foreign, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL+"/stock/"+item+"/adjust", strings.NewReader("pieces=1&why=found"))
	if err != nil {
		t.Fatal(err)
	}
	foreign.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	foreign.Header.Set("Origin", "https://evil.example")
	res, err := s.signedIn("op-maren").Do(foreign)
	v.read(res, err, http.StatusForbidden, nil)
	if got := s.hand(item); got != before {
		t.Errorf("%d on hand, before %d", got, before)
	}
}

func TestWhatWasTypedOutlivesTheSession(t *testing.T) {
	s := traded(t)
	v, item := s.signedIn("op-maren"), "itm-000100"
	before := s.hand(item)
	values := url.Values{"form": {v.token("/stock/" + item + "/adjust")}, "pieces": {"3"}, "why": {"found"}, "note": {`a "long" story`}}
	s.clock.Set(s.clock.Now().Add(staff.IdleTime + time.Minute))
	page := v.post("/stock/"+item+"/adjust", values, http.StatusOK, "What you typed is kept", "Who are you?")
	kept := regexp.MustCompile(`name="kept" value="([^>]*)">`).FindStringSubmatch(page)
	page = v.post("/signin", url.Values{"who": {"op-maren"}, "password": {staff.DemoPassword}, "back": {"/stock/" + item + "/adjust"}, "kept": {kept[1]}},
		http.StatusOK, "You are signed in again", `value="a "long" story"`)
	again := url.Values{}
	for _, m := range regexp.MustCompile(`<input type="hidden" name="([a-z]+)" value="([^>]*)">`).FindAllStringSubmatch(page, -1) {
		again.Add(m[1], m[2])
	}
	v.post("/stock/"+item+"/adjust", again, http.StatusOK, "Adjusted by +3.")
	if got := s.hand(item); got != before+3 {
		t.Errorf("%d on hand, before %d", got, before)
	}
}

func TestChangingOnesOwnPassword(t *testing.T) {
	s := traded(t)
	v, other := s.signedIn("op-kai"), s.signedIn("op-kai")
	v.post("/password", url.Values{"old": {"wrong wrong"}, "new": {"three small words"}, "repeat": {"three small words"}}, http.StatusUnprocessableEntity, "This is not the password")
	v.post("/password", url.Values{"old": {staff.DemoPassword}, "new": {"short"}, "repeat": {"shorter"}}, http.StatusUnprocessableEntity, "at least 10", "differ")
	v.post("/password", url.Values{"old": {staff.DemoPassword}, "new": {"three small words"}, "repeat": {"three small words"}}, http.StatusOK, "Sign out")
	other.get("/devices", http.StatusOK, "Sign in")
}
