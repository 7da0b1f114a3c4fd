package scene

// bicycle is the illustration of the resting screen, a town bicycle in layers
// on one grid, so that each can have its own colour.
func bicycle(layer string) (Path, bool) {
	const w, h = 240, 150
	switch layer {
	case "bicycle-tyres":
		return drawing(w, h, 400, "O 52 98 44 O 188 98 44"), true
	case "bicycle-spokes":
		return drawing(w, h, 80, "O 52 98 39.5 O 188 98 39.5 "+
			"M 52 98 L 90.5 98 M 52 98 L 13.5 98 M 52 98 L 52 59.5 M 52 98 L 52 136.5 "+
			"M 52 98 L 79.2 70.8 M 52 98 L 24.8 125.2 M 52 98 L 24.8 70.8 M 52 98 L 79.2 125.2 "+
			"M 188 98 L 226.5 98 M 188 98 L 149.5 98 M 188 98 L 188 59.5 M 188 98 L 188 136.5 "+
			"M 188 98 L 215.2 70.8 M 188 98 L 160.8 125.2 M 188 98 L 160.8 70.8 M 188 98 L 215.2 125.2"), true
	case "bicycle-frame":
		return drawing(w, h, 480, "M 108 100 L 84 41 M 86.8 48 L 160.4 40 M 108 100 L 165 56 M 157.5 32 L 166 58"), true
	case "bicycle-stays":
		return drawing(w, h, 330, "M 52 98 L 86 46 M 52 98 L 108 100 M 166 58 C 169 70 178 80 188 98"), true
	case "bicycle-chain":
		return drawing(w, h, 120, "M 107 90.6 L 52 93.8 M 107 109.4 L 52 102.2"), true
	case "bicycle-parts":
		return drawing(w, h, 300, "M 84 41 L 79.8 30 "+
			"M 62 27 C 68 24 82 24 94 28.5 C 86 31 72 33 62 27 F M 62 27 C 68 24 82 24 94 28.5 C 86 31 72 33 62 27 "+
			"M 157.5 32 L 153.5 19.5 C 150 14.5 142 16 131 22.5 "+
			"O 108 100 9.4 M 108 100 L 119 121 M 113.5 121.5 L 125 121.5 D 52 98 4.2 D 188 98 4.2 D 108 100 3.2 "+
			"M 3.7 85.1 C 9.6 63.3 29.4 48 52 48 C 60.8 48 69.4 50.3 77 54.7 "+
			"M 174 50 C 178.5 48.6 183 48 188 48 C 209 48 227.8 61.2 235 80.9"), true
	}
	return Path{}, false
}
