package scanner_test

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"kickstand/drivers/scanner"
)

// TestParseCheckDigits has published numbers: GS1's examples and real goods.
func TestParseCheckDigits(t *testing.T) {
	tests := []struct {
		name, digits string
		sym          scanner.Symbology
		gtin         string
	}{
		{"pens", "4006381333931", scanner.EAN13, "04006381333931"},
		{"GS1's example of the calculation", "6291041500213", scanner.EAN13, "06291041500213"},
		{"GS1's example GTIN-13", "9506000134352", scanner.EAN13, "09506000134352"},
		{"a book", "9780201379624", scanner.EAN13, "09780201379624"},
		{"tissues, UPC-A", "036000291452", scanner.UPCA, "00036000291452"},
		{"GS1 US's example UPC-A", "614141000036", scanner.UPCA, "00614141000036"},
		{"UPC-A sent as 13 digits", "0036000291452", scanner.EAN13, "00036000291452"},
		{"EAN-8", "73513537", scanner.EAN8, "00000073513537"},
		{"GS1's example GTIN-8", "95012346", scanner.EAN8, "00000095012346"},
		{"GS1's example GTIN-14", "10614141000415", scanner.ITF14, "10614141000415"},
		{"UPC-E with 4 at the end", "04252614", scanner.UPCE, "00042100005264"},
		{"UPC-E with 6 at the end", "01234565", scanner.UPCE, "00012345000065"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := scanner.Parse([]byte(tt.digits))
			want := scanner.Scan{
				Raw: tt.digits, Data: tt.digits, Text: tt.digits,
				Symbology: tt.sym, GTIN: tt.gtin, Check: scanner.CheckOK, AltGTIN: got.AltGTIN,
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
			checkOtherLastDigits(t, tt.digits)
		})
	}
}

// checkOtherLastDigits wants every other last digit called wrong and delivered.
// Eight digits are left out: another one may be right in the other symbology.
func checkOtherLastDigits(t *testing.T, digits string) {
	t.Helper()
	head, last := digits[:len(digits)-1], digits[len(digits)-1]
	for d := byte('0'); d <= '9' && len(digits) > 8; d++ {
		if d == last {
			continue
		}
		bad := head + string(d)
		got := scanner.Parse([]byte(bad))
		if got.Check != scanner.CheckWrong || got.GTIN != "" || got.Text != bad {
			t.Errorf("%s: %+v, want the text, a wrong check digit and no GTIN", bad, got)
		}
	}
}

