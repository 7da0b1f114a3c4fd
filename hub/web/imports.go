package web

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/goods"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

const (
	shownFaults  = 200
	shownChanges = 50
	shownImports = 30
)

// importPage is a file of items on its way.
type importPage struct {
	store.Import
	At         time.Time
	File       goods.File
	Faults     []goods.LineFault // the first of them
	FaultSum   int
	New        []goods.Planned
	NewSum     int
	Changed    []changedItem
	ChangSum   int
	Same       int
	Seen       int64 // version of the catalogue that the page was made with
	Reasons    []string
	Ready, All int64 // rows in the catalogue, and written down
	Currency   string
}

// changedItem is what a file changes of one item, in words.
type changedItem struct {
	Line int
	Item goods.Item
	What []string
}

// uploading takes a file. Nothing changes yet.
func (o *office) uploading() change {
	return change{Section: "Import, export", Right: right.Items, Show: o.showUpload, Do: o.doUpload, Upload: goods.MaxFile + 1}
}

func (o *office) showUpload(v visit, _ *form) (sheet, error) {
	all, err := o.Store.Imports(v.Context(), shownImports)
	pages := make([]importPage, len(all))
	for i, one := range all {
		pages[i] = importPage{Import: one, At: v.time(one.DoneMS)}
		pages[i].Operator = v.nameOf(one.Operator)
	}
	table, err2 := o.Store.TaxTable(v.Context())
	if err2 != nil && !errors.Is(err2, store.ErrNotFound) {
		err = errors.Join(err, err2)
	}
	return sheet{Name: "upload", Title: "Import items", Data: struct {
		Fields  []string
		Taxes   []string
		Imports []importPage
	}{goods.Fields(), slices.Sorted(maps.Keys(table.Categories)), pages}}, err
}

