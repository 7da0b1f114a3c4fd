package goods_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/goods"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

func Example() {
	f := goods.Read([]byte("sku;name;price;tax_category\nTUB-1;Tube 28;7,90;part\nTUB-2;Tube 26;-1;part\n"))
	plan := goods.PlanOf(f, nil, []string{"part"})
	fmt.Println(f.Encoding, "with", f.Separator)
	for _, x := range plan.Faults {
		fmt.Println(x.Line, x.Words)
	}
	// Output:
	// UTF-8 with semicolons
	// 3 The price is below zero.
}

var taxes = []string{"bicycle", "part"}

func item(id, sku, name, variant string, codes ...string) goods.Item {
	return goods.Item{
		Item: catalogue.Item{ID: id, SKU: sku, Name: name, Variant: variant, Barcodes: codes, Price: 12_50, TaxCategory: "part", Category: "Tubes"},
		Low:  2, Cost: 6_00,
	}
}

func shop() []goods.Item {
	retired := item("i-4", "OLD", "Old bell", "", "4006381333931")
	retired.Retired = true
	return []goods.Item{
		item("i-1", "TUB-1", "Tube", "28", "4006381333931"),
		item("i-2", "TUB-2", "Tube", "26", "4006381333931"),
		item("i-3", "BEL", "Bell", "", "SHOP-7"),
		retired,
	}
}

const header = "id,sku,name,brand,variant,category,price,tax_category,cost,low,stocked,serialised,barcodes\n"

func TestEveryMistakeIsNamedOnItsLine(t *testing.T) {
	rows := []struct{ name, line, want string }{
		{"new", ",NEW,Lamp,,,Lights,19.90,part,,,,,", ""},
		{"decimal comma", `,NEW,Lamp,,,Lights,"19,90",part,,,,,`, ""},
		{"no price", ",NEW,Lamp,,,Lights,,part,,,,,", "price is missing"},
		{"below zero", ",NEW,Lamp,,,Lights,-1,part,,,,,", "below zero"},
		{"three decimals", ",NEW,Lamp,,,Lights,1.999,part,,,,,", "at most two decimals"},
		{"two readings", `,NEW,Lamp,,,Lights,"1,999",part,,,,,`, "in two ways"},
		{"letters", ",NEW,Lamp,,,Lights,ten,part,,,,,", "not an amount"},
		{"huge", ",NEW,Lamp,,,Lights,99999999999999,part,,,,,", "too large"},
		{"unknown tax", ",NEW,Lamp,,,Lights,1,beer,,,,,", "not a tax category"},
		{"no name", ",NEW,,,,Lights,1,part,,,,,", "name is missing"},
		{"no shelf code", ",,Lamp,,,Lights,1,part,,,,,", "shelf code is missing"},
		{"too few fields", ",NEW,Lamp", "3 fields"},
		{"mistyped barcode", ",NEW,Lamp,,,Lights,1,part,,,,,4006381333932", "mistyped"},
		{"rounded barcode", ",NEW,Lamp,,,Lights,1,part,,,,,4.00638E+12", "rounded by a spreadsheet"},
		{"somebody's barcode", ",NEW,Lamp,,,Lights,1,part,,,,,shop-7", "belongs to Bell"},
		{"barcode of the variants", ",NEW,Lamp,,,Lights,1,part,,,,,04006381333931", "belongs to Tube"},
		{"a third variant", ",TUB-3,Tube,,24,Tubes,1,part,,,,,4006381333931", ""},
		{"the same variant", ",TUB-3,Tube,,26,Tubes,1,part,,,,,4006381333931", "belongs to Tube"},
		{"unknown id", "i-9,NEW,Lamp,,,Lights,1,part,,,,,", "No item has the id"},
		{"retired", "i-4,OLD,Old bell,,,,1,part,,,,,", "no longer sold"},
		{"taken shelf code", "i-3,TUB-1,Bell,,,,1,part,,,,,", "belongs to Tube, 28"},
		{"bad low mark", ",NEW,Lamp,,,Lights,1,part,,-2,,,", "whole number"},
		{"bad truth", ",NEW,Lamp,,,Lights,1,part,,,perhaps,,", "yes or no"},
		{"same item twice", "i-3,BEL,Bell,,,,1,part,,,,,\ni-3,BEL,Bell,,,,2,part,,,,,", "Line 2 is about the same item"},
		{"same new code twice", ",NEW,Lamp,,,,1,part,,,,,\n,new,Lump,,,,2,part,,,,,", "belongs to L"},
		{"same new barcode twice", ",NEW,Lamp,,,,1,part,,,,,A-1\n,NEW2,Lump,,,,2,part,,,,,a-1", "belongs to L"},
		{"moved barcode", "i-3,BEL,Bell,,,Tubes,12.50,part,6,2,,,\n,NEW,Lamp,,,,1,part,,,,,SHOP-7", ""},
	}
	for _, r := range rows {
		t.Run(r.name, func(t *testing.T) {
			plan := goods.PlanOf(goods.Read([]byte(header+r.line+"\n")), shop(), taxes)
			if r.want == "" {
				if len(plan.Faults) > 0 {
					t.Errorf("refused: %+v", plan.Faults)
				}
				return
			}
			if len(plan.Faults) == 0 || !strings.Contains(plan.Faults[0].Words, r.want) || plan.Faults[0].Line < 2 {
				t.Errorf("got %+v, want %q", plan.Faults, r.want)
			}
		})
	}
}

