package seed

import (
	"fmt"

	"kickstand/protocol/money"
)

// product is something every maker has.
type product struct {
	name, category, tax string
	price               money.Cents
	stock               int64
	sizes               []string
}

// products and makers are crossed to fill the shelves of a large shop.
func products() []product {
	wheel := []string{"700x25", "700x28", "700x32", "700x38", "700x42", "26x1.75", "27.5x2.1", "27.5x2.4", "29x2.1", "29x2.4"}
	body := []string{"XS", "S", "M", "L", "XL", "XXL"}
	speed := []string{"7 speed", "8 speed", "9 speed", "10 speed", "11 speed", "12 speed"}
	return []product{
		{"tyre", "Tyres", "part", 48_95, 5, wheel},
		{"tube", "Tubes", "part", 11_95, 14, wheel},
		{"chain", "Drivetrain", "part", 38_95, 6, speed},
		{"cassette", "Drivetrain", "part", 74_95, 3, speed},
		{"derailleur", "Drivetrain", "part", 99_95, 2, speed},
		{"shifter", "Drivetrain", "part", 59_95, 2, speed},
		{"brake pads", "Brakes", "part", 27_95, 8, []string{"A", "B", "C", "D", "E", "F"}},
		{"saddle", "Saddles", "part", 94_95, 2, []string{"135 mm", "143 mm", "155 mm", "168 mm"}},
		{"grips", "Cockpit", "part", 34_95, 4, []string{"Black", "Grey", "Red", "Blue", "Green"}},
		{"stem", "Cockpit", "part", 64_95, 2, []string{"50 mm", "60 mm", "70 mm", "80 mm", "90 mm", "100 mm", "110 mm"}},
		{"helmet", "Helmets", "accessory", 109_95, 2, []string{"S Black", "M Black", "L Black", "S White", "M White", "L White", "M Red", "L Red"}},
		{"jersey", "Clothing", "clothing", 89_95, 2, body},
		{"shorts", "Clothing", "clothing", 99_95, 2, body},
		{"jacket", "Clothing", "clothing", 179_00, 1, body},
		{"gloves", "Clothing", "clothing", 44_95, 3, body},
		{"shoes", "Clothing", "clothing", 189_00, 1, []string{"38", "39", "40", "41", "42", "43", "44", "45", "46", "47"}},
		{"light", "Lights", "accessory", 64_95, 4, []string{"front", "rear", "set"}},
		{"lock", "Locks", "accessory", 79_95, 3, []string{"short", "medium", "long"}},
		{"pannier", "Racks and bags", "accessory", 99_95, 2, []string{"Black", "Grey", "Yellow", "Blue"}},
		{"fender set", "Fenders", "accessory", 59_95, 3, wheel},
		{"bottle", "Bottles", "accessory", 15_95, 10, []string{"Clear", "Blue", "Red", "Smoke", "Green"}},
		{"road bike", "Bikes", "bicycle", 2_149_00, 1, []string{"50", "52", "54", "56", "58", "60"}},
		{"trail bike", "Bikes", "bicycle", 2_749_00, 1, []string{"S", "M", "L", "XL"}},
		{"city bike", "Bikes", "bicycle", 849_00, 1, []string{"S", "M", "L", "XL"}},
	}
}

var (
	makers = [...]string{
		"Alderline", "Brackenfell", "Coppice", "Drumlin", "Esker", "Fennimore", "Gannet", "Hollowbeck", "Islay & Sons", "Juniper",
		"Kelpworks", "Lodestar", "Merrow", "Nettlefold", "Oxbow", "Pinecrest", "Quillon", "Rowan Tree", "Saltmarsh", "Thistledown",
	}
	ranges = [...]string{"One", "Two", "Sport", "Tour", "Pro", "Light", "Classic", "Urban", "Junior", "Expedition"}
)

// wide returns n items: the demo shop's, then the makers' whole ranges.
func wide(n int) ([]article, error) {
	all, err := articles()
	if err != nil {
		return nil, err
	}
	list := products()
	for round := 0; len(all) < n; round++ {
		for i, p := range list {
			maker := makers[(round+i)%len(makers)]
			line := ranges[(round/len(makers))%len(ranges)]
			all = append(all, p.articles(len(all), maker, line, round)...)
		}
	}
	return all[:n], nil
}

// articles returns the product of one maker in all its sizes.
func (p product) articles(have int, maker, line string, round int) []article {
	f := family{
		sku: fmt.Sprintf("X%04d%s", round, p.code()), name: fmt.Sprintf("%s %s %s", maker, line, p.name), brand: maker,
		category: p.category, tax: p.tax, stock: p.stock, low: p.stock / 3, colours: []string{""}, sizes: p.sizes,
		price: p.price * money.Cents(80+(round*13)%60) / 100, cost: p.price / 2,
	}
	if p.tax == "bicycle" {
		f.flags = "s"
	}
	if round%4 == 3 {
		f.flags += "n" // many things in a shop have no barcode
	}
	var all []article
	for i, size := range p.sizes {
		v := variant{name: size, suffix: fmt.Sprintf("-%02d", i+1)}
		all = append(all, f.article(have+i+1, i, v))
	}
	return all
}

// code is a short form of the name for article numbers.
func (p product) code() string {
	code := []byte{}
	for _, c := range []byte(p.name) {
		if c != ' ' && len(code) < 4 {
			code = append(code, c-'a'+'A')
		}
	}
	return string(code)
}
