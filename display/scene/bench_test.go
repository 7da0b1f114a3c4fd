package scene_test

import (
	"testing"

	"kickstand/display/scene"
)

// BenchmarkLayout is one screen after a scan, with the text measured before.
func BenchmarkLayout(b *testing.B) {
	fonts := painter(b)
	all := views()
	for _, name := range []string{"sale-7", "sale-60", "search-many"} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				scene.Layout(all[name], scene.Panels()[1], scene.Prefs{}, fonts, scene.UI{})
			}
		})
	}
}
