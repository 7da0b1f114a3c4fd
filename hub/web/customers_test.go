package web_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/protocol"

	"github.com/chromedp/chromedp"
)

// idOf finds the id of the customer whose page is shown.
func idOf(t *testing.T, page string) string {
	t.Helper()
	m := regexp.MustCompile(`"/customers/(cus-[0-9a-f]+)/(edit|merge)`).FindStringSubmatch(page)
	if m == nil {
		t.Fatalf("no customer on the page:\n%s", page)
	}
	return m[1]
}

// journal is everything the journal says.
func (s *shop) journal() string {
	var b strings.Builder
	for r, err := range s.store.AuditRows(s.t.Context()) {
		if err != nil {
			s.t.Fatal(err)
		}
		b.WriteString(r.Kind + " " + r.Subject + " " + r.Body + "\n")
	}
	return b.String()
}

func TestACustomerIsAddedFoundAndChanged(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-jules")
	v.get("/customers?q=Quibbleton", http.StatusOK, "Nobody found", `/customers/new?q=Quibbleton`)
	v.get("/customers/new?q=Quibbleton", http.StatusOK, `value="Quibbleton"`)
	v.send("/customers/new", url.Values{"name": {" "}, "phone": {"12"}, "email": {"ada.example.com"}}, http.StatusUnprocessableEntity,
		"Type a name", "at least 5 digits", "has an @ in it", `value="ada.example.com"`)
	page := v.send("/customers/new", url.Values{"name": {"Ada Quibbleton"}, "phone": {"+1 604 555 0190"}, "email": {"ada.q@example.com"}, "notes": {"Rides at night.\r\nTwo bikes."}},
		http.StatusOK, "Added as A-41.", "Ada Quibbleton", "nobody has asked", "Nothing bought yet")
	id := idOf(t, page)
	for _, typed := range []string{"quibleton", "0190", "604-555", "A-41", "ada.q@example"} {
		v.get("/customers?q="+url.QueryEscape(typed), http.StatusOK, "Ada Quibbleton")
	}
	page = v.send("/customers/"+id+"/edit", url.Values{"name": {"Ada Quibbleton"}, "version": {version(t, v, id)}, "phone": {"604-555-0199"}, "notes": {"Rides at night."}},
		http.StatusOK, "Saved.", "604-555-0199")
	if strings.Contains(page, "ada.q@example.com") {
		t.Error("an emptied address is still shown")
	}
	for _, word := range []string{"Quibbleton", "555-0199", "5550199", "ada.q", "night"} {
		if strings.Contains(s.journal(), word) {
			t.Errorf("the journal says %q", word)
		}
	}
	if !strings.Contains(s.journal(), `customer.changed `+id+` {"fields":["phone","email","notes"],"number":"A-41"}`) {
		t.Errorf("the journal:\n%s", s.journal()[max(0, len(s.journal())-400):])
	}
}

// version is the hidden one of an edit page.
func version(t *testing.T, v *visitor, id string) string {
	t.Helper()
	m := regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(v.get("/customers/"+id+"/edit", http.StatusOK))
	if m == nil {
		t.Fatal("the page has no version")
	}
	return m[1]
}

func TestTwoPeopleEditOneCustomer(t *testing.T) {
	s := traded(t)
	first, second := s.signedIn("op-jules"), s.signedIn("op-tomas")
	path, old := "/customers/cus-000001/edit", version(t, first, "cus-000001")
	first.send(path, url.Values{"name": {"Ada New"}, "version": {old}}, http.StatusOK, "Saved.")
	page := second.send(path, url.Values{"name": {"Ada Newer"}, "notes": {"mine"}, "version": {old}}, http.StatusUnprocessableEntity,
		"Somebody else changed this customer", "In the books now", "Ada New", "Ada Newer", `value="Ada Newer"`, "mine")
	again := url.Values{"name": {"Ada Newer"}, "notes": {"mine"}, "form": {tokenField.FindStringSubmatch(page)[1]}}
	again.Set("version", regexp.MustCompile(`name="version" value="(\d+)"`).FindStringSubmatch(page)[1])
	second.post(path, again, http.StatusOK, "Saved.", "Ada Newer", "mine")
}

