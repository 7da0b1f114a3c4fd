package printer

import (
	"errors"
	"fmt"
	"image"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"codeberg.org/go-fonts/dejavu/dejavusansmono"
	"codeberg.org/go-fonts/dejavu/dejavusansmonobold"
	"golang.org/x/image/font"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
	"golang.org/x/text/unicode/bidi"
)

// glyphs draws letters no code page holds. Fonts are parsed when first needed;
// files of the tree stay open only while one document is encoded.
type glyphs struct {
	tree   fs.FS
	names  []string // font files of the tree, best first; nil until listed
	base   [2]*sfnt.Font
	opened map[string]*openFont
	buf    sfnt.Buffer
}

type openFont struct {
	file io.Closer
	font *sfnt.Font // nil when the file cannot be used
}

// drawLine prints a line as a picture with the cells and looks of printed text.
func (e *Encoder) drawLine(line []rune, style Style) error {
	cell := e.profile.FontA
	if style.Small {
		cell = e.profile.FontB
	}
	line = visual(line)
	b := newBlank(max(1, cellsOf(line))*cell.Width, cell.Height)
	x := 0
	for _, r := range line {
		n := cells(r)
		at := x
		if n == 0 {
			at = max(0, at-cell.Width)
		}
		if err := e.glyphs.draw(b, at, cell, n, r, style.Bold); err != nil {
			return err
		}
		x += n * cell.Width
	}
	b = b.finished(style).narrowed(e.profile.Dots)
	e.align(style.Align)
	e.raster(b)
	if gap := e.profile.DPI/7 - b.Height; gap > 0 && e.profile.Raster == GSv0 {
		e.feedDots(gap) // to the pitch of printed lines; ESC * ends with a line feed
	}
	return nil
}

// feedDots feeds n dots, on some printers half dots.
func (e *Encoder) feedDots(n int) {
	e.out = append(e.out, esc, 'J', byte(min(n, 255)))
}

// visual puts a line with right-to-left runs into the order it is read from the
// left (Unicode bidirectional algorithm). Letters are not joined.
func visual(line []rune) []rune {
	if !slices.ContainsFunc(line, rightToLeft) {
		return line
	}
	var p bidi.Paragraph
	if _, err := p.SetString(string(line)); err != nil {
		return line
	}
	order, err := p.Order()
	if err != nil {
		return line
	}
	var out []rune
	for i := range order.NumRuns() {
		run := order.Run(i)
		s := run.String()
		if run.Direction() == bidi.RightToLeft {
			s = bidi.ReverseString(s)
		}
		out = append(out, []rune(s)...)
	}
	return out
}

func rightToLeft(r rune) bool {
	props, _ := bidi.LookupRune(r)
	c := props.Class()
	return c == bidi.R || c == bidi.AL
}

// finished applies double width and height, underline and inversion.
func (b *Bitmap) finished(style Style) *Bitmap {
	sx, sy := 1+int(bit(style.Wide)), 1+int(bit(style.Tall))
	out := newBlank(b.Width*sx, b.Height*sy)
	for y := range out.Height {
		line := style.Underline && y == out.Height-1
		for x := range out.Width {
			if (b.At(x/sx, y/sy) || line) != style.Inverse {
				out.set(x, y)
			}
		}
	}
	return out
}

// draw sets one glyph into n cells at x.
func (g *glyphs) draw(b *Bitmap, x int, cell Cell, n int, r rune, bold bool) error {
	if r == ' ' {
		return nil
	}
	f, own, err := g.find(r, bold)
	if err != nil {
		return err
	}
	if f == nil {
		b.box(x, cell, max(n, 1))
		return nil
	}
	// The built-in face is 0.602 em wide, so it fills its cell exactly; a wide
	// foreign glyph is about one em.
	size := min(float64(cell.Width)/0.602, float64(cell.Height)/1.164)
	if !own {
		size = min(float64(max(n, 1)*cell.Width), float64(cell.Height)*0.9)
	}
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: size, DPI: 72, Hinting: font.HintingFull})
	if err != nil {
		return fmt.Errorf("draw %q: %w", r, err)
	}
	defer face.Close()
	if adv, ok := face.GlyphAdvance(r); ok && !own {
		x += max(0, (n*cell.Width-adv.Round())/2)
	}
	dot := fixed.P(x, cell.Height*79/100)
	dr, mask, at, _, ok := face.Glyph(dot, r)
	if ok {
		b.ink(dr, mask, at)
	}
	return nil
}

