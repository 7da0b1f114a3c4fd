package scanner

import "strings"

// aimLength is the length of an AIM identifier: "]", a code character and a
// modifier.
const aimLength = 3

// Parse decodes one frame, as cut by [Split], into a Scan without its Stamp. It
// is pure, takes any bytes and never fails: what it does not know keeps its Raw,
// Data and Text.
//
// Without AIM identifier, a number of 8, 12, 13 or 14 digits is taken for a
// GTIN and its check digit judged, so a shop's own 8-digit number may be called
// wrong: look Data up before complaining. In a symbology that promises no check
// digit (Code 128, QR, ...) a number of 12, 13 or 14 digits is a GTIN when its
// check digit is right, and merely text when it is not.
func Parse(frame []byte) Scan {
	s := Scan{Raw: string(frame), Symbology: SymbologyUnknown, Check: CheckNone}
	s.Data = s.Raw
	if hasAIM(s.Raw) {
		s.AIM, s.Data = s.Raw[:aimLength], s.Raw[aimLength:]
	}
	fnc1 := strings.HasPrefix(s.Data, "\x1d")
	s.Data = strings.TrimLeft(s.Data, "\x1d")
	s.Text = printable(s.Data)
	switch {
	case s.AIM != "":
		s.parseAIM()
	case fnc1 || startsGS1(s.Data):
		s.parseGS1()
	default:
		s.guess()
	}
	return s
}

// hasAIM reports whether raw begins with an AIM identifier.
func hasAIM(raw string) bool {
	if len(raw) < aimLength || raw[0] != ']' {
		return false
	}
	return isLetter(raw[1]) && (isLetter(raw[2]) || isDigit(raw[2]))
}

// startsGS1 reports whether data without AIM identifier is a GS1 element string
// all the same: it begins with a GTIN in AI 01 and has a separator inside, as
// cheap scanners send it.
func startsGS1(data string) bool {
	return strings.HasPrefix(data, "01") && len(data) > 16 &&
		allDigits(data[:16]) && strings.IndexByte(data, gs) >= 16
}

// parseAIM decodes by the symbology identifier, ISO/IEC 15424.
func (s *Scan) parseAIM() {
	switch s.AIM[1] {
	case 'E':
		s.parseEAN()
	case 'I':
		s.parseITF()
	case 'A':
		s.carrier(Code39, "")
	case 'C':
		s.parseCode128()
	case 'e':
		s.Symbology = DataBar
		s.parseGS1()
	case 'd':
		s.carrier(DataMatrix, "2")
	case 'Q':
		s.carrier(QR, "3")
	default:
		s.carrier(SymbologyUnknown, "")
	}
}

func (s *Scan) parseCode128() {
	if s.AIM[2] == '1' {
		s.Symbology = GS1128
		s.parseGS1()
		return
	}
	s.carrier(Code128, "")
}

// carrier decodes a symbology that can hold anything. A modifier out of gs1
// says that it holds a GS1 element string.
func (s *Scan) carrier(sym Symbology, gs1 string) {
	s.Symbology = sym
	if strings.IndexByte(gs1, s.AIM[2]) >= 0 {
		s.parseGS1()
		return
	}
	switch len(s.Data) {
	case 12, 13, 14:
		s.offerGTIN(s.Data)
	}
}

// parseEAN decodes ]E0 (EAN-13, UPC-A, UPC-E), ]E3 (the same with an add-on of
// 2 or 5 digits) and ]E4 (EAN-8). ]E1 and ]E2 are add-ons alone. The standard
// sends UPC codes as 13 digits; scanners set to send them short are understood.
func (s *Scan) parseEAN() {
	if !allDigits(s.Data) {
		return
	}
	main := s.Data
	switch n := len(main); {
	case s.AIM[2] == '1' || s.AIM[2] == '2':
		return
	case s.AIM[2] == '3' && (n == 15 || n == 18):
		main = main[:13]
	}
	switch len(main) {
	case 13:
		s.Symbology = EAN13
		s.judge(main)
	case 12:
		s.Symbology = UPCA
		s.judge(main)
	case 8:
		s.parseEAN8(main)
	}
}

func (s *Scan) parseEAN8(digits string) {
	if s.AIM[2] != '4' {
		s.guess8()
		return
	}
	s.Symbology = EAN8
	s.judge(digits)
}

// parseITF decodes ]I0 (no check digit known), ]I1 (check digit sent) and ]I2
// (check digit not sent). 14 digits are a GTIN-14 unless the check digit was
// left out.
func (s *Scan) parseITF() {
	s.Symbology = ITF
	if !allDigits(s.Data) {
		return
	}
	switch {
	case s.AIM[2] == '2':
	case len(s.Data) == 14:
		s.Symbology = ITF14
		s.judge(s.Data)
	case s.AIM[2] == '1':
		s.Check = checkState(s.Data)
	}
}

// guess decodes a number without AIM identifier by its length.
func (s *Scan) guess() {
	if !allDigits(s.Data) {
		return
	}
	switch len(s.Data) {
	case 8:
		s.guess8()
	case 12:
		s.Symbology = UPCA
		s.judge(s.Data)
	case 13:
		s.Symbology = EAN13
		s.judge(s.Data)
	case 14:
		s.Symbology = ITF14
		s.judge(s.Data)
	}
}

// guess8 decides between EAN-8 and UPC-E by the check digit. When both are
// right, a number beginning with 0 is UPC-E: as EAN-8 those are for use inside
// one company only.
func (s *Scan) guess8() {
	s.Symbology = EAN8
	s.judge(s.Data)
	wide, ok := expandUPCE(s.Data)
	if !ok || !checkOK(wide) {
		return
	}
	asUPCE := pad14(wide)
	switch {
	case s.Check != CheckOK, s.Data[0] == '0':
		s.Symbology, s.AltGTIN, s.GTIN, s.Check = UPCE, s.GTIN, asUPCE, CheckOK
	default:
		s.AltGTIN = asUPCE
	}
}

// parseGS1 looks for a GTIN in a GS1 element string.
func (s *Scan) parseGS1() {
	s.GS1 = true
	if gtin, ok := findAI01(s.Data); ok {
		s.judge(gtin)
	}
}

// judge takes digits for a GTIN that must have a check digit.
func (s *Scan) judge(digits string) {
	s.Check = checkState(digits)
	if s.Check == CheckOK {
		s.GTIN = pad14(digits)
	}
}

// offerGTIN takes data for a GTIN only if it looks like one.
func (s *Scan) offerGTIN(data string) {
	if allDigits(data) && checkOK(data) {
		s.judge(data)
	}
}
