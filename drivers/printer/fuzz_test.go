package printer_test

import (
	"bytes"
	"errors"
	"testing"

	"kickstand/drivers/printer"
)

// FuzzEncode checks that any block, on any profile, is encoded or refused with
// ErrDoc, that no real-time command stands in the bytes, that the same document
// gives the same bytes, and that a printer understands all of them and breaks no
// line.
func FuzzEncode(f *testing.F) {
	f.Add(uint8(0), "\x1b@ é 自 \x10\x04 e\u0301 \u202e", "", 0, uint8(3), uint8(0))
	f.Add(uint8(1), "Inner tube 700x25-32C", "€ 8.99", 0, uint8(4), uint8(1))
	f.Add(uint8(2), "a\nb", "שלום", -3, uint8(0), uint8(5))
	f.Add(uint8(3), "https://kickstand.example/r/1042", "", 6, uint8(8), uint8(2))
	f.Add(uint8(4), "400638133393", "", 80, uint8(0), uint8(10))
	f.Add(uint8(5), "KS-{1042}", "", 0, uint8(0), uint8(4))
	f.Add(uint8(6), "\x10\x04\x01\x10\x14\x01\x00\x01", "", 2, uint8(0), uint8(7))
	f.Add(uint8(7), "", "", 100, uint8(0), uint8(9))
	profiles := printer.Profiles()
	f.Fuzz(func(t *testing.T, kind uint8, text, right string, n int, look, pick uint8) {
		if len(text)+len(right) > 600 {
			return
		}
		p := profiles[int(pick)%len(profiles)]
		doc := printer.Doc{ID: text, Blocks: []printer.Block{anyBlock(kind, text, right, n, look), printer.Cut()}}
		out, err := printer.Encode(doc, p)
		if err != nil {
			if !errors.Is(err, printer.ErrDoc) {
				t.Errorf("error %v does not wrap ErrDoc", err)
			}
			return
		}
		for _, pair := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
			if bytes.Contains(out, []byte(pair)) {
				t.Errorf("real-time command % x is on the wire", pair)
			}
		}
		if again := encode(t, doc, p); !bytes.Equal(out, again) {
			t.Error("a second time the bytes differ")
		}
		onPaper(t, p, append(out, "\x1b@.\n\x1dr\x01"...))
	})
}

func anyBlock(kind uint8, text, right string, n int, look uint8) printer.Block {
	style := printer.Style{
		Align: []printer.Align{printer.Left, printer.Center, printer.Right}[look%3],
		Wide:  look&4 != 0, Tall: look&8 != 0, Small: look&16 != 0, Bold: look&32 != 0, Underline: look&64 != 0, Inverse: look&128 != 0,
	}
	switch kind % 8 {
	case 0:
		return printer.Text(text, style)
	case 1:
		return printer.Row(text, right, style)
	case 2:
		return printer.Table(style, printer.Column{Text: text, Width: n % 100}, printer.Column{Text: right, Align: style.Align}, printer.Column{Text: "x", Width: 3})
	case 3:
		return printer.QR(text, n)
	case 4:
		return printer.Block{Kind: printer.KindBarcode, Symbology: printer.EAN13, Text: text, N: n, ShowText: look&1 != 0}
	case 5:
		return printer.Block{Kind: printer.KindBarcode, Symbology: printer.Code128, Text: text, N: n, ShowText: look&1 != 0}
	case 6:
		b := &printer.Bitmap{Width: 8 * max(n%80, 1), Bits: []byte(text)}
		b.Height = len(text) / b.Stride()
		b.Bits = b.Bits[:b.Height*b.Stride()]
		return printer.Image(b)
	}
	return printer.Feed(n)
}
