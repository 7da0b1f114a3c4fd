package protocol_test

import (
	"strings"
	"testing"

	"kickstand/protocol"
)

func TestCheckAddress(t *testing.T) {
	for _, good := range []string{"a@b.ca", "anna.b+bikes@mail.example.com", "O'Neil@xn--bcher-kva.example", "x_y-z@1a.example"} {
		if err := protocol.CheckAddress(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for bad, says := range map[string]string{
		"":                                      "type the e-mail address",
		"anna":                                  "has an @",
		"anna@@mail.example":                    "only one @",
		"@mail.example":                         "before the @",
		"an na@mail.example":                    "before the @",
		"anna..b@mail.example":                  "before the @",
		"anna@mail":                             "a dot",
		"anna@mail..example":                    "provider",
		"anna@-mail.example":                    "provider",
		"anna@mail.example.":                    "provider",
		"anna@mail.example\r\nBcc: x@y.ca":      "only one @",
		"anna@mail.example\r\nSubject: hi":      "provider",
		"anna\r\n@mail.example":                 "before the @",
		"<anna>@mail.example":                   "before the @",
		"\"a b\"@mail.example":                  "before the @",
		"anna@[192.0.2.1]":                      "provider",
		"jürgen@mail.example":                   "before the @",
		strings.Repeat("a", 65) + "@b.ca":       "too long",
		"a@" + strings.Repeat("b.", 130) + "ca": "too long",
	} {
		if err := protocol.CheckAddress(bad); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want a word about %q", bad, err, says)
		}
	}
}

func FuzzCheckAddress(f *testing.F) {
	for _, s := range []string{"anna@mail.example", "a@b.ca\nx", "@", "ä@b.ca"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, a string) {
		if protocol.CheckAddress(a) != nil {
			return
		}
		if strings.ContainsAny(a, "\r\n\x00<> ,;\"\\") || strings.Count(a, "@") != 1 || len(a) > protocol.MaxAddress {
			t.Errorf("%q is taken for an address", a)
		}
	})
}

func TestCheckReceiptURL(t *testing.T) {
	for _, good := range []string{"", "https://shop.example", "http://127.0.0.1:8081", "https://shop.example/receipts"} {
		if err := protocol.CheckReceiptURL(good); err != nil {
			t.Errorf("%s: %v", good, err)
		}
	}
	for _, bad := range []string{"shop.example", "ftp://shop.example", "https://", "https://shop.example/", "https://a:b@shop.example", "https://shop.example?x=1", "https://shop.example/ r", "https://" + strings.Repeat("x", 80) + ".example"} {
		if protocol.CheckReceiptURL(bad) == nil {
			t.Errorf("%s is taken for an address of receipts", bad)
		}
	}
}

func TestTokensAndMasks(t *testing.T) {
	token := strings.Repeat("a2", 16)
	if !protocol.IsReceiptToken(token) || protocol.IsReceiptToken(token[:25]) || protocol.IsReceiptToken(strings.ToUpper(token)) {
		t.Error("tokens have at least 26 of a-z and 2-7")
	}
	if d := protocol.TokenDigest(token); len(d) != 64 || d == protocol.TokenDigest(token+"a") {
		t.Errorf("digest %s", d)
	}
	if got, want := protocol.ReceiptLink("https://shop.example", token), "https://shop.example/r/"+token; got != want {
		t.Errorf("link %s, want %s", got, want)
	}
	if got, want := protocol.MaskAddress("anna@mail.example"), "a•••@mail.example"; got != want {
		t.Errorf("masked %s, want %s", got, want)
	}
	if got := protocol.MaskAddress("@"); got != "" {
		t.Errorf("masked %s", got)
	}
}
