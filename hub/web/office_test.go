package web_test

import (
	"context"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"kickstand/hub/staff"
	"kickstand/hub/store"
)

// signIn signs a person in as a person does: by picking the name and typing.
func (s *shop) signIn(ctx context.Context, t *testing.T, who string) {
	t.Helper()
	do(ctx, t, chromedp.Navigate(s.URL+"/signin?back=/items"), chromedp.Click(chromedp.CSS(`.people button[value="`+who+`"]`)),
		chromedp.WaitVisible(chromedp.CSS("#password")), chromedp.SendKeys(chromedp.CSS("#password"), staff.DemoPassword+"\r"),
		chromedp.WaitVisible(chromedp.CSS(".who form")))
}

// long is an item with everything too long.
func (s *shop) long() store.Item {
	s.t.Helper()
	it := s.item("itm-000100").Item
	it.ID, it.SKU = "itm-long", "EXTRAORDINARILY-LONG-SHELF-CODE-OF-A-SUPPLIER-0001"
	it.Name = "Donaudampfschifffahrtsgesellschaftskapitänsfahrradklingel with a very long name that goes on and on"
	it.Variant, it.Category = "midnight blue metallic with reflective stripes, 700 x 28C (28-622)", "Accessories of every kind imaginable"
	it.Barcodes, it.Low = []string{"4006381333931", "A-VERY-LONG-CODE-OF-THE-SHOP-ITSELF-0000000001"}, 9
	if _, err := s.store.PutItems(s.t.Context(), []store.Item{it}); err != nil {
		s.t.Fatal(err)
	}
	return it
}

// furnish makes one of everything that writing pages show and returns their
// addresses.
func (s *shop) furnish() map[string]string {
	s.t.Helper()
	lead, it := s.signedIn("op-tomas"), s.long()
	order := lead.order(it.ID)
	page := lead.send("/counts/new", url.Values{"category": {""}}, 200)
	count := regexp.MustCompile(`"(/counts/[0-9a-f]+)/review"`).FindStringSubmatch(page)[1]
	lead.send(count+"?q=EXTRA", url.Values{"c-" + it.ID: {"12"}}, 200)
	lead.send("/stock/"+it.ID+"/price", url.Values{"price": {"1234567.89"}, "from": {"2026-06-20T08:00"}}, 200)
	head := "sku,name,price,tax_category,barcodes\n"
	wrong, _ := lead.upload("wrong.csv", head+strings.Repeat("NEW,Lamp,-1,beer,4006381333932\n", 40), 200)
	fine, _ := lead.upload("a-file-with-a-very-long-name-as-people-have-them-on-their-desks-final-final-2.csv",
		head+"NEW-1,Lamp,1.00,part,\n"+it.SKU+",Renamed,2.00,part,\n", 200)
	gone, _ := lead.upload("done.csv", head+"NEW-2,Lamp,1.00,part,\n", 200)
	lead.carryOut(gone, 200)
	return map[string]string{
		"signin": "/signin", "password": "/password", "items": "/items", "items-found": "/items?q=donau", "items-none": "/items?q=xyzzyxyzzy",
		"item-long": "/stock/" + it.ID, "edit": "/stock/" + it.ID + "/edit", "new": "/items/new", "price": "/stock/" + it.ID + "/price",
		"retire": "/stock/" + it.ID + "/retire", "adjust": "/stock/" + it.ID + "/adjust", "categories": "/items/categories", "taxes": "/items/taxes",
		"import": "/items/import", "import-wrong": wrong, "import-fine": fine, "import-done": gone,
		"orders": "/orders", "order": order, "order-new": "/orders/new", "order-low": "/orders/new?low=1", "low": "/stock",
		"counts": "/counts", "count-new": "/counts/new", "count-sheet": count, "count-found": count + "?q=EXTRA", "count-review": count + "/review",
	}
}

