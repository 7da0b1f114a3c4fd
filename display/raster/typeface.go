package raster

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"unicode"

	"codeberg.org/go-fonts/dejavu/dejavusans"
	"codeberg.org/go-fonts/dejavu/dejavusansbold"
	"eliasnaur.com/font/roboto/robotobold"
	"eliasnaur.com/font/roboto/robotomedium"
	"eliasnaur.com/font/roboto/robotoregular"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"

	"kickstand/display/scene"
)

// typeface is one parsed font file.
type typeface struct {
	id   uint8 // place in typefaces.all
	face *font.Face
	upem int64
	snap []knot // heights that are moved to whole pixels, in font units
}

// source is a font that is opened when a rune first needs it.
type source struct {
	scripts []*unicode.RangeTable // runes it serves; empty is all
	file    string                // in the system's font folder, or
	data    []byte                // built in
	index   int                   // in a collection
	tried   bool
	face    *typeface // nil when tried and not there
}

// typefaces finds the font of each rune: Roboto first, then the Noto font of
// its script, then DejaVu.
type typefaces struct {
	system fs.FS
	main   [3]*typeface // by scene.Weight
	wide   [3][]*source // fallback by scene.Weight
	all    []*typeface
	byRune *cache[runeKey, *typeface]
	byFace map[*font.Face]*typeface
}

type runeKey struct {
	r rune
	w scene.Weight
}

// openTypefaces parses the three weights of Roboto and lists the fallbacks.
func openTypefaces(system fs.FS) (*typefaces, error) {
	t := &typefaces{system: system, byRune: newCache[runeKey, *typeface](8192), byFace: map[*font.Face]*typeface{}}
	for w, ttf := range [][]byte{robotoregular.TTF, robotomedium.TTF, robotobold.TTF} {
		tf, err := t.parse(bytes.NewReader(ttf), 0)
		if err != nil {
			return nil, fmt.Errorf("parse the built-in font of weight %d: %w", w, err)
		}
		t.main[w] = tf
	}
	east := eastAsian()
	regular, bold := fallbacks("Regular", east, dejavusans.TTF), fallbacks("Bold", east, dejavusansbold.TTF)
	t.wide = [3][]*source{regular, bold, bold}
	return t, nil
}

// fallbacks lists the fonts for what Roboto lacks, in the weight named as in
// the file names of Debian's fonts-noto-core.
func fallbacks(weight string, east *source, dejavu []byte) []*source {
	noto := func(name string, scripts ...*unicode.RangeTable) *source {
		return &source{file: "truetype/noto/Noto" + name + "-" + weight + ".ttf", scripts: scripts}
	}
	return []*source{
		noto("SansArabic", unicode.Arabic),
		noto("SansHebrew", unicode.Hebrew),
		noto("SansDevanagari", unicode.Devanagari),
		noto("SansGurmukhi", unicode.Gurmukhi),
		noto("SansGujarati", unicode.Gujarati),
		noto("SansBengali", unicode.Bengali),
		noto("SansTamil", unicode.Tamil),
		noto("SansThai", unicode.Thai),
		east,
		{data: dejavu},
		noto("SansSymbols2"),
	}
}

// eastAsian is the font of Chinese, Japanese and Korean, in Debian's
// fonts-noto-cjk. All weights share it, since each would take 20 MB of memory.
func eastAsian() *source {
	const simplifiedChinese = 2 // in the collection's order: JP, KR, SC, TC, HK
	return &source{
		file:    "opentype/noto/NotoSansCJK-Regular.ttc",
		index:   simplifiedChinese,
		scripts: []*unicode.RangeTable{unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo, cjkMarks()},
	}
}

// cjkMarks are the CJK punctuation and full-width forms.
func cjkMarks() *unicode.RangeTable {
	return &unicode.RangeTable{R16: []unicode.Range16{{Lo: 0x3000, Hi: 0x303f, Stride: 1}, {Lo: 0xff00, Hi: 0xffef, Stride: 1}}}
}

// find returns the font that draws r in weight w, or Roboto, which then shows
// its empty box.
func (t *typefaces) find(r rune, w scene.Weight) *typeface {
	main := t.main[w]
	if _, ok := main.face.NominalGlyph(r); ok || unicode.IsControl(r) {
		return main
	}
	key := runeKey{r, w}
	if tf, ok := t.byRune.get(key); ok {
		return tf
	}
	tf := t.search(r, w)
	t.byRune.put(key, tf, 1)
	return tf
}

// search asks the fallbacks in order.
func (t *typefaces) search(r rune, w scene.Weight) *typeface {
	for _, s := range t.wide[w] {
		if len(s.scripts) > 0 && !unicode.In(r, s.scripts...) {
			continue
		}
		tf := t.load(s)
		if tf == nil {
			continue
		}
		if _, ok := tf.face.NominalGlyph(r); ok {
			return tf
		}
	}
	return t.main[w]
}

// load opens s at its first use. A font that is missing or broken is as good
// as none: the next fallback serves.
func (t *typefaces) load(s *source) *typeface {
	if s.tried {
		return s.face
	}
	s.tried = true
	if s.data != nil {
		s.face, _ = t.parse(bytes.NewReader(s.data), 0)
		return s.face
	}
	if t.system == nil {
		return nil
	}
	f, err := t.system.Open(s.file)
	if err != nil {
		return nil
	}
	defer f.Close()
	s.face, _ = t.parse(resource(f), s.index)
	return s.face
}

// resource reads f in place when it can, so that of a large collection only the
// tables of one font come into memory.
func resource(f fs.File) font.Resource {
	if r, ok := f.(font.Resource); ok {
		return r
	}
	b, err := io.ReadAll(f)
	if err != nil {
		return bytes.NewReader(nil)
	}
	return bytes.NewReader(b)
}

// parse reads the font at index of r and numbers it.
func (t *typefaces) parse(r font.Resource, index int) (*typeface, error) {
	loaders, err := opentype.NewLoaders(r)
	if err != nil {
		return nil, fmt.Errorf("read the font's tables: %w", err)
	}
	if index >= len(loaders) || len(t.all) > 255 {
		return nil, fmt.Errorf("font %d of a collection of %d", index, len(loaders))
	}
	ft, err := font.NewFont(loaders[index])
	if err != nil {
		return nil, fmt.Errorf("parse the font: %w", err)
	}
	tf := &typeface{id: uint8(len(t.all)), face: font.NewFace(ft), upem: int64(ft.Upem())}
	tf.snap = tf.knots()
	t.all = append(t.all, tf)
	t.byFace[tf.face] = tf
	return tf, nil
}
