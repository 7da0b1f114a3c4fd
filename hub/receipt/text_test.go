package receipt_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"kickstand/hub/receipt"
	"kickstand/protocol/slip"

	"github.com/google/go-cmp/cmp"
)

// paper has a line of every form.
func paper() slip.Doc {
	return slip.Doc{Title: "Receipt C1-000001", Lines: []slip.Line{
		{Left: "COPY 1", Style: slip.Notice},
		{Left: "Cedar & Chain <Cycles>", Style: slip.Head},
		{Left: "1 Main Street", Style: slip.Center},
		{Rule: true},
		{Left: "Schwalbe Marathon Plus Tour, 700 x 38C, reflective", Right: "54.95"},
		{Left: "2 x 9.95", Right: "19.90", Indent: 2},
		{Left: "TOTAL CAD", Right: "78.60", Style: slip.Total},
		{Left: "Visa 4242"},
		{Code: "C1-000001"},
		{QR: "https://shop.example/r/secret"},
		{Left: strings.Repeat("long", 12), Right: strings.Repeat("9", 35)},
	}}
}

func TestText(t *testing.T) {
	want := `                 COPY 1
         Cedar & Chain <Cycles>
             1 Main Street
----------------------------------------
Schwalbe Marathon Plus Tour, 700 x 54.95
38C, reflective
  2 x 9.95                         19.90
TOTAL CAD                          78.60
Visa 4242
longlonglonglonglonglonglonglonglonglong
longlong
     99999999999999999999999999999999999
`
	if diff := cmp.Diff(want, receipt.Text(paper())); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

func TestHTMLIsEscaped(t *testing.T) {
	page, err := receipt.HTML(paper())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Cedar &amp; Chain &lt;Cycles&gt;", `<tr class="total"><td>TOTAL CAD</td><td class="n">78.60</td></tr>`, `class="notice">COPY 1`} {
		if !strings.Contains(string(page), want) {
			t.Errorf("no %s in\n%s", want, page)
		}
	}
	if strings.Contains(string(page), "secret") {
		t.Error("the token is in the page")
	}
}

func FuzzText(f *testing.F) {
	f.Add("Bell", "9.95", 2)
	f.Add("ünïcödé and a long name that has to be folded somewhere", "1,000.00", 40)
	f.Fuzz(func(t *testing.T, left, right string, indent int) {
		text := receipt.Text(slip.Doc{Lines: []slip.Line{{Left: left, Right: right, Indent: indent}}})
		for _, row := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
			if n := utf8.RuneCountInString(row); n > receipt.Columns && n > utf8.RuneCountInString(right) {
				t.Errorf("%d columns: %q", n, row)
			}
		}
	})
}
