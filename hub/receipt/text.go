package receipt

import (
	"html/template"
	"strings"
	"unicode/utf8"

	"kickstand/protocol/slip"
)

// Columns is the width of a receipt as text: what a telephone shows in a message
// without breaking its lines.
const Columns = 40

// Text is a receipt as plain text of Columns columns, its lines ended by "\n".
func Text(d slip.Doc) string {
	var b strings.Builder
	for _, l := range d.Lines {
		for _, row := range textLine(l) {
			b.WriteString(strings.TrimRight(row, " ") + "\n")
		}
	}
	return b.String()
}

// textLine is one line of a document in one or more rows.
func textLine(l slip.Line) []string {
	switch {
	case l.Rule:
		return []string{strings.Repeat("-", Columns)}
	case l.Code != "" || l.QR != "":
		return nil // a code on the screen of the telephone that would scan it
	case l.Style == slip.Center || l.Style == slip.Head || l.Style == slip.Notice:
		rows := fold(l.Left, Columns)
		for i, r := range rows {
			rows[i] = strings.Repeat(" ", (Columns-utf8.RuneCountInString(r))/2) + r
		}
		return rows
	}
	return textPair(l)
}

// textPair sets the right side against the edge of the first row.
func textPair(l slip.Line) []string {
	indent := strings.Repeat(" ", min(max(l.Indent, 0), Columns/2))
	right := utf8.RuneCountInString(l.Right)
	room := Columns - len(indent)
	if right > 0 {
		room -= right + 1
	}
	if room < Columns/4 {
		return append(textPair(slip.Line{Left: l.Left, Indent: l.Indent}), strings.Repeat(" ", max(Columns-right, 0))+l.Right)
	}
	rows := fold(l.Left, room)
	for i := range rows {
		rows[i] = indent + rows[i]
	}
	if right > 0 {
		rows[0] += strings.Repeat(" ", Columns-utf8.RuneCountInString(rows[0])-right) + l.Right
	}
	return rows
}

// fold breaks text at spaces into rows of at most room runes; longer words are
// cut. An empty text is one empty row.
func fold(text string, room int) []string {
	var rows []string
	row := ""
	for _, word := range strings.Fields(text) {
		for utf8.RuneCountInString(word) > room {
			if row != "" {
				rows, row = append(rows, row), ""
			}
			cut := []rune(word)
			rows, word = append(rows, string(cut[:room])), string(cut[room:])
		}
		switch {
		case row == "":
			row = word
		case utf8.RuneCountInString(row)+1+utf8.RuneCountInString(word) <= room:
			row += " " + word
		default:
			rows, row = append(rows, row), word
		}
	}
	if row != "" || len(rows) == 0 {
		rows = append(rows, row)
	}
	return rows
}

// Style is the style sheet of [HTML], without scripts, fonts or pictures.
const Style = `.receipt{width:100%;border-collapse:collapse;font-variant-numeric:tabular-nums}
.receipt td{padding:.15em 0;vertical-align:top;text-align:left;overflow-wrap:anywhere}
.receipt td.n{text-align:right;white-space:nowrap;padding-left:1em}
.receipt .center,.receipt .head,.receipt .notice{text-align:center}
.receipt .head{font-size:1.4em;font-weight:700}
.receipt .strong,.receipt .total{font-weight:700}
.receipt .total{font-size:1.2em}
.receipt .notice{background:#222;color:#fff;padding:.3em}
.receipt .in{padding-left:1.2em}
.receipt hr{border:0;border-top:1px dashed #888;margin:.5em 0}
`

// HTML is a receipt as one table with classes for [Style]. Everything in it is
// escaped.
func HTML(d slip.Doc) (template.HTML, error) {
	var b strings.Builder
	err := table.Execute(&b, d)
	return template.HTML(b.String()), err // escaped by the template
}

var table = template.Must(template.New("receipt").Parse(`<table class="receipt" role="presentation"><tbody>
{{range .Lines}}{{if .Rule}}<tr><td colspan="2"><hr></td></tr>
{{else if or .Code .QR}}{{else if .Right}}<tr{{with .Style}} class="{{.}}"{{end}}><td{{if .Indent}} class="in"{{end}}>{{.Left}}</td><td class="n">{{.Right}}</td></tr>
{{else}}<tr><td colspan="2"{{if .Style}} class="{{.Style}}"{{else if .Indent}} class="in"{{end}}>{{.Left}}</td></tr>
{{end}}{{end}}</tbody></table>
`))
