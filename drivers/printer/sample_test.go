package printer_test

import (
	"image"
	"image/color"
	"math"
	"testing"

	"kickstand/drivers/printer"
)

// shopLogo is a bicycle, 384 by 96 dots.
func shopLogo(t testing.TB) *printer.Bitmap {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 384, 96))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	ring := func(cx, cy, r float64) {
		for y := range 96 {
			for x := range 384 {
				d := math.Hypot(float64(x)-cx, float64(y)-cy)
				if math.Abs(d-r) < 2.5 || d < 4 {
					img.SetGray(x, y, color.Gray{})
				}
			}
		}
	}
	bar := func(x0, y0, x1, y1 float64) {
		n := int(math.Hypot(x1-x0, y1-y0) * 2)
		for i := range n + 1 {
			f := float64(i) / float64(n)
			x, y := int(x0+(x1-x0)*f), int(y0+(y1-y0)*f)
			for k := range 9 {
				img.SetGray(x+k%3, y+k/3, color.Gray{})
			}
		}
	}
	ring(140, 60, 32)
	ring(244, 60, 32)
	bar(140, 60, 168, 22)
	bar(168, 22, 226, 22)
	bar(226, 22, 190, 60)
	bar(190, 60, 140, 60)
	bar(168, 22, 190, 60)
	bar(222, 10, 244, 60)
	bar(214, 10, 234, 10)
	bar(160, 14, 178, 14)
	bar(166, 14, 168, 22)
	b, err := printer.NewBitmap(img, 0)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// richDoc uses everything a document can hold.
func richDoc(t testing.TB) printer.Doc {
	plain := printer.Style{}
	center := printer.Style{Align: printer.Center}
	return printer.Doc{ID: "sale-1042", Blocks: []printer.Block{
		printer.Drawer(),
		printer.Image(shopLogo(t)),
		printer.Text("Kickstand Cycles", printer.Style{Align: printer.Center, Bold: true, Wide: true, Tall: true}),
		printer.Text("214 Rue Saint-Viateur, Montréal", center),
		printer.Text("GST 81234 5678 RT0001", printer.Style{Align: printer.Center, Small: true}),
		printer.Feed(1),
		printer.Row("Sale 1042", "2026-04-17 14:32", plain),
		printer.Rule(),
		printer.Row("Inner tube 700x25-32C, Presta 48 mm", "8.99", plain),
		printer.Table(plain,
			printer.Column{Text: "  2 x", Width: 6},
			printer.Column{Text: "@ 24.50"},
			printer.Column{Text: "49.00", Width: 10, Align: printer.Right}),
		printer.Row("Señal trasera roja", "19.95", plain),
		printer.Row("Café crème für unterwegs", "€ 3.50", plain),
		printer.Row("Ποδήλατο σέρβις", "45.00", plain),
		printer.Row("Велосипед: обслуживание", "60.00", plain),
		printer.Row("自行车内胎", "12.00", plain),
		printer.Row("Żółta łańcuchowa osłona", "15.00", plain),
		printer.Rule(),
		printer.Row("Subtotal", "213.44", plain),
		printer.Row("GST 5%", "10.67", plain),
		printer.Row("QST 9.975%", "21.29", plain),
		printer.Row("TOTAL", "$245.40", printer.Style{Bold: true, Wide: true, Tall: true}),
		printer.Row("Cash", "260.00", plain),
		printer.Row("Change", "14.60", plain),
		printer.Text(" PAID ", printer.Style{Align: printer.Center, Inverse: true, Bold: true}),
		printer.Feed(1),
		printer.QR("https://kickstand.example/r/1042?k=7fQ2", 0),
		printer.Feed(1),
		printer.Barcode(printer.EAN13, "4006381333931", true),
		printer.Feed(1),
		printer.Barcode(printer.Code128, "KS-001042", true),
		printer.Feed(1),
		printer.Text("Returns within 30 days with this receipt.", printer.Style{Align: printer.Center, Underline: true}),
		printer.Text("Merci, à bientôt!", center),
		printer.Cut(),
	}}
}
