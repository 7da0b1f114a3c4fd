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
// tapped, topmost last. The first operation fills the whole panel.
type List struct {
	Screen  string
	W, H    int     // pixels
	PxPerMM float64 // of the panel it was laid out for
	Ops     []Op
	Nodes   []Node
	Scroll  Scroll // the scrolling list of the screen; zero when there is none
}

// Find returns the node with this id.
func (l List) Find(id string) (Node, bool) {
	for _, n := range l.Nodes {
		if n.ID == id {
			return n, true
		}
	}
	return Node{}, false
}

// At returns the topmost interactive node at a point.
func (l List) At(x, y int) (Node, bool) {
	for i := len(l.Nodes) - 1; i >= 0; i-- {
		if n := l.Nodes[i]; n.Interactive() && n.Rect.Has(x, y) {
			return n, true
		}
	}
	return Node{}, false
}

// Op is one drawing operation. It is a plain comparable value, so that two
// lists can be compared to find what changed.
type Op struct {
	Kind   OpKind
	Rect   Rect       // what it covers; text is drawn inside, never outside
	Clip   Rect       // nothing is painted outside; the zero Rect is no clip
	Color  color.RGBA // fill, line, text or icon colour; alpha-premultiplied, may be translucent
	Radius int        // pixels, for OpFill, OpStroke and OpShadow
	Width  int        // line width in pixels, for OpStroke
	Text   string     // for OpText; one line, already fitted
	Face   Face       // for OpText
	Icon   string     // for OpIcon: a name that Icon knows; drawn centred, as large as Rect allows
	Code   string     // for OpQR; the content

	Picture string // for OpPicture: a JPEG, drawn centred, as large as Rect allows
}

// OpKind is what an Op does.
type OpKind uint8

// The drawing operations.
const (
	OpFill    OpKind = iota + 1 // filled rectangle with Radius
	OpStroke                    // outline inside Rect
	OpText                      // one line of text, baseline at Rect.Y + ascent of Face, left aligned at Rect.X
	OpIcon                      // icon from the icon set
	OpShadow                    // soft shadow around a floating rectangle Rect with Radius, in Color at its darkest
	OpQR                        // QR code
	OpPicture                   // picture of an item
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
	Role    string `json:"role"` // one of the roles below
	Label   string `json:"label"`
	Value   string `json:"value,omitempty"` // an amount or what was typed; of a notice its state; of what is off, why
	Enabled bool   `json:"enabled"`
	Rect    Rect   `json:"rect"`
	Primary bool   `json:"primary,omitempty"` // the one action of the screen
}

// The roles of nodes. Buttons, keys and rows are interactive.
const (
	RoleButton = "button"
	RoleKey    = "key"
	RoleRow    = "row"
	RoleText   = "text"
	RoleInput  = "input"
	RoleBanner = "banner"
	RoleToast  = "toast"
	RoleDialog = "dialog"
	RoleImage  = "image"
	RoleList   = "list"
)

// Interactive reports whether a tap on the node means something. A node that
// is not enabled is still interactive: the flow answers with the reason.
func (n Node) Interactive() bool {
	return n.Role == RoleButton || n.Role == RoleKey || n.Role == RoleRow
}

// Scroll is how far the scrolling list of a screen is scrolled.
type Scroll struct {
	Key    string // which list it is; another key starts at the top
	Anchor string // the line last brought into view
	Offset int    // pixels hidden above
	Max    int    // largest Offset
	View   Rect   // where the list is seen
}
