package printer

import (
	"errors"
	"fmt"
	"io/fs"

	"golang.org/x/text/encoding/charmap"
)

// Control bytes of ESC/POS.
const (
	lf  = 0x0a
	dle = 0x10
	esc = 0x1b
	fsc = 0x1c
	gs  = 0x1d
)

// ErrDoc marks a document that no printer can print: a barcode with a wrong
// check digit, a code too wide for the paper, a damaged picture. Trying again
// does not help.
var ErrDoc = errors.New("document cannot be printed")

// maxColumns bounds the columns of one table row.
const maxColumns = 16

// Encode turns doc into the bytes for a printer of the given profile. The same
// input gives the same bytes. Scripts beyond the built-in face are drawn as
// boxes; use an [Encoder] with fonts for those, and to print many documents.
func Encode(doc Doc, profile Profile) ([]byte, error) {
	e, err := NewEncoder(profile, nil)
	if err != nil {
		return nil, err
	}
	return e.Encode(doc)
}

// Encoder turns documents into bytes for one printer. It keeps the printed form
// of logos and the parsed fonts between documents. One goroutine at a time may
// use it.
type Encoder struct {
	profile Profile
	pages   []page
	glyphs  glyphs
	logos   [4]logo
	nextOld int
	nonce   uint64 // see token; 0 outside a Printer

	out   []byte
	left  []rune // cleaned text of a block
	right []rune
	line  []rune // one composed line
	cols  []int
	state state
}

type page struct {
	id    byte
	table *charmap.Charmap
}

// logo is a picture in its printed form.
type logo struct {
	of    *Bitmap
	bytes []byte
}

// state is what the printer was last told, so that only changes are sent.
type state struct {
	align, size, font, bold, underline, inverse byte
	page                                        int // index into pages, -1 when not known
}

// NewEncoder returns an encoder for profile. Fonts, which may be nil, is a tree
// of .ttf, .otf and .ttc files searched for characters that the built-in face
// (Latin, Greek, Cyrillic and more) lacks; os.DirFS("/usr/share/fonts") serves.
func NewEncoder(profile Profile, fonts fs.FS) (*Encoder, error) {
	if err := profile.check(); err != nil {
		return nil, fmt.Errorf("printer profile %q: %w", profile.ID, err)
	}
	e := &Encoder{profile: profile, glyphs: glyphs{tree: fonts}}
	for _, c := range profile.CodePages {
		e.pages = append(e.pages, page{id: c.ID, table: charmapOf(c.Name)})
	}
	return e, nil
}

// Encode turns doc into bytes. The slice belongs to the caller. An error wraps
// [ErrDoc] and says which block is at fault.
func (e *Encoder) Encode(doc Doc) ([]byte, error) {
	defer e.glyphs.release()
	e.begin()
	for i, b := range doc.Blocks {
		if err := e.block(b); err != nil {
			return nil, fmt.Errorf("%w: block %d (%s): %w", ErrDoc, i+1, b.Kind, err)
		}
	}
	e.end(doc.ID)
	out := make([]byte, len(e.out))
	copy(out, e.out)
	return out, nil
}

// begin resets the printer. ESC @ stands only here: at the end of a job it can
// drop what follows.
func (e *Encoder) begin() {
	e.state = state{page: -1}
	e.out = append(e.out[:0], esc, '@', esc, 'R', 0)
	if e.profile.DoubleByte {
		e.out = append(e.out, fsc, '.')
	}
}

// end asks for proof that everything before was printed.
func (e *Encoder) end(id string) {
	if e.profile.JobID {
		t := token(id, e.nonce)
		e.out = append(e.out, gs, '(', 'H', 6, 0, 48, 48, t[0], t[1], t[2], t[3])
	}
	if e.profile.Processed {
		e.out = append(e.out, gs, 'r', 1)
	}
}

func (e *Encoder) block(b Block) error {
	switch b.Kind {
	case KindText:
		return e.paragraph(b)
	case KindRow:
		return e.row(b)
	case KindColumns:
		return e.table(b)
	case KindRule:
		return e.rule(b)
	case KindFeed:
		return e.feed(b.N)
	case KindQR:
		return e.qr(b)
	case KindBarcode:
		return e.barcode(b)
	case KindImage:
		return e.image(b)
	case KindDrawer:
		e.drawer()
		return nil
	case KindCut:
		return e.cut()
	}
	return fmt.Errorf("kind is not known")
}

// columns is the number of cells in a line of the given style.
func (e *Encoder) columns(s Style) int {
	n := e.profile.ColumnsA
	if s.Small {
		n = e.profile.ColumnsB
	}
	if s.Wide {
		n /= 2
	}
	return n
}