// ink blackens the dots at least half covered by the mask.
func (b *Bitmap) ink(dr image.Rectangle, mask image.Image, at image.Point) {
	clip := dr.Intersect(image.Rect(0, 0, b.Width, b.Height))
	for y := clip.Min.Y; y < clip.Max.Y; y++ {
		for x := clip.Min.X; x < clip.Max.X; x++ {
			_, _, _, a := mask.At(at.X+x-dr.Min.X, at.Y+y-dr.Min.Y).RGBA()
			if a >= 0x7000 {
				b.set(x, y)
			}
		}
	}
}

// box stands for a letter no font has, so that a reader sees that one is there.
func (b *Bitmap) box(x int, cell Cell, n int) {
	left, right := x+2, x+n*cell.Width-3
	top, bottom := cell.Height/8, cell.Height*79/100
	for i := max(left, 0); i <= min(right, b.Width-1); i++ {
		b.set(i, top)
		b.set(i, bottom)
	}
	for y := top; y <= bottom; y++ {
		b.set(max(left, 0), y)
		b.set(min(right, b.Width-1), y)
	}
}

// find returns a font that has r, nil when none has, and whether it is the
// built-in one.
func (g *glyphs) find(r rune, bold bool) (*sfnt.Font, bool, error) {
	base, err := g.builtin(bold)
	if err != nil {
		return nil, false, err
	}
	if g.has(base, r) {
		return base, true, nil
	}
	if g.tree == nil {
		return nil, false, nil
	}
	for _, name := range g.list() {
		if f := g.open(name); f != nil && g.has(f, r) {
			return f, false, nil
		}
	}
	return nil, false, nil
}

func (g *glyphs) has(f *sfnt.Font, r rune) bool {
	i, err := f.GlyphIndex(&g.buf, r)
	return err == nil && i != 0
}

func (g *glyphs) builtin(bold bool) (*sfnt.Font, error) {
	i, data := 0, dejavusansmono.TTF
	if bold {
		i, data = 1, dejavusansmonobold.TTF
	}
	if g.base[i] == nil {
		f, err := opentype.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("built-in font: %w", err)
		}
		g.base[i] = f
	}
	return g.base[i], nil
}

// list returns the font files of the tree: sans regular faces first, those for
// East Asian scripts, the usual reason to look, before all.
func (g *glyphs) list() []string {
	if g.names != nil {
		return g.names
	}
	g.names = []string{}
	// An unreadable folder only means fewer fonts; the letter is then a box.
	_ = fs.WalkDir(g.tree, ".", func(name string, d fs.DirEntry, err error) error {
		if err == nil && !d.IsDir() && slices.Contains([]string{".ttf", ".otf", ".ttc"}, path.Ext(name)) {
			g.names = append(g.names, name)
		}
		return nil
	})
	slices.SortStableFunc(g.names, func(a, b string) int { return fontRank(a) - fontRank(b) })
	return g.names
}

func fontRank(name string) int {
	base := path.Base(name)
	switch {
	case strings.HasPrefix(base, "NotoSansCJK-Regular"):
		return 0
	case strings.HasPrefix(base, "NotoSans") && strings.Contains(base, "Regular"):
		return 1
	case strings.Contains(base, "Regular"):
		return 2
	}
	return 3
}

// open returns the font in a file of the tree, nil when it cannot be used.
func (g *glyphs) open(name string) *sfnt.Font {
	if o, ok := g.opened[name]; ok {
		return o.font
	}
	if g.opened == nil {
		g.opened = map[string]*openFont{}
	}
	o := &openFont{}
	g.opened[name] = o
	file, err := g.tree.Open(name)
	if err != nil {
		return nil
	}
	o.file = file
	if src, ok := file.(io.ReaderAt); ok {
		o.font = firstFont(src)
	}
	return o.font
}

// firstFont returns the first face of a font file or collection.
func firstFont(src io.ReaderAt) *sfnt.Font {
	c, err := opentype.ParseCollectionReaderAt(src)
	if err != nil || c.NumFonts() == 0 {
		return nil
	}
	f, err := c.Font(0)
	if err != nil {
		return nil
	}
	return f
}

// release closes the files of the tree.
func (g *glyphs) release() error {
	var errs []error
	for _, o := range g.opened {
		if o.file != nil {
			errs = append(errs, o.file.Close())
		}
	}
	clear(g.opened)
	return errors.Join(errs...)
}