func TestParseSymbologies(t *testing.T) {
	tests := []struct {
		name, raw string
		want      scanner.Scan
	}{
		{
			"]E0 EAN-13", "]E04006381333931",
			scanner.Scan{AIM: "]E0", Symbology: scanner.EAN13, GTIN: "04006381333931", Check: scanner.CheckOK},
		},
		{
			"]E0 with 12 digits", "]E0036000291452",
			scanner.Scan{AIM: "]E0", Symbology: scanner.UPCA, GTIN: "00036000291452", Check: scanner.CheckOK},
		},
		{
			"]E0 with UPC-E not expanded", "]E004252614",
			scanner.Scan{AIM: "]E0", Symbology: scanner.UPCE, GTIN: "00042100005264", Check: scanner.CheckOK},
		},
		{
			"]E0 with a wrong check digit", "]E04006381333930",
			scanner.Scan{AIM: "]E0", Symbology: scanner.EAN13, Check: scanner.CheckWrong},
		},
		{
			"]E3 with a price add-on", "]E3978020137962451299",
			scanner.Scan{AIM: "]E3", Symbology: scanner.EAN13, GTIN: "09780201379624", Check: scanner.CheckOK},
		},
		{
			"]E4 EAN-8", "]E473513537",
			scanner.Scan{AIM: "]E4", Symbology: scanner.EAN8, GTIN: "00000073513537", Check: scanner.CheckOK},
		},
		{
			"]E4 is never UPC-E", "]E404252614",
			scanner.Scan{AIM: "]E4", Symbology: scanner.EAN8, Check: scanner.CheckWrong},
		},
		{
			"]I1 ITF-14", "]I110614141000415",
			scanner.Scan{AIM: "]I1", Symbology: scanner.ITF14, GTIN: "10614141000415", Check: scanner.CheckOK},
		},
		{
			"]I1 of another length", "]I11235",
			scanner.Scan{AIM: "]I1", Symbology: scanner.ITF, Check: scanner.CheckWrong},
		},
		{
			"]I1 of another length, right", "]I1123457",
			scanner.Scan{AIM: "]I1", Symbology: scanner.ITF, Check: scanner.CheckOK},
		},
		{"]I0 promises no check digit", "]I01236", scanner.Scan{AIM: "]I0", Symbology: scanner.ITF, Check: scanner.CheckNone}},
		{"]C0 Code 128", "]C0TICKET-1042", scanner.Scan{AIM: "]C0", Symbology: scanner.Code128, Check: scanner.CheckNone}},
		{
			"]C0 holding a GTIN", "]C04006381333931",
			scanner.Scan{AIM: "]C0", Symbology: scanner.Code128, GTIN: "04006381333931", Check: scanner.CheckOK},
		},
		{"]C0 holding 13 digits of the shop", "]C01234567890123", scanner.Scan{AIM: "]C0", Symbology: scanner.Code128, Check: scanner.CheckNone}},
		{"]C0 holding 8 digits of the shop", "]C073513537", scanner.Scan{AIM: "]C0", Symbology: scanner.Code128, Check: scanner.CheckNone}},
		{"]A0 Code 39", "]A0BIKE 7", scanner.Scan{AIM: "]A0", Symbology: scanner.Code39, Check: scanner.CheckNone}},
		{"]Q1 QR", "]Q1https://example.org/t/7", scanner.Scan{AIM: "]Q1", Symbology: scanner.QR, Check: scanner.CheckNone}},
		{"]d1 Data Matrix", "]d1X7", scanner.Scan{AIM: "]d1", Symbology: scanner.DataMatrix, Check: scanner.CheckNone}},
		{"]F0 is not told apart", "]F0A123B", scanner.Scan{AIM: "]F0", Symbology: scanner.SymbologyUnknown, Check: scanner.CheckNone}},
		{"no AIM identifier, no number", "HELMET-M", scanner.Scan{Symbology: scanner.SymbologyUnknown, Check: scanner.CheckNone}},
		{"no AIM identifier, odd length", "12345", scanner.Scan{Symbology: scanner.SymbologyUnknown, Check: scanner.CheckNone}},
		{"eight digits, wrong both ways", "04252615", scanner.Scan{Symbology: scanner.EAN8, Check: scanner.CheckWrong}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Raw, tt.want.Data = tt.raw, strings.TrimPrefix(tt.raw, tt.want.AIM)
			tt.want.Text = tt.want.Data
			if diff := cmp.Diff(tt.want, scanner.Parse([]byte(tt.raw))); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestParseGS1ElementStrings(t *testing.T) {
	const gtin = "09506000134352"
	tests := []struct {
		name, raw, gtin string
		sym             scanner.Symbology
		check           scanner.CheckDigit
	}{
		{"GTIN first", "]C101" + gtin + "10ABC", gtin, scanner.GS1128, scanner.CheckOK},
		{"FNC1 sent as a leading separator", "]C1\x1d01" + gtin, gtin, scanner.GS1128, scanner.CheckOK},
		{"GTIN after a date and a batch", "]d21727083110AB12\x1d01" + gtin, gtin, scanner.DataMatrix, scanner.CheckOK},
		{"GTIN after a weight of four-digit AI", "]e0310300125001" + gtin, gtin, scanner.DataBar, scanner.CheckOK},
		{"GS1 QR", "]Q301" + gtin + "21SER1", gtin, scanner.QR, scanner.CheckOK},
		{"wrong check digit", "]C10109506000134353", "", scanner.GS1128, scanner.CheckWrong},
		{"digits 01 inside a batch are not AI 01", "]C11001" + gtin, "", scanner.GS1128, scanner.CheckNone},
		{"cut short", "]C1010950600", "", scanner.GS1128, scanner.CheckNone},
		{"a pallet has no GTIN", "]C100106141411234567897", "", scanner.GS1128, scanner.CheckNone},
		{"no AIM identifier, leading separator", "\x1d01" + gtin + "10A", gtin, scanner.SymbologyUnknown, scanner.CheckOK},
		{"no AIM identifier, inner separator", "01" + gtin + "10A\x1d21B", gtin, scanner.SymbologyUnknown, scanner.CheckOK},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := scanner.Parse([]byte(tt.raw))
			if !got.GS1 || got.GTIN != tt.gtin || got.Symbology != tt.sym || got.Check != tt.check {
				t.Errorf("got %+v, want GTIN %q in %s, check %s", got, tt.gtin, tt.sym, tt.check)
			}
		})
	}
}

func TestParseKeepsSeparatorsAndShowsThem(t *testing.T) {
	got := scanner.Parse([]byte("]C1\x1d10AB\x1d21C\x07"))
	if want := "10AB\x1d21C\x07"; got.Data != want {
		t.Errorf("Data %q, want %q", got.Data, want)
	}
	if want := "10AB␝21C␇"; got.Text != want {
		t.Errorf("Text %q, want %q", got.Text, want)
	}
}

func TestParseText(t *testing.T) {
	tests := []struct{ name, raw, want string }{
		{"UTF-8", "vélo 自転車", "vélo 自転車"},
		{"ISO 8859-1", "v\xe9lo", "vélo"},
		{"control characters", "a\x00b\x1bc\x7f", "a␀b␛c␡"},
		{"a text direction mark cannot hide digits", "12\u202e34", "12\ufffd34"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := scanner.Parse([]byte(tt.raw)).Text; got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// TestParseEightDigitsBothWays has numbers that are right as EAN-8 and as
// UPC-E: both readings are told, the likelier as GTIN.
func TestParseEightDigitsBothWays(t *testing.T) {
	tests := []struct {
		raw, gtin, alt string
		sym            scanner.Symbology
	}{
		{"01234565", "00012345000065", "00000001234565", scanner.UPCE},
		{"10000007", "00000010000007", "00100000000007", scanner.EAN8},
	}
	for _, tt := range tests {
		got := scanner.Parse([]byte(tt.raw))
		if got.GTIN != tt.gtin || got.AltGTIN != tt.alt || got.Symbology != tt.sym {
			t.Errorf("%s: GTIN %q, other %q, %s, want %q, %q, %s", tt.raw, got.GTIN, got.AltGTIN, got.Symbology, tt.gtin, tt.alt, tt.sym)
		}
	}
}

// TestParseUPCEExpansion has one number for each rule of zero suppression.
func TestParseUPCEExpansion(t *testing.T) {
	tests := []struct{ upce, gtin string }{
		{"01234505", "00012000003455"},
		{"01234514", "00012100003454"},
		{"01234523", "00012200003453"},
		{"01234531", "00012300000451"},
		{"01234543", "00012340000053"},
		{"01234558", "00012345000058"},
		{"01234565", "00012345000065"},
		{"01234572", "00012345000072"},
		{"01234589", "00012345000089"},
		{"01234596", "00012345000096"},
	}
	for _, tt := range tests {
		got := scanner.Parse([]byte("]E0" + tt.upce))
		if got.GTIN != tt.gtin || got.Symbology != scanner.UPCE {
			t.Errorf("%s is %q in %s, want %q", tt.upce, got.GTIN, got.Symbology, tt.gtin)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		"", "]", "]E0", "]E04006381333931", "]C1\x1d0109506000134352\x1d10A", "]d217270831", "04252614",
		"]E3978020137962451299", "\x1d\x1d\x1d", "]I1", "\xff\xfe\x00", "]Q30109506000134353",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		s := scanner.Parse(frame)
		if s.Raw != string(frame) {
			t.Fatalf("Raw is %q", s.Raw)
		}
		if !strings.HasSuffix(s.Raw, s.Data) || !strings.HasPrefix(s.Raw, s.AIM) {
			t.Fatalf("AIM %q and Data %q are not the ends of %q", s.AIM, s.Data, s.Raw)
		}
		for _, r := range s.Text {
			if r < ' ' || r == 0x7f || !unicode.IsGraphic(r) && r != utf8.RuneError {
				t.Fatalf("Text %q has %q", s.Text, r)
			}
		}
		if (s.GTIN != "") != (s.Check == scanner.CheckOK) && s.Symbology != scanner.ITF {
			t.Fatalf("GTIN %q with check digit %s", s.GTIN, s.Check)
		}
		for _, gtin := range []string{s.GTIN, s.AltGTIN} {
			if gtin != "" && !rightGTIN(gtin) {
				t.Fatalf("GTIN %q", gtin)
			}
		}
	})
}

// rightGTIN is GS1's rule written the other way round: from the left, odd places
// of 14 count three times.
func rightGTIN(gtin string) bool {
	sum := 0
	for i, r := range gtin {
		d := int(r - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return len(gtin) == 14 && sum%10 == 0
}
