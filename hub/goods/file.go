package goods

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Limits of a file.
const (
	MaxFile = 8 << 20 // bytes
	MaxRows = 50_000
)

// File is a list of items as somebody sent it.
type File struct {
	Encoding  string // in words
	Separator string // in words
	Rows      []Row
	Faults    []LineFault // of the file as a whole, and of lines that cannot be read
}

// Row is one line of a file.
type Row struct {
	Line  int // of the file, from 1
	Draft Draft
}

// LineFault is what is wrong with a line; Line 0 is the file as a whole.
type LineFault struct {
	Line  int
	Field string
	Words string
}

// Read reads a file of items: comma, semicolon or tab, in UTF-8, UTF-16 or
// Windows-1252, with a first line that names the fields.
func Read(raw []byte) File {
	var f File
	if len(raw) > MaxFile {
		f.fail(0, "", "The file is larger than %d MB. Split it.", MaxFile>>20)
		return f
	}
	text, encoding, err := decode(raw)
	f.Encoding = encoding
	if err != nil {
		f.fail(0, "", "%s", err.Error())
		return f
	}
	comma := separator(text)
	f.Separator = map[rune]string{',': "commas", ';': "semicolons", '\t': "tabs"}[comma]
	f.read(text, comma)
	return f
}

func (f *File) fail(line int, field, format string, args ...any) {
	f.Faults = append(f.Faults, LineFault{Line: line, Field: field, Words: fmt.Sprintf(format, args...)})
}

func (f *File) read(text string, comma rune) {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord = comma, -1
	names, err := r.Read()
	if errors.Is(err, io.EOF) {
		f.fail(0, "", "The file is empty.")
		return
	}
	if err == nil && !f.header(names) {
		return
	}
	for err == nil {
		var cells []string
		if cells, err = r.Read(); err != nil {
			break
		}
		line, _ := r.FieldPos(0)
		f.row(line, names, cells)
		if len(f.Rows) > MaxRows {
			f.fail(line, "", "A file may have at most %d items. Split it.", MaxRows)
			return
		}
	}
	var at *csv.ParseError
	if errors.As(err, &at) {
		f.fail(at.StartLine, "", "A quotation mark stands where none may be, so this line and those after it were not read.")
	}
	if len(f.Rows) == 0 && len(f.Faults) == 0 {
		f.fail(0, "", "The file has no line below the names of the fields.")
	}
}

// header checks the names of the fields, which become those of Fields.
func (f *File) header(names []string) bool {
	for i, n := range names {
		names[i] = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(n)), " ", "_")
		switch {
		case !slices.Contains(Fields(), names[i]):
			f.fail(1, "", "The first line names a field “%.40s” that items do not have. It may name: %s.", n, strings.Join(Fields(), ", "))
		case slices.Contains(names[:i], names[i]):
			f.fail(1, names[i], "The first line names %s twice.", names[i])
		}
	}
	if !slices.Contains(names, FieldSKU) && !slices.Contains(names, FieldID) {
		f.fail(1, "", "The first line must name the fields, sku or id among them.")
	}
	return len(f.Faults) == 0
}

func (f *File) row(line int, names, cells []string) {
	if len(cells) == 1 && strings.TrimSpace(cells[0]) == "" {
		return
	}
	if len(cells) != len(names) {
		f.fail(line, "", "This line has %d fields, the first line names %d.", len(cells), len(names))
		return
	}
	d := make(Draft, len(names))
	for i, c := range cells {
		d[names[i]] = unmark(c)
	}
	f.Rows = append(f.Rows, Row{Line: line, Draft: d})
}

// separator is what the first line separates its fields by.
func separator(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best, most := ',', 0
	for _, c := range []rune{',', ';', '\t'} {
		if n := strings.Count(first, string(c)); n > most {
			best, most = c, n
		}
	}
	return best
}

// decode turns the bytes of a file into text.
func decode(raw []byte) (text, encoding string, err error) {
	switch {
	case strings.HasPrefix(string(raw), "\xef\xbb\xbf"):
		text, encoding = string(raw[3:]), "UTF-8 with a byte order mark"
		if !utf8.ValidString(text) {
			return "", encoding, errors.New("the file says that it is UTF-8, but it is not: export it again")
		}
	case strings.HasPrefix(string(raw), "\xff\xfe"):
		text, encoding = wide(raw[2:], false), "UTF-16"
	case strings.HasPrefix(string(raw), "\xfe\xff"):
		text, encoding = wide(raw[2:], true), "UTF-16, big-endian"
	case len(raw) >= 4 && raw[1] == 0 && raw[3] == 0:
		text, encoding = wide(raw, false), "UTF-16 without a byte order mark"
	case len(raw) >= 4 && raw[0] == 0 && raw[2] == 0:
		text, encoding = wide(raw, true), "UTF-16, big-endian, without a byte order mark"
	case utf8.Valid(raw):
		text, encoding = string(raw), "UTF-8"
	default:
		text, encoding = western(raw), "Windows-1252 (Western European)"
	}
	if strings.ContainsRune(text, 0) {
		return "", encoding, errors.New("this is not a text file: export the list as CSV")
	}
	return text, encoding, nil
}

// wide reads UTF-16.
func wide(raw []byte, big bool) string {
	units := make([]uint16, len(raw)/2)
	for i := range units {
		low, high := raw[2*i], raw[2*i+1]
		if big {
			low, high = high, low
		}
		units[i] = uint16(low) | uint16(high)<<8
	}
	return string(utf16.Decode(units))
}

// western reads Windows-1252.
func western(raw []byte) string {
	const high = "€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ" // 0x80 to 0x9f
	special := []rune(high)
	var b strings.Builder
	for _, c := range raw {
		if c >= 0x80 && c < 0xa0 {
			b.WriteRune(special[c-0x80])
			continue
		}
		b.WriteRune(rune(c))
	}
	return b.String()
}

// Write writes items as Read reads them: UTF-8, commas, CR LF. What a spreadsheet
// would take for a formula gets an apostrophe, which Read takes away.
func Write(w io.Writer, items []Item) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(Fields()); err != nil {
		return err
	}
	record := make([]string, len(Fields()))
	for _, it := range items {
		d := DraftOf(it)
		for i, name := range Fields() {
			record[i] = mark(d[name])
		}
		if err := out.Write(record); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// formula reports text that begins, behind apostrophes, as a formula does.
func formula(text string) bool {
	text = strings.TrimLeft(text, "' \u00a0")
	return text != "" && strings.ContainsRune("=+-@\t\r\n＝＋－＠", firstRune(text))
}

func firstRune(text string) rune {
	r, _ := utf8.DecodeRuneInString(text)
	return r
}

func mark(text string) string {
	if formula(text) {
		return "'" + text
	}
	return text
}

func unmark(text string) string {
	if rest, ok := strings.CutPrefix(text, "'"); ok && formula(rest) {
		return rest
	}
	return text
}
