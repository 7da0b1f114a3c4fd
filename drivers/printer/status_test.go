package printer_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/drivers/printer"
)

func TestParseStatus(t *testing.T) {
	tests := []struct {
		name string
		in   []byte
		want printer.Reply
		n    int
	}{
		{"nothing yet", nil, printer.Reply{}, 0},
		{"real-time answer, all well", []byte{0x12, 0x99}, printer.Reply{Kind: printer.ReplyRealTime, Data: [4]byte{0x12}}, 1},
		{"automatic status", []byte{0x14, 0, 0, 0x0f, 0x12}, printer.Reply{Kind: printer.ReplyASB, Data: [4]byte{0x14, 0, 0, 0x0f}}, 4},
		{"automatic status cut short", []byte{0x14, 0, 0}, printer.Reply{}, 0},
		{"automatic status broken off by another", []byte{0x14, 0, 0x12}, printer.Reply{Kind: printer.ReplyUnknown}, 2},
		{"paper answer", []byte{0x0c}, printer.Reply{Kind: printer.ReplyPaper, Data: [4]byte{0x0c}}, 1},
		{"token of a document", []byte("\x37\x22AbC-\x00\x12"), printer.Reply{Kind: printer.ReplyToken, Token: [4]byte{'A', 'b', 'C', '-'}}, 7},
		{"token cut short", []byte("\x37\x22AbC"), printer.Reply{}, 0},
		{"another header block", []byte("\x37\x70@\x00"), printer.Reply{Kind: printer.ReplyUnknown}, 4},
		{"a header block gone wrong", []byte("\x37\x22A\x12"), printer.Reply{Kind: printer.ReplyUnknown}, 3},
		{"serial line stop", []byte{0x13}, printer.Reply{Kind: printer.ReplyFlow, Data: [4]byte{0x13}}, 1},
		{"noise", []byte{0xff}, printer.Reply{Kind: printer.ReplyUnknown}, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got, n := printer.ParseStatus(test.in)
			if diff := cmp.Diff(test.want, got); diff != "" || n != test.n {
				t.Errorf("took %d bytes, want %d; %s", n, test.n, diff)
			}
		})
	}
}

func TestStatusNamesTheTrouble(t *testing.T) {
	asb := func(b ...byte) printer.Reply { return printer.Reply{Kind: printer.ReplyASB, Data: [4]byte(b)} }
	real := func(b byte) printer.Reply { return printer.Reply{Kind: printer.ReplyRealTime, Data: [4]byte{b}} }
	paper := func(b byte) printer.Reply { return printer.Reply{Kind: printer.ReplyPaper, Data: [4]byte{b}} }
	tests := []struct {
		name  string
		reply printer.Reply
		asked int
		want  printer.Trouble
	}{
		{"all well", asb(0x10, 0, 0, 0x0f), 0, printer.NoTrouble},
		{"paper near its end still prints", asb(0x10, 0, 0x03, 0x0f), 0, printer.NoTrouble},
		{"paper out", asb(0x18, 0, 0x0f, 0x0f), 0, printer.PaperOut},
		{"cover open before paper out", asb(0x38, 0, 0x0f, 0x0f), 0, printer.CoverOpen},
		{"knife stuck", asb(0x18, 0x08, 0, 0x0f), 0, printer.CutterJam},
		{"needs service", asb(0x18, 0x20, 0, 0x0f), 0, printer.Failed},
		{"offline", asb(0x18, 0, 0, 0x0f), 0, printer.Offline},
		{"question 1: offline", real(0x1a), 1, printer.Offline},
		{"question 2: cover", real(0x16), 2, printer.CoverOpen},
		{"question 2: paper stop", real(0x32), 2, printer.PaperOut},
		{"question 3: knife", real(0x1a), 3, printer.CutterJam},
		{"question 4: roll empty", real(0x7e), 4, printer.PaperOut},
		{"question 4: roll low", real(0x1e), 4, printer.NoTrouble},
		{"answer nobody asked for changes nothing", real(0x7e), 0, printer.NoTrouble},
		{"paper answer", paper(0x0f), 0, printer.PaperOut},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := printer.Status{}.With(test.reply, test.asked).Trouble()
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if got.Hint() == "" {
				t.Error("no hint for a person")
			}
		})
	}
}

// FuzzParseStatus checks that any bytes are read to their end without a panic,
// and that cutting them in two changes nothing.
func FuzzParseStatus(f *testing.F) {
	f.Add([]byte{0x12, 0x14, 0, 0, 0x0f, 0x37, 0x22, 'a', 'b', 'c', 'd', 0, 0x0c}, 3)
	f.Add([]byte("\x37\x22AbC\x12\x13\xff"), 2)
	f.Add([]byte{0x10, 0x10, 0x10, 0, 0, 0}, 1)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		whole, _ := parseAll(data)
		at = min(max(at, 0), len(data))
		first, rest := parseAll(data[:at])
		second, _ := parseAll(append(rest, data[at:]...))
		if got := append(first, second...); !slices.Equal(whole, got) {
			t.Errorf("cut at %d: got %v, want %v", at, got, whole)
		}
	})
}

func parseAll(b []byte) (replies []printer.Reply, rest []byte) {
	for {
		r, n := printer.ParseStatus(b)
		if n == 0 {
			return replies, append([]byte(nil), b...)
		}
		if n < 0 || n > len(b) {
			panic("took more bytes than there are")
		}
		replies = append(replies, r)
		b = b[n:]
	}
}
