package web

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kickstand/hub/right"
	"kickstand/hub/zone"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

const (
	paperCols = 42 // letters on a line of the narrowest paper of 80 mm
	headLines = 5  // of the address, and of the footer
)

// letterheadPage is what stands around every receipt.
type letterheadPage struct {
	Was  string // mark of what holds now
	Look string // address of the picture
}

var letterhead = setting{
	Path: "/settings/letterhead", Kind: "settings.shop",
	Part:  func(set protocol.Settings) any { return set.Shop },
	Apply: func(v visit, f *form, set *protocol.Settings) { set.Shop = letterheadTyped(f, v.now) },
	Facts: func(set protocol.Settings) any {
		return map[string]any{"address_lines": len(set.Shop.Address), "footer_lines": len(set.Shop.Footer), "tax_number": set.Shop.TaxNumber != "", "utc_offset": set.Shop.UTCOffset, "zone": set.Shop.Zone}
	},
}

// heading changes the letterhead.
func (o *office) heading() change {
	return change{Section: "Letterhead", Right: right.Settings, Show: o.showLetterhead, Do: letterhead.do}
}

// showLetterhead fills the form with what holds, or, for a look at what was typed,
// with what the address says.
func (o *office) showLetterhead(v visit, f *form) (sheet, error) {
	shop := v.settings.Shop
	for name, value := range map[string]string{
		"name": shop.Name, "address": strings.Join(shop.Address, "\n"), "tax": shop.TaxNumber, "footer": strings.Join(shop.Footer, "\n"), "utc": utcWords(shop.UTCOffset), "zone": shop.Zone,
	} {
		if q := v.URL.Query(); q.Has("look") {
			value = q.Get(name)
		}
		f.Default(name, value)
	}
	look := url.Values{}
	for _, name := range []string{"name", "address", "tax", "footer", "zone", "utc"} {
		look.Set(name, f.Get(name))
	}
	return sheet{Name: "letterhead", Title: "Letterhead", Data: letterheadPage{Was: letterhead.shown(v.settings), Look: "/settings/letterhead.svg?" + look.Encode()}}, nil
}

// letterheadTyped reads the fields.
func letterheadTyped(f *form, now time.Time) protocol.Letterhead {
	l := protocol.Letterhead{
		Name: f.Get("name"), TaxNumber: f.Get("tax"), Zone: f.Get("zone"),
		Address: linesField(f, "address"), Footer: linesField(f, "footer"),
	}
	if l.Zone == "" {
		l.UTCOffset = utcField(f, "utc")
	} else if _, err := zone.Parse(l.Zone); err != nil {
		f.Fail("zone", "There is no time zone of this name. Type one such as America/Vancouver or Europe/Berlin.")
	} else {
		l.UTCOffset = zone.Offset(l, now)
	}
	if l.Name == "" || utf8.RuneCountInString(l.Name) > paperCols {
		f.Fail("name", fmt.Sprintf("Say in 1 to %d letters what the shop is called.", paperCols))
	}
	if utf8.RuneCountInString(l.TaxNumber) > paperCols {
		f.Fail("tax", fmt.Sprintf("Keep it within %d letters, one line of paper.", paperCols))
	}
	return l
}

// linesField reads lines of text that fit on the paper; empty ones are dropped.
func linesField(f *form, name string) []string {
	var all []string
	for line := range strings.Lines(f.Get(name)) {
		line = strings.TrimSpace(line)
		if utf8.RuneCountInString(line) > paperCols {
			f.Fail(name, fmt.Sprintf("“%s” is too long for a line of paper: %d letters at most. Break it in two.", line, paperCols))
		}
		if line != "" {
			all = append(all, line)
		}
	}
	if len(all) > headLines {
		f.Fail(name, fmt.Sprintf("Use %d lines at most.", headLines))
	}
	return all
}

var utcTyped = regexp.MustCompile(`^([+-]?)(\d{1,2})(?::?(00|15|30|45))?$`)

// utcField reads hours ahead of UTC as seconds: "-7", "+05:30".
func utcField(f *form, name string) int {
	m := utcTyped.FindStringSubmatch(strings.Replace(f.Get(name), minus, "-", 1))
	if m == nil {
		f.Fail(name, "Type the hours ahead of UTC, such as -7 or +05:30.")
		return 0
	}
	hours, _ := strconv.Atoi(m[2]) // one or two digits
	minutes, _ := strconv.Atoi(m[3])
	seconds := hours*3600 + minutes*60
	if seconds > 14*3600 {
		f.Fail(name, "This must lie between -14 and +14.")
	}
	if m[1] == "-" {
		return -seconds
	}
	return seconds
}

// utcWords writes an offset as utcField reads it.
func utcWords(seconds int) string {
	sign, n := "+", seconds
	if n < 0 {
		sign, n = "-", -n
	}
	return fmt.Sprintf("%s%02d:%02d", sign, n/3600, n/60%60)
}

// letterheadLook draws a receipt of nothing in particular below a letterhead as it
// is being typed.
func (o *office) letterheadLook(w http.ResponseWriter, r *http.Request) {
	v, err := o.visit(r)
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	if !right.May(v.who.Role, right.Settings) {
		http.Error(w, "Only "+right.Who(right.Settings)+" sees this.", http.StatusForbidden)
		return
	}
	f := newForm()
	f.values, f.sent = r.URL.Query(), true
	image, err := paper(slip.Build(sampleSale(v, letterheadTyped(f, v.now)), 0, "S-000000"))
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "image/svg+xml")
	_, _ = w.Write([]byte(image)) // the reader has gone: nobody to tell
}

// sampleSale is a sale that never was, in the shop's present rules.
func sampleSale(v visit, shop protocol.Letterhead) *protocol.Sale {
	line := money.Line{Qty: 1, Unit: 19_90}
	s := &protocol.Sale{
		ID: "sample", Slip: "C1-000000", Name: v.who.Name, Shop: shop, Rules: v.settings.Rules,
		OpenedMS: v.now.UnixMilli(), ClosedMS: v.now.UnixMilli(),
		Lines: []protocol.SaleLine{{N: 1, Item: "sample", SKU: "SAMPLE", Name: "Sample bell", Money: line}},
	}
	if s.Rules.Validate() != nil {
		s.Rules = money.Rules{Currency: "CAD"}
	}
	totals, err := money.Compute(money.Document{Rules: s.Rules, Lines: []money.Line{line}})
	if err != nil {
		return s // without sums, which a look can do without
	}
	due, rounding := money.CashDue(totals.Total, s.Rules)
	s.Totals, s.Rounding = totals, rounding
	s.Payments = []protocol.Payment{{ID: "sample-1", Tender: protocol.Cash, Amount: due, Tendered: 20_00, Change: 20_00 - due, Rounding: rounding}}
	return s
}
