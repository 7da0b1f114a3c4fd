package main_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

// article is something with a barcode of its own.
type article struct {
	Item  string `json:"item"`
	Code  string `json:"code"`
	Name  string `json:"name"`
	Price int64  `json:"price"`
}

// selectArticles finds items that one scan adds without a question.
const selectArticles = `SELECT i.id AS item, min(b.code) AS code, i.name AS name, i.unit AS price
	FROM items i JOIN barcodes b ON b.item = i.id
	WHERE i.retired = 0 AND i.doc NOT LIKE '%"serialised":true%'
	AND b.code NOT IN (SELECT code FROM barcodes GROUP BY code HAVING count(*) > 1)`

// articles lists demo items that one scan adds without a question.
func (s *shop) articles() []article {
	s.t.Helper()
	var all []article
	s.query(selectArticles+` GROUP BY i.id ORDER BY i.id`, &all)
	if len(all) < 50 {
		s.t.Fatalf("only %d demo items have a barcode", len(all))
	}
	return all
}

// ring scans the articles and pays them with the first quick button: exact
// cash. It returns the receipt number as the done screen shows it.
func (k *till) ring(codes ...string) string {
	k.t.Helper()
	for i, c := range codes {
		before := k.lines()
		k.scan(c)
		await(k.t, fmt.Sprintf("item %d, %s, is in the cart", i+1, c), func() bool { return k.lines() > before })
	}
	k.tap("pay")
	if who, ok := k.scene().first("operator:"); ok {
		k.tap(who.ID)
		if k.scene().Screen == "sale" {
			k.tap("pay")
		}
	}
	return k.payExact()
}

func (k *till) lines() int {
	n := 0
	for _, node := range k.scene().Nodes {
		if rest, ok := strings.CutPrefix(node.ID, "line:"); ok && !strings.Contains(rest, ":") {
			n++
		}
	}
	return n
}

func (k *till) payExact() string {
	k.t.Helper()
	quick, ok := k.scene().first("cash:")
	if !ok {
		k.t.Fatalf("no quick cash button: %+v", k.scene())
	}
	k.tap(quick.ID)
	return k.finish()
}

// finish waits for the done screen and returns its number. The next scan leads
// on from there.
func (k *till) finish() string {
	k.t.Helper()
	await(k.t, "the sale is done", func() bool { return k.scene().Screen == "done" })
	slip, ok := k.scene().node("slip")
	if !ok {
		k.t.Fatalf("the done screen names no receipt: %+v", k.scene())
	}
	return slip.Value
}

func TestCashSaleEndToEnd(t *testing.T) {
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	slip := k.ring(a[0].Code, a[7].Code, a[21].Code)

	await(t, "the receipt is printed", func() bool { return len(k.complete()) == 1 })
	text := k.complete()[0].Text
	for _, want := range []string{slip, a[0].Name[:10], a[7].Name[:10], a[21].Name[:10], "TOTAL CAD", "Cash"} {
		if !strings.Contains(text, want) {
			t.Errorf("the receipt does not say %q:\n%s", want, text)
		}
	}
	await(t, "the hub has everything", func() bool { return k.state().Outbox == 0 })
	checks := map[string]int64{
		"SELECT count(*) AS n FROM sales WHERE slip = '" + slip + "'":                    1,
		"SELECT count(*) AS n FROM sale_lines":                                           3,
		"SELECT count(*) AS n FROM payments":                                             1,
		"SELECT count(*) AS n FROM stock_moves WHERE reason = 'sale'":                    3,
		"SELECT count(*) AS n FROM audit_events WHERE kind = 'sale.completed'":           1,
		"SELECT (SELECT sum(amount) FROM payments) - (SELECT sum(paid) FROM sales) AS n": 0,
	}
	for sql, want := range checks {
		if got := s.count(sql); got != want {
			t.Errorf("%s = %d, want %d", sql, got, want)
		}
	}
	s.books(t)
	k.stop()
	s.hub.stop()
	for _, alarm := range []string{"level=WARN", "level=ERROR", `msg=""`} {
		if s.hub.logged(alarm) || k.logged(alarm) {
			t.Errorf("a day without trouble is logged with %s:\n%s\n%s", alarm, s.hub.lastWords(), k.lastWords())
		}
	}
}

// complete lists the receipts that came out of the printer whole.
func (k *till) complete() []paper {
	k.t.Helper()
	var done []paper
	for _, p := range k.papers() {
		if p.Complete && strings.Contains(p.Text, "Receipt") {
			done = append(done, p)
		}
	}
	return done
}

