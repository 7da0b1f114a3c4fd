package printertest

import (
	"golang.org/x/text/encoding/charmap"

	"kickstand/drivers/printer"
)

// Cell is the size of a character in dots.
type Cell struct{ Width, Height int }

// Model is the hardware: paper width, fonts and character tables.
type Model struct {
	Dots         int
	FontA, FontB Cell
	// Tables are the character tables by the n of ESC t n.
	Tables map[byte]*charmap.Charmap
	// DoubleByte: the printer starts in a Chinese mode, where two bytes above 7F
	// are one character, until FS . ends it.
	DoubleByte bool
	// NoCutter: a cut command is unknown to it.
	NoCutter bool
	// NoQR, NoBarcode, NoRaster: GS ( k, GS k and GS v 0 are unknown to it.
	NoQR, NoBarcode, NoRaster bool
	// NoRealTime, NoASB, NoProcessed, NoJobID: it does not answer DLE EOT,
	// GS a, GS r, GS ( H.
	NoRealTime, NoASB, NoProcessed, NoJobID bool
}

// ModelOf is the hardware a profile describes. Commands the profile says the
// printer lacks are unknown to it.
func ModelOf(p printer.Profile) Model {
	m := Model{
		Dots:        p.Dots,
		FontA:       Cell{p.FontA.Width, p.FontA.Height},
		FontB:       Cell{p.FontB.Width, p.FontB.Height},
		Tables:      map[byte]*charmap.Charmap{},
		DoubleByte:  p.DoubleByte,
		NoCutter:    p.Cut == printer.CutNone,
		NoQR:        p.QR != printer.Native,
		NoBarcode:   p.Barcode != printer.Native,
		NoRaster:    p.Raster != printer.GSv0,
		NoRealTime:  !p.RealTime,
		NoASB:       !p.ASB,
		NoProcessed: !p.Processed,
		NoJobID:     !p.JobID,
	}
	for _, c := range p.CodePages {
		m.Tables[c.ID] = table(c.Name)
	}
	return m
}

// table names the character tables in the printer's own way.
func table(name string) *charmap.Charmap {
	return map[string]*charmap.Charmap{
		"CP437": charmap.CodePage437, "CP850": charmap.CodePage850, "CP852": charmap.CodePage852,
		"CP855": charmap.CodePage855, "CP858": charmap.CodePage858, "CP860": charmap.CodePage860,
		"CP863": charmap.CodePage863, "CP865": charmap.CodePage865, "CP866": charmap.CodePage866,
		"ISO8859-2": charmap.ISO8859_2, "ISO8859-7": charmap.ISO8859_7, "ISO8859-15": charmap.ISO8859_15,
		"WPC1250": charmap.Windows1250, "WPC1251": charmap.Windows1251, "WPC1252": charmap.Windows1252,
		"WPC1253": charmap.Windows1253, "WPC1254": charmap.Windows1254, "WPC1257": charmap.Windows1257,
	}[name]
}
