package printertest

// Control codes.
const (
	nul = 0x00
	eot = 0x04
	enq = 0x05
	ht  = 0x09
	lf  = 0x0a
	ff  = 0x0c
	cr  = 0x0d
	dle = 0x10
	dc4 = 0x14
	can = 0x18
	esc = 0x1b
	fs  = 0x1c
	gs  = 0x1d
)

// maxPayload bounds one command, so that garbage cannot grow memory.
const maxPayload = 1 << 20

// frame returns the length of the command at the front of b, 0 when more bytes
// are needed to know or to complete it, and whether the command is known. An
// unknown command is as long as its own length field says, or else as the bytes
// that showed it to be unknown.
func frame(b []byte) (n int, known bool) {
	if len(b) == 0 {
		return 0, true
	}
	switch b[0] {
	case esc:
		return frameESC(b)
	case gs:
		return frameGS(b)
	case fs:
		return frameFS(b)
	case dle:
		return frameDLE(b)
	case nul, ht, lf, ff, cr, can:
		return 1, true
	}
	return 1, b[0] >= ' ' && b[0] != 0x7f
}

// exactly completes a command of n bytes.
func exactly(b []byte, n int) (int, bool) {
	if n > maxPayload {
		return min(len(b), 2), false
	}
	if len(b) < n {
		return 0, true
	}
	return n, true
}

// word is the little-endian number at b[i].
func word(b []byte, i int) int { return int(b[i]) | int(b[i+1])<<8 }

func frameESC(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, true
	}
	switch b[1] {
	case '@', '2', 'i', 'm':
		return exactly(b, 2)
	case '!', '-', '3', 'E', 'G', 'J', 'M', 'R', 'a', 'd', 't', ' ', '{', 'V', '=':
		return exactly(b, 3)
	case '$', '\\':
		return exactly(b, 4)
	case 'c':
		return exactly(b, 4)
	case 'p':
		return exactly(b, 5)
	case '*':
		return frameColumns(b)
	}
	return 2, false
}

func frameColumns(b []byte) (int, bool) {
	if len(b) < 5 {
		return 0, true
	}
	switch b[2] {
	case 0, 1:
		return exactly(b, 5+word(b, 3))
	case 32, 33:
		return exactly(b, 5+3*word(b, 3))
	}
	return 5, false
}

func frameGS(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, true
	}
	switch b[1] {
	case '!', 'B', 'H', 'I', 'a', 'b', 'f', 'h', 'r', 'w':
		return exactly(b, 3)
	case 'L', 'W', 'P':
		return exactly(b, 4)
	case 'V':
		return frameCut(b)
	case 'v':
		return frameRaster(b)
	case 'k':
		return frameBarcode(b)
	case '(':
		if len(b) < 5 {
			return 0, true
		}
		n, _ := exactly(b, 5+word(b, 3))
		return n, b[2] == 'H' || b[2] == 'k'
	}
	return 2, false
}

func frameCut(b []byte) (int, bool) {
	if len(b) < 3 {
		return 0, true
	}
	switch b[2] {
	case 0, 1, '0', '1':
		return 3, true
	case 65, 66:
		return exactly(b, 4)
	}
	return 3, false
}

func frameRaster(b []byte) (int, bool) {
	if len(b) < 3 {
		return 0, true
	}
	if b[2] != '0' {
		return 3, false
	}
	if len(b) < 8 {
		return 0, true
	}
	return exactly(b, 8+word(b, 4)*word(b, 6))
}

func frameBarcode(b []byte) (int, bool) {
	if len(b) < 4 {
		return 0, true
	}
	switch m := b[2]; {
	case m <= 6:
		if b[len(b)-1] == nul {
			return len(b), true
		}
		if len(b) < 260 {
			return 0, true
		}
		return len(b), false
	case m >= 65 && m <= 79:
		return exactly(b, 4+int(b[3]))
	}
	return 3, false
}

func frameFS(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, true
	}
	switch b[1] {
	case '.', '&':
		return 2, true
	case '!', '-', 'C', 'W':
		return exactly(b, 3)
	case 'S':
		return exactly(b, 4)
	}
	return 2, false
}

func frameDLE(b []byte) (int, bool) {
	if len(b) < 2 {
		return 0, true
	}
	switch b[1] {
	case eot, enq:
		return exactly(b, 3)
	case dc4:
		if len(b) < 3 {
			return 0, true
		}
		switch b[2] {
		case 1, 2:
			return exactly(b, 5)
		case 8:
			return exactly(b, 10)
		}
		return 3, false
	}
	return 2, false
}
