package main_test

import (
	"fmt"
	"strings"
	"testing"
)

// TestADayWithATillSession opens a till, sells, takes cash out, is killed while
// the drawer is counted, closes with the cable out, and ends with a Z report that
// the hub's books agree with.
func TestADayWithATillSession(t *testing.T) {
	s := openShop(t)
	s.hub.stop()
	s.sessions("on")
	s.hub.start()
	k := s.till("counter-1", "counter", "C1")
	items := s.articles()
	k.scan(items[0].Code)
	await(t, "the item is in the cart", func() bool { return k.lines() == 1 })
	k.tap("pay")
	if screen := k.scene().Screen; screen != "till" {
		t.Fatalf("money is taken before the till is open: screen %s", screen)
	}
	k.tap("till-open")
	if who, ok := k.scene().first("operator:"); ok {
		k.tap(who.ID)
		k.tap("till-open")
	}
	k.tap("count:2000:plus")
	k.tap("count:2000:plus")
	k.tap("till-counted")
	if _, ok := k.scene().first("operator:"); ok {
		t.Fatalf("nobody was chosen: %+v", k.scene())
	}
	k.tap("pay")
	k.payExact()
	for n := range 4 {
		k.tap("next")
		k.ring(items[n+1].Code)
	}
	k.tap("next")
	k.tap("back")
	k.tap("till")
	for _, id := range []string{"till-out", "key:2", "key:0", "key:00", "till-ok", "dialog:till:1", "till-close", "count:2000:plus"} {
		k.tap(id)
	}
	k.kill()
	k.start()
	k.awaitReady()
	if screen := k.scene().Screen; screen != "till-count" {
		t.Fatalf("after a power cut the count does not go on: screen %s", screen)
	}
	k.network("down")
	if n, _ := k.scene().node("count:2000"); n.Label == "0" {
		k.tap("count:2000:plus") // the last tap before the cut need not be on the disk
	}
	k.tap("till-counted")
	k.tap("till-finish")
	if _, ok := k.scene().node("dialog:till:4"); ok {
		k.tap("dialog:till:4")
	}
	await(t, "the Z report is on paper", func() bool {
		for _, p := range k.papers() {
			if p.Complete && strings.Contains(p.Text, "Z REPORT 1") && strings.Contains(p.Text, "DIFFERENCE") {
				return true
			}
		}
		return false
	})
	k.network("up")
	await(t, "the hub has everything", func() bool { return k.state().Online && k.state().Outbox == 0 })
	s.wantZ(t)
	s.verifyAudit(t)
	k.stop()
}

// wantZ compares the Z report with the hub's own rows.
func (s *shop) wantZ(t *testing.T) {
	t.Helper()
	var rows []struct {
		Number   int64  `json:"number"`
		Expected int64  `json:"expected"`
		Counted  int64  `json:"counted"`
		Differs  string `json:"differs"`
		State    string `json:"state"`
		Paid     int64  `json:"paid"`
		Moved    int64  `json:"moved"`
		Float    int64  `json:"float"`
	}
	s.query(`SELECT z.number, z.expected, z.counted, z.differs, t.state, t.float,
		(SELECT sum(p.amount) FROM payments p JOIN sales x ON x.id = p.sale WHERE x.session = t.id AND p.tender = 'cash') AS paid,
		(SELECT sum(amount) FROM till_moves m WHERE m.session = t.id) AS moved
		FROM z_reports z JOIN till_sessions t ON t.id = z.session`, &rows)
	if len(rows) != 1 {
		t.Fatalf("%d Z reports", len(rows))
	}
	z := rows[0]
	if z.Number != 1 || z.State != "closed" || z.Differs != "[]" || z.Counted != 20_00 || z.Float != 40_00 {
		t.Errorf("Z report %+v", z)
	}
	if z.Expected != z.Float+z.Paid+z.Moved || z.Moved != -20_00 {
		t.Errorf("%d should be there, the rows say %d", z.Expected, z.Float+z.Paid+z.Moved)
	}
	if n := s.count(fmt.Sprintf("SELECT count(*) AS n FROM audit_events WHERE kind = 'till.closed' AND body LIKE '%%\"number\":%d%%'", z.Number)); n != 1 {
		t.Errorf("%d rows of the Z report in the journal", n)
	}
}
