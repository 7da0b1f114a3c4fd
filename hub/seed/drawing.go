package seed

import (
	"image"
	"image/color"
	"math"
	"strings"
)

// paints are the colours of the demo shop's goods, by the word in their variant.
var paints = map[string]color.RGBA{
	"Slate": {84, 98, 112, 255}, "Sage": {134, 158, 128, 255}, "Clay": {176, 98, 70, 255}, "Moss": {92, 108, 62, 255},
	"Sand": {204, 180, 140, 255}, "Ink": {34, 42, 66, 255}, "Cream": {222, 206, 168, 255}, "Navy": {32, 56, 108, 255},
	"Ember": {210, 84, 40, 255}, "Graphite": {62, 64, 68, 255}, "White": {200, 204, 208, 255}, "Blue": {46, 104, 190, 255},
	"Red": {196, 44, 44, 255}, "Black": {40, 40, 42, 255}, "Sun": {238, 184, 40, 255}, "Sky": {96, 170, 220, 255}, "Mint": {120, 196, 168, 255},
}

var (
	rubber = color.RGBA{44, 46, 50, 255}
	metal  = color.RGBA{150, 156, 162, 255}
	paper  = color.RGBA{248, 247, 244, 255}
)

// paintOf is the colour of a variant, grey when it names none.
func paintOf(variant string) color.RGBA {
	name, _, _ := strings.Cut(variant, ",")
	if c, ok := paints[name]; ok {
		return c
	}
	return metal
}

// stroke is a line from one point to another, or a ring when both are one point.
type stroke struct {
	x1, y1, x2, y2 float64
	ring           float64 // radius; 0 for a line
	wide           float64
	c              color.RGBA
}

// distance is how far a point is outside of the stroke, below zero within it.
func (s stroke) distance(x, y float64) float64 {
	if s.ring > 0 {
		return math.Abs(math.Hypot(x-s.x1, y-s.y1)-s.ring) - s.wide/2
	}
	dx, dy := s.x2-s.x1, s.y2-s.y1
	along := ((x-s.x1)*dx + (y-s.y1)*dy) / (dx*dx + dy*dy)
	along = min(max(along, 0), 1)
	return math.Hypot(x-s.x1-along*dx, y-s.y1-along*dy) - s.wide/2
}

// Measures of a drawing in pixels.
const (
	drawnW = 320
	drawnH = 240
)

// draw paints strokes, the later above the earlier, with soft edges.
func draw(all []stroke) *image.RGBA {
	m := image.NewRGBA(image.Rect(0, 0, drawnW, drawnH))
	for i := range drawnW * drawnH {
		x, y, c := float64(i%drawnW)+0.5, float64(i/drawnW)+0.5, paper
		for _, s := range all {
			if cover := min(max(0.5-s.distance(x, y), 0), 1); cover > 0 {
				c = mix(c, s.c, cover)
			}
		}
		m.SetRGBA(i%drawnW, i/drawnW, c)
	}
	return m
}

func mix(a, b color.RGBA, part float64) color.RGBA {
	at := func(x, y uint8) uint8 { return uint8(float64(x) + (float64(y)-float64(x))*part) }
	return color.RGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), 255}
}

// bicycle is one with a frame in a colour.
func bicycle(frame color.RGBA) []stroke {
	tube := func(x1, y1, x2, y2 float64) stroke { return stroke{x1, y1, x2, y2, 0, 8, frame} }
	return []stroke{
		{86, 158, 0, 0, 52, 7, rubber},
		{234, 158, 0, 0, 52, 7, rubber},
		{86, 158, 0, 0, 6, 5, metal},
		{234, 158, 0, 0, 6, 5, metal},
		tube(86, 158, 150, 158), // chain stay
		tube(86, 158, 132, 92),  // seat stay
		tube(150, 158, 126, 80), // seat tube
		tube(130, 92, 212, 84),  // top tube
		tube(150, 158, 214, 92), // down tube
		tube(210, 72, 234, 158), // fork
		{150, 158, 0, 0, 15, 5, metal},
		{126, 80, 122, 64, 0, 6, rubber},
		{104, 62, 142, 62, 0, 9, rubber},
		{210, 72, 206, 58, 0, 6, rubber},
		{206, 58, 236, 54, 0, 7, rubber},
		{150, 158, 168, 176, 0, 5, rubber},
		{158, 178, 180, 178, 0, 6, rubber},
	}
}

// hoop is a tyre or a tube.
func hoop(wide float64) []stroke {
	return []stroke{{160, 120, 0, 0, 84, wide, rubber}, {160, 120, 0, 0, 84 - wide/2 + 1, 2, metal}}
}
