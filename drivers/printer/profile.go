package printer

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Method says who draws a QR code or barcode.
type Method string

// The methods.
const (
	Native Method = "native" // the printer, from its own command
	Raster Method = "raster" // this package, sent as a picture
)

// RasterCommand is how a picture travels.
type RasterCommand string

// The raster commands.
const (
	GSv0    RasterCommand = "gs-v-0"   // GS v 0, rows of dots
	ESCStar RasterCommand = "esc-star" // ESC * 33, strips of 24 rows sent column by column
)

// CutMode is what the knife can do.
type CutMode string

// The cut modes.
const (
	CutFull    CutMode = "full"
	CutPartial CutMode = "partial"
	CutNone    CutMode = "none" // no knife: paper is torn at the bar
)

// Cell is the size of a character in dots.
type Cell struct {
	Width  int `json:"width"`
	Height int `json:"height"`
}

// CodePage is a character table the printer has under a number. The number for
// a table differs between makers, which is why it stands in the profile.
type CodePage struct {
	// Name is one of the names [CodePageNames] lists, for instance "CP858".
	Name string `json:"name"`
	// ID is n of ESC t n.
	ID byte `json:"id"`
}

// Pulse is the drawer kick.
type Pulse struct {
	// Pin of the drawer connector: 2 for the first drawer, 5 for the second.
	Pin int `json:"pin"`
	// OnMS and OffMS are the lengths of pulse and pause in milliseconds, 2 to
	// 510 in steps of 2. Both are always sent: a printer waits for the second
	// and would otherwise swallow the next byte of the receipt.
	OnMS  int `json:"on_ms"`
	OffMS int `json:"off_ms"`
}

// Profile is what one model of printer can do. It holds only data; see
// [Profiles] for those shipped and [ParseProfile] for the form.
type Profile struct {
	ID   string `json:"id"`   // short and stable, for configuration files
	Name string `json:"name"` // for people

	Dots     int  `json:"dots"` // printable width
	DPI      int  `json:"dpi"`  // dots an inch
	ColumnsA int  `json:"columns_a"`
	ColumnsB int  `json:"columns_b"`
	FontA    Cell `json:"font_a"`
	FontB    Cell `json:"font_b"`

	// CodePages are tried in this order; the first is the one after ESC @.
	CodePages []CodePage `json:"code_pages"`
	// DoubleByte is set for printers that start in a Chinese, Japanese or
	// Korean mode, where two bytes above 7F make one character. The encoder
	// switches the mode off (FS .) before any text.
	DoubleByte bool `json:"double_byte,omitempty"`

	QR      Method `json:"qr"`
	Barcode Method `json:"barcode"`

	Raster RasterCommand `json:"raster"`
	// SliceRows and SliceBytes bound one raster command; 0 means 255 rows and
	// 4096 bytes, or Buffer where that is less. Clones read only the low byte of the row count, and small
	// buffers garble long pictures.
	SliceRows  int `json:"slice_rows,omitempty"`
	SliceBytes int `json:"slice_bytes,omitempty"`

	Cut CutMode `json:"cut"`
	// CutFeed is the number of blank lines from the print head to the knife or
	// tear bar.
	CutFeed int   `json:"cut_feed"`
	Drawer  Pulse `json:"drawer"`

	// RealTime: the printer answers DLE EOT 1 to 4.
	RealTime bool `json:"real_time"`
	// ASB: the printer reports changes by itself after GS a.
	ASB bool `json:"asb"`
	// Processed: the printer answers GS r 1 once it has worked through
	// everything before it.
	Processed bool `json:"processed"`
	// JobID: the printer sends back the token of GS ( H when what stands before
	// it is printed.
	JobID bool `json:"job_id"`
	// Buffer is the receive buffer in bytes, at least 512, or 0 when not known.
	Buffer int `json:"buffer,omitempty"`
}

//go:embed profiles/*.json
var profileFiles embed.FS

// Profiles returns the shipped profiles ordered by ID. The slice and what it
// holds belong to the caller.
func Profiles() []Profile {
	entries, err := profileFiles.ReadDir("profiles")
	if err != nil {
		panic("printer: embedded profiles: " + err.Error())
	}
	all := make([]Profile, 0, len(entries))
	for _, e := range entries {
		data, err := profileFiles.ReadFile(path.Join("profiles", e.Name()))
		if err != nil {
			panic("printer: embedded profile: " + err.Error())
		}
		p, err := ParseProfile(data)
		if err != nil {
			panic("printer: embedded profile " + e.Name() + ": " + err.Error())
		}
		all = append(all, p)
	}
	slices.SortFunc(all, func(a, b Profile) int { return strings.Compare(a.ID, b.ID) })
	return all
}

