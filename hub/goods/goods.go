// Package goods judges what somebody says about the items of a shop: typed into a
// page of the office, or in a file with thousands of lines. It is PURE.
//
// It promises that a [Draft] becomes an item only when every field of it makes
// sense, and says in plain words what does not; that [Clashes] finds every code
// that would lead to two different things; and that [Read] takes any bytes,
// however they are encoded and separated, and reads back what [Write] wrote.
//
// It refuses to guess: an amount that can be read in two ways is an error.
package goods

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

// Item is what the shop keeps of an item beyond what devices get.
type Item struct {
	catalogue.Item
	Unstocked bool        // labour and the like: no stock is kept
	Low       int64       // OnHand at or below this is low stock
	Cost      money.Cents // last purchase price, 0 unknown
}

// Same reports whether two items agree in everything a person decides.
func Same(a, b Item) bool {
	return a.ID == b.ID && a.SKU == b.SKU && a.Name == b.Name && a.Brand == b.Brand && a.Variant == b.Variant &&
		slices.Equal(a.Barcodes, b.Barcodes) && a.Price == b.Price && a.TaxCategory == b.TaxCategory && a.Category == b.Category &&
		a.Serialised == b.Serialised && a.Retired == b.Retired && a.Unstocked == b.Unstocked && a.Low == b.Low && a.Cost == b.Cost
}

// The fields of a draft, as files and pages name them.
const (
	FieldID         = "id"
	FieldSKU        = "sku"
	FieldName       = "name"
	FieldBrand      = "brand"
	FieldVariant    = "variant"
	FieldCategory   = "category"
	FieldPrice      = "price"
	FieldTax        = "tax_category"
	FieldCost       = "cost"
	FieldLow        = "low"
	FieldStocked    = "stocked"
	FieldSerialised = "serialised"
	FieldBarcodes   = "barcodes"
)

// Fields returns the names of all fields in the order in which files have them.
func Fields() []string {
	return []string{
		FieldID, FieldSKU, FieldName, FieldBrand, FieldVariant, FieldCategory, FieldPrice, FieldTax,
		FieldCost, FieldLow, FieldStocked, FieldSerialised, FieldBarcodes,
	}
}

// Draft is an item as somebody typed it: text by field. A field that is missing
// stays as it is.
type Draft map[string]string

// Fault is what is wrong with one field.
type Fault struct {
	Field string
	Words string // a sentence
}