func TestATwinIsPointedOut(t *testing.T) {
	s := traded(t)
	v := s.signedIn("op-jules")
	twin, err := s.store.Customer(t.Context(), "cus-000003")
	if err != nil {
		t.Fatal(err)
	}
	values := url.Values{"name": {"Somebody Else"}, "email": {strings.ToUpper(twin.Email)}}
	v.send("/customers/new", values, http.StatusUnprocessableEntity, "has this phone number or e-mail address already", twin.Name, "another person")
	values.Set("other", "1")
	v.send("/customers/new", values, http.StatusOK, "Added as", "If that is the same person, merge them")
}

func TestConsentsKeepTheirTimes(t *testing.T) {
	s := traded(t)
	v, path := s.signedIn("op-jules"), "/customers/cus-000001/consent"
	v.send(path, url.Values{"how": {"counter"}, "sms": {"keep"}}, http.StatusUnprocessableEntity, "Nothing new was chosen")
	v.send(path, url.Values{"sms": {"yes"}}, http.StatusUnprocessableEntity, "Say how the customer said so")
	v.send(path, url.Values{"how": {"counter"}, "sms": {"yes"}, "marketing": {"no"}}, http.StatusOK,
		"allowed", "13 June 2026, 18:00, in person at the counter; recorded by Jules", "not allowed", "nobody has asked")
	v.send(path, url.Values{"how": {"phone"}, "sms": {"no"}}, http.StatusOK, "Everything that was ever said", "on the phone")
	if !strings.Contains(s.journal(), `customer.consent cus-000001 {"how":"phone","number":"A-1","sms":"no"}`) {
		t.Error("the journal does not have it")
	}
}

func TestMergingShowsWhatMovesFirst(t *testing.T) {
	s := traded(t)
	lead := s.signedIn("op-tomas")
	s.signedIn("op-jules").get("/customers/cus-000001/merge", http.StatusForbidden, "may merge customers")
	into, from := s.buyers()
	lead.get("/customers/"+into+"/merge?q="+url.QueryEscape(s.person(from).Name), http.StatusOK, "?with="+from)
	path := "/customers/" + into + "/merge?with=" + from
	page := lead.get(path, http.StatusOK, "Make one customer of two", "cannot be taken back", s.person(from).Email)
	values := url.Values{"form": {tokenField.FindStringSubmatch(page)[1]}, "name": {"a"}, "phone": {"a"}, "email": {"b"}}
	values.Set("versions", regexp.MustCompile(`name="versions" value="([\d ]+)"`).FindStringSubmatch(page)[1])
	a, b := s.person(into), s.person(from)
	before := s.holds(into).Sales + s.holds(from).Sales
	lead.post(path, values, http.StatusOK, "is now one with", b.Email, "Also E-mail: "+a.Email, "Also was")
	lead.get("/customers/"+from, http.StatusOK, a.Name)
	if s.holds(into).Sales != before || before < 2 {
		t.Errorf("%d sales, before %d", s.holds(into).Sales, before)
	}
	values.Set("form", lead.token("/customers/cus-000001/edit"))
	lead.post(path, values, http.StatusUnprocessableEntity, "are one customer already")
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
	if strings.Contains(s.journal(), b.Email) || !strings.Contains(s.journal(), "customer.merged "+into) {
		t.Error("the journal does not have the merge, or names somebody")
	}
}

