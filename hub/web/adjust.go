package web

import (
	"fmt"
	"strconv"
	"strings"

	"kickstand/hub/audit"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// adjustReasons are why stock changes without a sale or a delivery.
var adjustReasons = [...]string{"broken", "missing", "found", "used in the shop", "given away", "wrong delivery", "other"}

// adjusting corrects what is on hand of one item.
func (o *office) adjusting() change {
	return change{Section: "Stock", Right: right.Stock, Show: o.showAdjust, Do: o.doAdjust}
}

func (o *office) showAdjust(v visit, _ *form) (sheet, error) {
	row, _, err := o.Store.Stock(v.Context(), v.PathValue("item"), 0)
	return sheet{Name: "adjust", Title: "Adjust stock", Data: struct {
		store.StockRow
		Reasons []string
	}{row, adjustReasons[:]}}, err
}

func (o *office) doAdjust(v visit, f *form, t *store.Tx) (done, error) {
	item, n := v.PathValue("item"), wholeField(f, "pieces", -100_000, 100_000)
	if n == 0 {
		f.Fail("pieces", "Type how many pieces more, or with a minus how many less.")
	}
	why, note := f.Get("why"), f.Get("note")
	if why == "other" && note == "" {
		f.Fail("note", "Say in a few words why.")
	}
	if len(note) > 200 {
		f.Fail("note", "Keep it below 200 letters.")
	}
	if !f.good() {
		return done{}, nil
	}
	words := strings.Trim(why+": "+note, ": ")
	ok, err := t.AdjustStock(store.StockChange{Item: item, Delta: n, Reason: "adjust", Note: words, Operator: v.who.ID})
	if err != nil {
		return done{}, err
	}
	if !ok {
		f.Fail("pieces", "There are not that many on hand. Look at the movements, or count the shelf.")
		return done{}, nil
	}
	err = v.audit(t, "stock.adjusted", item, map[string]any{"delta": n}, audit.Say("why", "", words))
	return done{Leads: "/stock/" + item, Says: fmt.Sprintf("Adjusted by %s.", plus(n))}, err
}

// wholeField reads a whole number between two limits.
func wholeField(f *form, name string, least, most int64) int64 {
	text := strings.ReplaceAll(strings.Replace(f.Get(name), minus, "-", 1), "+", "")
	if text == "" {
		return 0
	}
	n, err := strconv.ParseInt(text, 10, 64)
	switch {
	case err != nil:
		f.Fail(name, "Type a whole number, such as 12.")
	case n < least || n > most:
		f.Fail(name, "This must lie between "+thousands(least)+" and "+thousands(most)+".")
	default:
		return n
	}
	return 0
}
