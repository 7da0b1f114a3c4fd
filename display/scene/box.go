package scene

// The layout primitives: every screen is made by cutting rectangles from the
// edges of a larger one and by dividing what is left into rows, columns and
// grids. None of them returns a negative size.

// top cuts h pixels from the upper edge and returns the piece and the rest.
func (r Rect) top(h int) (piece, rest Rect) {
	h = min(max(h, 0), r.H)
	return Rect{r.X, r.Y, r.W, h}, Rect{r.X, r.Y + h, r.W, r.H - h}
}

// bottom cuts h pixels from the lower edge.
func (r Rect) bottom(h int) (piece, rest Rect) {
	h = min(max(h, 0), r.H)
	return Rect{r.X, r.Y + r.H - h, r.W, h}, Rect{r.X, r.Y, r.W, r.H - h}
}

// left cuts w pixels from the left edge.
func (r Rect) left(w int) (piece, rest Rect) {
	w = min(max(w, 0), r.W)
	return Rect{r.X, r.Y, w, r.H}, Rect{r.X + w, r.Y, r.W - w, r.H}
}

// right cuts w pixels from the right edge.
func (r Rect) right(w int) (piece, rest Rect) {
	w = min(max(w, 0), r.W)
	return Rect{r.X + r.W - w, r.Y, w, r.H}, Rect{r.X, r.Y, r.W - w, r.H}
}

// inset takes dx from both sides and dy from top and bottom.
func (r Rect) inset(dx, dy int) Rect {
	dx, dy = min(dx, r.W/2), min(dy, r.H/2)
	return Rect{r.X + dx, r.Y + dy, r.W - 2*dx, r.H - 2*dy}
}

// middle is a rectangle of this size in the centre of r, no larger than r.
func (r Rect) middle(w, h int) Rect {
	w, h = min(w, r.W), min(h, r.H)
	return Rect{r.X + (r.W-w)/2, r.Y + (r.H-h)/2, w, h}
}

// meet is what two rectangles have in common; its size is 0 when nothing.
func (r Rect) meet(o Rect) Rect {
	x, y := max(r.X, o.X), max(r.Y, o.Y)
	w, h := min(r.X+r.W, o.X+o.W)-x, min(r.Y+r.H, o.Y+o.H)-y
	if w <= 0 || h <= 0 {
		return Rect{X: x, Y: y}
	}
	return Rect{x, y, w, h}
}

func (r Rect) empty() bool { return r.W <= 0 || r.H <= 0 }

// columns divides r into n equal columns with gap pixels between them.
func (r Rect) columns(n, gap int) []Rect {
	weights := make([]int, n)
	for i := range weights {
		weights[i] = 1
	}
	return r.shares(weights, gap)
}

// shares divides r into columns as wide as the weights say.
func (r Rect) shares(weights []int, gap int) []Rect {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return nil
	}
	free := max(r.W-gap*(len(weights)-1), 0)
	out := make([]Rect, 0, len(weights))
	before := 0
	for i, w := range weights {
		x0, x1 := free*before/sum, free*(before+w)/sum
		before += w
		out = append(out, Rect{r.X + x0 + i*gap, r.Y, x1 - x0, r.H})
	}
	return out
}

// rows divides r into n equal rows with gap pixels between them.
func (r Rect) rows(n, gap int) []Rect {
	free := max(r.H-gap*(n-1), 0)
	out := make([]Rect, 0, n)
	for i := range n {
		y0, y1 := free*i/n, free*(i+1)/n
		out = append(out, Rect{r.X, r.Y + y0 + i*gap, r.W, y1 - y0})
	}
	return out
}

// grid divides r into rows of cols cells, row by row.
func (r Rect) grid(cols, rows, gap int) []Rect {
	out := make([]Rect, 0, cols*rows)
	for _, row := range r.rows(rows, gap) {
		out = append(out, row.columns(cols, gap)...)
	}
	return out
}
