package printer

import (
	"slices"

	"golang.org/x/text/encoding/charmap"
)

// Tables for scripts that run from right to left or stack marks (CP862, CP874,
// WPC1255, WPC1256, WPC1258) are left out on purpose: a printer sets their bytes
// one cell after another from the left, which is not how they are read. Such
// text is drawn.

// charmapOf maps a code page name to its table; nil when not known.
func charmapOf(name string) *charmap.Charmap {
	for _, t := range charmaps() {
		if t.name == name {
			return t.table
		}
	}
	return nil
}

// CodePageNames lists the names a profile may use, sorted.
func CodePageNames() []string {
	var names []string
	for _, t := range charmaps() {
		names = append(names, t.name)
	}
	slices.Sort(names)
	return names
}

type namedCharmap struct {
	name  string
	table *charmap.Charmap
}

func charmaps() []namedCharmap {
	return []namedCharmap{
		{"CP437", charmap.CodePage437},
		{"CP850", charmap.CodePage850},
		{"CP852", charmap.CodePage852},
		{"CP855", charmap.CodePage855},
		{"CP858", charmap.CodePage858},
		{"CP860", charmap.CodePage860},
		{"CP863", charmap.CodePage863},
		{"CP865", charmap.CodePage865},
		{"CP866", charmap.CodePage866},
		{"ISO8859-2", charmap.ISO8859_2},
		{"ISO8859-7", charmap.ISO8859_7},
		{"ISO8859-15", charmap.ISO8859_15},
		{"WPC1250", charmap.Windows1250},
		{"WPC1251", charmap.Windows1251},
		{"WPC1252", charmap.Windows1252},
		{"WPC1253", charmap.Windows1253},
		{"WPC1254", charmap.Windows1254},
		{"WPC1257", charmap.Windows1257},
	}
}
