package display

import (
	"fmt"
	"unicode"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// keymap is the server's core keyboard map.
type keymap struct {
	first xproto.Keycode
	per   int // keysyms of one key
	syms  []xproto.Keysym
}

// Keysyms that are no characters (X11 protocol, appendix A).
const (
	symBackspace = 0xff08
	symReturn    = 0xff0d
	symEscape    = 0xff1b
	symKPEnter   = 0xff8d
)

// readKeymap asks the server.
func readKeymap(c *xgb.Conn) (keymap, error) {
	s := xproto.Setup(c)
	r, err := xproto.GetKeyboardMapping(c, s.MinKeycode, byte(s.MaxKeycode-s.MinKeycode+1)).Reply()
	if err != nil {
		return keymap{}, fmt.Errorf("ask for the keyboard map: %w", err)
	}
	return keymap{first: s.MinKeycode, per: int(r.KeysymsPerKeycode), syms: r.Keysyms}, nil
}

// text is what a key types with these modifiers, or "" for none.
func (k keymap) text(code xproto.Keycode, state uint16) string {
	const commands = xproto.ModMaskControl | xproto.ModMask1 | xproto.ModMask4
	if state&commands != 0 {
		return ""
	}
	switch sym := k.sym(code, state); sym {
	case symBackspace:
		return "\b"
	case symReturn, symKPEnter:
		return "\n"
	case symEscape:
		return "\x1b"
	default:
		return character(sym)
	}
}

// sym chooses the keysym by group and level. The core map of a key lists group
// 1 and 2 with levels 1 and 2, then group 1 with levels 3 and 4 (XKB protocol,
// section 12.4).
func (k keymap) sym(code xproto.Keycode, state uint16) xproto.Keysym {
	const group2, altGr, numLock = 1 << 13, xproto.ModMask5, xproto.ModMask2
	row := k.row(code)
	base := 0
	switch {
	case state&altGr != 0 && at(row, 4) != 0:
		base = 4
	case state&group2 != 0 && at(row, 2) != 0:
		base = 2
	}
	low, high := at(row, base), at(row, base+1)
	shift := state&xproto.ModMaskShift != 0
	if keypad(high) && state&numLock != 0 {
		shift = !shift
	}
	if r := []rune(character(low)); len(r) == 1 && unicode.IsLetter(r[0]) && state&xproto.ModMaskLock != 0 {
		shift = !shift
	}
	if shift && high != 0 {
		return high
	}
	return low
}

// row is the keysyms of one key.
func (k keymap) row(code xproto.Keycode) []xproto.Keysym {
	i := (int(code) - int(k.first)) * k.per
	if i < 0 || i+k.per > len(k.syms) {
		return nil
	}
	return k.syms[i : i+k.per]
}

// at is row[i], or 0 beyond its end.
func at(row []xproto.Keysym, i int) xproto.Keysym {
	if i >= len(row) {
		return 0
	}
	return row[i]
}

// keypad reports whether a keysym is a digit or a sign of the numeric keypad.
func keypad(s xproto.Keysym) bool { return s >= 0xffaa && s <= 0xffb9 }

// character is the character of a keysym, or "".
func character(s xproto.Keysym) string {
	switch {
	case s >= 0x20 && s <= 0x7e, s >= 0xa0 && s <= 0xff:
		return string(rune(s))
	case s > 0x01000000 && s <= 0x0110ffff:
		return string(rune(s - 0x01000000))
	case keypad(s):
		return string(rune(s - 0xff80))
	}
	return ""
}
