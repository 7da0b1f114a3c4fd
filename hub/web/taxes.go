package web

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"kickstand/hub/right"
	"kickstand/hub/store"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// taxesPage is the shop's tax table.
type taxesPage struct {
	Table      money.Table
	None       bool // the shop has none yet
	Places     []string
	Categories []taxCategory
}

// taxCategory is one with what it comes to.
type taxCategory struct {
	Name  string
	Rates []taxed
	Items int64
}

// taxed says whether a category has a rate.
type taxed struct {
	Code, Field string
	On          bool
}

// taxing changes the tax table. Items get their new rates with it.
func (o *office) taxing() change {
	return change{Section: "Taxes", Right: right.Taxes, Show: o.showTaxes, Do: o.doTaxes}
}

func (o *office) showTaxes(v visit, f *form) (sheet, error) {
	table, err := o.Store.TaxTable(v.Context())
	p := taxesPage{Table: table, None: errors.Is(err, store.ErrNotFound)}
	if err != nil && !p.None {
		return sheet{}, err
	}
	for _, t := range money.Tables() {
		p.Places = append(p.Places, t.Name)
	}
	used, err := o.Store.TaxCategories(v.Context())
	if err != nil {
		return sheet{}, err
	}
	for _, r := range table.Rates {
		f.Default("percent-"+r.Code, strings.TrimSuffix(slip.Percent(r.PPM), "%"))
		f.Default("name-"+r.Code, r.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(table.Categories)) {
		c := taxCategory{Name: name, Items: used[name]}
		for _, r := range table.Rates {
			field := "on-" + name + "-" + r.Code
			f.Default(field, box(slices.Contains(table.Categories[name], r.Code)))
			c.Rates = append(c.Rates, taxed{Code: r.Code, Field: field, On: f.Get(field) == "1"})
		}
		p.Categories = append(p.Categories, c)
	}
	return sheet{Name: "taxes", Title: "Taxes", Data: p}, nil
}

func (o *office) doTaxes(v visit, f *form, t *store.Tx) (done, error) {
	before, err := t.TaxTable()
	none := errors.Is(err, store.ErrNotFound)
	if err != nil && !none {
		return done{}, err
	}
	after := taxesTyped(f, before)
	if none {
		if after, err = money.TableByName(f.Get("place")); err != nil {
			f.Fail("place", "Choose a place to start from.")
		}
	}
	if !f.good() {
		return done{}, nil
	}
	if err := after.Validate(); err != nil {
		f.Fail("", "That makes no tax table: "+err.Error()+".")
		return done{}, nil
	}
	n, err := t.ChangeTaxes(before, after)
	if errors.Is(err, store.ErrTaxInUse) {
		f.Fail("", "A category that items still have cannot be removed. Give these items another one first.")
		return done{}, nil
	}
	if err != nil {
		return done{}, err
	}
	return done{Leads: "/items/taxes", Says: "Saved. " + count(int64(n), "item has", "items have") + " new taxes, and the tills know within moments."},
		v.audit(t, "taxes.changed", "", after)
}

// taxCode is what a rate or a category may be called on the books.
var taxCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9 ._-]{0,29}$`)

// taxesTyped is the table that the fields make.
func taxesTyped(f *form, before money.Table) money.Table {
	after := before
	after.Rates, after.Categories = slices.Clone(before.Rates), map[string][]string{}
	for i, r := range after.Rates {
		after.Rates[i].Name = f.Get("name-" + r.Code)
		if after.Rates[i].Name == "" || len(after.Rates[i].Name) > 30 {
			f.Fail("name-"+r.Code, "Say in up to 30 letters what the receipt calls it.")
		}
		after.Rates[i].PPM = percentField(f, "percent-"+r.Code)
	}
	if code := f.Get("code"); code != "" {
		if !taxCode.MatchString(code) {
			f.Fail("code", "Use up to 30 letters and digits, such as VAT.")
		}
		after.Rates = append(after.Rates, money.Rate{Code: code, Name: code, PPM: percentField(f, "percent")})
	}
	for name := range before.Categories {
		if f.Get("remove-"+name) == "1" {
			continue
		}
		after.Categories[name] = []string{}
		for _, r := range before.Rates {
			if f.Get("on-"+name+"-"+r.Code) == "1" {
				after.Categories[name] = append(after.Categories[name], r.Code)
			}
		}
	}
	if name := f.Get("category"); name != "" {
		if _, there := after.Categories[name]; there || !taxCode.MatchString(name) {
			f.Fail("category", "Use up to 30 letters and digits that no other category has.")
		}
		after.Categories[name] = []string{}
	}
	return after
}

// percentField reads a percentage, up to four decimals, as parts per million.
func percentField(f *form, name string) int64 {
	typed := strings.Replace(strings.TrimSuffix(f.Get(name), "%"), ",", ".", 1)
	whole, part, _ := strings.Cut(strings.TrimSpace(typed), ".")
	if len(part) <= 4 && whole != "" && strings.Trim(whole+part, "0123456789") == "" {
		n, err := strconv.ParseInt(whole+part+strings.Repeat("0", 4-len(part)), 10, 64)
		if err == nil && n <= 1_000_000 {
			return n
		}
	}
	f.Fail(name, "Type a percentage from 0 to 100, such as 7.5.")
	return 0
}