// DraftOf is the draft that says what an item is.
func DraftOf(it Item) Draft {
	d := Draft{
		FieldID: it.ID, FieldSKU: it.SKU, FieldName: it.Name, FieldBrand: it.Brand, FieldVariant: it.Variant, FieldCategory: it.Category,
		FieldPrice: it.Price.String(), FieldTax: it.TaxCategory, FieldLow: strconv.FormatInt(it.Low, 10), FieldStocked: yes(!it.Unstocked),
		FieldSerialised: yes(it.Serialised), FieldBarcodes: strings.Join(it.Barcodes, "|"), FieldCost: "",
	}
	if it.Cost != 0 {
		d[FieldCost] = it.Cost.String()
	}
	return d
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// Onto returns the item that a draft makes of what was there before, or what is
// wrong with it. taxes are the tax categories of the shop.
func (d Draft) Onto(before Item, taxes []string) (Item, []Fault) {
	j := &judge{draft: d, item: before}
	j.text(FieldSKU, &j.item.SKU, 60, true)
	j.text(FieldName, &j.item.Name, 120, true)
	j.text(FieldBrand, &j.item.Brand, 60, false)
	j.text(FieldVariant, &j.item.Variant, 80, false)
	j.text(FieldCategory, &j.item.Category, 60, false)
	j.amount(FieldPrice, &j.item.Price, true)
	j.amount(FieldCost, &j.item.Cost, false)
	j.tax(taxes)
	j.number(FieldLow, &j.item.Low)
	stocked := !j.item.Unstocked
	j.truth(FieldStocked, &stocked)
	j.item.Unstocked = !stocked
	j.truth(FieldSerialised, &j.item.Serialised)
	j.barcodes()
	return j.item, j.faults
}

// judge reads one draft.
type judge struct {
	draft  Draft
	item   Item
	faults []Fault
}

func (j *judge) fail(field, format string, args ...any) {
	j.faults = append(j.faults, Fault{Field: field, Words: fmt.Sprintf(format, args...)})
}

func (j *judge) text(field string, into *string, most int, needed bool) {
	typed, ok := j.draft[field]
	if !ok {
		typed = *into
	}
	typed = strings.TrimSpace(typed)
	switch {
	case typed == "" && needed:
		j.fail(field, "The %s is missing.", Word(field))
	case !utf8.ValidString(typed) || strings.ContainsFunc(typed, unicode.IsControl):
		j.fail(field, "The %s has characters that cannot be printed.", Word(field))
	case utf8.RuneCountInString(typed) > most:
		j.fail(field, "The %s is longer than %d letters.", Word(field), most)
	default:
		*into = typed
	}
}

func (j *judge) amount(field string, into *money.Cents, needed bool) {
	typed, ok := j.draft[field]
	if !ok && (!needed || j.item.ID != "") {
		return
	}
	if strings.TrimSpace(typed) == "" {
		*into = 0
		if needed {
			j.fail(field, "The %s is missing.", Word(field))
		}
		return
	}
	c, err := Amount(typed)
	switch {
	case err != nil:
		j.fail(field, "%s", err.Error())
	case c < 0:
		j.fail(field, "The %s is below zero.", Word(field))
	case c > money.MaxUnit:
		j.fail(field, "The %s is too large.", Word(field))
	default:
		*into = c
	}
}

func (j *judge) tax(taxes []string) {
	typed, ok := j.draft[FieldTax]
	if !ok && j.item.ID != "" {
		return
	}
	typed = strings.TrimSpace(typed)
	if !slices.Contains(taxes, typed) {
		j.fail(FieldTax, "“%.40s” is not a tax category of the shop; they are: %s.", typed, strings.Join(taxes, ", "))
		return
	}
	if j.item.TaxCategory != typed {
		j.item.TaxCategory, j.item.Taxes = typed, nil
	}
}

func (j *judge) number(field string, into *int64) {
	typed, ok := j.draft[field]
	if !ok {
		return
	}
	typed = strings.TrimSpace(typed)
	if typed == "" {
		*into = 0
		return
	}
	n, err := strconv.ParseInt(typed, 10, 64)
	if err != nil || n < 0 || n > 1_000_000 {
		j.fail(field, "The %s must be a whole number from 0 to 1,000,000.", Word(field))
		return
	}
	*into = n
}

func (j *judge) truth(field string, into *bool) {
	typed, ok := j.draft[field]
	if !ok {
		return
	}
	switch strings.ToLower(strings.TrimSpace(typed)) {
	case "":
	case "yes", "y", "true", "1", "x":
		*into = true
	case "no", "n", "false", "0":
		*into = false
	default:
		j.fail(field, "The field %s must be yes or no.", field)
	}
}

func (j *judge) barcodes() {
	typed, ok := j.draft[FieldBarcodes]
	if !ok {
		return
	}
	var codes []string
	for _, c := range strings.FieldsFunc(typed, func(r rune) bool { return r == '|' || r == '\n' || r == '\r' }) {
		c = strings.TrimSpace(c)
		if c == "" || slices.Contains(codes, c) {
			continue
		}
		if why := codeFault(c); why != "" {
			j.fail(FieldBarcodes, "%s", why)
		}
		codes = append(codes, c)
	}
	if len(codes) > 50 {
		j.fail(FieldBarcodes, "An item has at most 50 barcodes.")
		return
	}
	j.item.Barcodes = codes
}

// codeFault says what is wrong with a barcode.
func codeFault(code string) string {
	good, known := catalogue.Checksum(code)
	switch {
	case known && !good:
		return fmt.Sprintf("The barcode %s is mistyped: its last digit does not fit the others.", code)
	case len(code) > 48:
		return fmt.Sprintf("The barcode %.20s… is longer than 48 characters.", code)
	case spoiled(code):
		return fmt.Sprintf("The barcode %s was rounded by a spreadsheet; type its digits, with the column formatted as text.", code)
	case strings.ContainsFunc(code, func(r rune) bool { return r == utf8.RuneError || r < ' ' || r > '~' }):
		return fmt.Sprintf("The barcode %.40q has characters that no scanner reads.", code)
	}
	return ""
}

// spoiled reports a number as spreadsheets shorten it: 4.00638E+12.
func spoiled(code string) bool {
	head, tail, ok := strings.Cut(strings.ToUpper(code), "E+")
	return ok && len(head) > 0 && strings.Trim(head, "0123456789.,") == "" && len(tail) > 0 && strings.Trim(tail, "0123456789") == ""
}

// Word is what a page calls a field.
func Word(field string) string {
	switch field {
	case FieldSKU:
		return "shelf code"
	case FieldTax:
		return "tax category"
	case FieldLow:
		return "low mark"
	}
	return field
}

// Amount reads an amount as people of any country type it: 1234.50, 1,234.50,
// 1.234,50 or 1234,50. What can be read in two ways is refused.
func Amount(typed string) (money.Cents, error) {
	text := strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "", "'", "", "’", "").Replace(strings.TrimSpace(typed))
	comma, point := strings.LastIndexByte(text, ','), strings.LastIndexByte(text, '.')
	if point >= 0 && comma > point { // 1.234,50
		text = strings.NewReplacer(".", ",", ",", ".").Replace(text)
	}
	if point < 0 && comma >= 0 && len(text)-comma == 4 && strings.Count(text, ",") == 1 {
		return 0, fmt.Errorf("“%.20s” can be read in two ways; type it without the comma", typed)
	}
	c, err := money.Parse(text)
	if err != nil {
		return 0, fmt.Errorf("“%.20s” is not an amount with at most two decimals, such as 12.50", typed)
	}
	return c, nil
}

