package raster

// knot is a height of a font, such as the top of x, that is moved to a whole
// pixel so that horizontal edges are sharp. Font units, y upwards.
type knot struct {
	at   int64
	flat int64 // height that it is drawn at when rounding suppresses an overshoot
}

// knots measures the alignment heights of Latin letters: baseline, x, H and d,
// with the overshoots of round letters. Fonts without these letters have none
// and are drawn as they are.
func (tf *typeface) knots() []knot {
	var ks []knot
	for _, pair := range [][2]rune{{'x', 'o'}, {'H', 'O'}, {'d', 'd'}} {
		flat, flatOK := tf.extent(pair[0])
		round, roundOK := tf.extent(pair[1])
		if !flatOK || !roundOK {
			return nil
		}
		if len(ks) == 0 {
			ks = append(ks, knot{round.low, 0}, knot{0, 0})
		}
		if flat.high <= ks[len(ks)-1].at {
			continue
		}
		ks = append(ks, knot{flat.high, flat.high})
		if round.high > flat.high {
			ks = append(ks, knot{round.high, flat.high})
		}
	}
	return ks
}

// span is the lowest and highest y of a glyph.
type span struct{ low, high int64 }

// extent measures the glyph of r.
func (tf *typeface) extent(r rune) (span, bool) {
	gid, ok := tf.face.NominalGlyph(r)
	if !ok {
		return span{}, false
	}
	e, ok := tf.face.GlyphExtents(gid)
	if !ok {
		return span{}, false
	}
	high := int64(e.YBearing)
	return span{high + int64(e.Height), high}, true
}

// scale is how a typeface's heights become units at one size.
type scale struct {
	px, upem int64
	from, to []int64 // rising; from in font units, to in units
}

// scaleAt prepares the heights of tf at px pixels a em.
func (tf *typeface) scaleAt(px int) scale {
	s := scale{px: int64(px), upem: tf.upem}
	for _, k := range tf.snap {
		to := divide(s.plain(k.flat), unit) * unit
		if over := s.plain(k.at) - s.plain(k.flat); abs(over) >= unit/2 {
			to += over
		}
		s.from, s.to = append(s.from, k.at), append(s.to, to)
	}
	return s
}

// plain scales v without snapping.
func (s scale) plain(v int64) int64 { return divide(v*s.px*unit, s.upem) }

// y scales a height, y upwards, moving it as the knots around it move.
func (s scale) y(v int64) int64 {
	n := len(s.from)
	if n == 0 {
		return s.plain(v)
	}
	if v <= s.from[0] {
		return s.to[0] + s.plain(v-s.from[0])
	}
	for i := 1; i < n; i++ {
		if v > s.from[i] {
			continue
		}
		return s.to[i-1] + divide((v-s.from[i-1])*(s.to[i]-s.to[i-1]), s.from[i]-s.from[i-1])
	}
	return s.to[n-1] + s.plain(v-s.from[n-1])
}
