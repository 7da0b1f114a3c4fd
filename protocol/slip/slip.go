// Package slip makes the receipt of a sale as a document that both sides agree
// on: the kiosk prints it, the hub stores it and shows it.
//
// It promises that the same Sale, copy number and shop number always give the
// same Doc, byte for byte, on every machine: it reads no clock, no locale and
// no setting but what travels with the sale.
//
// It refuses to know printers: columns, code pages and cutting belong to
// drivers/printer, pixels to whoever draws.
//
// Start with Build. The package is PURE.
package slip

// Doc is a document as lines of plain parts.
type Doc struct {
	Title string `json:"title"` // what it is, for lists: "Receipt K3-000123"
	Lines []Line `json:"lines"`
}

// Line is one line of a document. Exactly one of the forms applies: Rule,
// Code, or Left and Right.
type Line struct {
	Left   string `json:"left,omitempty"`
	Right  string `json:"right,omitempty"` // set against the right edge
	Style  Style  `json:"style,omitempty"`
	Rule   bool   `json:"rule,omitempty"`   // a line across the paper
	Code   string `json:"code,omitempty"`   // printed as Code 128 with its text below
	QR     string `json:"qr,omitempty"`     // printed as QR code
	Indent int    `json:"indent,omitempty"` // columns
}

// Style is how a line is set.
type Style string

// The styles.
const (
	Plain  Style = ""
	Center Style = "center"
	Strong Style = "strong" // bold
	Head   Style = "head"   // centred, bold, double size
	Total  Style = "total"  // bold, double height
	Notice Style = "notice" // centred, inverse: COPY
)