// Clash is a code that would find two things that are not variants of each other.
type Clash struct {
	Code string
	Item Item // one of those that have it
	With Item // another one
	SKU  bool // Code is a shelf code
}

// Words says it for the item.
func (c Clash) Words() string {
	if c.SKU {
		return fmt.Sprintf("The shelf code %s belongs to %s already.", c.Code, full(c.With))
	}
	return fmt.Sprintf("The barcode %s belongs to %s, which is not another size or colour of this.", c.Code, full(c.With))
}

func full(it Item) string {
	if it.Variant == "" {
		return it.Name
	}
	return it.Name + ", " + it.Variant
}

// Variants reports whether two items are sizes or colours of one thing, which may
// share a barcode: the till then asks which it is.
func Variants(a, b Item) bool {
	return a.Name == b.Name && a.Brand == b.Brand && a.Variant != b.Variant
}

// Clashes looks at the items as they would be and returns, by id, what is wrong
// with those that are fresh. Retired items have no codes.
func Clashes(all map[string]Item, fresh map[string]bool) map[string][]Clash {
	x := codesOf(all)
	wrong := map[string][]Clash{}
	for id := range fresh {
		if it := all[id]; !it.Retired {
			if found := x.clashes(id, it, all); len(found) > 0 {
				wrong[id] = found
			}
		}
	}
	return wrong
}

// codes are the ids of the items that each code leads to, in order.
type codes struct{ byCode, bySKU map[string][]string }

func codesOf(all map[string]Item) codes {
	x := codes{byCode: map[string][]string{}, bySKU: map[string][]string{}}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		it := all[id]
		if it.Retired {
			continue
		}
		sku := strings.ToLower(it.SKU)
		x.bySKU[sku] = append(x.bySKU[sku], id)
		for _, c := range it.Barcodes {
			x.byCode[Form(c)] = append(x.byCode[Form(c)], id)
		}
	}
	return x
}

// clashes are the codes of an item that lead to another one too, each with the
// first of them. Variants of one thing may share a barcode.
func (x codes) clashes(id string, it Item, all map[string]Item) []Clash {
	var wrong []Clash
	add := func(code string, sku bool, ids []string, other func(string) bool) {
		if i := slices.IndexFunc(ids, other); i >= 0 {
			wrong = append(wrong, Clash{Code: code, Item: it, With: all[ids[i]], SKU: sku})
		}
	}
	add(it.SKU, true, x.bySKU[strings.ToLower(it.SKU)], func(o string) bool { return o != id })
	for _, c := range it.Barcodes {
		add(c, false, x.byCode[Form(c)], func(o string) bool { return o != id && !Variants(it, all[o]) })
	}
	return wrong
}

// Form is the same for codes that a till takes for the same: GTINs of any length
// are filled to 14 digits, other codes are in small letters.
func Form(code string) string {
	if good, known := catalogue.Checksum(code); known && good {
		return strings.Repeat("0", 14-len(code)) + code
	}
	return strings.ToLower(code)
}
