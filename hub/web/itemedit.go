package web

import (
	"crypto/rand"
	"encoding/hex"
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kickstand/hub/goods"
	"kickstand/hub/right"
	"kickstand/hub/store"
)

// itemForm is a page with the fields of an item.
type itemForm struct {
	ID         string // empty: a new one
	Title      string
	Back       string
	Taxes      []string
	Categories []store.CategoryCount
	Others     int // other sizes and colours
}

// editing changes an item, but for its price.
func (o *office) editing() change {
	return change{Section: "Items", Right: right.Items, Show: o.showEdit, Do: o.doEdit}
}

// adding makes a new item, or with ?like=ID another size or colour of one.
func (o *office) adding() change {
	return change{Section: "Items", Right: right.Items, Show: o.showNew, Do: o.doNew}
}

// itemFields are those of the page; files have the same names.
func itemFields(f *form) goods.Draft {
	d := goods.Draft{}
	for _, name := range goods.Fields() {
		if name != goods.FieldID {
			d[name] = f.Get(name)
		}
	}
	for _, box := range []string{goods.FieldStocked, goods.FieldSerialised} {
		if d[box] == "" {
			d[box] = "no"
		}
	}
	return d
}

// fillItem puts an item into the fields.
func fillItem(f *form, it store.Item) {
	for name, value := range goods.DraftOf(it) {
		f.Default(name, value)
	}
	f.Default(goods.FieldStocked, box(!it.Unstocked))
	f.Default(goods.FieldSerialised, box(it.Serialised))
	f.Default(goods.FieldBarcodes, strings.Join(it.Barcodes, "\n"))
	f.Default("version", strconv.FormatInt(it.Version, 10))
}

func box(on bool) string {
	if on {
		return "1"
	}
	return ""
}

// itemSheet is the page around the fields.
func (o *office) itemSheet(v visit, p itemForm) (sheet, error) {
	table, err := o.Store.TaxTable(v.Context())
	if errors.Is(err, store.ErrNotFound) {
		return noTaxes(), nil
	}
	if err != nil {
		return sheet{}, err
	}
	p.Taxes = slices.Sorted(maps.Keys(table.Categories))
	if p.Categories, err = o.Store.Categories(v.Context()); err != nil {
		return sheet{}, err
	}
	return sheet{Name: "itemedit", Title: p.Title, Data: p}, nil
}

// noTaxes is the page of a shop that cannot have items yet.
func noTaxes() sheet {
	return sheet{Name: "message", Title: "No taxes yet", Data: message{
		Text: "Every item has a tax category, and the shop has none yet. The owner sets them first.", Link: "/items/taxes", Word: "Set taxes",
	}}
}

func (o *office) showEdit(v visit, f *form) (sheet, error) {
	row, _, err := o.Store.Stock(v.Context(), v.PathValue("item"), 0)
	if err != nil {
		return sheet{}, err
	}
	fillItem(f, row.Item)
	if f.top == changedMeanwhile {
		f.values.Set("version", strconv.FormatInt(row.Version, 10))
	}
	others, err := o.Store.Variants(v.Context(), row.Item)
	if err != nil {
		return sheet{}, err
	}
	return o.itemSheet(v, itemForm{ID: row.ID, Title: "Edit " + row.Name, Back: "/stock/" + row.ID, Others: len(others)})
}

const changedMeanwhile = "Somebody, or an import, changed this item meanwhile. Compare with the item's page, then send again what is still right."

func (o *office) doEdit(v visit, f *form, t *store.Tx) (done, error) {
	before, err := t.Item(v.PathValue("item"))
	if err != nil {
		return done{}, err
	}
	if f.Get("version") != strconv.FormatInt(before.Version, 10) {
		f.Fail("", changedMeanwhile)
		return done{}, nil
	}
	draft := itemFields(f)
	delete(draft, goods.FieldPrice)
	after, err := o.judged(t, f, draft, before)
	if err != nil || !f.good() {
		return done{}, err
	}
	if goods.Same(before, after) {
		return done{Leads: "/stock/" + after.ID, Says: "Nothing was different, so nothing was changed."}, nil
	}
	if _, err := t.PutItems([]store.Item{after}); err != nil {
		return done{}, err
	}
	return done{Leads: "/stock/" + after.ID, Says: "Changed. The tills know within moments."}, v.audit(t, "item.changed", after.ID, auditedItem(before, after))
}

