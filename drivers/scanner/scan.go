package scanner

import "time"

// Stamp says which device an event came from, its place and its time.
type Stamp struct {
	// Device is Config.Name, or else the configured USB key or path. It is
	// the same through unplugging and replugging.
	Device string
	// Seq counts the events of one Scanner from 1 without gaps.
	Seq uint64
	// At is when the last bytes of the event were read, from Config.Now. With
	// time.Now it carries a monotonic reading.
	At time.Time
}

// Scan is one code as it was read.
type Scan struct {
	Stamp
	// Raw is the whole frame, byte for byte, AIM identifier included.
	Raw string
	// AIM is the AIM symbology identifier if the scanner sent one: "]" with
	// two characters, such as "]E0" (ISO/IEC 15424). Else it is empty.
	AIM string
	// Data is Raw without the AIM identifier and without leading group
	// separators (FNC1). Inner group separators, byte 0x1D, are kept.
	Data string
	// Symbology is the kind of code: by the AIM identifier, else guessed from
	// a number of 8, 12, 13 or 14 digits, else SymbologyUnknown.
	Symbology Symbology
	// GS1 is true when Data is a GS1 element string: Application Identifiers
	// with their values, separated by 0x1D where the length is not fixed.
	GS1 bool
	// Text is Data for people: control characters are replaced by their
	// pictures (0x1D shows as "␝"), everything unprintable by "�". Data that
	// is not UTF-8 is read as ISO 8859-1, the default of QR codes.
	Text string
	// GTIN is the trade item number in 14 digits, set only when its check
	// digit is right. For a GS1 element string it is the value of AI 01.
	GTIN string
	// AltGTIN is the other reading of an 8-digit number that is right both as
	// UPC-E and as EAN-8, where the scanner did not say which; else empty.
	AltGTIN string
	// Check is the state of the check digit.
	Check CheckDigit
}

// Symbology is a kind of barcode.
type Symbology string

// The symbologies that are told apart. Others keep their AIM identifier and are
// SymbologyUnknown.
const (
	SymbologyUnknown Symbology = "unknown"
	EAN8             Symbology = "ean-8"
	EAN13            Symbology = "ean-13"
	UPCA             Symbology = "upc-a"
	UPCE             Symbology = "upc-e"
	ITF              Symbology = "itf"
	ITF14            Symbology = "itf-14"
	Code39           Symbology = "code-39"
	Code128          Symbology = "code-128"
	GS1128           Symbology = "gs1-128"
	DataBar          Symbology = "databar"
	DataMatrix       Symbology = "data-matrix"
	QR               Symbology = "qr"
)

// CheckDigit is the state of a check digit.
type CheckDigit string

// CheckNone is for codes that need not have a check digit, or whose scanner did
// not send it; CheckOK and CheckWrong are for numbers that must have one.
const (
	CheckNone  CheckDigit = "none"
	CheckOK    CheckDigit = "ok"
	CheckWrong CheckDigit = "wrong"
)
