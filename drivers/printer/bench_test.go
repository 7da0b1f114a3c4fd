package printer_test

import (
	"testing"

	"kickstand/drivers/printer"
)

// BenchmarkEncode measures a receipt of 34 lines with €, QR, EAN-13 and cut,
// with and without a 384x96 logo.
func BenchmarkEncode(b *testing.B) {
	for _, name := range []string{"logo", "plain"} {
		b.Run(name, func(b *testing.B) {
			var logo *printer.Bitmap
			if name == "logo" {
				logo = shopLogo(b)
			}
			e, err := printer.NewEncoder(profile(b, "epson-tm-t20iii"), nil)
			if err != nil {
				b.Fatal(err)
			}
			doc := benchDoc(logo)
			b.ReportAllocs()
			for b.Loop() {
				data, err := e.Encode(doc)
				if err != nil {
					b.Fatal(err)
				}
				b.SetBytes(int64(len(data)))
			}
		})
	}
}

// benchDoc is a usual receipt: head, 34 item lines, totals, codes.
func benchDoc(logo *printer.Bitmap) printer.Doc {
	d := printer.Doc{ID: "sale-1"}
	add := func(b ...printer.Block) { d.Blocks = append(d.Blocks, b...) }
	if logo != nil {
		add(printer.Image(logo))
	}
	add(printer.Text("Kickstand Cycles", printer.Style{Align: printer.Center, Bold: true, Wide: true, Tall: true}),
		printer.Text("Montréal", printer.Style{Align: printer.Center}), printer.Rule())
	for i := range 34 {
		name := "Inner tube 700x25C"
		if i%5 == 0 {
			name = "Chaîne 11 vitesses"
		}
		add(printer.Row(name, "12.95", printer.Style{}))
	}
	add(printer.Rule(), printer.Row("TOTAL", "€ 440.30", printer.Style{Bold: true, Wide: true}),
		printer.QR("https://kickstand.example/r/1042?k=7fQ2", 0),
		printer.Barcode(printer.EAN13, "4006381333931", true), printer.Cut())
	return d
}
