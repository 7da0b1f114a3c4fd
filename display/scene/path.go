package scene

import (
	"strconv"
	"strings"
)

// Path is the drawing of an icon: strokes and dots on a grid of W by H units
// that is scaled as a whole, the strokes with it.
type Path struct {
	W, H   int // of the grid, units
	Stroke int // width of the strokes, hundredths of a unit; ends and joins are round
	Lines  []Curve
}

// Curve is one stroke: cubic Bézier pieces that begin where the one before
// ends, the first at Start. A filled curve is a closed area instead.
type Curve struct {
	Start  Point
	Pieces []Bezier
	Filled bool
}

// Point is a place on an icon's grid, in hundredths of a unit, Y downwards.
type Point struct{ X, Y int }

// Bezier is one cubic piece: two control points and the end. A straight piece
// has its controls at its own ends.
type Bezier struct{ B, C, D Point }

// drawing reads a path from words: a letter and its numbers, in units.
//
//	M x y       move            L x y       line
//	C x y ×3    cubic curve     Q x y ×2    quadratic curve
//	O x y r     circle          D x y r     dot, a filled circle
//	R x y w h r rectangle with rounded corners
//	Z           line back to the start
//	F           fill what the curve before encloses
//
// The data is written beside its only caller; words that are not of this form
// are left out, and the test of the icons finds them.
func drawing(w, h, stroke int, words string) Path {
	p := Path{W: w, H: h, Stroke: stroke}
	fields := strings.Fields(words)
	for len(fields) > 0 {
		n := arguments(fields[0])
		if len(fields) <= n {
			break
		}
		p.verb(fields[0], numbers(fields[1:1+n]))
		fields = fields[1+n:]
	}
	return p
}

func arguments(verb string) int {
	switch verb {
	case "M", "L":
		return 2
	case "C":
		return 6
	case "Q":
		return 4
	case "O", "D":
		return 3
	case "R":
		return 5
	}
	return 0
}

// numbers reads decimal numbers as hundredths.
func numbers(fields []string) []int {
	out := make([]int, len(fields))
	for i, f := range fields {
		sign := 1
		if strings.HasPrefix(f, "-") {
			sign, f = -1, f[1:]
		}
		whole, part, _ := strings.Cut(f, ".")
		n, _ := strconv.Atoi(whole + (part + "00")[:2])
		out[i] = sign * n
	}
	return out
}

func (p *Path) verb(verb string, n []int) {
	switch verb {
	case "M":
		p.Lines = append(p.Lines, Curve{Start: Point{n[0], n[1]}})
	case "L":
		p.lineTo(Point{n[0], n[1]})
	case "C":
		p.piece(Bezier{Point{n[0], n[1]}, Point{n[2], n[3]}, Point{n[4], n[5]}})
	case "Q":
		a, b, d := p.pen(), Point{n[0], n[1]}, Point{n[2], n[3]}
		p.piece(Bezier{between(a, b), between(d, b), d})
	case "O", "D":
		p.circle(n[0], n[1], n[2])
		p.Lines[len(p.Lines)-1].Filled = verb == "D"
	case "R":
		p.rectangle(n[0], n[1], n[2], n[3], n[4])
	case "Z":
		if len(p.Lines) > 0 {
			p.lineTo(p.Lines[len(p.Lines)-1].Start)
		}
	case "F":
		if len(p.Lines) > 0 {
			p.Lines[len(p.Lines)-1].Filled = true
		}
	}
}

// between is two thirds of the way from a to b.
func between(a, b Point) Point { return Point{a.X + (b.X-a.X)*2/3, a.Y + (b.Y-a.Y)*2/3} }

func (p *Path) pen() Point {
	if len(p.Lines) == 0 {
		return Point{}
	}
	c := p.Lines[len(p.Lines)-1]
	if n := len(c.Pieces); n > 0 {
		return c.Pieces[n-1].D
	}
	return c.Start
}

func (p *Path) piece(b Bezier) {
	if len(p.Lines) == 0 {
		p.Lines = append(p.Lines, Curve{})
	}
	c := &p.Lines[len(p.Lines)-1]
	c.Pieces = append(c.Pieces, b)
}

func (p *Path) lineTo(d Point) { p.piece(Bezier{p.pen(), d, d}) }

// bow is how far the controls of a quarter circle stand out, of 1000.
const bow = 552

// quarter adds a quarter of an ellipse that leaves the pen towards c and comes
// to d.
func (p *Path) quarter(c, d Point) {
	a := p.pen()
	p.piece(Bezier{
		Point{a.X + (c.X-a.X)*bow/1000, a.Y + (c.Y-a.Y)*bow/1000},
		Point{d.X + (c.X-d.X)*bow/1000, d.Y + (c.Y-d.Y)*bow/1000},
		d,
	})
}

func (p *Path) circle(x, y, r int) {
	p.Lines = append(p.Lines, Curve{Start: Point{x, y - r}})
	p.quarter(Point{x + r, y - r}, Point{x + r, y})
	p.quarter(Point{x + r, y + r}, Point{x, y + r})
	p.quarter(Point{x - r, y + r}, Point{x - r, y})
	p.quarter(Point{x - r, y - r}, Point{x, y - r})
}

func (p *Path) rectangle(x, y, w, h, r int) {
	p.Lines = append(p.Lines, Curve{Start: Point{x + r, y}})
	p.lineTo(Point{x + w - r, y})
	p.quarter(Point{x + w, y}, Point{x + w, y + r})
	p.lineTo(Point{x + w, y + h - r})
	p.quarter(Point{x + w, y + h}, Point{x + w - r, y + h})
	p.lineTo(Point{x + r, y + h})
	p.quarter(Point{x, y + h}, Point{x, y + h - r})
	p.lineTo(Point{x, y + r})
	p.quarter(Point{x, y}, Point{x + r, y})
}
