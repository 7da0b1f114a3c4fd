package flow_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// TestRandomDays lets shop days happen by chance and checks after every event
// what must always hold. The seed is in the name of the subtest.
func TestRandomDays(t *testing.T) {
	const days = 20
	events := 12_000
	if testing.Short() {
		events = 1000
	}
	for seed := range uint64(days) {
		role := protocol.Counter
		if seed%5 == 4 {
			role = protocol.Kiosk
		}
		t.Run(fmt.Sprintf("%s seed %d", role, seed), func(t *testing.T) {
			t.Parallel()
			newDay(t, role, seed).live(events)
		})
	}
}

// day is one random run and what it has seen.
type day struct {
	*desk
	t        *testing.T
	rand     *rand.Rand
	sales    map[string]bool // by cart id
	slips    int64
	reported map[string]bool // job ids the hub heard of
	prints   map[string]int  // prints of a sale's copy, less clean failures
	stale    []string        // ids of earlier views
	old      flow.State      // a State of before, and what it was then
	oldJSON  string
	n        int
	bank     *bank
	followed int // times the hub's journal went on
	taken    int // times a manager accepted another one
}

func newDay(t *testing.T, role protocol.Role, seed uint64) *day {
	d := &day{
		desk: openDesk(role), t: t, rand: rand.New(rand.NewPCG(seed, 7)),
		sales: map[string]bool{}, reported: map[string]bool{}, prints: map[string]int{}, bank: newBank(seed),
	}
	d.seen = d.check
	return d
}

func (d *day) live(events int) {
	for d.n < events && !d.t.Failed() {
		d.act()
	}
	if d.state.Role == protocol.Counter && events > 5000 && len(d.sales) < 15 {
		d.t.Errorf("only %d sales in %d events: the day is not lively enough", len(d.sales), events)
	}
}

// act makes one thing happen that can happen in a shop.
func (d *day) act() {
	switch n := d.rand.IntN(100); {
	case n < 36:
		d.tapSomething()
	case n < 37:
		d.tap("back", "operator", "operator:ann", "device", "more", "dialog:device", "history", "dialog:history")
	case n < 45:
		d.tap("dialog:dismiss", "start", "pay", "operator:ann", pick(d, "settle", "way:cash"), pick(d, "cash-ok", "key:9"))
		d.tap(pick(d, d.quick()...))
	case n < 60:
		d.scan(pick(d, "4006381333931", "96385074", "0036000291452", "SN7731", "5901234123457", "FRAME", "STICK", "OLDPUMP", "BADID", "nonsense\x00"))
	case n < 68:
		d.post(flow.Typed{Text: pick(d, "1", "00", "25", "2000", "tube", "\n", "\x1b", "\b", "é ", "99999999")})
	case n < 78:
		d.pass(int64(pick(d, 50, 500, 5000, 45_000, 100_000, 700_000)))
	case n < 84:
		d.endPrint()
	case n < 88:
		d.post(flow.Kicked{ID: d.kick(), Fault: pick(d, "", "", "no cable")})
	case n < 90:
		d.post(pick[flow.Happening](d, flow.ScanTrouble{}, flow.Scanned{Code: "4006381333930", Wrong: true}))
	case n < 93:
		d.post(d.news())
	case n < 99:
		d.post(d.bank.live()...)
	default:
		d.powerCut()
	}
}

func pick[T any](d *day, all ...T) T { return all[d.rand.IntN(len(all))] }

func (d *day) tapSomething() {
	v := d.state.View()
	var ids []string
	for _, b := range v.Targets() {
		ids = append(ids, b.ID)
	}
	ids = append(ids, "key:5", "key:00", "key:t", "pay", "cash-ok", "next", "line:1:remove", "dialog:void")
	id := pick(d, ids...)
	if len(d.stale) > 0 && d.rand.IntN(10) == 0 {
		id = pick(d, d.stale...)
	}
	d.stale = ids
	d.tap(id)
	if d.rand.IntN(4) == 0 {
		d.tap(id) // a double tap
	}
}

// quick lists the quick amounts of the payment.
func (d *day) quick() []string {
	ids := []string{"back"}
	if w := d.state.View().Ways; w != nil {
		for _, q := range w.Quick {
			ids = append(ids, q.ID)
		}
	}
	return ids
}

func (d *day) endPrint() {
	job := d.job()
	p := pick(
		d, flow.Printed{Job: job, Proof: protocol.ProofConfirmed}, flow.Printed{Job: job, Proof: protocol.ProofSent},
		flow.Printed{Job: job, Proof: protocol.ProofUnknown, Fault: "jam"},
		flow.Printed{Job: job, Proof: protocol.ProofUnknown, Fault: "cover is open", Clean: true},
	)
	for _, j := range d.state.Durable.Jobs {
		if p.Clean && j.ID == job {
			d.prints[fmt.Sprint(j.Sale, j.Copy)]--
		}
	}
	d.post(p)
	if d.rand.IntN(5) == 0 {
		d.post(p) // delivered twice
	}
}

