package scene

// The icons are drawn on a grid of 24 by 24 units with strokes of 2, round
// ends and joins, and nothing closer than 2 units to the edge.
const (
	iconGrid   = 24
	iconStroke = 200
)

// Icon returns the drawing of an icon by its name, and whether there is one.
func Icon(name string) (Path, bool) {
	if layer, ok := bicycle(name); ok {
		return layer, true
	}
	words := iconWords(name)
	return drawing(iconGrid, iconGrid, iconStroke, words), words != ""
}

// Icons lists the names that Icon knows, for tests and documentation.
func Icons() []string {
	return []string{
		"scan", "cash", "card", "bike", "lock", "printer", "wrench", "clock", "person", "warning", "stop", "network", "scanner",
		"search", "plus", "minus", "trash", "undo", "back", "check", "close", "percent", "park", "list", "drawer", "receipt",
		"outbox", "help", "keyboard", "info", "backspace", "enter", "tag", "qr", "mail",
		"bicycle-tyres", "bicycle-spokes", "bicycle-frame", "bicycle-stays", "bicycle-chain", "bicycle-parts",
	}
}

func iconWords(name string) string {
	if w := actionIcon(name); w != "" {
		return w
	}
	return thingIcon(name)
}

// actionIcon has what a person does.
func actionIcon(name string) string {
	switch name {
	case "scan":
		return "M 3 8 L 3 5 Q 3 4 4 4 L 7 4 M 17 4 L 20 4 Q 21 4 21 5 L 21 8 M 21 16 L 21 19 Q 21 20 20 20 L 17 20 M 7 20 L 4 20 Q 3 20 3 19 L 3 16 M 7.5 9 L 7.5 15 M 12 9 L 12 15 M 16.5 9 L 16.5 15"
	case "search":
		return "O 10.5 10.5 6.5 M 15.3 15.3 L 20.5 20.5"
	case "plus":
		return "M 12 5 L 12 19 M 5 12 L 19 12"
	case "minus":
		return "M 5 12 L 19 12"
	case "undo":
		return "M 8 4.5 L 4 8.5 L 8 12.5 M 4 8.5 L 14.5 8.5 C 18 8.5 20 11 20 14 C 20 17 18 19.5 14.5 19.5 L 9 19.5"
	case "back":
		return "M 20 12 L 4 12 M 10.5 5.5 L 4 12 L 10.5 18.5"
	case "check":
		return "M 4.5 12.5 L 9.8 17.8 L 19.5 7"
	case "close":
		return "M 6 6 L 18 18 M 18 6 L 6 18"
	case "percent":
		return "M 18.5 5.5 L 5.5 18.5 O 7.2 7.2 2.7 O 16.8 16.8 2.7"
	case "park":
		return "R 3.5 3.5 17 17 4 M 9.5 16.5 L 9.5 7.5 L 13 7.5 C 14.8 7.5 16 8.7 16 10.2 C 16 11.8 14.8 13 13 13 L 9.5 13"
	case "backspace":
		return "M 9 5 L 20 5 Q 21 5 21 6 L 21 18 Q 21 19 20 19 L 9 19 L 3 12 Z M 11.5 9.5 L 16.5 14.5 M 16.5 9.5 L 11.5 14.5"
	case "enter":
		return "M 20 5 L 20 10 Q 20 14 16 14 L 4.5 14 M 9 9.5 L 4.5 14 L 9 18.5"
	case "help":
		return "O 12 12 9 M 9.3 9.4 C 9.5 8 10.5 7.1 12 7.1 C 13.6 7.1 14.8 8.1 14.8 9.5 C 14.8 11.6 12 11.7 12 13.8 D 12 17 1.2"
	case "trash":
		return "M 4 6.5 L 20 6.5 M 9 6 L 9 4 Q 9 3 10 3 L 14 3 Q 15 3 15 4 L 15 6 M 6 6.5 L 6.8 19.2 Q 6.9 21 8.6 21 L 15.4 21 Q 17.1 21 17.2 19.2 L 18 6.5 M 10 11 L 10 16.5 M 14 11 L 14 16.5"
	}
	return ""
}

