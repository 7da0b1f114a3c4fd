package hub

import (
	"encoding/json"
	"strings"
	"testing"

	"kickstand/protocol"
)

func TestCodesOfGiftCardsAreMaskedInWhatIsKept(t *testing.T) {
	for in, want := range map[string]string{
		`{"loads":"KS0123456789ABC","n":1}`:              `{"loads":"•••• 9ABC","n":1}`,
		`{"lines":[{"loads" : "9000-1234-5678"`:          `{"lines":[{"loads" : "•••• 5678"`,
		`{"loads":"ab","loads_as":"gift"}`:               `{"loads":"•••• AB","loads_as":"gift"}`,
		`{"loads":"KS\u0030123456"}`:                     `{"loads":"•••• 3456"}`,
		`{"loads":"KS01234567`:                           `{"loads":"•••• 4567`,
		`{"name":"it loads \"KS0123456789\"","qty":1}`:   `{"name":"it loads \"KS0123456789\"","qty":1}`,
		`{"token":"k7k7k7k7k7k7k7k7k7k7k7k7k7","n":1}`:   `{"token":"","n":1}`,
		`{"slip":"K1-000001","token" : "k7k7k7k7k7k7`:    `{"slip":"K1-000001","token" : "`,
		`{"address":"anna@mail.example","sale":"s"}`:     `{"address":"•••@mail.example","sale":"s"}`,
		`{"shop":{"address":["1 Main Street","a@b.ca"]}`: `{"shop":{"address":["1 Main Street","a@b.ca"]}`,
		"\x00\xff no message at all":                     "\x00\xff no message at all",
		`{"loads":"a\"b\\"}{"loads":"KS0123456789ABC"}`:  `{"loads":"•••• A\"B\\"}{"loads":"•••• 9ABC"}`,
	} {
		if got := string(maskedRaw([]byte(in))); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
}

// FuzzMaskedRaw looks for a code that stays in a message.
func FuzzMaskedRaw(f *testing.F) {
	f.Add("KS0123456789ABC", "Gift card")
	f.Add(`a"b\`, "\u2028")
	f.Fuzz(func(t *testing.T, code, name string) {
		line := protocol.SaleLine{N: 1, Name: name, Loads: code}
		raw, err := json.Marshal(line)
		if err != nil {
			t.Skip()
		}
		var kept protocol.SaleLine
		plain := protocol.PlainCode(code)
		out := maskedRaw(raw)
		if len([]rune(plain)) > 8 && strings.Contains(string(out), `"loads":"`+code) {
			t.Errorf("the code %q is still in %s", code, out)
		}
		if err := json.Unmarshal(out, &kept); err == nil && kept.Loads != "" && len([]rune(kept.Loads)) > 9 {
			t.Errorf("%q became %q", code, kept.Loads)
		}
	})
}
