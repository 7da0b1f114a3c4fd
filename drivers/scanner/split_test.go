package scanner_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/drivers/scanner"
)

// cut is a scanner.Cut that outlives its emit.
type cut struct {
	Frame   string
	Dropped int
	Loss    scanner.Loss
	Sample  string
}

func keep(to *[]cut) func(scanner.Cut) {
	return func(c scanner.Cut) {
		*to = append(*to, cut{string(c.Frame), c.Dropped, c.Loss, string(c.Sample)})
	}
}

func frames(codes ...string) []cut {
	var cuts []cut
	for _, code := range codes {
		cuts = append(cuts, cut{Frame: code})
	}
	return cuts
}

func TestSplitEndsFrames(t *testing.T) {
	short := scanner.Framing{MaxFrame: 4}
	tests := []struct {
		name    string
		framing scanner.Framing
		in      string
		want    []cut
	}{
		{"CR", scanner.Framing{}, "12\r34\r", frames("12", "34")},
		{"LF", scanner.Framing{}, "12\n34\n", frames("12", "34")},
		{"CR LF gives no empty frame", scanner.Framing{}, "12\r\n34\r\n", frames("12", "34")},
		{"TAB", scanner.Framing{}, "12\t34\t", frames("12", "34")},
		{"STX and ETX", scanner.Framing{}, "\x0212\x03\x0234\x03", frames("12", "34")},
		{"STX, CR and ETX", scanner.Framing{}, "\x0212\r\x03\x0234\r\x03", frames("12", "34")},
		{"only terminators", scanner.Framing{}, "\r\n\t\x02\x03\r", nil},
		{"silence ends a frame", scanner.Framing{}, "12\r34", frames("12", "34")},
		{"group separators are data", scanner.Framing{}, "]C101\x1d02\r", frames("]C101\x1d02")},
		{"ETX alone leaves line breaks in a code", scanner.Framing{Terminators: scanner.ETX}, "\x02a\r\nb\x03", frames("a\r\nb")},
		{"CR alone leaves TAB and STX in a code", scanner.Framing{Terminators: scanner.CR}, "\x02a\tb\r", frames("\x02a\tb")},
		{
			"STX gives up a frame without end",
			scanner.Framing{},
			"12\x0234\x03",
			[]cut{{Dropped: 2, Loss: scanner.Restarted, Sample: "12"}, {Frame: "34"}},
		},
		{"a frame of the largest size", short, "1234\r", frames("1234")},
		{
			"a byte more is too long", short, "12345\r67\r",
			[]cut{{Dropped: 5, Loss: scanner.TooLong, Sample: "1234"}, {Frame: "67"}},
		},
		{
			"everything to the next end is dropped", short, "123456789\r67\r",
			[]cut{{Dropped: 5, Loss: scanner.TooLong, Sample: "1234"}, {Dropped: 4, Loss: scanner.TooLong}, {Frame: "67"}},
		},
		{
			"STX ends the dropping", short, "1234567\x0267\x03",
			[]cut{{Dropped: 5, Loss: scanner.TooLong, Sample: "1234"}, {Dropped: 2, Loss: scanner.TooLong}, {Frame: "67"}},
		},
		{
			"silence ends the dropping", short, "1234567",
			[]cut{{Dropped: 5, Loss: scanner.TooLong, Sample: "1234"}, {Dropped: 2, Loss: scanner.TooLong}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			for at := range len(tt.in) + 1 {
				s := scanner.Split{Framing: tt.framing}
				var got []cut
				s.Feed([]byte(tt.in[:at]), keep(&got))
				s.Feed([]byte(tt.in[at:]), keep(&got))
				s.Flush(keep(&got))
				if diff := cmp.Diff(tt.want, got); diff != "" {
					t.Errorf("split at byte %d (-want +got):\n%s", at, diff)
				}
				if s.Pending() {
					t.Errorf("split at byte %d: pending after Flush", at)
				}
			}
		})
	}
}

