package scene

import (
	"image/color"

	"kickstand/device/flow"
)

// palette is the set of colours of a theme. Every name is a use, not a hue.
type palette struct {
	ground color.RGBA // of the screen
	side   color.RGBA // of the column with the actions, and of header bars
	card   color.RGBA // of buttons, keys and fields
	sunken color.RGBA // of what is chosen and of what is switched off
	press  color.RGBA // of a button under a finger

	ink   color.RGBA // text
	quiet color.RGBA // text of less weight
	hair  color.RGBA // lines that only order
	edge  color.RGBA // outlines of controls

	accent   color.RGBA // the primary action, and the frame of the bicycle
	accented color.RGBA // the primary action under a finger
	onAccent color.RGBA

	good, warn, bad             color.RGBA // text and icons of a state
	goodTint, warnTint, badTint color.RGBA // fills beneath them

	toast, onToast color.RGBA
	scrim          color.RGBA // over what a dialog covers
	shadow         color.RGBA
	art            color.RGBA // light parts of the illustration
}

func paletteOf(t Theme) palette {
	switch t {
	case Dark:
		return darkPalette()
	case Contrast:
		return contrastPalette()
	}
	return lightPalette()
}

// rgb is an opaque colour written as in a style sheet, 0xRRGGBB.
func rgb(hex uint32) color.RGBA {
	return color.RGBA{R: uint8(hex >> 16), G: uint8(hex >> 8), B: uint8(hex), A: 255}
}

// veil is black, this dark.
func veil(alpha uint8) color.RGBA { return color.RGBA{A: alpha} }

// lightPalette is paper: warm whites, near-black ink, one cobalt.
func lightPalette() palette {
	return palette{
		ground: rgb(0xfdfcfa), side: rgb(0xf4f2ed), card: rgb(0xffffff), sunken: rgb(0xebe8e0), press: rgb(0xdcd8cd),
		ink: rgb(0x1d2227), quiet: rgb(0x565d63), hair: rgb(0xe0dcd2), edge: rgb(0x858a8c),
		accent: rgb(0x1c55b4), accented: rgb(0x123c85), onAccent: rgb(0xffffff),
		good: rgb(0x1b6738), warn: rgb(0x7d4a00), bad: rgb(0xa32019),
		goodTint: rgb(0xe3f1e6), warnTint: rgb(0xfdefd0), badTint: rgb(0xfbe5e2),
		toast: rgb(0x23292f), onToast: rgb(0xffffff),
		scrim: veil(120), shadow: veil(60), art: rgb(0xd9d4c7),
	}
}

// darkPalette is for the workshop: blue-black, never pure black.
func darkPalette() palette {
	return palette{
		ground: rgb(0x15181c), side: rgb(0x1c2025), card: rgb(0x262b31), sunken: rgb(0x2c3239), press: rgb(0x3a424b),
		ink: rgb(0xf3f1ec), quiet: rgb(0xb3b9be), hair: rgb(0x353b42), edge: rgb(0x858e97),
		accent: rgb(0x8db9ff), accented: rgb(0x6a9ff2), onAccent: rgb(0x0b1930),
		good: rgb(0x83d6a2), warn: rgb(0xf4c66d), bad: rgb(0xffa79d),
		goodTint: rgb(0x17301f), warnTint: rgb(0x36290d), badTint: rgb(0x411d1a),
		toast: rgb(0xf3f1ec), onToast: rgb(0x15181c),
		scrim: veil(170), shadow: veil(150), art: rgb(0x3b424a),
	}
}

// contrastPalette is white on black with a yellow action, 7:1 throughout.
func contrastPalette() palette {
	black, white := rgb(0x000000), rgb(0xffffff)
	return palette{
		ground: black, side: black, card: black, sunken: rgb(0x2a2a2a), press: rgb(0x4a4a4a),
		ink: white, quiet: white, hair: white, edge: white,
		accent: rgb(0xffe14d), accented: rgb(0xd9bb1f), onAccent: black,
		good: rgb(0x8df0b0), warn: rgb(0xffd27a), bad: rgb(0xffb8b0),
		goodTint: black, warnTint: black, badTint: black,
		toast: white, onToast: black,
		scrim: veil(215), shadow: veil(0), art: rgb(0x8a8a8a),
	}
}

// tone is how a state looks: its colour, the fill beneath it, and its icon,
// which says the same to those who do not see the colour.
func (p palette) tone(s flow.PartState) (ink, tint color.RGBA, icon string) {
	switch s {
	case flow.PartWarning:
		return p.warn, p.warnTint, "warning"
	case flow.PartDown:
		return p.bad, p.badTint, "stop"
	}
	return p.good, p.goodTint, "check"
}
