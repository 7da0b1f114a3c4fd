package printertest_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kickstand/drivers/printer/printertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// host is the other end of the line.
type host struct {
	t       *testing.T
	printer *printertest.Printer
	conn    net.Conn
}

func newHost(t *testing.T, cfg printertest.Config) *host {
	t.Helper()
	p, err := printertest.Start(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	})
	h := &host{t: t, printer: p}
	h.dial()
	return h
}

func (h *host) dial() {
	h.t.Helper()
	conn, err := h.printer.Dial()
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	h.conn = conn
}

func (h *host) send(s string) {
	h.t.Helper()
	if _, err := io.WriteString(h.conn, s); err != nil {
		h.t.Fatal(err)
	}
}

// answer reads n bytes.
func (h *host) answer(n int) string {
	h.t.Helper()
	if err := h.conn.SetReadDeadline(time.Now().Add(20 * time.Second)); err != nil {
		h.t.Fatal(err)
	}
	b := make([]byte, n)
	if _, err := io.ReadFull(h.conn, b); err != nil {
		h.t.Fatalf("waiting for %d bytes: %v", n, err)
	}
	return string(b)
}

// sync waits until everything sent has been taken in.
func (h *host) sync() {
	h.t.Helper()
	h.send("\x10\x04\x01")
	h.answer(1)
}

func (h *host) fault(f printertest.Fault, at int) {
	h.t.Helper()
	if err := h.printer.SetFault(f, at); err != nil {
		h.t.Fatal(err)
	}
}

// papers sums up the documents.
func (h *host) papers() []string {
	var out []string
	for _, d := range h.printer.Documents() {
		out = append(out, fmt.Sprintf("%d %q %v", d.N, d.Text, d.Complete))
	}
	return out
}

func (h *host) wantPapers(want ...string) {
	h.t.Helper()
	if diff := cmp.Diff(want, h.papers()); diff != "" {
		h.t.Error(diff)
	}
}

const cut = "\x1dV\x00"

func TestACutEndsADocument(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.send("\x1b@one\n" + cut + "\x1b@\x1d!\x11two\n\x1d!\x00\n end  \n" + cut + "hanging\n")
	h.sync()
	h.wantPapers(`1 "one" true`, `2 "two\n\n end" true`, `3 "hanging" false`)
}

func TestDocumentsAreBounded(t *testing.T) {
	h := newHost(t, printertest.Config{Keep: 3})
	for i := range 10 {
		h.send(fmt.Sprintf("receipt %d\n%s", i, cut))
	}
	h.sync()
	h.wantPapers(`8 "receipt 7" true`, `9 "receipt 8" true`, `10 "receipt 9" true`)
	if _, ok := h.printer.Document(9); !ok {
		t.Error("document 9 is missing")
	}
	if _, ok := h.printer.Document(1); ok {
		t.Error("document 1 is still there")
	}
}

