package main_test

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

var pictures = flag.String("pictures", "", "take the pictures of README.md into this `directory`")

// TestPictures rings up a sale and takes the pictures of the documents from the
// running programs:
//
//	go test ./hub/cmd/demo -run TestPictures -pictures ../../../docs/pictures
func TestPictures(t *testing.T) {
	if *pictures == "" {
		t.Skip("takes pictures with -pictures DIR only")
	}
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	keep(t, "attract.png", k.url+"/screen.png")
	for _, name := range []string{"Inner tube", "Chain lube", "City helmet", "Front light", "U-lock", "Bottle cage", "Floor pump"} {
		k.scan(s.codeOf(name))
	}
	k.tap("operator")
	k.tap("operator:" + s.operator("owner"))
	k.tap("line:2")
	k.tap("line:2:plus")
	keep(t, "sale.png", k.url+"/screen.png")
	k.tap("pay")
	keep(t, "pay.png", k.url+"/screen.png")
	k.tap("way:cash")
	for _, key := range []string{"2", "00", "00"} {
		k.tap("key:" + key)
	}
	keep(t, "cash.png", k.url+"/screen.png")
	k.tap("key:clear")
	quick := k.scene()
	last := ""
	for _, n := range quick.Nodes {
		if strings.HasPrefix(n.ID, "cash:") {
			last = n.ID
		}
	}
	k.tap(last)
	await(t, "the receipt is out", func() bool { return len(k.complete()) == 1 })
	await(t, "the office has it", func() bool { return k.state().Outbox == 0 })
	keep(t, "done.png", k.url+"/screen.png")
	keep(t, "receipt.png", fmt.Sprintf("%s/printer/%d.png", k.url, k.complete()[0].N))
	k.tap("next")
	k.tap("search")
	k.must("/type", map[string]string{"text": "tyre 28"})
	keep(t, "search.png", k.url+"/screen.png")
	kiosk := s.till("kiosk-1", "kiosk", "K1")
	kiosk.scan(s.codeOf("Trail tyre"))
	await(t, "the kiosk shows a picture", func() bool { _, ok := kiosk.scene().node("picture"); return ok })
	keep(t, "kiosk.png", kiosk.url+"/screen.png")
	photograph(t, "office.png", "http://"+s.web+"/", "1280,800")
	moneyPictures(t)
	photograph(t, "workbench.png", k.url+"/", "1500,1000")
}

// moneyPictures shows cards, refunds and the till session.
func moneyPictures(t *testing.T) {
	t.Helper()
	s := openCardShop(t)
	s.hub.stop()
	s.sessions("on")
	s.hub.start()
	c := &clerk{cardShop: s, k: s.till("counter-1", "counter", "C1"), items: s.articles()}
	for _, id := range []string{"operator", "operator:" + s.operator("owner"), "back", "till", "till-open", "count:10000:plus", "count:5000:plus", "count:2000:plus"} {
		c.k.tap(id)
	}
	keep(t, "count.png", c.k.url+"/screen.png")
	c.k.tap("till-counted")
	slip := c.k.ring(s.codeOf("City helmet"))
	c.toReader(c.k, c.next())
	keep(t, "card.png", c.k.url+"/screen.png")
	photograph(t, "reader.png", "http://"+s.bank+"/", "900,760")
	c.customer("tap")
	c.done()
	c.k.tap("next")
	c.k.scan(slip)
	c.k.tap("dialog:refund")
	await(t, "the receipt is found", func() bool { return c.k.scene().Screen == "refund" })
	c.k.tap("take-all")
	keep(t, "refund.png", c.k.url+"/screen.png")
	c.k.tap("take-back")
	await(t, "it is in the cart", func() bool { return c.k.scene().Screen == "sale" && c.k.lines() == 1 })
	c.k.tap("pay")
	await(t, "the way back is shown", func() bool { return c.k.scene().Screen == "give" })
	c.k.tap("give")
	c.done()
	await(t, "the hub has everything", func() bool { return c.k.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM sales") == 3 })
	c.closeTill(s.count("SELECT 17000 + sum(amount) AS n FROM payments WHERE tender = 'cash'"))
	await(t, "the Z report is with the hub", func() bool { return s.count("SELECT count(*) AS n FROM z_reports") == 1 })
	await(t, "it is on paper", func() bool {
		all := c.k.papers()
		return all[len(all)-1].Complete && strings.Contains(all[len(all)-1].Text, "Z REPORT")
	})
	keep(t, "zreport.png", fmt.Sprintf("%s/printer/%d.png", c.k.url, c.k.papers()[len(c.k.papers())-1].N))
	var z []struct {
		Session string `json:"session"`
	}
	s.query("SELECT session FROM z_reports", &z)
	photograph(t, "till.png", "http://"+s.web+"/tills/"+z[0].Session, "1280,900")
	photograph(t, "money.png", "http://"+s.web+"/money", "1280,600")
}

func (s *shop) codeOf(name string) string {
	s.t.Helper()
	var found []article
	s.query(selectArticles+" AND i.name LIKE '"+name+"%' GROUP BY i.id ORDER BY i.id LIMIT 1", &found)
	if len(found) != 1 {
		s.t.Fatalf("the demo shop has no %s with a barcode", name)
	}
	return found[0].Code
}

func (s *shop) operator(role string) string {
	s.t.Helper()
	var found []struct {
		ID string `json:"id"`
	}
	s.query("SELECT id FROM operators WHERE role = '"+role+"' LIMIT 1", &found)
	if len(found) != 1 {
		s.t.Fatalf("the demo shop has no %s", role)
	}
	return found[0].ID
}

func keep(t *testing.T, name, url string) {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s %v", url, res.Status, err)
	}
	if err := os.WriteFile(filepath.Join(*pictures, name), b, 0o644); err != nil {
		t.Fatal(err)
	}
}

// photograph takes a page as Debian's Chromium shows it.
func photograph(t *testing.T, name, url, size string) {
	t.Helper()
	to, err := filepath.Abs(filepath.Join(*pictures, name))
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
		"--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
		"--user-data-dir="+t.TempDir(), "--window-size="+size, "--timeout=8000", "--screenshot="+to, url).CombinedOutput()
	if err != nil {
		t.Fatalf("chromium: %v\n%s", err, out)
	}
}
