package scene

import "image/color"

// Rect is a rectangle in pixels, X and Y its upper left corner.
type Rect struct {
	X int `json:"x"`
	Y int `json:"y"`
	W int `json:"w"`
	H int `json:"h"`
}

// Has reports whether the point lies in r.
func (r Rect) Has(x, y int) bool { return x >= r.X && y >= r.Y && x < r.X+r.W && y < r.Y+r.H }

// List is one laid out screen: what to paint, in order, and what can be
// tapped, topmost last.
type List struct {
	Screen string
	W, H   int // pixels
	Ops    []Op
	Nodes  []Node
}

// Op is one drawing operation. It is a plain comparable value, so that two
// lists can be compared to find what changed.
type Op struct {
	Kind   OpKind
	Rect   Rect       // what it covers; text is drawn inside, never outside
	Clip   Rect       // nothing is painted outside; the zero Rect is no clip
	Color  color.RGBA // fill, line, text or icon colour
	Radius int        // pixels, for OpFill and OpStroke
	Width  int        // line width in pixels, for OpStroke
	Text   string     // for OpText; one line, already fitted
	Face   Face       // for OpText
	Icon   string     // for OpIcon; drawn centred, as large as Rect allows
	Code   string     // for OpQR; the content
}

// OpKind is what an Op does.
type OpKind uint8

// The drawing operations.
const (
	OpFill   OpKind = iota + 1 // filled rectangle with Radius
	OpStroke                   // outline inside Rect
	OpText                     // one line of text, baseline set by Face in Rect, left aligned at Rect.X
	OpIcon                     // icon from the icon set
	OpShadow                   // soft shadow of a floating rectangle Rect with Radius
	OpQR                       // QR code
)

// Weight of a face.
type Weight uint8

// The weights.
const (
	Regular Weight = iota
	Medium
	Bold
)

// Face is a font at a size. Figures are tabular when Tabular is set.
type Face struct {
	Weight  Weight
	Px      int // em size in pixels
	Tabular bool
}

// Fonts measures text. display/raster implements it with the fonts it draws
// with, so that what was measured is what is drawn.
type Fonts interface {
	// Width is the advance of one line of text in pixels, rounded up.
	Width(f Face, text string) int
	// Height is ascent and descent of the face in pixels, rounded up.
	Height(f Face) (ascent, descent int)
}

// Node is a thing a person or a test can find on the screen.
type Node struct {
	ID      string `json:"id"`
	Role    string `json:"role"` // button, text, row, input, banner, toast, dialog, key, image, list
	Label   string `json:"label"`
	Value   string `json:"value,omitempty"`
	Enabled bool   `json:"enabled"`
	Rect    Rect   `json:"rect"`
}
