package printer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"

	"kickstand/drivers/printer"
)

// FuzzEncode checks that any document, also one from damaged JSON, is encoded or
// refused with ErrDoc, that no real-time command stands in the bytes, and that
// the same document gives the same bytes.
func FuzzEncode(f *testing.F) {
	f.Add([]byte(`{"id":"a","blocks":[{"kind":"text","text":"\u001b@ é 自 \u0010\u0004","style":{"wide":true}}]}`), uint8(0))
	f.Add([]byte(`{"blocks":[{"kind":"row","text":"a b c","right":"1.00"},{"kind":"columns","columns":[{"text":"x","width":-3}]}]}`), uint8(5))
	f.Add([]byte(`{"blocks":[{"kind":"image","image":{"width":16,"height":2,"bits":"EAQQFA=="}},{"kind":"qr","text":"x"}]}`), uint8(7))
	profiles := printer.Profiles()
	f.Fuzz(func(t *testing.T, data []byte, pick uint8) {
		var doc printer.Doc
		if len(data) > 4096 || json.Unmarshal(data, &doc) != nil {
			return
		}
		p := profiles[int(pick)%len(profiles)]
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
		again, err := printer.Encode(doc, p)
		if err != nil || !bytes.Equal(out, again) {
			t.Errorf("a second time: %v, same bytes %v", err, bytes.Equal(out, again))
		}
	})
}