func (d *day) news() flow.Happening {
	fewer := shopSettings()
	fewer.Operators = fewer.Operators[1:]
	fewer.IdleS = 20
	return pick[flow.Happening](
		d, flow.LinkChanged{Online: true}, flow.LinkChanged{Online: true}, flow.LinkChanged{Online: true}, flow.LinkChanged{Why: "no network"},
		flow.HubAcked{Waiting: d.rand.IntN(3)}, flow.HubAcked{}, flow.HubRejected{Seq: 4, Reason: protocol.BadBody, Detail: "why"},
		flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "paper is out"}, flow.PartChanged{Part: "printer", State: flow.PartOK},
		flow.PartChanged{Part: "scanner:1", State: flow.PartDown}, flow.PartChanged{Part: "journal", State: flow.PartDown, Detail: "disk"},
		flow.PartChanged{Part: "journal", State: flow.PartOK}, flow.OutboxFilled{Percent: d.rand.IntN(101)},
		flow.SettingsChanged{Settings: shopSettings()}, flow.SettingsChanged{Settings: fewer},
		flow.CatalogueChanged{Index: catalogue.Build(int64(d.n), shopItems())}, flow.ClockChecked{OffsetMS: int64(d.rand.IntN(400_000)) - 200_000},
		flow.SlipsSeen{Last: d.state.Durable.Slips + int64(d.rand.IntN(3)) - 1}, flow.CatalogueLoading{Have: 3, Total: 9},
	)
}

// powerCut starts the device again from what it would have stored.
func (d *day) powerCut() {
	raw, err := json.Marshal(d.state.Durable)
	if err != nil {
		d.t.Fatal(err)
	}
	state, err := flow.Restore(flow.New(d.state.Role, d.state.Prefix), raw)
	if err != nil {
		d.t.Fatal(err)
	}
	if again := toJSON(d.t, state.Durable); again != string(raw) {
		d.t.Errorf("the stored state comes back different:\n%s", cmp.Diff(string(raw), again))
	}
	if d.rand.IntN(40) == 0 { // dear
		if diff := cmp.Diff(d.state.Durable, state.Durable, cmpopts.EquateEmpty()); diff != "" {
			d.t.Errorf("the stored state comes back different:\n%s", diff)
		}
	}
	items := d.state.World.Items
	d.state, d.wakeMS, d.monoMS = state, 0, int64(d.rand.IntN(1000))
	d.wallMS += int64(pick(d, 1000, 60_000, 3_600_000, -500_000_000))
	d.post(flow.Booted{}, flow.CatalogueChanged{Index: items}, flow.LinkChanged{Online: true})
}

// check holds every event against what must always be true.
func (d *day) check(before flow.State, e flow.Event, after flow.State, effects []flow.Effect) {
	d.n++
	if d.t.Failed() {
		return
	}
	for _, eff := range effects {
		d.checkEffect(before, e, after, eff)
	}
	d.checkCart(before, e, after)
	d.checkView(after.View())
	d.checkJobs(after)
	d.checkMoney(e, after)
	d.checkSeal(before, e, after)
	if after.Durable.Slips < before.Durable.Slips {
		d.fail(e, "the slip counter went back from %d to %d", before.Durable.Slips, after.Durable.Slips)
	}
	if after.Clock.WakeMS <= e.MonoMS {
		d.fail(e, "no Wake is out at %d: %d", e.MonoMS, after.Clock.WakeMS)
	}
	if !after.Durable.Same(before.Durable) == reflect.DeepEqual(before.Durable, after.Durable) {
		d.fail(e, "Same is wrong")
	}
	if d.n%100 == 0 {
		d.checkOld(e)
		d.old, d.oldJSON = after, toJSON(d.t, after)
	}
}

func (d *day) fail(e flow.Event, format string, args ...any) {
	d.t.Helper()
	d.t.Errorf("event %d %T%+v: %s", d.n, e.Is, e.Is, fmt.Sprintf(format, args...))
}

// checkOld makes sure that later steps did not change a State of before.
func (d *day) checkOld(e flow.Event) {
	if d.oldJSON != "" && toJSON(d.t, d.old) != d.oldJSON {
		d.fail(e, "an old State was changed:\n%s", cmp.Diff(d.oldJSON, toJSON(d.t, d.old)))
	}
}

func toJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func (d *day) checkEffect(before flow.State, e flow.Event, after flow.State, eff flow.Effect) {
	switch eff := eff.(type) {
	case flow.Send:
		if err := eff.Body.Check(); err != nil {
			d.fail(e, "sends a broken %s: %v", eff.Body.Kind(), err)
		}
		d.checkBody(before, e, after, eff.Body)
	case flow.Print:
		i := slices.IndexFunc(after.Durable.Jobs, func(j flow.Job) bool { return j.ID == eff.Job && j.Phase == flow.Begun })
		if i < 0 {
			d.fail(e, "prints job %s that is not listed as begun", eff.Job)
			return
		}
		key := fmt.Sprint(after.Durable.Jobs[i].Sale, after.Durable.Jobs[i].Copy)
		if d.prints[key]++; d.prints[key] > 1 {
			d.fail(e, "prints copy %d of %s twice", after.Durable.Jobs[i].Copy, after.Durable.Jobs[i].Slip)
		}
	case flow.Ask:
		if err := eff.Body.Check(); err != nil {
			d.fail(e, "asks a broken %s: %v", eff.Body.Kind(), err)
		}
		d.bank.ask(eff)
	case flow.KickDrawer:
		if !slices.ContainsFunc(after.Durable.Kicks, func(k flow.Kick) bool { return k.ID == eff.ID }) {
			d.fail(e, "opens the drawer without listing it")
		}
	}
}

func (d *day) checkBody(before flow.State, e flow.Event, after flow.State, body protocol.Body) {
	switch body := body.(type) {
	case *protocol.Sale:
		d.checkSale(before, e, after, body)
	case *protocol.ReceiptPrinted:
		if d.reported[body.Job] {
			d.fail(e, "job %s is reported twice", body.Job)
		}
		d.reported[body.Job] = true
	}
}

func (d *day) checkSale(before flow.State, e flow.Event, after flow.State, s *protocol.Sale) {
	switch e.Is.(type) {
	case flow.Tapped, flow.Typed, flow.Answered, flow.Told:
	default:
		d.fail(e, "a sale closed without a hand")
	}
	if d.sales[s.ID] || after.Durable.Cart.ID != "" {
		d.fail(e, "sale %s is closed twice, or at a kiosk, or still open", s.ID)
	}
	d.sales[s.ID] = true
	if want := fmt.Sprintf("%s-%06d", after.Prefix, after.Durable.Slips); after.Durable.Slips != before.Durable.Slips+1 || s.Slip != want || after.Durable.Slips <= d.slips {
		d.fail(e, "slip %s after %d, want %s", s.Slip, d.slips, want)
	}
	d.slips = after.Durable.Slips
	doc := money.Document{Rules: s.Rules, Discount: s.Discount}
	for _, l := range s.Lines {
		doc.Lines = append(doc.Lines, l.Money)
	}
	totals, err := money.Compute(doc)
	if err != nil {
		d.fail(e, "the sale does not compute: %v", err)
	}
	if diff := cmp.Diff(totals, s.Totals, cmpopts.EquateEmpty()); diff != "" {
		d.fail(e, "totals:\n%s", diff)
	}
	d.checkPayments(e, s)
	if moved := d.bank.moved(s.ID); !maps.Equal(moved, heard(s.Payments)) {
		d.fail(e, "sale %s has %v, the bank moved %v", s.ID, heard(s.Payments), moved)
	}
}

// checkPayments adds up what was paid. Only the cash is rounded, and only there is
// change.
func (d *day) checkPayments(e flow.Event, s *protocol.Sale) {
	cash, other, rounding := money.Cents(0), money.Cents(0), money.Cents(0)
	for _, p := range s.Payments {
		rounding += p.Rounding
		if p.Amount != p.Tendered-p.Change || p.Change < 0 {
			d.fail(e, "payment %+v", p)
		}
		if p.Tender == protocol.Cash {
			cash += p.Amount
			continue
		}
		other += p.Amount
	}
	left := s.Totals.Total - other
	if cash != 0 || other == 0 {
		left, _ = money.CashDue(left, s.Rules)
	}
	if cash != left || s.Rounding != cash+other-s.Totals.Total || rounding != s.Rounding {
		d.fail(e, "%v in cash and %v otherwise do not fit total %v, rounding %v and %v", cash, other, s.Totals.Total, s.Rounding, rounding)
	}
}

// checkCart makes sure that a sale is only ever finished, parked, or voided by
// its button.
func (d *day) checkCart(before flow.State, e flow.Event, after flow.State) {
	tap, _ := e.Is.(flow.Tapped)
	if tap.ID == "dialog:void" || tap.ID == "undo" || tap.ID == "toast:undo" {
		return
	}
	if before.Role == protocol.Kiosk && after.Durable.Cart.Open == nil {
		return // a customer may leave everything, but for money that is on its way
	}
	if c := &before.Durable.Cart; len(c.Lines) > 0 && !d.sales[c.ID] && !has(&after, c.ID) {
		d.fail(e, "the open sale %s is gone", c.ID)
	}
	for i := range before.Durable.Parked {
		if id := before.Durable.Parked[i].ID; !has(&after, id) {
			d.fail(e, "the parked sale %s is gone", id)
		}
	}
}

