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