// books checks what must hold at any time: the stock figure is the sum of its
// movements, every sold line moved stock once, numbers have no gap, payments
// cover sales, every sale has its audit row, and the chain verifies.
func (s *shop) books(t *testing.T) {
	t.Helper()
	zero := map[string]string{
		"stock differs from its movements": `SELECT count(*) AS n FROM stock k WHERE k.on_hand <>
			(SELECT coalesce(sum(m.delta), 0) FROM stock_moves m WHERE m.item = k.item)`,
		"sold lines without their one movement": `SELECT count(*) AS n FROM sale_lines l WHERE
			(SELECT count(*) FROM stock_moves m WHERE m.sale = l.sale AND m.line = l.n AND m.delta = -l.qty) <> 1`,
		"gaps in the shop's numbers":       `SELECT coalesce(max(number), 0) - count(*) AS n FROM sales`,
		"slips that appear twice":          `SELECT count(*) - count(DISTINCT slip) AS n FROM sales`,
		"sales not covered by payments":    `SELECT count(*) AS n FROM sales s WHERE (SELECT sum(amount) FROM payments p WHERE p.sale = s.id) <> s.total + s.rounding`,
		"sales without their audit row":    `SELECT (SELECT count(*) FROM sales) - (SELECT count(*) FROM audit_events WHERE kind = 'sale.completed') AS n`,
		"events in quarantine":             `SELECT count(*) AS n FROM quarantine`,
		"differences to what was recorded": `SELECT count(*) AS n FROM differences WHERE code <> 'STOCK_SHORT'`,
	}
	for what, sql := range zero {
		if n := s.count(sql); n != 0 {
			t.Errorf("%s: %d", what, n)
		}
	}
	s.verifyAudit(t)
}

// TestNetworkCut sells 200 times with the cable out.
func TestNetworkCut(t *testing.T) {
	const sales = 200
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	k.network("down")
	await(t, "the till knows it is offline", func() bool { return !k.state().Online })
	slips := map[string]bool{}
	for i := range sales {
		slips[k.ring(a[i%len(a)].Code)] = true
	}
	if len(slips) != sales {
		t.Errorf("%d different slips for %d sales", len(slips), sales)
	}
	if n := s.count("SELECT count(*) AS n FROM sales"); n != 0 {
		t.Fatalf("%d sales reached the hub through a cable that is out", n)
	}
	k.network("up")
	await(t, "the hub has everything", func() bool { return k.state().Outbox == 0 })
	if n := s.count("SELECT count(*) AS n FROM sales"); n != sales {
		t.Errorf("%d sales at the hub, want %d", n, sales)
	}
	await(t, "every receipt is printed", func() bool { return len(k.complete()) == sales })
	oncePrinted(t, k.complete(), slips)
	s.books(t)
}

// oncePrinted wants every slip on paper exactly once, besides marked copies.
func oncePrinted(t *testing.T, papers []paper, slips map[string]bool) {
	t.Helper()
	originals := map[string]int{}
	for _, p := range papers {
		if !strings.Contains(p.Text, "COPY") {
			originals[slipOn(p.Text)]++
		}
	}
	for slip := range slips {
		if originals[slip] > 1 {
			t.Errorf("receipt %s was printed %d times without the word COPY", slip, originals[slip])
		}
	}
}

func slipOn(text string) string {
	for _, f := range strings.Fields(text) {
		if strings.HasPrefix(f, "C1-") {
			return f
		}
	}
	return ""
}

// TestKilledAnywhere kills till and hub without warning at random moments
// while sales are rung up, and wants every sale exactly once.
func TestKilledAnywhere(t *testing.T) {
	const rounds = 12
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := openShop(t)
	paper := plugPrinter(t) // outside the till, so that its paper survives
	k := s.till("counter-1", "counter", "C1", "--printer", "tcp:"+paper.Addr(), "--profile", printerProfile)
	a := s.articles()
	deck := r.Perm(len(a)) // no code twice: in a row the scanner takes it for one scan
	next := func() string {
		code := a[deck[0]].Code
		deck = deck[1:]
		return code
	}
	acknowledged := map[string]bool{}
	for round := range rounds {
		for range r.IntN(4) {
			acknowledged[k.ring(next())] = true
		}
		k.killDuringSale(r, next())
		if round%3 == 2 {
			s.hub.kill()
			s.hub.start()
		}
		k.start()
		k.awaitReady()
		k.settleAfterKill(acknowledged)
	}
	await(t, "the hub has everything", func() bool { return k.state().Online && k.state().Outbox == 0 })
	await(t, "every receipt is on paper", func() bool { return onPaper(paper, acknowledged) })
	oncePrinted(t, papersOf(paper), acknowledged)
	for slip := range acknowledged {
		if n := s.count("SELECT count(*) AS n FROM sales WHERE slip = '" + slip + "'"); n != 1 {
			t.Errorf("sale %s was shown as done and is %d times at the hub", slip, n)
		}
	}
	s.books(t)
}