// TestWritingPagesFitTheScreen opens every page that changes something, with
// names that are too long, on a desk and on a telephone, by day and by night.
func TestWritingPagesFitTheScreen(t *testing.T) {
	ctx := browser(t)
	s, k := bundled(t)
	pages := s.furnish()
	pages["bundle"] = s.bundles(k)
	s.unclear("pay-1", "counter-1", 20_00, "pi_3PmKq2Lkd8eKq2Lkd8eKq2Lk")
	s.unclear("pay-2", "counter-2", -30_00, "")
	pages["money"], pages["payment"], pages["payment-back"] = "/money", "/money/payment?id=pay-1", "/money/payment?id=pay-2"
	for _, page := range []string{"letterhead", "rules", "kiosk", "receipts"} {
		pages[page] = "/settings/" + page
	}
	s.mailed()
	pages["mails"] = "/mails"
	s.signIn(ctx, t, "op-maren")
	looks := []screen{{"desk", 1280, 1, "light"}, {"phone", 390, 1, "light"}}
	if *shots != "" { // the night has the same widths: it is there to be looked at
		looks = append(looks, screen{"phone-dark", 390, 1, "dark"})
	}
	for _, look := range looks {
		look.use(ctx, t)
		for name, path := range pages {
			t.Run(look.name+" "+name, func(t *testing.T) {
				do(ctx, t, chromedp.Navigate(s.URL+path))
				wide := ask(ctx, t, chromedp.Evaluate[int64](`document.fonts.ready.then(() => document.documentElement.scrollWidth)`, chromedp.EvalAwaitPromise))
				if wide > look.width {
					t.Errorf("the page is %d wide on a screen of %d", wide, look.width)
				}
				if small := ask(ctx, t, chromedp.Evaluate[[]string](smallControls)); len(small) > 0 {
					t.Errorf("too small for a finger: %q", small)
				}
				if *shots != "" {
					keep(t, look.name+"-"+name, ask(ctx, t, chromedp.FullScreenshot(100)))
				}
			})
		}
	}
}

// TestAnOwnersMorning signs in and clicks through a price, an import with a
// mistake, one without and its undoing, a delivery and a count.
func TestAnOwnersMorning(t *testing.T) {
	ctx := browser(t)
	s := traded(t)
	screen{width: 1280, scale: 1, scheme: "light"}.use(ctx, t)
	s.signIn(ctx, t, "op-maren")
	says := func(words string) {
		t.Helper()
		do(ctx, t, chromedp.WaitVisible(chromedp.CSS("main h1")))
		if text := ask(ctx, t, chromedp.Text(chromedp.CSS("main"))); !strings.Contains(text, words) {
			t.Errorf("the page does not say %q:\n%s", words, text)
		}
	}
	item := s.item("itm-000100")
	typed := func(path string, fields map[string]string, button, result string) {
		t.Helper()
		do(ctx, t, chromedp.Navigate(s.URL+path))
		for css, text := range fields {
			do(ctx, t, chromedp.SendKeys(chromedp.CSS(css), text))
		}
		do(ctx, t, chromedp.Click(chromedp.CSS(button)), chromedp.WaitVisible(chromedp.CSS(result)))
	}
	typed("/stock/"+item.ID+"/price", map[string]string{"#price": "12,x"}, "main button.primary", "#price-wrong")
	typed("/stock/"+item.ID+"/price", map[string]string{"#price": "77.50"}, "main button.primary", ".note.done")
	says("$77.50")
	dir := t.TempDir()
	file := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	send := func(path, result string) {
		t.Helper()
		do(ctx, t, chromedp.Navigate(s.URL+"/items/import"), chromedp.SetUploadFiles(chromedp.CSS("#file"), []string{path}),
			chromedp.Click(chromedp.CSS("main button.primary")), chromedp.WaitVisible(chromedp.CSS(result)))
	}
	send(file("bad.csv", "sku;price\n"+item.SKU+";-1\n"), "td.line")
	says("The price is below zero")
	send(file("good.csv", "sku;price\n"+item.SKU+";88,80\n"), `button[value="import"]`)
	do(ctx, t, chromedp.Click(chromedp.CSS(`button[value="import"]`)), chromedp.WaitVisible(chromedp.CSS(`button[value="undo"]`)))
	if got := s.item(item.ID).Price; got != 88_80 {
		t.Errorf("after the import the price is %v", got)
	}
	do(ctx, t, chromedp.Click(chromedp.CSS(`button[value="undo"]`)), chromedp.WaitNotPresent(chromedp.CSS(`button[value="undo"]`)))
	if got := s.item(item.ID).Price; got != 77_50 {
		t.Errorf("after the undoing the price is %v", got)
	}
	order := s.signedIn("op-tomas").order(item.ID)
	typed(order, map[string]string{`input[name="got-` + item.ID + `"]`: "3"}, "main button.primary", ".note.done")
	typed("/counts/new", nil, "main button.primary", ".note.done")
	do(ctx, t, chromedp.SendKeys(chromedp.CSS(".fill tbody tr input"), "5"), chromedp.Click(chromedp.CSS(".fill + .more button")), chromedp.WaitVisible(chromedp.CSS(".note.done")))
	if got := s.hand(item.ID); got != item.OnHand+3 {
		t.Errorf("%d on hand, before %d", got, item.OnHand)
	}
}
