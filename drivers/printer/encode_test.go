package printer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"image"
	"io"
	"os"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/oned"
	"github.com/makiuchi-d/gozxing/qrcode"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

// onPaper sends data to a virtual printer of the profile and returns what it
// printed. Anything the printer did not understand fails the test.
func onPaper(t testing.TB, p printer.Profile, data []byte) printertest.Document {
	t.Helper()
	v, err := printertest.Start(printertest.Config{Model: printertest.ModelOf(p)})
	if err != nil {
		t.Fatal(err)
	}
	defer v.Close()
	c, err := v.Dial()
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	go io.Copy(io.Discard, c)
	if _, err := c.Write(data); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	done := func() bool {
		docs := v.Documents()
		return len(docs) > 0 && docs[0].Complete && bytes.HasSuffix(docs[0].Raw, data[len(data)-3:])
	}
	if err := v.Wait(ctx, done); err != nil {
		t.Fatalf("%s: no complete document: %v; unknown % x", p.ID, err, v.Unknown())
	}
	if u := v.Unknown(); len(u) > 0 {
		t.Errorf("%s: printer did not understand % x", p.ID, u)
	}
	d := v.Documents()[0]
	if d.Hazards > 0 || d.Wrapped > 0 {
		t.Errorf("%s: %d real-time commands inside data, %d lines too long", p.ID, d.Hazards, d.Wrapped)
	}
	return d
}

func encode(t testing.TB, doc printer.Doc, p printer.Profile) []byte {
	t.Helper()
	data, err := printer.Encode(doc, p)
	if err != nil {
		t.Fatalf("%s: %v", p.ID, err)
	}
	return data
}

