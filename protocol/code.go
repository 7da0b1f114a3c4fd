package protocol

import (
	"strings"
)

// PlainCode is a code of a gift card, store credit or deposit as it is compared:
// without spaces and hyphens, in capitals, and with the letters that people take
// for digits written as digits.
func PlainCode(code string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == ' ' || r == '-':
			return -1
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			return '0'
		case 'I', 'L':
			return '1'
		}
		return r
	}, code)
}

// MaskCode is what may be shown, printed and stored of a code: its last four
// signs.
func MaskCode(code string) string {
	plain := []rune(PlainCode(code))
	return "•••• " + string(plain[max(0, len(plain)-4):])
}

// SpaceCode writes a code in groups of four, as people read and type it.
func SpaceCode(code string) string {
	var b strings.Builder
	for i, r := range []rune(PlainCode(code)) {
		if i > 0 && i%4 == 0 {
			b.WriteByte(' ')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// TenderWays tells a device which tenders the hub can carry out for it now. It
// comes after each birth and on change, so that nobody is asked for a card that
// cannot be charged. A tender that is not listed cannot be carried out.
type TenderWays struct {
	Ways []TenderWay `json:"ways"`
}

// TenderWay is one of them.
type TenderWay struct {
	Tender Tender `json:"tender"`
	OK     bool   `json:"ok"`
	Why    string `json:"why,omitempty"` // why not, in plain words
}

// Kind returns KindTenderWays.
func (*TenderWays) Kind() Kind { return KindTenderWays }

// Check reports tenders that the hub has no part in.
func (w *TenderWays) Check() error {
	for _, one := range w.Ways {
		if !one.Tender.ByHub() {
			return unknownTender(one.Tender)
		}
		if err := checkTexts(one.Why); err != nil {
			return err
		}
	}
	return nil
}
