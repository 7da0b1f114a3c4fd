package web

import (
	"fmt"
	"unicode/utf8"

	"kickstand/hub/right"
	"kickstand/hub/store"
)

// naming gives a category another name; one that exists takes its items in.
func (o *office) naming() change {
	return change{Section: "Categories", Right: right.Items, Show: o.showCategories, Do: o.doCategory}
}

func (o *office) showCategories(v visit, _ *form) (sheet, error) {
	all, err := o.Store.Categories(v.Context())
	return sheet{Name: "categories", Title: "Categories", Data: all}, err
}

func (o *office) doCategory(v visit, f *form, t *store.Tx) (done, error) {
	from, to := f.values.Get("from"), f.Get("to")
	if utf8.RuneCountInString(to) > 60 || !utf8.ValidString(to) {
		f.Fail("to", "A category has at most 60 letters.")
		return done{}, nil
	}
	d := done{Leads: "/items/categories"}
	if from == to {
		d.Says = "That is its name already."
		return d, nil
	}
	n, err := t.RenameCategory(from, to)
	if err != nil {
		return d, err
	}
	if n == 0 {
		f.Fail("", "No item is in that category any more.")
		return d, nil
	}
	d.Says = fmt.Sprintf("%s moved to “%s”.", count(int64(n), "item", "items"), to)
	return d, v.audit(t, "category.renamed", "", map[string]any{"from": from, "to": to, "items": n})
}