func TestFilesThatAreNoLists(t *testing.T) {
	for want, raw := range map[string]string{
		"is empty":        "",
		"no line below":   header,
		"do not have":     "sku,colour\n1,2\n",
		"twice":           "sku,sku\n1,2\n",
		"must name":       "name,price\nLamp,1\n",
		"quotation mark":  header + ",\"NEW\"x,Lamp,,,,1,part,,,,,\n",
		"not a text file": "sku,name\n\x00\x01\x02,x\n",
		"larger than":     strings.Repeat("x", goods.MaxFile+1),
		"but it is not":   "\xef\xbb\xbfsku,name\nA,\xff\n",
		"at most 50000":   "sku,name\n" + strings.Repeat("A,B\n", goods.MaxRows+1),
	} {
		f := goods.Read([]byte(raw))
		if len(f.Faults) == 0 || !strings.Contains(f.Faults[0].Words, want) {
			t.Errorf("%.40q: %+v, want %q", raw, f.Faults, want)
		}
	}
}

// TestAnyEncodingReadsTheSame writes one list in every encoding and separator.
func TestAnyEncodingReadsTheSame(t *testing.T) {
	text := "sku\tname\tprice\tTax Category\r\nKIN\tKindersitz für Größere\t1.234,50\tpart\r\n"
	units := utf16.Encode([]rune(text))
	var little, big bytes.Buffer
	for _, u := range units {
		little.Write([]byte{byte(u), byte(u >> 8)})
		big.Write([]byte{byte(u >> 8), byte(u)})
	}
	western := strings.NewReplacer("ü", "\xfc", "ö", "\xf6", "ß", "\xdf").Replace(text)
	for encoding, raw := range map[string]string{
		"UTF-8":                            text,
		"UTF-8 with a byte order mark":     "\xef\xbb\xbf" + text,
		"UTF-16":                           "\xff\xfe" + little.String(),
		"UTF-16, big-endian":               "\xfe\xff" + big.String(),
		"UTF-16 without a byte order mark": little.String(),
		"UTF-16, big-endian, without a byte order mark": big.String(),
		"Windows-1252 (Western European)":               western,
	} {
		f := goods.Read([]byte(raw))
		plan := goods.PlanOf(f, nil, taxes)
		if f.Encoding != encoding || f.Separator != "tabs" || len(plan.New) != 1 || len(plan.Faults) > 0 {
			t.Errorf("%s: %+v %+v", encoding, f, plan)
			continue
		}
		if it := plan.New[0].After; it.Name != "Kindersitz für Größere" || it.Price != 1_234_50 {
			t.Errorf("%s: %+v", encoding, it)
		}
	}
}

func TestWhatIsWrittenReadsBackTheSame(t *testing.T) {
	all := shop()[:3]
	all[0].Name, all[1].Name = `=HYPERLINK("x")`, `=HYPERLINK("x")`
	all[2].Name, all[2].Variant, all[2].Category, all[2].Serialised = "'@bell, \"loud\"", "'plain", "+44", true
	var b bytes.Buffer
	if err := goods.Write(&b, all); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), ",=") || strings.Contains(b.String(), ",\"=") {
		t.Errorf("a spreadsheet would compute this:\n%s", b.String())
	}
	plan := goods.PlanOf(goods.Read(b.Bytes()), all, taxes)
	if plan.Same != 3 || len(plan.Faults)+len(plan.New)+len(plan.Changed) > 0 {
		t.Errorf("%+v", plan)
	}
}

func TestAmounts(t *testing.T) {
	for typed, want := range map[string]money.Cents{
		"12": 12_00, "12.5": 12_50, "12,50": 12_50, "1,234.50": 1_234_50, "1.234,50": 1_234_50, "1 234,50": 1_234_50,
		"1'234.50": 1_234_50, "$7": 7_00, "1,234,567": 1_234_567_00, "-3": -3_00,
	} {
		if got, err := goods.Amount(typed); err != nil || got != want {
			t.Errorf("%q is %v, %v; want %v", typed, got, err, want)
		}
	}
	for _, typed := range []string{"", "1,234", "12.345", "12,3,4", "1.2.3", "12 EUR", "x"} {
		if got, err := goods.Amount(typed); err == nil {
			t.Errorf("%q is %v", typed, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, s := range []string{header + ",NEW,Lamp,,,Lights,19.90,part,,,,,4006381333931|X\n", "sku;name\n1;\"a\nb\"\n", "\xff\xfes\x00k\x00", "id\tsku\n\t\n", "sku,name,price,tax_category\n''=1,-x,1,part\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		plan := goods.PlanOf(goods.Read(raw), shop(), taxes)
		var all []goods.Item
		for i, p := range append(plan.New, plan.Changed...) {
			it := p.After
			if it.Price < 0 || it.Price > money.MaxUnit || it.Cost < 0 || it.Name == "" || it.SKU == "" || it.Low < 0 {
				t.Fatalf("accepted %+v", it)
			}
			if it.ID == "" {
				it.ID = fmt.Sprint("n-", i)
			}
			all = append(all, it)
		}
		if len(plan.Faults) > 0 {
			return // nothing would be imported
		}
		var b bytes.Buffer
		if err := goods.Write(&b, all); err != nil {
			t.Fatal(err)
		}
		if len(all) == 0 {
			return
		}
		again := goods.PlanOf(goods.Read(b.Bytes()), all, taxes)
		if again.Same != len(all) || len(again.Faults) > 0 {
			t.Fatalf("written and read again: %s\n%+v\n%s", cmp.Diff(len(all), again.Same), again.Faults, b.String())
		}
	})
}