func (s *shop) person(id string) store.Customer {
	s.t.Helper()
	c, err := s.store.Customer(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s *shop) holds(id string) store.Holdings {
	s.t.Helper()
	h, err := s.store.Holdings(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	return h
}

// buyers are two customers who bought something.
func (s *shop) buyers() (a, b string) {
	s.t.Helper()
	for n, id := range []string{"cus-000001", "cus-000002"} {
		s.buys(id, n)
	}
	return "cus-000001", "cus-000002"
}

// buys sells something to a customer, the n-th such sale.
func (s *shop) buys(customer string, n int) protocol.Sale {
	s.t.Helper()
	sold, _ := s.stocked()
	sold.ID, sold.Slip, sold.Customer = fmt.Sprint("sold-to-", n), fmt.Sprintf("C1-%06d", 910_000+n), customer
	for i := range sold.Payments {
		sold.Payments[i].ID = fmt.Sprintf("%s-p%d", sold.ID, i)
	}
	s.say(protocol.Evt, "counter-1", &sold)
	return sold
}

func TestWhoMayNotSeeCustomers(t *testing.T) {
	s := traded(t)
	id, _ := s.buyers()
	name := s.person(id).Name
	sales, err := s.store.CustomerSales(t.Context(), id, 1)
	if err != nil {
		t.Fatal(err)
	}
	stranger, junior, sale := s.visitor(), s.signedIn("op-kai"), "/sales/"+sales[0].ID
	for _, path := range []string{"/customers", "/customers/" + id, "/customers?q=a", "/customers/new", "/customers/" + id + "/edit"} {
		if page := stranger.get(path, http.StatusOK, "Who are you?"); strings.Contains(page, name) {
			t.Errorf("a stranger sees a name on %s", path)
		}
		if page := junior.get(path, http.StatusForbidden, "Only the owner"); strings.Contains(page, name) {
			t.Errorf("a junior sees a name on %s", path)
		}
	}
	for who, v := range map[string]*visitor{"stranger": stranger, "junior": junior} {
		if page := v.get(sale, http.StatusOK, "<dt>Customer</dt><dd>A-"); strings.Contains(page, name) {
			t.Errorf("a %s sees the name on the sale", who)
		}
	}
	s.signedIn("op-priya").get(sale, http.StatusOK, name)
	s.signedIn("op-priya").get("/customers/nobody", http.StatusNotFound)
}

func TestACustomerGetsEverythingThatIsKept(t *testing.T) {
	s := traded(t)
	id, _ := s.buyers()
	s.signedIn("op-jules").post("/customers/"+id+"/export", nil, http.StatusForbidden, "Only the owner or a service lead")
	s.visitor().post("/customers/"+id+"/export", nil, http.StatusOK, "Who are you?")
	lead := s.signedIn("op-tomas")
	lead.post("/customers/nobody/export", nil, http.StatusNotFound)
	lead.get("/customers/"+id, http.StatusOK, "Export everything")
	res, err := lead.PostForm(s.URL+"/customers/"+id+"/export", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK || !strings.Contains(res.Header.Get("Content-Disposition"), `"customer-A-1-2026-06-13.zip"`) {
		t.Fatalf("%v, %s, %v", err, res.Status, res.Header)
	}
	z, err := zip.NewReader(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
	}
	if all := strings.Join(names, " "); !strings.HasPrefix(all, "index.html data.json receipts/S-000061.svg") {
		t.Errorf("the file has %q", names)
	}
	if !strings.Contains(s.journal(), fmt.Sprintf(`customer.exported %s {"number":"A-1","receipts":%d,"rows":`, id, len(names)-2)) {
		t.Error("the journal does not have it")
	}
}

// orders puts down that a customer has ordered something.
func (s *shop) orders(customer string) {
	s.t.Helper()
	p := &protocol.SpecialPlaced{Cart: []byte(`{}`)}
	p.SpecialInfo = protocol.SpecialInfo{
		ID: "spe-1", Order: protocol.SpecialOrder, Who: "somebody", Customer: customer, Sale: "sold-to-0", Slip: "C1-910000", Operator: "op-jules",
		Total: 900_00, Deposit: 100_00, Currency: "CAD", Lines: []protocol.SpecialLine{{Item: "itm-x", Name: "Blue frame", Qty: 1}},
	}
	err := s.store.Write(s.t.Context(), func(t *store.Tx) error { _, err := t.PutSpecial("counter-1", p, protocol.SpecialOrdered); return err })
	if err != nil {
		s.t.Fatal(err)
	}
}

func TestAnErasedCustomerIsNobody(t *testing.T) {
	s := traded(t)
	id, _ := s.buyers()
	s.orders(id)
	c, sale := s.person(id), "/sales/sold-to-0"
	owner, path := s.signedIn("op-maren"), "/customers/"+id+"/erase"
	s.signedIn("op-tomas").get(path, http.StatusForbidden, "Only the owner may erase customers")
	owner.get("/customers?q="+url.QueryEscape(c.Email), http.StatusOK, c.Name)
	owner.get("/customers/"+id, http.StatusOK, "Special orders", "Blue frame", "<b>ordered</b>", "/specials/spe-1")
	owner.get(path, http.StatusOK, "1 special order of this customer is still open", "What goes", "What stays, and why", "Type A-1 to confirm", "backups")
	for _, typed := range []string{"", "A-2", c.Name} {
		owner.send(path, url.Values{"account": {typed}}, http.StatusUnprocessableEntity, "to say that you mean it")
	}
	before := s.holds(id)
	values := url.Values{"form": {owner.token(path)}, "account": {"a-1"}}
	for range 2 { // a second click
		page := owner.post(path, values, http.StatusOK, "Erased customer", "Erased on 13 June 2026 at 18:00", "A-1 is erased")
		if strings.Contains(page, c.Name) || strings.Contains(page, c.Email) || strings.Contains(page, "/edit") {
			t.Error("the page still says who it was, or offers a change")
		}
	}
	owner.get(sale, http.StatusOK, "A-1, erased customer")
	for _, q := range []string{c.Name, "A-1"} {
		owner.get("/customers?q="+url.QueryEscape(q), http.StatusOK, "Nobody found")
	}
	if page := owner.get("/customers?q="+url.QueryEscape(c.Email), http.StatusOK); strings.Contains(page, c.Name) {
		t.Error("the address still finds the name")
	}
	for _, form := range []string{"edit", "consent", "merge", "erase"} {
		owner.get("/customers/"+id+"/"+form, http.StatusOK, "Nothing is kept that could be changed")
	}
	if after := s.holds(id); after != before || !s.person(id).Erased() {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if strings.Count(s.journal(), "customer.erased "+id) != 1 {
		t.Error("the journal does not have it once")
	}
	if _, err := s.store.VerifyAudit(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestPagesOfCustomersFitTheScreen opens them on a desk and on a telephone.
func TestPagesOfCustomersFitTheScreen(t *testing.T) {
	ctx := browser(t)
	s := traded(t)
	id, other := s.buyers()
	v := s.signedIn("op-tomas")
	v.send("/customers/"+id+"/consent", url.Values{"how": {"counter"}, "sms": {"yes"}, "marketing": {"no"}}, http.StatusOK)
	v.send("/customers/"+id+"/consent", url.Values{"how": {"writing"}, "sms": {"no"}}, http.StatusOK)
	s.orders(id)
	s.buys("cus-000009", 9)
	s.signedIn("op-maren").send("/customers/cus-000009/erase", url.Values{"account": {"A-9"}}, http.StatusOK)
	s.signIn(ctx, t, "op-maren")
	pages := map[string]string{
		"customers": "/customers", "customer": "/customers/" + id, "customer-edit": "/customers/" + id + "/edit", "customer-new": "/customers/new",
		"customer-consent": "/customers/" + id + "/consent", "customer-merge": "/customers/" + id + "/merge?with=" + other, "customers-found": "/customers?q=555",
		"customer-partners": "/customers/" + id + "/merge?q=a", "customers-none": "/customers?q=zzz", "customer-erase": "/customers/" + id + "/erase", "customer-erased": "/customers/cus-000009",
	}
	for _, look := range []screen{{"desk", 1280, 1, "light"}, {"phone", 390, 1, "light"}, {"phone-dark", 360, 1, "dark"}} {
		look.use(ctx, t)
		for name, path := range pages {
			do(ctx, t, chromedp.Navigate(s.URL+path))
			wide := ask(ctx, t, chromedp.Evaluate[int64](`document.fonts.ready.then(() => document.documentElement.scrollWidth)`, chromedp.EvalAwaitPromise))
			if wide > look.width {
				t.Errorf("%s %s is %d wide on a screen of %d", look.name, name, wide, look.width)
			}
			if small := ask(ctx, t, chromedp.Evaluate[[]string](smallControls)); len(small) > 0 {
				t.Errorf("%s %s: too small for a finger: %q", look.name, name, small)
			}
			keep(t, look.name+"-"+name, ask(ctx, t, chromedp.FullScreenshot(100)))
		}
	}
}
