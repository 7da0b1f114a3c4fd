package scanner

// Control characters that scanners put around a code.
const (
	stx = 0x02
	etx = 0x03
	gs  = 0x1d
)

// Terminators is a set of characters that end a frame.
type Terminators uint8

// CR, LF, Tab and ETX end a frame when they are in the set. CR LF needs both:
// the LF then closes an empty frame, which is ignored. With ETX in the set, STX
// starts a frame. AnyTerminator is all of them, the default.
const (
	CR Terminators = 1 << iota
	LF
	Tab
	ETX

	AnyTerminator = CR | LF | Tab | ETX
)

// DefaultMaxFrame is the longest frame in bytes when Framing.MaxFrame is 0. The
// largest QR code holds 2,953 bytes, so every real code fits.
const DefaultMaxFrame = 4096

// Framing says where a frame ends. The zero value takes any terminator and
// [DefaultMaxFrame].
type Framing struct {
	// Terminators is the set of characters that end a frame; 0 is
	// AnyTerminator. A scanner whose codes hold line breaks (contact cards in
	// a QR code) is set to STX/ETX and given the set ETX alone: CR, LF and TAB
	// are then data.
	Terminators Terminators
	// MaxFrame is the longest frame in bytes; 0 or less is DefaultMaxFrame.
	MaxFrame int
}

// Loss is why bytes were given up, in words a person can read.
type Loss string

// TooLong, Restarted, Interrupted and Noise are all the reasons there are.
const (
	TooLong     Loss = "too long: no end of the code within the limit"
	Restarted   Loss = "cut off: a new code began before this one ended"
	Interrupted Loss = "cut off: the connection ended in the middle of a code"
	Noise       Loss = "unreadable: not text (check the baud rate and the cable)"
)

// Cut is one result of [Split]: a frame, or bytes given up.
type Cut struct {
	// Frame is the frame without its terminator; nil when bytes were given up.
	// It is valid until the emit function returns.
	Frame []byte
	// Dropped is how many bytes were given up, 0 for a frame.
	Dropped int
	// Loss says why bytes were given up, empty for a frame.
	Loss Loss
	// Sample is the beginning of the bytes given up, at most 32, for a
	// diagnosis. It may be empty, and is valid until the emit function returns.
	Sample []byte
}

const sampleSize = 32

// dropReport is how many MaxFrames are dropped between two reports of an
// endless frame: often enough to be seen, seldom enough not to flood.
const dropReport = 16

// Split cuts a stream of bytes into frames, however the bytes are chunked. It
// is pure: no clock and no I/O. The zero value is ready to use.
//
// Empty frames are ignored. A frame that grows past MaxFrame is given up, and
// so is everything to the next terminator, STX or Flush; what follows is cut as
// if nothing had happened. Split never holds more than MaxFrame bytes.
type Split struct {
	// Framing must not change once bytes have been fed.
	Framing Framing

	buf      []byte
	dropping bool // inside a frame that was too long
	dropped  int  // dropped and not yet reported
}

// Feed cuts p and calls emit for every frame and loss that is complete, in
// order. A frame that does not end in p is kept for the next call.
func (s *Split) Feed(p []byte, emit func(Cut)) {
	for _, b := range p {
		switch {
		case s.ends(b):
			s.end(emit)
		case b == stx && s.terminators()&ETX != 0:
			s.giveUp(Restarted, emit)
		default:
			s.add(b, emit)
		}
	}
}

// Flush ends the frame that is being received, as a terminator would. The
// caller does so when the line has been silent for the idle gap.
func (s *Split) Flush(emit func(Cut)) { s.end(emit) }

// Discard gives up the frame that is being received, because the connection
// ended in the middle of it.
func (s *Split) Discard(emit func(Cut)) { s.giveUp(Interrupted, emit) }

// Pending reports whether a frame has begun and not ended.
func (s *Split) Pending() bool { return s.dropping || len(s.buf) > 0 }

func (s *Split) terminators() Terminators {
	if s.Framing.Terminators == 0 {
		return AnyTerminator
	}
	return s.Framing.Terminators
}

func (s *Split) max() int {
	if s.Framing.MaxFrame <= 0 {
		return DefaultMaxFrame
	}
	return s.Framing.MaxFrame
}

func (s *Split) ends(b byte) bool {
	var t Terminators
	switch b {
	case '\r':
		t = CR
	case '\n':
		t = LF
	case '\t':
		t = Tab
	case etx:
		t = ETX
	}
	return s.terminators()&t != 0
}

func (s *Split) add(b byte, emit func(Cut)) {
	if s.dropping {
		s.dropped++
		if s.dropped >= dropReport*s.max() {
			s.report(emit)
		}
		return
	}
	if len(s.buf) < s.max() {
		s.buf = append(s.buf, b)
		return
	}
	emit(Cut{Dropped: len(s.buf) + 1, Loss: TooLong, Sample: s.sample()})
	s.buf = s.buf[:0]
	s.dropping = true
}

// end closes the current frame, good or too long.
func (s *Split) end(emit func(Cut)) {
	if s.dropping {
		s.report(emit)
		s.dropping = false
		return
	}
	if len(s.buf) == 0 {
		return
	}
	emit(Cut{Frame: s.buf})
	s.buf = s.buf[:0]
}

func (s *Split) giveUp(why Loss, emit func(Cut)) {
	if s.dropping || len(s.buf) == 0 {
		s.end(emit)
		return
	}
	emit(Cut{Dropped: len(s.buf), Loss: why, Sample: s.sample()})
	s.buf = s.buf[:0]
}

func (s *Split) report(emit func(Cut)) {
	if s.dropped == 0 {
		return
	}
	emit(Cut{Dropped: s.dropped, Loss: TooLong})
	s.dropped = 0
}

func (s *Split) sample() []byte {
	return s.buf[:min(len(s.buf), sampleSize)]
}
