package seed

import (
	_ "embed"
	"fmt"
	"hash/fnv"
	"slices"
	"strings"

	"kickstand/hub/store"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

//go:embed data/items.txt
var itemText string

// family is one line of data/items.txt: an item in all its colours and sizes.
type family struct {
	sku, name, brand, category, tax string
	price, cost                     money.Cents
	stock, low                      int64
	flags                           string
	colours, sizes                  []string
}

// article is an item with the stock it opens with.
type article struct {
	store.Item
	opening int64
}

// articles returns the items of the demo shop in a fixed order.
func articles() ([]article, error) {
	families, err := readFamilies(itemText)
	if err != nil {
		return nil, err
	}
	var all []article
	for _, f := range families {
		first := len(all) + 1
		for i, v := range f.variants() {
			all = append(all, f.article(first+i, i, v))
		}
	}
	return all, nil
}

func readFamilies(text string) ([]family, error) {
	var all []family
	for n, line := range strings.Split(text, "\n") {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		f, err := readFamily(line)
		if err != nil {
			return nil, fmt.Errorf("demo items, line %d: %w", n+1, err)
		}
		all = append(all, f)
	}
	return all, nil
}

func readFamily(line string) (family, error) {
	c := strings.Split(line, "|")
	for len(c) < 12 {
		c = append(c, "")
	}
	for i := range c {
		c[i] = strings.TrimSpace(c[i])
	}
	f := family{sku: c[0], name: c[1], brand: c[2], category: c[3], tax: c[4], flags: c[9], colours: words(c[10]), sizes: words(c[11])}
	var err error
	if f.price, err = money.Parse(c[5]); err != nil {
		return f, fmt.Errorf("price: %w", err)
	}
	if f.cost, err = money.Parse(c[6]); err != nil {
		return f, fmt.Errorf("cost: %w", err)
	}
	if _, err = fmt.Sscanf(c[7]+" "+c[8], "%d %d", &f.stock, &f.low); err != nil {
		return f, fmt.Errorf("stock and low: %w", err)
	}
	return f, nil
}

// words splits a list at its commas. An empty list has one empty word, so that
// an item without colours is still one item.
func words(list string) []string {
	all := strings.Split(list, ",")
	for i := range all {
		all[i] = strings.TrimSpace(all[i])
	}
	return all
}

// variant is one colour in one size.
type variant struct{ name, suffix string }

func (f family) variants() []variant {
	var all []variant
	for _, colour := range f.colours {
		for i, size := range f.sizes {
			v := variant{name: strings.Trim(colour+", "+size, ", ")}
			if colour != "" {
				v.suffix += "-" + strings.ToUpper(colour[:3])
			}
			if size != "" {
				v.suffix += "-" + sizeCode(size, i)
			}
			all = append(all, v)
		}
	}
	return all
}

// sizeCode is a short size as it is, a long one as its place in the list.
func sizeCode(size string, i int) string {
	if len(size) <= 3 {
		return strings.ToUpper(size)
	}
	return fmt.Sprintf("%02d", i+1)
}

func (f family) is(flag string) bool { return strings.Contains(f.flags, flag) }

// article makes the nth item of the shop, the family's variant i counted from 0.
func (f family) article(n, i int, v variant) article {
	it := catalogue.Item{
		ID: itemID(n), SKU: f.sku + v.suffix, Name: f.name, Brand: f.brand, Variant: v.name,
		Price: f.price, TaxCategory: f.tax, Category: f.category, Serialised: f.is("s"),
	}
	if !f.is("n") {
		it.Barcodes = []string{f.barcode(n)}
	}
	if f.is("m") {
		it.Barcodes = []string{f.barcode(n - i)} // of the first variant
	}
	a := article{Item: store.Item{Item: it, Unstocked: f.is("l"), Low: f.low, Cost: f.cost}}
	if !a.Unstocked {
		a.opening = around(f.stock, it.SKU)
	}
	return a
}

func itemID(n int) string { return fmt.Sprintf("itm-%06d", n) }

// barcode mints a number from the ranges kept for use inside a company: 2 in
// GTIN-8, 4 in GTIN-12, 20 to 29 in GTIN-13.
func (f family) barcode(n int) string {
	switch {
	case f.is("8"):
		return withCheck(fmt.Sprintf("2%06d", n))
	case f.is("u"):
		return withCheck(fmt.Sprintf("41700%06d", n))
	}
	return withCheck(fmt.Sprintf("200417%06d", n))
}

// withCheck appends the check digit of the GS1 rule: from the right the digits
// weigh 3 and 1 in turn, and with it the sum is a multiple of ten.
func withCheck(body string) string {
	sum := 0
	for i, c := range slices.Backward([]byte(body)) {
		weight := 3
		if (len(body)-1-i)%2 == 1 {
			weight = 1
		}
		sum += weight * int(c-'0')
	}
	return body + string(rune('0'+(10-sum%10)%10))
}

// around is a number near the middle, always the same for one key.
func around(middle int64, key string) int64 {
	h := fnv.New32a()
	_, _ = h.Write([]byte(key)) // a hash never returns an error
	spread := max(1, middle/3)
	return max(0, middle-spread+int64(h.Sum32())%(2*spread+1))
}