// killDuringSale begins a sale and kills the till at some point of it.
func (k *till) killDuringSale(r *rand.Rand, code string) {
	k.t.Helper()
	steps := []func(){
		func() { _ = k.post("/scan", map[string]string{"data": code}) },
		func() { _ = k.post("/tap", map[string]string{"id": "pay"}) },
		func() {
			if n, ok := k.scene().first("cash:"); ok {
				go func() { _ = k.post("/tap", map[string]string{"id": n.ID}) }() // killed in the middle of it
			}
		},
	}
	for _, step := range steps[:1+r.IntN(len(steps))] {
		step()
	}
	<-time.After(time.Duration(r.IntN(30)) * time.Millisecond)
	k.kill()
}

// settleAfterKill brings the till from wherever it continues to where a sale
// can begin, and notes a sale it shows as done.
func (k *till) settleAfterKill(acknowledged map[string]bool) {
	k.t.Helper()
	await(k.t, "the till is ready for a sale", func() bool {
		sc := k.scene()
		switch sc.Screen {
		case "attract":
			return true
		case "done":
			if n, ok := sc.node("slip"); ok {
				acknowledged[n.Value] = true
			}
			_ = k.post("/tap", map[string]string{"id": "next"})
		case "pay":
			_ = k.post("/tap", map[string]string{"id": "back"})
		case "sale":
			if k.lines() == 0 {
				return true
			}
			_ = k.post("/tap", map[string]string{"id": "park"})
		}
		if n, ok := sc.first("dialog:"); ok {
			_ = k.post("/tap", map[string]string{"id": n.ID})
		}
		return false
	})
}

// TestTwoTillsSellTheLastOne wants both sales recorded, since both customers
// have paid and left, and the shortage flagged.
func TestTwoTillsSellTheLastOne(t *testing.T) {
	s := openShop(t)
	one, two := s.till("counter-1", "counter", "C1"), s.till("counter-2", "counter", "C2")
	var last []article
	s.query(selectArticles+` AND i.id IN (SELECT item FROM stock WHERE on_hand = 1) GROUP BY i.id ORDER BY i.id LIMIT 1`, &last)
	if len(last) != 1 {
		t.Fatal("the demo shop has no item of which there is one left")
	}
	one.network("down")
	one.ring(last[0].Code)
	two.ring(last[0].Code)
	one.network("up")
	await(t, "the hub has both", func() bool {
		return one.state().Outbox+two.state().Outbox == 0 && s.count("SELECT count(*) AS n FROM sales") == 2
	})
	if n := s.count("SELECT on_hand AS n FROM stock WHERE item = '" + last[0].Item + "'"); n != -1 {
		t.Errorf("on hand is %d, want -1", n)
	}
	if n := s.count("SELECT count(*) AS n FROM sales WHERE oversold = 1"); n != 1 {
		t.Errorf("%d sales are flagged as oversold, want 1", n)
	}
	s.books(t)
}

const printerProfile = "epson-tm-m30"

// plugPrinter starts a virtual printer in this process.
func plugPrinter(t *testing.T) *printertest.Printer {
	t.Helper()
	profile, err := printer.FindProfile(printerProfile)
	if err != nil {
		t.Fatal(err)
	}
	p, err := printertest.Start(printertest.Config{Model: printertest.ModelOf(profile), Addr: "127.0.0.1:0", Keep: 1000})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	return p
}

// papersOf lists the receipts that came out whole.
func papersOf(p *printertest.Printer) []paper {
	var all []paper
	for _, d := range p.Documents() {
		if d.Complete && slipOn(d.Text) != "" {
			all = append(all, paper{N: d.N, Text: d.Text, Complete: true})
		}
	}
	return all
}

// onPaper reports whether every slip came out whole at least once, as the
// original or as a marked copy.
func onPaper(p *printertest.Printer, slips map[string]bool) bool {
	out := map[string]bool{}
	for _, d := range papersOf(p) {
		out[slipOn(d.Text)] = true
	}
	for slip := range slips {
		if !out[slip] {
			return false
		}
	}
	return true
}