// FindProfile returns the shipped profile with the given ID, or an error that
// lists the IDs there are.
func FindProfile(id string) (Profile, error) {
	all := Profiles()
	ids := make([]string, len(all))
	for i, p := range all {
		if p.ID == id {
			return p, nil
		}
		ids[i] = p.ID
	}
	return Profile{}, fmt.Errorf("no printer profile %q; there are %s", id, strings.Join(ids, ", "))
}

// ParseProfile reads a profile from JSON. Unknown fields and values that cannot
// work are errors that say what is wrong.
func ParseProfile(data []byte) (Profile, error) {
	var p Profile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&p); err != nil {
		return Profile{}, fmt.Errorf("read printer profile: %w", err)
	}
	if err := p.check(); err != nil {
		return Profile{}, fmt.Errorf("printer profile %q: %w", p.ID, err)
	}
	return p, nil
}

func (p Profile) check() error {
	var errs []error
	want := func(ok bool, format string, args ...any) {
		if !ok {
			errs = append(errs, fmt.Errorf(format, args...))
		}
	}
	want(p.ID != "", "id is empty")
	want(p.Dots >= 128 && p.Dots <= maxSide, "dots %d: want 128 to %d", p.Dots, maxSide)
	want(p.fits(p.ColumnsA, p.FontA), "columns_a %d of font_a %v do not fit %d dots", p.ColumnsA, p.FontA, p.Dots)
	want(p.fits(p.ColumnsB, p.FontB), "columns_b %d of font_b %v do not fit %d dots", p.ColumnsB, p.FontB, p.Dots)
	want(p.QR == Native || p.QR == Raster, "qr %q: want native or raster", p.QR)
	want(p.Barcode == Native || p.Barcode == Raster, "barcode %q: want native or raster", p.Barcode)
	want(p.Raster == GSv0 || p.Raster == ESCStar, "raster %q: want gs-v-0 or esc-star", p.Raster)
	want(p.Cut == CutFull || p.Cut == CutPartial || p.Cut == CutNone, "cut %q: want full, partial or none", p.Cut)
	want(p.CutFeed >= 0 && p.CutFeed <= 20, "cut_feed %d: want 0 to 20 lines", p.CutFeed)
	want(p.SliceRows >= 0 && p.SliceRows <= 255, "slice_rows %d: want 1 to 255, or 0", p.SliceRows)
	want(p.SliceBytes == 0 || p.SliceBytes >= (p.Dots+7)/8, "slice_bytes %d: less than one row", p.SliceBytes)
	want(p.Drawer.Pin == 2 || p.Drawer.Pin == 5, "drawer pin %d: want 2 or 5", p.Drawer.Pin)
	want(p.Drawer.OnMS >= 2 && p.Drawer.OnMS <= 510, "drawer on_ms %d: want 2 to 510", p.Drawer.OnMS)
	want(p.Drawer.OffMS >= 2 && p.Drawer.OffMS <= 510, "drawer off_ms %d: want 2 to 510", p.Drawer.OffMS)
	want(p.DPI >= 100 && p.DPI <= 600, "dpi %d: want 100 to 600", p.DPI)
	want(p.Buffer == 0 || p.Buffer >= 512, "buffer %d: want at least 512, or 0", p.Buffer)
	want(len(p.CodePages) > 0, "code_pages is empty")
	for _, c := range p.CodePages {
		want(charmapOf(c.Name) != nil, "code page %q is not known", c.Name)
	}
	return errors.Join(errs...)
}

func (p Profile) fits(columns int, c Cell) bool {
	return columns >= 16 && c.Width >= 4 && c.Height >= 7 && columns*c.Width <= p.Dots
}

func (p Profile) sliceRows() int {
	if p.SliceRows == 0 {
		return 255
	}
	return p.SliceRows
}

func (p Profile) sliceBytes() int {
	switch {
	case p.SliceBytes > 0:
		return p.SliceBytes
	case p.Buffer > 0:
		return min(4096, p.Buffer)
	}
	return 4096
}
