package raster

import (
	"image"

	"kickstand/display/scene"
)

type iconKey struct {
	name string
	size int
}

// icon draws an icon centred in its rectangle, as large as that allows.
func (p *Painter) icon(dst *image.RGBA, op *scene.Op, clip image.Rectangle) {}
