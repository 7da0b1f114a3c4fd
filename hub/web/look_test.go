package web_test

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

// TestColoursCanBeRead holds the colours of both themes against WCAG 2.2:
// 4.5:1 for text (1.4.3), 3:1 for what marks a control (1.4.11).
func TestColoursCanBeRead(t *testing.T) {
	s := empty(t)
	css, _ := s.get("/assets/office.css", http.StatusOK)
	light, dark, ok := strings.Cut(css, "prefers-color-scheme: dark")
	if !ok {
		t.Fatal("the style has no dark theme")
	}
	pairs := []struct {
		ink, ground string
		least       float64
	}{
		{"ink", "paper", 7},
		{"ink", "sheet", 7},
		{"ink", "warn-sheet", 7},
		{"quiet", "paper", 4.5},
		{"quiet", "sheet", 4.5},
		{"quiet", "warn-sheet", 4.5},
		{"accent", "paper", 4.5},
		{"accent", "sheet", 4.5},
		{"on-accent", "accent", 4.5},
		{"good", "sheet", 4.5},
		{"warn", "paper", 4.5},
		{"warn", "sheet", 4.5},
		{"warn", "warn-sheet", 4.5},
		{"bad", "paper", 4.5},
		{"bad", "sheet", 4.5},
		{"sheet", "bad", 4.5},
		{"edge", "paper", 3},
		{"edge", "sheet", 3},
		{"bar", "sheet", 3},
	}
	for name, theme := range map[string]string{"light": light, "dark": dark} {
		colours := readColours(t, theme)
		for _, p := range pairs {
			if c := contrast(colours[p.ink], colours[p.ground]); c < p.least {
				t.Errorf("%s: %s on %s has a contrast of %.2f, %.1f is needed", name, p.ink, p.ground, c, p.least)
			}
		}
	}
}

var colourLine = regexp.MustCompile(`--([a-z-]+): #([0-9a-f]{6});`)

// readColours reads the first set of named colours.
func readColours(t *testing.T, css string) map[string][3]float64 {
	t.Helper()
	colours := map[string][3]float64{}
	for _, m := range colourLine.FindAllStringSubmatch(css, -1) {
		var rgb [3]int
		if _, err := fmt.Sscanf(m[2], "%02x%02x%02x", &rgb[0], &rgb[1], &rgb[2]); err != nil {
			t.Fatal(err)
		}
		colours[m[1]] = [3]float64{float64(rgb[0]) / 255, float64(rgb[1]) / 255, float64(rgb[2]) / 255}
	}
	if len(colours) < 10 {
		t.Fatalf("only %d colours found", len(colours))
	}
	return colours
}

// contrast is the contrast ratio of WCAG 2.2, from the relative luminances of
// sRGB colours.
func contrast(a, b [3]float64) float64 {
	bright, faint := luminance(a), luminance(b)
	if bright < faint {
		bright, faint = faint, bright
	}
	return (bright + 0.05) / (faint + 0.05)
}

func luminance(rgb [3]float64) float64 {
	linear := func(v float64) float64 {
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(rgb[0]) + 0.7152*linear(rgb[1]) + 0.0722*linear(rgb[2])
}