func (e *Encoder) paragraph(b Block) error {
	e.left = clean(e.left[:0], b.Text)
	text := wrap(e.left)
	limit := e.columns(b.Style)
	for line, ok := text.next(limit); ok; line, ok = text.next(limit) {
		if err := e.print(line, b.Style); err != nil {
			return err
		}
	}
	return nil
}

// row prints text that wraps beside one that does not. Lines after the first
// are indented, so that the next item is easy to find.
func (e *Encoder) row(b Block) error {
	e.left, e.right = clean(e.left[:0], b.Text), oneLine(clean(e.right[:0], b.Right))
	style := b.Style
	style.Align = Left
	total := e.columns(style)
	field := total - cellsOf(e.right) - 1
	if len(e.right) == 0 {
		field = total
	}
	if field < total/3 {
		return e.stacked(style)
	}
	text := wrap(e.left)
	line, _ := text.next(field)
	e.line = place(e.line[:0], line, field, Left)
	if len(e.right) > 0 {
		e.line = append(append(e.line, ' '), e.right...)
	}
	if err := e.print(trimRight(e.line), style); err != nil {
		return err
	}
	for line, ok := text.next(field - 2); ok; line, ok = text.next(field - 2) {
		e.line = append(append(e.line[:0], ' ', ' '), line...)
		if err := e.print(e.line, style); err != nil {
			return err
		}
	}
	return nil
}

// stacked prints a row whose right text takes most of the line: left text
// first, right text under it.
func (e *Encoder) stacked(style Style) error {
	for i, part := range [][]rune{e.left, e.right} {
		if i == 1 {
			style.Align = Right
		}
		text := wrap(part)
		limit := e.columns(style)
		for line, ok := text.next(limit); ok; line, ok = text.next(limit) {
			if err := e.print(line, style); err != nil {
				return err
			}
		}
	}
	return nil
}

func oneLine(text []rune) []rune {
	for i, r := range text {
		if r == '\n' {
			text[i] = ' '
		}
	}
	return text
}

func (e *Encoder) table(b Block) error {
	style := b.Style
	style.Align = Left
	if len(b.Columns) < 1 || len(b.Columns) > maxColumns || len(b.Columns)*2 > e.columns(style) {
		return fmt.Errorf("%d columns do not fit the paper", len(b.Columns))
	}
	e.cols = share(e.cols[:0], b.Columns, e.columns(style))
	var texts [maxColumns]lines
	e.left = e.left[:0]
	for i, c := range b.Columns {
		start := len(e.left)
		e.left = clean(e.left, c.Text)
		texts[i] = wrap(e.left[start:len(e.left):len(e.left)])
	}
	for e.tableLine(b.Columns, texts[:len(b.Columns)]) {
		if err := e.print(trimRight(e.line), style); err != nil {
			return err
		}
	}
	return nil
}

// tableLine composes the next line of a table; false when all texts are done.
func (e *Encoder) tableLine(columns []Column, texts []lines) bool {
	e.line = e.line[:0]
	any := false
	for i := range columns {
		if i > 0 {
			e.line = append(e.line, ' ')
		}
		part, ok := texts[i].next(e.cols[i])
		any = any || ok
		e.line = place(e.line, part, e.cols[i], columns[i].Align)
	}
	return any
}

func (e *Encoder) rule(b Block) error {
	e.line = e.line[:0]
	for range e.columns(b.Style) {
		e.line = append(e.line, '─')
	}
	return e.print(e.line, b.Style)
}

func (e *Encoder) feed(n int) error {
	if n < 0 || n > 100 {
		return fmt.Errorf("feed of %d lines: want 0 to 100", n)
	}
	if n > 0 {
		e.out = append(e.out, esc, 'd', byte(n))
	}
	return nil
}

func (e *Encoder) drawer() {
	d := e.profile.Drawer
	m := byte(0)
	if d.Pin == 5 {
		m = 1
	}
	on, off := byte(d.OnMS/2), byte(d.OffMS/2)
	if realTime(on, off) {
		off++
	}
	e.out = append(e.out, esc, 'p', m, on, off)
}

func (e *Encoder) cut() error {
	if err := e.feed(e.profile.CutFeed); err != nil {
		return err
	}
	switch e.profile.Cut {
	case CutFull:
		e.out = append(e.out, gs, 'V', 0)
	case CutPartial:
		e.out = append(e.out, gs, 'V', 1)
	}
	return nil
}
