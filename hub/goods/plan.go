package goods

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Plan is what importing a file would do.
type Plan struct {
	New     []Planned
	Changed []Planned
	Same    int // lines that change nothing
	Faults  []LineFault
}

// Planned is one item of a plan.
type Planned struct {
	Line   int
	Before Item // zero for a new one
	After  Item // a new one has no id yet
}

// planning matches the lines of a file with the items of a shop.
type planning struct {
	plan  Plan
	taxes []string
	byID  map[string]Item
	bySKU map[string]string // shelf code in small letters to id
	after map[string]Item   // as it would be, new ones under the number of their line
	lines map[string]int
}

// newKey stands for the id that a new item of a line does not have yet. No id has
// a colon.
func newKey(n int) string { return "new:" + strconv.Itoa(n) }

// PlanOf says what a file would do to the items of a shop, retired ones included.
// A line with an id changes that item, one with the shelf code of an item changes
// that, any other is a new item.
func PlanOf(f File, items []Item, taxes []string) Plan {
	p := &planning{
		taxes: taxes, byID: make(map[string]Item, len(items)), bySKU: make(map[string]string, len(items)),
		after: make(map[string]Item, len(items)), lines: map[string]int{},
	}
	p.plan.Faults = slices.Clone(f.Faults)
	for _, it := range items {
		p.byID[it.ID], p.after[it.ID] = it, it
		if !it.Retired {
			p.bySKU[strings.ToLower(it.SKU)] = it.ID
		}
	}
	for _, r := range f.Rows {
		p.row(r)
	}
	p.clashes()
	slices.SortStableFunc(p.plan.Faults, func(a, b LineFault) int { return cmp.Compare(a.Line, b.Line) })
	return p.plan
}

func (p *planning) fail(line int, field, words string) {
	p.plan.Faults = append(p.plan.Faults, LineFault{Line: line, Field: field, Words: words})
}

func (p *planning) row(r Row) {
	id := strings.TrimSpace(r.Draft[FieldID])
	before, known := p.byID[id]
	switch {
	case id != "" && !known:
		p.fail(r.Line, FieldID, "No item has the id “"+short(id)+"”. Leave it empty for a new item.")
		return
	case id != "" && before.Retired:
		p.fail(r.Line, FieldID, "The item “"+short(id)+"” is no longer sold. Bring it back in the office first.")
		return
	case id == "":
		before, known = p.byID[p.bySKU[strings.ToLower(strings.TrimSpace(r.Draft[FieldSKU]))]]
	}
	key := before.ID
	if !known {
		key = newKey(len(p.lines))
	}
	if first, ok := p.lines[key]; ok {
		p.fail(r.Line, FieldSKU, "Line "+strconv.Itoa(first)+" is about the same item.")
		return
	}
	p.lines[key] = r.Line
	after, faults := r.Draft.Onto(before, p.taxes)
	for _, f := range faults {
		p.fail(r.Line, f.Field, f.Words)
	}
	if len(faults) > 0 {
		return
	}
	p.after[key] = after
	one := Planned{Line: r.Line, Before: before, After: after}
	switch {
	case !known:
		p.plan.New = append(p.plan.New, one)
	case Same(before, after):
		p.plan.Same++
	default:
		p.plan.Changed = append(p.plan.Changed, one)
	}
}

// clashes looks for codes that would find two different things.
func (p *planning) clashes() {
	fresh := map[string]bool{}
	for key := range p.lines {
		fresh[key] = true
	}
	wrong := Clashes(p.after, fresh)
	for _, key := range slices.Sorted(maps.Keys(wrong)) {
		for _, c := range wrong[key] {
			field := FieldBarcodes
			if c.SKU {
				field = FieldSKU
			}
			p.fail(p.lines[key], field, c.Words())
		}
	}
}

func short(s string) string {
	if len(s) > 48 {
		return strings.ToValidUTF8(s[:48], "") + "…"
	}
	return s
}