func TestStatusBytes(t *testing.T) {
	tests := []struct {
		fault    printertest.Fault
		realTime string // answers to DLE EOT 1 to 4
		asb      string
	}{
		{printertest.None, "\x12\x12\x12\x12", "\x10\x00\x00\x0f"},
		{printertest.NearEnd, "\x12\x12\x12\x1e", "\x10\x00\x03\x0f"},
		{printertest.PaperOut, "\x1a\x32\x12\x7e", "\x18\x00\x0f\x0f"},
		{printertest.CoverOpen, "\x1a\x16\x12\x12", "\x38\x00\x00\x0f"},
		{printertest.Offline, "\x1a\x12\x12\x12", "\x18\x00\x00\x0f"},
	}
	for _, test := range tests {
		t.Run(string(test.fault), func(t *testing.T) {
			h := newHost(t, printertest.Config{})
			h.fault(test.fault, 0)
			h.send("\x10\x04\x01\x10\x04\x02\x10\x04\x03\x10\x04\x04\x1da\x0f")
			if diff := cmp.Diff(test.realTime+test.asb, h.answer(8)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestChangesAreReported(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.send("\x1da\x0f")
	h.answer(4)
	h.fault(printertest.PaperOut, 0)
	h.fault(printertest.None, 0)
	if got, want := h.answer(8), "\x18\x00\x0f\x0f\x10\x00\x00\x0f"; got != want {
		t.Errorf("got % x, want % x", got, want)
	}
}

func TestPaperOutKeepsTheRest(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.fault(printertest.PaperOut, 4)
	h.send("one\ntwo\n" + cut + "\x1d(H\x06\x0000ABCD")
	h.sync()
	h.wantPapers(`1 "one" false`)
	h.fault(printertest.None, 0)
	if got, want := h.answer(7), "7\"ABCD\x00"; got != want {
		t.Errorf("token % x, want % x", got, want)
	}
	h.wantPapers(`1 "one\ntwo" true`)
}

func TestUnplugLosesTheRest(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.fault(printertest.Unplugged, 4)
	if _, err := io.WriteString(h.conn, "one\ntwo\n"+cut); err != nil && err != io.ErrClosedPipe {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := h.printer.Wait(ctx, func() bool { return h.printer.Fault() == printertest.Unplugged }); err != nil {
		t.Fatal(err)
	}
	if _, err := h.printer.Dial(); err == nil {
		t.Error("an unplugged printer answers")
	}
	h.fault(printertest.None, 0)
	h.dial()
	h.send("three\n" + cut)
	h.sync()
	h.wantPapers(`1 "one" false`, `2 "three" true`)
}

func TestTheAddressStaysWhenPluggedInAgain(t *testing.T) {
	h := newHost(t, printertest.Config{Addr: "127.0.0.1:0"})
	before := h.printer.Addr()
	h.fault(printertest.Unplugged, 0)
	if c, err := net.Dial("tcp", before); err == nil {
		c.Close()
		t.Error("an unplugged printer listens")
	}
	h.fault(printertest.None, 0)
	conn, err := net.Dial("tcp", before)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	h.conn = conn
	h.send("back\n" + cut)
	h.sync()
	h.wantPapers(`1 "back" true`)
}

func TestAFullBufferTakesNoMore(t *testing.T) {
	h := newHost(t, printertest.Config{Buffer: 64})
	h.fault(printertest.CoverOpen, 0)
	if err := h.conn.SetWriteDeadline(time.Now().Add(50 * time.Millisecond)); err != nil {
		t.Fatal(err)
	}
	sent := 0
	for range 10000 {
		n, err := io.WriteString(h.conn, strings.Repeat("x", 4096))
		sent += n
		if err != nil {
			break
		}
	}
	if sent > 3*4096 {
		t.Errorf("%d bytes went into a buffer of 64", sent)
	}
}

func TestDrawerPulsesAreRecorded(t *testing.T) {
	at := time.Date(2026, 4, 17, 14, 32, 0, 0, time.UTC)
	h := newHost(t, printertest.Config{Now: func() time.Time { return at }})
	h.send("\x1bp\x00\x32\x64\x1bp\x01\x3c\x78")
	h.sync()
	want := []printertest.Pulse{
		{At: at, Pin: 2, On: 100 * time.Millisecond, Off: 200 * time.Millisecond},
		{At: at, Pin: 5, On: 120 * time.Millisecond, Off: 240 * time.Millisecond},
	}
	if diff := cmp.Diff(want, h.printer.Drawer()); diff != "" {
		t.Error(diff)
	}
	if n := len(h.printer.Documents()); n != 0 {
		t.Errorf("a drawer kick made %d documents", n)
	}
}

func TestUnknownCommandsAreKept(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.send("\x1bZa\x1d(X\x02\x00pq\x07b\x1bt\x63\n")
	h.sync()
	want := [][]byte{[]byte("\x1bZ"), []byte("\x1d(X\x02\x00pq"), {7}, []byte("\x1bt\x63")}
	if diff := cmp.Diff(want, h.printer.Unknown()); diff != "" {
		t.Error(diff)
	}
	h.wantPapers(`1 "ab" false`)
}

func TestAPictureCanOpenTheDrawer(t *testing.T) {
	h := newHost(t, printertest.Config{})
	// Two rows of 24 dots; the second reads as a question for status.
	h.send("\x1dv0\x00\x03\x00\x02\x00\x00\x00\x00\x10\x04\x01x\n" + cut)
	if got := h.answer(1); got != "\x12" {
		t.Errorf("answered % x", got)
	}
	h.sync()
	h.wantPapers(`1 "[image 24x2]\nx" true`)
	if n := h.printer.Documents()[0].Hazards; n != 1 {
		t.Errorf("%d hazards, want 1", n)
	}
}

func TestSlicesOfOnePictureAreOne(t *testing.T) {
	h := newHost(t, printertest.Config{})
	slice := "\x1dv0\x00\x01\x00\x02\x00\xff\x00"
	h.send(slice + slice + "\n" + slice + cut)
	h.sync()
	h.wantPapers(`1 "[image 8x4]\n\n[image 8x2]" true`)
}

func TestALineTooLongIsBroken(t *testing.T) {
	h := newHost(t, printertest.Config{})
	h.send(strings.Repeat("x", 50) + "\n" + cut)
	h.sync()
	if d := h.printer.Documents()[0]; d.Wrapped != 1 || d.Text != strings.Repeat("x", 48)+"\nxx" {
		t.Errorf("wrapped %d: %q", d.Wrapped, d.Text)
	}
}

func TestChineseModeGarblesUntilSwitchedOff(t *testing.T) {
	h := newHost(t, printertest.Config{Model: printertest.Model{DoubleByte: true}})
	h.send("\x82\x83\n\x1c.\x82\x83\n" + cut)
	h.sync()
	if d := h.printer.Documents()[0]; !strings.HasSuffix(d.Text, "\néâ") || strings.HasPrefix(d.Text, "éâ") {
		t.Errorf("printed %q", d.Text)
	}
}

func TestCloseTwiceAndAfterwards(t *testing.T) {
	p, err := printertest.Start(printertest.Config{Addr: "127.0.0.1:0"})
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := p.Close(); err != nil {
			t.Error(err)
		}
	}
	if err := p.SetFault(printertest.None, 0); err != printertest.ErrClosed {
		t.Errorf("fault after close: %v", err)
	}
	if err := p.SetFault("fire", 0); err == nil {
		t.Error("an unknown fault was taken")
	}
}

// FuzzPrinter feeds any bytes in any two pieces: the printer neither hangs nor
// panics, answers afterwards, and what it prints can be drawn.
func FuzzPrinter(f *testing.F) {
	f.Add([]byte("\x1b@Hello\n\x1dV\x00"), 3)
	f.Add([]byte("\x1dv0\x00\x02\x00\x02\x00\xff\xff\xff\xff\x1b*\x21\x01\x00abc\n"), 9)
	f.Add([]byte("\x1d(k\x03\x001C\x06\x1d(k\x05\x001P0hi\x1d(k\x03\x001Q0\x1dkC\x0d4006381333931\x1dkI\x04{BAB"), 20)
	f.Add([]byte("\x10\x04\x01\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08\x1c.\x1b!\xff\x1da\x0f\x1dr\x01\x1d(H\x06\x0000ABCD"), 5)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		if len(data) > 4096 {
			return
		}
		p, err := printertest.Start(printertest.Config{Keep: 4})
		if err != nil {
			t.Fatal(err)
		}
		defer p.Close()
		conn, err := p.Dial()
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		go io.Copy(io.Discard, conn)
		at = min(max(at, 0), len(data))
		for _, part := range [][]byte{data[:at], data[at:]} {
			if _, err := conn.Write(part); err != nil {
				t.Fatal(err)
			}
		}
		for _, d := range p.Documents() {
			if h := d.Image().Bounds().Dy(); h > 40100 {
				t.Errorf("paper of %d dots", h)
			}
		}
	})
}
