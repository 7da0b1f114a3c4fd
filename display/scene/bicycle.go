package scene

// bicycle is the illustration of the resting screen, a town bicycle in layers
// on one grid, so that each can have its own colour.
func bicycle(layer string) (Path, bool) {
	const w, h = 240, 150
	switch layer {
	case "bicycle-tyres":
		return drawing(w, h, 500, "O 52 98 44 O 188 98 44"), true
	case "bicycle-spokes":
		return drawing(w, h, 80, "O 52 98 38.5 O 188 98 38.5 "+
			"M 52 98 L 90 98 M 52 98 L 14 98 M 52 98 L 52 60 M 52 98 L 52 136 "+
			"M 52 98 L 78.9 71.1 M 52 98 L 25.1 124.9 M 52 98 L 25.1 71.1 M 52 98 L 78.9 124.9 "+
			"M 188 98 L 226 98 M 188 98 L 150 98 M 188 98 L 188 60 M 188 98 L 188 136 "+
			"M 188 98 L 214.9 71.1 M 188 98 L 161.1 124.9 M 188 98 L 161.1 71.1 M 188 98 L 214.9 124.9"), true
	case "bicycle-frame":
		return drawing(w, h, 560, "M 52 98 L 108 100 L 84 42 Z M 86.5 48 L 160 40 M 108 100 L 164 54 "+
			"M 158 34 L 166 60 C 169.5 72 180 78 188 98"), true
	case "bicycle-parts":
		return drawing(w, h, 380, "M 84 42 L 79.5 30 M 62 27 C 68 24 82 24 94 29 C 86 31.5 72 33.5 62 27 F "+
			"M 62 27 C 68 24 82 24 94 29 C 86 31.5 72 33.5 62 27 "+
			"M 158 34 L 154 20 M 154 20 C 162 15 172 16 176 22 C 178 26 176 30 171 31 "+
			"O 108 100 10 M 108 100 L 121 121 M 115 121 L 128 121 "+
			"M 106 90.2 L 52 93.6 M 106 109.8 L 52 102.4 D 52 98 4.6 D 188 98 4.6 D 108 100 3.4 "+
			"M 20 58 C 30 46 46 42 62 46"), true
	}
	return Path{}, false
}