func (o *office) doUpload(v visit, f *form, t *store.Tx) (done, error) {
	if len(f.file) == 0 {
		f.Fail("file", "Choose a file first.")
		return done{}, nil
	}
	name := path.Base(strings.ReplaceAll(f.name, `\`, "/"))
	err := t.StageImport(store.Import{Token: f.Token, Name: strings.ToValidUTF8(name, "?"), Operator: v.who.ID, Raw: f.file})
	return done{Leads: "/items/import/" + f.Token}, err
}

// importing shows what a file would do, does it, and undoes it.
func (o *office) importing() change {
	return change{Section: "Import, export", Right: right.Items, Show: o.showImport, Do: o.doImport}
}

func (o *office) showImport(v visit, f *form) (sheet, error) {
	i, err := o.Store.Import(v.Context(), v.PathValue("token"))
	if err != nil {
		return sheet{}, err
	}
	p := importPage{Import: i, At: v.time(i.DoneMS), Currency: v.settings.Rules.Currency}
	p.Operator = v.nameOf(i.Operator)
	s := sheet{Name: "import", Title: "Import of " + i.Name}
	switch i.State {
	case "staged":
		err = o.preview(v, &p)
	case "importing", "undoing":
		s.Again = 2
		p.Ready, p.All, err = o.Store.ImportProgress(v.Context(), i)
	case "done":
		p.Reasons = strings.FieldsFunc(i.Words, func(r rune) bool { return r == '\n' })
	}
	if why := f.Wrong("reasons"); why != "" {
		p.Reasons = strings.Split(why, "\n")
	}
	s.Data = p
	return s, err
}

// preview says what a file would do now.
func (o *office) preview(v visit, p *importPage) error {
	version, err := o.Store.CatalogueVersion(v.Context())
	if err != nil {
		return err
	}
	items, err := o.Store.AllItems(v.Context())
	if err != nil {
		return err
	}
	table, err := o.Store.TaxTable(v.Context())
	if err != nil && !errors.Is(err, store.ErrNotFound) {
		return err
	}
	p.Seen, p.File = version, goods.Read(p.Raw)
	plan := goods.PlanOf(p.File, items, slices.Sorted(maps.Keys(table.Categories)))
	p.Same, p.FaultSum, p.NewSum, p.ChangSum = plan.Same, len(plan.Faults), len(plan.New), len(plan.Changed)
	p.Faults = plan.Faults[:min(len(plan.Faults), shownFaults)]
	p.New = plan.New[:min(len(plan.New), shownChanges)]
	for _, c := range plan.Changed[:min(len(plan.Changed), shownChanges)] {
		p.Changed = append(p.Changed, changedItem{Line: c.Line, Item: c.After, What: differences(c.Before, c.After)})
	}
	return nil
}

// differences says field by field what changes.
func differences(before, after goods.Item) []string {
	was, is := goods.DraftOf(before), goods.DraftOf(after)
	var all []string
	for _, name := range goods.Fields() {
		if was[name] != is[name] {
			all = append(all, fmt.Sprintf("%s: %s → %s", goods.Word(name), orNone(was[name]), orNone(is[name])))
		}
	}
	return all
}

func orNone(s string) string {
	if s == "" {
		return "none"
	}
	return s
}

func (o *office) doImport(v visit, f *form, t *store.Tx) (done, error) {
	i, err := t.Import(v.PathValue("token"))
	if err != nil {
		return done{}, err
	}
	d := done{Leads: "/items/import/" + i.Token}
	switch {
	case f.Get("do") == "undo" && i.State == "done":
		return o.undoImport(v, f, t, i)
	case f.Get("do") != "import" || i.State != "staged":
		f.Fail("", "This import is not where it was. Look at the page again.")
		return d, nil
	}
	version, err := t.CatalogueVersion()
	if err != nil {
		return d, err
	}
	if o.large(bytes.Count(i.Raw, []byte("\n"))) && f.Get("seen") == strconv.FormatInt(version, 10) {
		if err := t.BeginImport(i, version); err != nil {
			return d, err
		}
		o.Imports.Soon()
		return d, v.audit(t, "items.importing", i.Token, map[string]any{"file": audit.Digest(i.Raw)})
	}
	if f.Get("seen") != strconv.FormatInt(version, 10) {
		f.Fail("", "Items were changed since you looked. Look again at what the file does now.")
		return d, nil
	}
	plan, err := planNow(t, i)
	if err != nil {
		return d, err
	}
	if len(plan.Faults) > 0 || len(plan.New)+len(plan.Changed) == 0 {
		f.Fail("", "There is nothing that can be imported.")
		return d, nil
	}
	for k := range plan.New {
		plan.New[k].After.ID = newItemID()
	}
	if err := t.CarryOutImport(i, plan); err != nil {
		return d, err
	}
	d.Says = fmt.Sprintf("Imported: %d new, %d changed. The tills know within moments.", len(plan.New), len(plan.Changed))
	return d, v.audit(t, "items.imported", i.Token, map[string]any{"added": len(plan.New), "changed": len(plan.Changed), "file": audit.Digest(i.Raw)})
}

// largeFile is how many items are imported at once. More of them would keep sales
// waiting.
const largeFile = 500

func (o *office) large(items int) bool { return o.Imports != nil && items > largeFile }

// planNow is what a file does as of this transaction.
func planNow(t *store.Tx, i store.Import) (goods.Plan, error) {
	items, err := t.AllItems()
	if err != nil {
		return goods.Plan{}, err
	}
	table, err := t.TaxTable()
	if errors.Is(err, store.ErrNotFound) {
		err = nil
	}
	return goods.PlanOf(goods.Read(i.Raw), items, slices.Sorted(maps.Keys(table.Categories))), err
}

func (o *office) undoImport(v visit, f *form, t *store.Tx, i store.Import) (done, error) {
	d := done{Leads: "/items/import/" + i.Token, Says: "Undone. Every item is as it was before the import."}
	if o.large(int(i.Added + i.Changed)) {
		if err := t.BeginUndo(i); err != nil {
			return d, err
		}
		o.Imports.Soon()
		d.Says = ""
		return d, v.audit(t, "items.undoing", i.Token, map[string]any{})
	}
	reasons, err := t.UndoImport(i)
	if err != nil {
		return d, err
	}
	if len(reasons) > 0 {
		f.Fail("", "The import cannot be undone any more. Nothing was changed.")
		f.Fail("reasons", strings.Join(reasons[:min(len(reasons), shownFaults)], "\n"))
		return d, nil
	}
	return d, v.audit(t, "items.unimported", i.Token, map[string]any{"added": i.Added, "changed": i.Changed})
}

// exported sends all items that are sold as the import takes them.
func (o *office) exported(w http.ResponseWriter, r *http.Request) {
	v, err := o.visit(r)
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	if !right.May(v.who.Role, right.Items) { // it has purchase prices
		if v.who.ID == "" {
			o.askWho(w, v, newForm())
			return
		}
		o.render(w, v, "Items", refused(v, right.Items))
		return
	}
	items, err := o.Store.AllItems(r.Context())
	if err != nil {
		o.trouble(w, r, err)
		return
	}
	items = slices.DeleteFunc(items, func(it goods.Item) bool { return it.Retired })
	var b bytes.Buffer
	if err := goods.Write(&b, items); err != nil {
		o.trouble(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8; header=present")
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", fmt.Sprintf("%s_items_%s.csv", o.Store.Shop(), v.now.Format("2006-01-02"))))
	_, _ = b.WriteTo(w) // the reader has gone: nobody to tell
}