func profile(t testing.TB, id string) printer.Profile {
	t.Helper()
	p, err := printer.FindProfile(id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// printable reports whether the model has a character table for every letter.
func printable(m printertest.Model, s string) bool {
	for _, r := range s {
		found := r < utf8.RuneSelf
		for _, table := range m.Tables {
			b, ok := table.EncodeRune(r)
			found = found || ok && b >= 0x80
		}
		if !found {
			return false
		}
	}
	return true
}

var shopLines = []string{
	"Inner tube 26\" Schrader",
	"Vélo à assistance électrique",
	"Café 3.50 € für señor Muñoz",
	"Ποδήλατο σέρβις",
	"Велосипед сервис",
	"Żółta łańcuchowa osłona",
	"Türkçe ışık şarj",
	"自行车内胎",
	"자전거 수리",
	"½ price – “today” only …",
	"É, ñ, Я and Ω on one line",
}

func TestEveryProfilePrintsTextAsWritten(t *testing.T) {
	for _, p := range printer.Profiles() {
		t.Run(p.ID, func(t *testing.T) {
			m := printertest.ModelOf(p)
			doc := printer.Doc{ID: "t"}
			var want []string
			for _, line := range shopLines {
				doc.Blocks = append(doc.Blocks, printer.Text(line, printer.Style{}))
				if !printable(m, line) {
					line = "[image]"
				}
				want = append(want, line)
			}
			doc.Blocks = append(doc.Blocks, printer.Cut())
			got := strings.Split(onPaper(t, p, encode(t, doc, p)).Text, "\n")
			for i, line := range got {
				if strings.HasPrefix(line, "[image ") {
					got[i] = "[image]"
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestEveryProfilePrintsTheRichReceipt(t *testing.T) {
	for _, p := range printer.Profiles() {
		t.Run(p.ID, func(t *testing.T) {
			d := onPaper(t, p, encode(t, richDoc(t), p))
			if !strings.HasPrefix(d.Text, "[image 384x96]\nKickstand Cycles\n214 Rue Saint-Viateur, Montréal\n") {
				t.Errorf("head of the receipt reads\n%s", d.Text)
			}
			if strings.Contains(d.Text, "?k=7fQ2") != (p.QR == printer.Native) {
				t.Errorf("qr code %s, but the paper reads\n%s", p.QR, d.Text)
			}
			if got := strings.ReplaceAll(d.Text, "?k=", ""); strings.ContainsAny(got, "?�") {
				t.Errorf("a letter came out as a question mark:\n%s", got)
			}
			if got, want := d.Image().Bounds().Dx(), p.Dots; got != want {
				t.Errorf("paper is %d dots wide, want %d", got, want)
			}
		})
	}
}

func TestCodePageNumbersComeFromTheProfile(t *testing.T) {
	for _, id := range []byte{19, 53, 4} {
		p := profile(t, "generic-80")
		p.CodePages = []printer.CodePage{{Name: "CP437", ID: 0}, {Name: "CP858", ID: id}}
		data := encode(t, printer.Doc{Blocks: []printer.Block{printer.Text("5 €", printer.Style{})}}, p)
		if !bytes.Contains(data, []byte{0x1b, 't', id}) {
			t.Errorf("CP858 is number %d here, sent % x", id, data)
		}
		if got := onPaper(t, p, data).Text; got != "5 €" {
			t.Errorf("number %d: printed %q", id, got)
		}
	}
}

func TestTextCannotCarryCommands(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	evil := "A\x1b@B\x1dV\x00C\x10\x14\x01\x00\x01D\u0085E\u200bF\x7f\xffG\tH"
	d := onPaper(t, p, encode(t, printer.Doc{Blocks: []printer.Block{
		printer.Text(evil, printer.Style{}),
		printer.Row(evil, evil, printer.Style{}),
		printer.QR("x\x1b@\x10\x04\x01", 0),
		printer.Cut(),
	}}, p))
	// The broken byte FF is not a letter, so its lines are drawn with a mark.
	want := "[image 576x24]\n[image 576x24]\n[image 174x174]"
	got := strings.Split(d.Text, "\n")
	if len(got) != 3 || !strings.HasPrefix(got[2], "[image ") {
		t.Errorf("printed %q, want like %q", d.Text, want)
	}
}

func TestLayout(t *testing.T) {
	p := profile(t, "generic-58") // 32 columns
	plain := printer.Style{}
	tests := []struct {
		name  string
		block printer.Block
		want  string
	}{
		{
			"a long text wraps at words", printer.Text("Returns are accepted within thirty days of purchase", plain),
			"Returns are accepted within\nthirty days of purchase",
		},
		{
			"a word longer than the line is cut", printer.Text("x"+strings.Repeat("0123456789", 4), plain),
			"x" + strings.Repeat("0123456789", 3) + "0\n123456789",
		},
		{"the author's own line ends and indents stay", printer.Text("a\n\n  b", plain), "a\n\n  b"},
		{
			"double width halves the line", printer.Text("Kickstand Cycles of Montreal", printer.Style{Wide: true, Tall: true}),
			"Kickstand Cycles\nof Montreal",
		},
		{
			"an amount stays on the first line", printer.Row("Inner tube 700x25-32C Presta 48 mm", "8.99", plain),
			"Inner tube 700x25-32C       8.99\n  Presta 48 mm",
		},
		{
			"an amount as wide as the paper goes below", printer.Row("Reference", "0123456789012345678901234567", plain),
			"Reference\n0123456789012345678901234567",
		},
		{"wide letters count double", printer.Text(strings.Repeat("é", 33), plain), strings.Repeat("é", 32) + "\né"},
		{
			"a non-breaking space holds", printer.Text("twenty-five characters here 12\u00a0345,00 $", plain),
			"twenty-five characters here\n12 345,00 $",
		},
		{"a decomposed accent is one letter", printer.Text("Montre\u0301al", plain), "Montréal"},
		{
			"columns share what is left", printer.Table(plain,
				printer.Column{Text: "2", Width: 3}, printer.Column{Text: "Brake pads for disc brakes"},
				printer.Column{Text: "38.00", Width: 8, Align: printer.Right}),
			"2   Brake pads for disc    38.00\n    brakes",
		},
		{
			"columns too wide for the paper shrink", printer.Table(plain,
				printer.Column{Text: "ab", Width: 40}, printer.Column{Text: "cd", Width: 40, Align: printer.Right}),
			"ab                            cd",
		},
		{"a rule crosses the paper", printer.Rule(), strings.Repeat("─", 32)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			doc := printer.Doc{Blocks: []printer.Block{test.block}}
			if diff := cmp.Diff(test.want, onPaper(t, p, encode(t, doc, p)).Text); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestDocumentsThatCannotBePrinted(t *testing.T) {
	p := profile(t, "generic-58")
	tests := []struct {
		name  string
		block printer.Block
	}{
		{"wrong check digit", printer.Barcode(printer.EAN13, "4006381333930", true)},
		{"letters in a number", printer.Barcode(printer.EAN13, "400638133393x", true)},
		{"too few digits", printer.Barcode(printer.EAN13, "4006381", true)},
		{"unknown symbology", printer.Barcode("ean99", "1", true)},
		{"barcode wider than the paper", printer.Barcode(printer.Code128, strings.Repeat("Az", 30), true)},
		{"accent in a code 128", printer.Barcode(printer.Code128, "é", true)},
		{"no qr data", printer.QR("", 0)},
		{"qr data beyond the largest code", printer.QR(strings.Repeat("x", 2332), 0)},
		{"qr module", printer.QR("x", 17)},
		{"no picture", printer.Image(nil)},
		{"picture with missing rows", printer.Image(&printer.Bitmap{Width: 8, Height: 2, Bits: []byte{1}})},
		{"feed", printer.Feed(101)},
		{"columns", printer.Table(printer.Style{}, make([]printer.Column, 17)...)},
		{"unknown kind", printer.Block{Kind: "song"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := printer.Encode(printer.Doc{Blocks: []printer.Block{printer.Rule(), test.block}}, p)
			if !errors.Is(err, printer.ErrDoc) || !strings.Contains(err.Error(), "block 2") {
				t.Errorf("got error %v, want ErrDoc naming block 2", err)
			}
		})
	}
}

func TestCodesScanFromThePaper(t *testing.T) {
	const link, gtin, id = "https://kickstand.example/r/1042?k=7fQ2", "4006381333931", "KS-{001042}"
	for _, name := range []string{"generic-58", "generic-80", "epson-tm-t88v", "legacy-column"} {
		for _, method := range []printer.Method{printer.Native, printer.Raster} {
			p := profile(t, name)
			p.QR, p.Barcode = method, method
			t.Run(name+" "+string(method), func(t *testing.T) {
				read(t, p, printer.QR(link, 0), qrcode.NewQRCodeReader(), link)
				read(t, p, printer.QR(strings.Repeat("Kickstand é ", 40), 6), qrcode.NewQRCodeReader(), strings.Repeat("Kickstand é ", 40))
				read(t, p, printer.Barcode(printer.EAN13, gtin, true), oned.NewEAN13Reader(), gtin)
				read(t, p, printer.Barcode(printer.EAN13, gtin[:12], false), oned.NewEAN13Reader(), gtin)
				read(t, p, printer.Barcode(printer.Code128, id, true), oned.NewCode128Reader(), id)
				read(t, p, printer.Barcode(printer.Code128, "123456789012345678901234", false), oned.NewCode128Reader(), "123456789012345678901234")
			})
		}
	}
}

// read prints a code between lines of text and reads it back from the picture
// of the paper.
func read(t *testing.T, p printer.Profile, b printer.Block, r gozxing.Reader, want string) {
	t.Helper()
	line := printer.Text("Thank you for riding with us", printer.Style{Align: printer.Center})
	d := onPaper(t, p, encode(t, printer.Doc{ID: "code", Blocks: []printer.Block{line, b, line, printer.Cut()}}, p))
	bmp, err := gozxing.NewBinaryBitmapFromImage(margin(d.Image()))
	if err != nil {
		t.Fatal(err)
	}
	hints := map[gozxing.DecodeHintType]any{gozxing.DecodeHintType_TRY_HARDER: true, gozxing.DecodeHintType_CHARACTER_SET: "UTF-8"}
	got, err := r.Decode(bmp, hints)
	if err != nil {
		t.Errorf("%s: %s does not read: %v", p.ID, b.Kind, err)
		return
	}
	if got.GetText() != want {
		t.Errorf("%s: %s reads %q, want %q", p.ID, b.Kind, got.GetText(), want)
	}
}

// margin puts white around the paper, as a photo of it has.
func margin(img image.Image) image.Image {
	r := img.Bounds()
	out := image.NewGray(image.Rect(0, 0, r.Dx()+80, r.Dy()+80))
	for i := range out.Pix {
		out.Pix[i] = 255
	}
	for y := range r.Dy() {
		for x := range r.Dx() {
			out.Set(x+40, y+40, img.At(r.Min.X+x, r.Min.Y+y))
		}
	}
	return out
}

func TestPicturesNeverReadAsCommands(t *testing.T) {
	for _, p := range printer.Profiles() {
		for _, pattern := range [][]byte{{0x10, 0x04}, {0x10, 0x14}, {0x10, 0x05}, {0x10, 0x10, 0x04}, {0x00, 0x10, 0x14, 0x01, 0x00, 0x01}} {
			b := &printer.Bitmap{Width: 384, Height: 300, Bits: bytes.Repeat(pattern, 48*300/len(pattern))}
			data := encode(t, printer.Doc{Blocks: []printer.Block{printer.Image(b)}}, p)
			for _, pair := range []string{"\x10\x04", "\x10\x05", "\x10\x14"} {
				if bytes.Contains(data, []byte(pair)) {
					t.Errorf("%s: % x of pattern % x is on the wire", p.ID, pair, pattern)
				}
			}
			if got := onPaper(t, p, data).Text; got != "[image 384x300]" && got != "[image 384x312]" {
				t.Errorf("%s: printed %q", p.ID, got)
			}
		}
	}
}

func TestPicturesTravelInSmallSlices(t *testing.T) {
	p := profile(t, "generic-80")
	b := &printer.Bitmap{Width: 64, Height: 1000, Bits: make([]byte, 8000)}
	data := encode(t, printer.Doc{Blocks: []printer.Block{printer.Image(b)}}, p)
	total := 0
	for part := range bytes.SplitSeq(data, []byte{0x1d, 'v', '0', 0}) {
		if len(part) < 4 || part[0] != 8 {
			continue
		}
		rows := int(part[2]) + 256*int(part[3])
		if rows > 255 || rows*8 > 4096 {
			t.Errorf("a slice has %d rows", rows)
		}
		total += rows
	}
	if total != 1000 {
		t.Errorf("the slices have %d rows together, want 1000", total)
	}
}

func TestAWideLogoIsScaledToNarrowPaper(t *testing.T) {
	b := &printer.Bitmap{Width: 576, Height: 144, Bits: bytes.Repeat([]byte{0xff}, 72*144)}
	p := profile(t, "generic-58")
	d := onPaper(t, p, encode(t, printer.Doc{Blocks: []printer.Block{printer.Image(b)}}, p))
	if d.Text != "[image 384x96]" {
		t.Errorf("printed %q", d.Text)
	}
}

func TestDrawerAlwaysGetsBothTimes(t *testing.T) {
	p := profile(t, "bixolon-srp-350")
	p.Drawer.Pin = 5
	data := encode(t, printer.Doc{Blocks: []printer.Block{printer.Drawer()}}, p)
	if !bytes.Contains(data, []byte{0x1b, 'p', 1, 60, 120}) {
		t.Errorf("sent % x", data)
	}
}

func TestJobIDIsAskedForLast(t *testing.T) {
	data := encode(t, printer.Doc{ID: "sale-7", Blocks: []printer.Block{printer.Cut()}}, profile(t, "epson-tm-m30"))
	i := bytes.Index(data, []byte{0x1d, '(', 'H', 6, 0, 48, 48})
	if i < bytes.Index(data, []byte{0x1d, 'V'}) || !bytes.Equal(data[i+11:], []byte{0x1d, 'r', 1}) {
		t.Errorf("sent % x", data)
	}
	if n := bytes.Count(data, []byte{0x1b, '@'}); n != 1 || !bytes.HasPrefix(data, []byte{0x1b, '@'}) {
		t.Errorf("ESC @ stands %d times, want once at the start", n)
	}
}

func TestADocumentSurvivesJSON(t *testing.T) {
	want := richDoc(t)
	data, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var got printer.Doc
	if err := json.Unmarshal(data, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestReceiptSizes(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	if n := len(encode(t, benchDoc(nil), p)); n > 2<<10 {
		t.Errorf("receipt without logo takes %d bytes, want at most 2048", n)
	}
	if n := len(encode(t, benchDoc(shopLogo(t)), p)); n > 7<<10 {
		t.Errorf("receipt with logo takes %d bytes, want at most 7168", n)
	}
}

func TestALetterNoFontHasIsABoxNotAGap(t *testing.T) {
	p := profile(t, "generic-80")
	for _, text := range []string{"自", "自行车", "中文 é", "\U0001F6B2", "ก", "\ufffd", "\U0001D167a", "\u20dd"} {
		d := onPaper(t, p, encode(t, printer.Doc{Blocks: []printer.Block{printer.Text(text, printer.Style{})}}, p))
		if !strings.HasPrefix(d.Text, "[image ") || blackIn(d.Image()) < 30 {
			t.Errorf("%q is %q with %d black dots", text, d.Text, blackIn(d.Image()))
		}
	}
}

func blackIn(img image.Image) int {
	n := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if r, _, _, _ := img.At(x, y).RGBA(); r == 0 {
				n++
			}
		}
	}
	return n
}

func TestForeignScriptsComeFromTheGivenFonts(t *testing.T) {
	fonts := os.DirFS("/usr/share/fonts")
	if _, err := os.Stat("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"); err != nil {
		t.Skip("no Noto CJK font on this machine: ", err)
	}
	p := profile(t, "generic-80")
	doc := printer.Doc{Blocks: []printer.Block{printer.Text("自行车", printer.Style{})}}
	e, err := printer.NewEncoder(p, fonts)
	if err != nil {
		t.Fatal(err)
	}
	with, err := e.Encode(doc)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(with, encode(t, doc, p)) {
		t.Error("the letters look the same with and without the font that has them")
	}
}

func TestProfilesRefuseNonsense(t *testing.T) {
	good, err := json.Marshal(profile(t, "generic-80"))
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"unknown field", `"id":"generic-80"`, `"id":"x","colour":1`, "colour"},
		{"unknown page", `"CP858"`, `"CP9"`, `"CP9"`},
		{"columns wider than the paper", `"columns_a":48`, `"columns_a":49`, "columns_a 49"},
		{"raster command", `"gs-v-0"`, `"gs-x"`, "gs-x"},
		{"drawer without its second time", `"off_ms":200`, `"off_ms":0`, "off_ms 0"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := printer.ParseProfile([]byte(strings.Replace(string(good), test.old, test.new, 1)))
			if err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %s", err, test.want)
			}
		})
	}
}
