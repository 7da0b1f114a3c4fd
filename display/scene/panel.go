package scene

// Panel is a touch panel: its pixels and how large they are.
type Panel struct {
	Name    string
	W, H    int     // pixels
	PxPerMM float64 // pixels per millimetre, the same both ways
}

// The panels that are shipped, by name: the diagonal in inches.
const (
	Panel7   = "7"    // 7 inch, 1024x600: 153 x 90 mm
	Panel10  = "10.1" // 10.1 inch, 1280x800: 217 x 136 mm
	Panel156 = "15.6" // 15.6 inch, 1920x1080: 345 x 194 mm
)

// Panels returns the shipped panels, smallest first.
func Panels() []Panel {
	return []Panel{
		{Name: Panel7, W: 1024, H: 600, PxPerMM: 6.675}, // sqrt(1024²+600²) / (7 × 25.4)
		{Name: Panel10, W: 1280, H: 800, PxPerMM: 5.884},
		{Name: Panel156, W: 1920, H: 1080, PxPerMM: 5.559},
	}
}

// PanelNamed finds a shipped panel.
func PanelNamed(name string) (Panel, bool) {
	for _, p := range Panels() {
		if p.Name == name {
			return p, true
		}
	}
	return Panel{}, false
}

// Prefs is how a person wants to see the screens. The zero Prefs is the light
// theme with normal text.
type Prefs struct {
	Theme Theme
	Large bool // text one step of the scale larger
}

// Theme names a set of colours.
type Theme string

// The themes. An unknown theme is drawn as Light.
const (
	Light    Theme = "light"
	Dark     Theme = "dark"
	Contrast Theme = "contrast"
)

// Themes returns all themes.
func Themes() []Theme { return []Theme{Light, Dark, Contrast} }