func has(s *flow.State, id string) bool {
	if s.Durable.Cart.ID == id {
		return true
	}
	for i := range s.Durable.Parked {
		if s.Durable.Parked[i].ID == id {
			return true
		}
	}
	return false
}

func (d *day) checkJobs(s flow.State) {
	begun := 0
	slips := map[string]bool{}
	for _, j := range s.Durable.Jobs {
		if j.Phase == flow.Begun {
			begun++
		}
		if slips[j.Slip] {
			d.t.Errorf("event %d: two receipts of %s wait", d.n, j.Slip)
		}
		slips[j.Slip] = true
	}
	if begun > 1 || len(s.Durable.Jobs) > 30 || len(s.Durable.Recent) > 20 || len(s.Durable.Notices) > 10 {
		d.t.Errorf("event %d: %d prints at once, %d jobs, %d recent", d.n, begun, len(s.Durable.Jobs), len(s.Durable.Recent))
	}
}

// checkView holds a view against the contract with the screen.
func (d *day) checkView(v flow.View) {
	for _, fault := range viewFaults(v) {
		d.t.Errorf("event %d, screen %s: %s", d.n, v.Screen, fault)
	}
}

func viewFaults(v flow.View) []string {
	var faults []string
	seen, primaries := map[string]bool{}, 0
	covered := v
	covered.Dialog = nil
	all := covered.Targets()
	if v.Dialog != nil {
		all = append(slices.Clone(all), v.Dialog.Buttons...)
	}
	for _, b := range all {
		if b.ID == "" || b.Label == "" || seen[b.ID] {
			faults = append(faults, fmt.Sprintf("button %+v has no id or label, or its id twice", b))
		}
		seen[b.ID] = true
		if b.Enabled == (b.Why != "") {
			faults = append(faults, fmt.Sprintf("button %s: enabled %v because %q", b.ID, b.Enabled, b.Why))
		}
		if strings.ContainsFunc(b.Label+b.Why, func(r rune) bool { return r < ' ' }) {
			faults = append(faults, "control characters in "+b.ID)
		}
	}
	for _, b := range v.Buttons {
		if b.Kind == flow.Primary && b.Enabled {
			primaries++
		}
	}
	if primaries > 1 || v.Title == "" {
		faults = append(faults, fmt.Sprintf("%d primary buttons, title %q", primaries, v.Title))
	}
	if got := panels(v); !slices.Equal(got, []string{panelOf[v.Screen]}) {
		faults = append(faults, fmt.Sprintf("panels %v", got))
	}
	return faults
}

var panelOf = map[flow.Screen]string{
	flow.ScreenAttract: "attract", flow.ScreenSale: "cart", flow.ScreenSearch: "search", flow.ScreenQuantity: "keypad",
	flow.ScreenDiscount: "keypad", flow.ScreenPay: "ways", flow.ScreenBasket: "self", flow.ScreenCash: "pay", flow.ScreenPart: "keypad", flow.ScreenCode: "code", flow.ScreenTender: "tender", flow.ScreenDone: "done", flow.ScreenQR: "qr", flow.ScreenMail: "mail", flow.ScreenParked: "list",
	flow.ScreenOperators: "list", flow.ScreenTotal: "total", flow.ScreenReceipts: "list", flow.ScreenDevice: "list",
	flow.ScreenPrice: "price", flow.ScreenLoading: "loading",
	flow.ScreenTill: "list", flow.ScreenTillCount: "list", flow.ScreenTillAmount: "keypad", flow.ScreenTillReview: "list",
	flow.ScreenRefund: "list", flow.ScreenGive: "list", flow.ScreenGift: "keypad", flow.ScreenDeposit: "keypad", flow.ScreenSpecials: "list",
	flow.ScreenCustomer: "search", flow.ScreenBuyerName: "search", flow.ScreenBuyerPhone: "search",
}

// panels names the parts of a view that are set.
func panels(v flow.View) []string {
	set := map[string]bool{
		"attract": v.Attract != nil, "cart": v.Cart != nil, "search": v.Search != nil, "keypad": v.Keypad != nil,
		"pay": v.Pay != nil, "done": v.Done != nil, "list": v.List != nil, "price": v.Price != nil,
		"total": v.Total != nil, "loading": v.Loading != nil, "ways": v.Ways != nil, "self": v.Self != nil, "code": v.Code != nil, "tender": v.Tender != nil,
		"qr": v.QR != nil, "mail": v.Mail != nil,
	}
	maps.DeleteFunc(set, func(_ string, on bool) bool { return !on })
	return slices.Sorted(maps.Keys(set))
}
