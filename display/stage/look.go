package stage

import (
	"image"

	"kickstand/display/raster"
	"kickstand/display/scene"
)

// Scene is what is on the screen in words: what a test or a screen reader can
// find. Its JSON is the workbench's scene.json.
type Scene struct {
	Screen  string       `json:"screen"`
	Version uint64       `json:"version"`
	W       int          `json:"w"` // pixels
	H       int          `json:"h"`
	Nodes   []scene.Node `json:"nodes"`
}

// Mirror is one viewer's copy of the screen. The zero Mirror is empty; Update
// fills it. It belongs to one goroutine.
type Mirror struct {
	Image *image.RGBA
	shows scene.List
}

// Update brings m up to date and returns the rectangles that changed, none
// overlapping; none at all when m already showed the screen.
func (s *Stage) Update(m *Mirror) []image.Rectangle {
	s.glass.Lock()
	defer s.glass.Unlock()
	s.paint()
	if m.Image == nil {
		m.Image = image.NewRGBA(s.glass.img.Rect)
		m.shows = scene.List{}
	}
	dirty := raster.Diff(m.shows, s.glass.painted)
	for _, r := range dirty {
		copyRect(m.Image, s.glass.img, r)
	}
	m.shows = s.glass.painted
	return dirty
}

// copyRect copies the pixels of r between images of the same size.
func copyRect(dst, src *image.RGBA, r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		i, j := src.PixOffset(r.Min.X, y), src.PixOffset(r.Max.X, y)
		copy(dst.Pix[i:j], src.Pix[i:j])
	}
}

// Frame returns a copy of the screen.
func (s *Stage) Frame() *image.RGBA {
	img, _ := s.Look()
	return img
}

// Look returns a copy of the screen and what is on it, both of one moment.
func (s *Stage) Look() (*image.RGBA, Scene) {
	s.glass.Lock()
	defer s.glass.Unlock()
	s.paint()
	img := image.NewRGBA(s.glass.img.Rect)
	copy(img.Pix, s.glass.img.Pix)
	return img, s.words()
}

// Scene returns what is on the screen.
func (s *Stage) Scene() Scene {
	s.glass.Lock()
	defer s.glass.Unlock()
	s.layout()
	return s.words()
}

// Version is a number that grows whenever the screen changes.
func (s *Stage) Version() uint64 {
	s.glass.Lock()
	defer s.glass.Unlock()
	s.layout()
	return s.glass.version
}

// words copies the nodes. The lock of glass is held.
func (s *Stage) words() Scene {
	l := s.glass.list
	return Scene{Screen: l.Screen, Version: s.glass.version, W: l.W, H: l.H, Nodes: append([]scene.Node{}, l.Nodes...)}
}