// thingIcon has what is there.
func thingIcon(name string) string {
	switch name {
	case "cash":
		return "R 2.5 6 19 12 2 O 12 12 2.7 D 6.3 12 1.1 D 17.7 12 1.1"
	case "card":
		return "R 2.5 5 19 14 2.5 M 3 9.8 L 21 9.8 M 6.5 15 L 10 15"
	case "bike":
		return "O 5.5 16 3.4 O 18.5 16 3.4 M 5.5 16 L 9.4 9.4 L 15.8 9.4 M 9.4 9.4 L 12 16 L 15.8 9.4 M 18.5 16 L 15 5.5 L 17.6 5.5 M 7.6 6 L 10.2 6"
	case "lock":
		return "R 4.5 10.5 15 10.5 2 M 8 10.5 L 8 7.5 C 8 5 9.7 3.2 12 3.2 C 14.3 3.2 16 5 16 7.5 L 16 10.5 M 12 14.7 L 12 17"
	case "printer":
		return "M 7 8.5 L 7 3 L 17 3 L 17 8.5 M 7 17.5 L 4.5 17.5 Q 2.5 17.5 2.5 15.5 L 2.5 10.5 Q 2.5 8.5 4.5 8.5 L 19.5 8.5 Q 21.5 8.5 21.5 10.5 L 21.5 15.5 Q 21.5 17.5 19.5 17.5 L 17 17.5 R 7 14 10 7 0.5"
	case "wrench":
		return "M 14.6 6.2 L 14.9 9.1 L 17.8 9.4 L 20.8 6.4 C 21.6 8.6 21.1 11.1 19.4 12.7 C 17.9 14.2 15.7 14.7 13.8 14.1 L 7.6 20.3 C 6.6 21.3 4.9 21.3 3.8 20.2 C 2.7 19.1 2.7 17.4 3.7 16.4 L 9.9 10.2 C 9.3 8.3 9.8 6.1 11.3 4.6 C 12.9 2.9 15.4 2.4 17.6 3.2 Z"
	case "clock":
		return "O 12 12 9 M 12 6.8 L 12 12 L 15.6 14.2"
	case "person":
		return "O 12 7.8 4 M 4.2 20.5 C 4.2 16.5 7.5 14.8 12 14.8 C 16.5 14.8 19.8 16.5 19.8 20.5"
	case "warning":
		return "M 10.6 4.4 Q 12 2.2 13.4 4.4 L 21.1 18 Q 22.2 20.5 19.6 20.5 L 4.4 20.5 Q 1.8 20.5 2.9 18 Z M 12 9.3 L 12 13.6 D 12 17 1.2"
	case "stop":
		return "M 8.3 3 L 15.7 3 L 21 8.3 L 21 15.7 L 15.7 21 L 8.3 21 L 3 15.7 L 3 8.3 Z M 12 7.6 L 12 12.6 D 12 16.3 1.2"
	case "network":
		return "M 2.8 9.3 C 8 4.6 16 4.6 21.2 9.3 M 6 13 C 9.5 10 14.5 10 18 13 M 9.2 16.6 C 10.8 15.3 13.2 15.3 14.8 16.6 D 12 19.8 1.3"
	case "scanner":
		return "M 4 4.5 L 16.5 4.5 Q 20.5 4.5 20.5 8.5 Q 20.5 12 16.5 12 L 4 12 Q 3 12 3 11 L 3 5.5 Q 3 4.5 4 4.5 M 10.5 12 L 12.8 20.5 L 17 20.5 L 14.8 12 M 7 7 L 7 9.5"
	case "list":
		return "M 8.5 6 L 20.5 6 M 8.5 12 L 20.5 12 M 8.5 18 L 20.5 18 D 4.2 6 1.2 D 4.2 12 1.2 D 4.2 18 1.2"
	case "drawer":
		return "M 5 12.5 L 6.4 5.6 Q 6.7 4 8.3 4 L 15.7 4 Q 17.3 4 17.6 5.6 L 19 12.5 R 2.5 12.5 19 8 1.5 M 9.5 16.5 L 14.5 16.5"
	case "receipt":
		return "M 5 2.8 L 5 21.2 L 7.4 19.5 L 9.7 21.2 L 12 19.5 L 14.3 21.2 L 16.6 19.5 L 19 21.2 L 19 2.8 Z M 8.8 8 L 15.2 8 M 8.8 12.2 L 15.2 12.2"
	case "outbox":
		return "M 12 14.5 L 12 3.5 M 7.5 8 L 12 3.5 L 16.5 8 M 3 13.5 L 3 18 Q 3 20.5 5.5 20.5 L 18.5 20.5 Q 21 20.5 21 18 L 21 13.5"
	case "keyboard":
		return "R 2.5 5.5 19 13 2 D 6.5 9.5 1 D 10.2 9.5 1 D 13.8 9.5 1 D 17.5 9.5 1 M 8 14.5 L 16 14.5"
	case "info":
		return "O 12 12 9 M 12 11.3 L 12 16.5 D 12 7.6 1.2"
	case "qr":
		return "R 3 3 7 7 1 R 14 3 7 7 1 R 3 14 7 7 1 D 14.8 14.8 1.2 D 20 14.8 1.2 D 17.4 17.4 1.2 D 14.8 20 1.2 D 20 20 1.2"
	case "mail":
		return "R 2.5 5 19 14 2 M 3.5 7 L 12 13.2 L 20.5 7"
	case "tag":
		return "M 3.5 4.5 Q 3.5 3.5 4.5 3.5 L 12 3.5 L 20.6 12.1 Q 21.4 13 20.6 13.9 L 13.9 20.6 Q 13 21.4 12.1 20.6 L 3.5 12 Z D 8 8 1.3"
	}
	return ""
}
