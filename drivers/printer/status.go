package printer

// Status is what a printer last said about itself.
type Status struct {
	// Known is false until the printer has reported at least once.
	Known bool `json:"known"`
	// Offline: the printer does not print, for whatever reason.
	Offline bool `json:"offline"`
	// PaperOut: the roll is empty. PaperLow: it soon will be.
	PaperOut bool `json:"paper_out"`
	PaperLow bool `json:"paper_low"`
	// CoverOpen: the cover is not closed.
	CoverOpen bool `json:"cover_open"`
	// CutterJam: the knife is stuck. Failed: the printer needs service or a
	// power cycle. Recovering: the head is too hot or the like; it goes on by
	// itself.
	CutterJam  bool `json:"cutter_jam"`
	Failed     bool `json:"failed"`
	Recovering bool `json:"recovering"`
	// DrawerHigh is the level of the drawer connector's pin 3. Whether high
	// means open depends on the drawer.
	DrawerHigh bool `json:"drawer_high"`
}

// Trouble names what keeps a printer from printing. The zero value is nothing.
type Trouble string

// The troubles.
const (
	NoTrouble Trouble = ""
	PaperOut  Trouble = "paper-out"
	CoverOpen Trouble = "cover-open"
	CutterJam Trouble = "cutter-jam"
	Failed    Trouble = "failed"
	Offline   Trouble = "offline"
	Unplugged Trouble = "unplugged" // cannot be reached: cable, power, network
	Timeout   Trouble = "timeout"   // reached, but no answer in time
)

// Trouble returns what keeps the printer from printing, the most useful to say
// first: an open cover explains missing paper, and both explain offline.
func (s Status) Trouble() Trouble {
	switch {
	case s.CoverOpen:
		return CoverOpen
	case s.PaperOut:
		return PaperOut
	case s.CutterJam:
		return CutterJam
	case s.Failed:
		return Failed
	case s.Offline:
		return Offline
	}
	return NoTrouble
}

// ReplyKind says what a [Reply] is.
type ReplyKind string

// The kinds of reply.
const (
	ReplyASB      ReplyKind = "asb"       // four bytes sent unasked after a change (GS a)
	ReplyRealTime ReplyKind = "real-time" // one byte, answer to DLE EOT n
	ReplyPaper    ReplyKind = "paper"     // one byte, answer to GS r 1
	ReplyToken    ReplyKind = "token"     // process ID of GS ( H, function 48
	ReplyFlow     ReplyKind = "flow"      // XON or XOFF of a serial line
	ReplyUnknown  ReplyKind = "unknown"   // noise, or a reply nobody asked for
)

// Reply is one message from a printer.
type Reply struct {
	Kind  ReplyKind
	Data  [4]byte // ASB, RealTime and Paper use the first 4, 1 and 1 bytes
	Token [4]byte
}

// Reply layout, after Epson's reference: fixed bits tell the messages apart.
const (
	fixedBits   = 0x93 // bits 0, 1, 4 and 7
	asbBits     = 0x10 // 0xx1xx00, then three bytes 0xx0xxxx
	realBits    = 0x12 // 0xx1xx10
	tailBits    = 0x90 // of a byte 0xx0xxxx: both clear
	xon         = 0x11
	xoff        = 0x13
	blockHeader = 0x37 // "header to NUL" data
	tokenMark   = 0x22
	maxBlock    = 80
)

// ParseStatus reads one reply from the front of b and returns it with the
// number of bytes it took. 0 bytes means b is the beginning of a reply whose
// rest has not arrived. It accepts any input; what it does not know comes back
// as [ReplyUnknown].
func ParseStatus(b []byte) (Reply, int) {
	if len(b) == 0 {
		return Reply{}, 0
	}
	c := b[0]
	switch {
	case c == blockHeader:
		return parseBlock(b)
	case c == xon || c == xoff:
		return Reply{Kind: ReplyFlow, Data: [4]byte{c}}, 1
	case c&fixedBits == asbBits:
		return parseASB(b)
	case c&fixedBits == realBits:
		return Reply{Kind: ReplyRealTime, Data: [4]byte{c}}, 1
	case c&tailBits == 0:
		return Reply{Kind: ReplyPaper, Data: [4]byte{c}}, 1
	}
	return Reply{Kind: ReplyUnknown}, 1
}

func parseASB(b []byte) (Reply, int) {
	r := Reply{Kind: ReplyASB, Data: [4]byte{b[0]}}
	for i := 1; i < 4; i++ {
		if i == len(b) {
			return Reply{}, 0
		}
		if b[i]&tailBits != 0 {
			return Reply{Kind: ReplyUnknown}, i
		}
		r.Data[i] = b[i]
	}
	return r, 4
}

// parseBlock reads "header to NUL" data, of which only the process ID counts.
func parseBlock(b []byte) (Reply, int) {
	for i, c := range b {
		switch {
		case c == 0 && i == 6 && b[1] == tokenMark:
			return Reply{Kind: ReplyToken, Token: [4]byte(b[2:6])}, 7
		case c == 0 || i == maxBlock:
			return Reply{Kind: ReplyUnknown}, i + 1
		case i > 0 && (c < ' ' || c > '~'):
			return Reply{Kind: ReplyUnknown}, i
		}
	}
	return Reply{}, 0
}

// With returns the status after reply r. For an answer to DLE EOT, which does
// not say what was asked, asked is that n, 1 to 4; it is ignored otherwise.
func (s Status) With(r Reply, asked int) Status {
	switch r.Kind {
	case ReplyASB:
		return s.withASB(r.Data)
	case ReplyRealTime:
		return s.withRealTime(r.Data[0], asked)
	case ReplyPaper:
		s.Known = true
		s.PaperLow = r.Data[0]&0x03 != 0
		s.PaperOut = r.Data[0]&0x0c != 0
	}
	return s
}

func (s Status) withASB(b [4]byte) Status {
	return Status{
		Known:      true,
		DrawerHigh: b[0]&0x04 != 0,
		Offline:    b[0]&0x08 != 0,
		CoverOpen:  b[0]&0x20 != 0,
		CutterJam:  b[1]&0x08 != 0,
		Failed:     b[1]&0x20 != 0,
		Recovering: b[1]&0x40 != 0,
		PaperLow:   b[2]&0x03 != 0,
		PaperOut:   b[2]&0x0c != 0,
	}
}

func (s Status) withRealTime(b byte, asked int) Status {
	s.Known = true
	switch asked {
	case 1:
		s.DrawerHigh = b&0x04 != 0
		s.Offline = b&0x08 != 0
	case 2:
		s.CoverOpen = b&0x04 != 0
		s.PaperOut = b&0x20 != 0
	case 3:
		s.CutterJam = b&0x08 != 0
		s.Failed = b&0x20 != 0
		s.Recovering = b&0x40 != 0
	case 4:
		s.PaperLow = b&0x0c != 0
		s.PaperOut = b&0x60 != 0
	}
	return s
}