// judged reads the fields onto an item and looks for what its codes clash with.
func (o *office) judged(t *store.Tx, f *form, d goods.Draft, before store.Item) (store.Item, error) {
	table, err := t.TaxTable()
	if err != nil {
		return before, err
	}
	after, faults := d.Onto(before, slices.Sorted(maps.Keys(table.Categories)))
	for _, x := range faults {
		f.Fail(x.Field, x.Words)
	}
	if len(faults) > 0 {
		return after, nil
	}
	return after, clashing(t, f, after)
}

// clashing says with what sold items the codes of one clash.
func clashing(t *store.Tx, f *form, it store.Item) error {
	all, err := t.Rivals(it)
	if err != nil {
		return err
	}
	all[it.ID] = it
	for _, c := range goods.Clashes(all, map[string]bool{it.ID: true})[it.ID] {
		if c.SKU {
			f.Fail(goods.FieldSKU, c.Words())
			continue
		}
		f.Fail(goods.FieldBarcodes, c.Words())
	}
	return nil
}

// auditedItem is what changed, field by field.
func auditedItem(before, after store.Item) map[string]string {
	was, is := goods.DraftOf(before), goods.DraftOf(after)
	facts := map[string]string{}
	for name, value := range is {
		if was[name] != value {
			facts[name] = value
		}
	}
	if before.Retired != after.Retired {
		facts["retired"] = strconv.FormatBool(after.Retired)
	}
	return facts
}

func (o *office) showNew(v visit, f *form) (sheet, error) {
	p := itemForm{Title: "New item", Back: "/items"}
	f.Default(goods.FieldStocked, "1")
	f.Default(goods.FieldCategory, v.URL.Query().Get("category"))
	if like := v.URL.Query().Get("like"); like != "" {
		row, _, err := o.Store.Stock(v.Context(), like, 0)
		if err != nil {
			return sheet{}, err
		}
		p.Title, p.Back = "Another size or colour of "+row.Name, "/stock/"+row.ID
		row.Variant, row.Barcodes = "", nil
		fillItem(f, row.Item)
	}
	return o.itemSheet(v, p)
}

func (o *office) doNew(v visit, f *form, t *store.Tx) (done, error) {
	after, err := o.judged(t, f, itemFields(f), store.Item{})
	if err != nil || !f.good() {
		return done{}, err
	}
	after.ID = newItemID()
	if _, err := t.PutItems([]store.Item{after}); err != nil {
		return done{}, err
	}
	return done{Leads: "/stock/" + after.ID, Says: "The item is new in the shop. The tills know within moments."},
		v.audit(t, "item.added", after.ID, auditedItem(store.Item{}, after))
}

// newItemID mints an id that no item ever had.
func newItemID() string {
	var b [6]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return "itm-" + hex.EncodeToString(b[:])
}

// retiring takes an item out of the shop, or brings it back.
func (o *office) retiring() change {
	return change{Section: "Items", Right: right.Items, Show: o.showRetire, Do: o.doRetire}
}

func (o *office) showRetire(v visit, _ *form) (sheet, error) {
	row, _, err := o.Store.Stock(v.Context(), v.PathValue("item"), 0)
	return sheet{Name: "itemretire", Title: row.Name, Data: row}, err
}

func (o *office) doRetire(v visit, f *form, t *store.Tx) (done, error) {
	it, err := t.Item(v.PathValue("item"))
	if err != nil {
		return done{}, err
	}
	before := it
	it.Retired = f.Get("do") == "retire"
	if it.Retired == before.Retired {
		return done{Leads: "/stock/" + it.ID, Says: "That is how it was already."}, nil
	}
	says := "No longer sold. The tills forget it within moments."
	if !it.Retired {
		says = "Sold again. The tills know within moments."
		if err := clashing(t, f, it); err != nil || !f.good() {
			f.Fail("", strings.TrimSpace(f.Wrong(goods.FieldSKU)+" "+f.Wrong(goods.FieldBarcodes)))
			return done{}, err
		}
	}
	if _, err := t.PutItems([]store.Item{it}); err != nil {
		return done{}, err
	}
	return done{Leads: "/stock/" + it.ID, Says: says}, v.audit(t, "item.changed", it.ID, auditedItem(before, it))
}