func TestSplitDiscardGivesUpTheOpenFrame(t *testing.T) {
	var s scanner.Split
	var got []cut
	s.Feed([]byte("12\r345"), keep(&got))
	s.Discard(keep(&got))
	s.Discard(keep(&got))
	s.Feed([]byte("67\r"), keep(&got))
	want := []cut{{Frame: "12"}, {Dropped: 3, Loss: scanner.Interrupted, Sample: "345"}, {Frame: "67"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("cuts (-want +got):\n%s", diff)
	}
}

func TestSplitReportsEndlessGarbageWhileItLasts(t *testing.T) {
	var s scanner.Split
	var got []cut
	noise := bytes.Repeat([]byte{0xff}, 1<<20)
	s.Feed(noise, keep(&got))
	if len(got) < 2 || len(got) > 64 {
		t.Errorf("%d reports of 1 MiB, want a few", len(got))
	}
	s.Feed([]byte("\rgood\r"), keep(&got))
	dropped := 0
	for _, c := range got {
		dropped += c.Dropped
	}
	if dropped != len(noise) {
		t.Errorf("reported %d dropped bytes, want %d", dropped, len(noise))
	}
	if last := got[len(got)-1]; last.Frame != "good" {
		t.Errorf("last cut is %+v, want the good frame", last)
	}
}

func TestSplitAllocatesNothingOnceWarm(t *testing.T) {
	var s scanner.Split
	noise := bytes.Repeat([]byte("x"), 10_000)
	ignore := func(scanner.Cut) {}
	s.Feed(noise, ignore)
	if n := testing.AllocsPerRun(20, func() { s.Feed(noise, ignore); s.Flush(ignore) }); n != 0 {
		t.Errorf("%v allocations a run, want 0", n)
	}
}

func FuzzSplit(f *testing.F) {
	f.Add([]byte("4006381333931\r\n"), uint8(3), uint8(0), uint16(0))
	f.Add([]byte("\x02]C10101234567890128\x1d10A\x03"), uint8(1), uint8(8), uint16(16))
	f.Add(bytes.Repeat([]byte("\xff"), 9000), uint8(200), uint8(1), uint16(4096))
	f.Fuzz(func(t *testing.T, in []byte, step, ends uint8, most uint16) {
		framing := scanner.Framing{Terminators: scanner.Terminators(ends) & scanner.AnyTerminator, MaxFrame: int(most)}
		whole := feed(framing, in, len(in))
		if diff := cmp.Diff(whole, feed(framing, in, int(step))); diff != "" {
			t.Fatalf("chunks of %d change the cuts (-whole +chunks):\n%s", step, diff)
		}
		checkCuts(t, framing, in, whole)
		again := append(slices.Clone(in), "\r\n\t\x03good\r\n\t\x03"...)
		good := func(c cut) bool { return strings.Contains(c.Frame, "good") }
		wide := framing.MaxFrame == 0 || framing.MaxFrame >= 8
		if wide && !slices.ContainsFunc(feed(framing, again, int(step)), good) {
			t.Fatal("the frame after the garbage is lost")
		}
	})
}

// feed cuts in, in chunks of step bytes, and flushes.
func feed(framing scanner.Framing, in []byte, step int) []cut {
	s := scanner.Split{Framing: framing}
	var cuts []cut
	for chunk := range slices.Chunk(in, max(step, 1)) {
		s.Feed(chunk, keep(&cuts))
	}
	s.Flush(keep(&cuts))
	return cuts
}

// checkCuts fails unless every byte is in a frame, dropped, or framing.
func checkCuts(t *testing.T, framing scanner.Framing, in []byte, cuts []cut) {
	t.Helper()
	limit := framing.MaxFrame
	if limit <= 0 {
		limit = scanner.DefaultMaxFrame
	}
	seen := 0
	for _, c := range cuts {
		if len(c.Frame) > limit {
			t.Fatalf("frame of %d bytes, limit %d", len(c.Frame), limit)
		}
		if (c.Frame != "") == (c.Dropped > 0) {
			t.Fatalf("cut %+v is both or neither", c)
		}
		seen += len(c.Frame) + c.Dropped
	}
	around := bytes.Count(in, []byte{2}) + bytes.Count(in, []byte{3})
	around += bytes.Count(in, []byte{'\r'}) + bytes.Count(in, []byte{'\n'}) + bytes.Count(in, []byte{'\t'})
	if seen > len(in) || seen < len(in)-around {
		t.Fatalf("%d of %d bytes accounted for, %d may be framing", seen, len(in), around)
	}
}
