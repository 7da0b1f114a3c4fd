package store

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// traces is how somebody is recognised in what others typed.
type traces struct {
	ids   []string
	sure  pattern // full name, e-mail, telephone number: however it is written
	maybe pattern // a name of one word, which may mean something else
}

// pattern is forms of regular expressions, any of which may match.
type pattern struct {
	forms []string
	found *regexp.Regexp
}

func (p *pattern) in(text string) bool {
	if p.found == nil && len(p.forms) > 0 {
		p.found = regexp.MustCompile(strings.Join(p.forms, "|"))
	}
	return p.found != nil && p.found.MatchString(text)
}

// shortName is the length below which a name of one word is not looked for: it
// would be found where other things are meant.
const shortName = 3

// knows adds a person's name, e-mail and telephone number, as they may stand in a
// text or in JSON. A name of one word counts as it is written, or in capitals: Mark
// is somebody, a mark on the frame is not.
func (w *traces) knows(name, email, phone string) {
	name = strings.Join(strings.Fields(name), " ")
	switch {
	case strings.Contains(name, " "):
		for _, form := range inJSON(name) {
			w.sure.forms = append(w.sure.forms, `(?i:`+asWord(name, form)+`)`)
		}
	case utf8.RuneCountInString(name) >= shortName:
		for _, written := range []string{name, strings.ToUpper(name)} {
			for _, form := range inJSON(written) {
				w.maybe.forms = append(w.maybe.forms, asWord(written, form))
			}
		}
	}
	if email = strings.TrimSpace(email); email != "" {
		for _, form := range inJSON(email) {
			w.sure.forms = append(w.sure.forms, `(?i:`+form+`)`)
		}
	}
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	if len(digits) >= 6 {
		digits = digits[max(0, len(digits)-7):] // with or without what stands before it
		w.sure.forms = append(w.sure.forms, strings.Join(strings.Split(digits, ""), `[^0-9\p{L}]{0,3}`))
	}
}

// asWord keeps a name from being found inside of longer words.
func asWord(name, form string) string {
	if letter.MatchString(name[:1]) {
		form = `\b` + form
	}
	if letter.MatchString(name[len(name)-1:]) {
		form += `\b`
	}
	return form
}

// letter is what \b takes for a part of a word.
var letter = regexp.MustCompile(`^\w$`)

// inJSON returns expressions for a text as it is, as Go writes it in JSON, and with
// everything beyond ASCII escaped, as other programs do.
func inJSON(text string) []string {
	plain := strings.ReplaceAll(regexp.QuoteMeta(text), " ", `\s+`)
	all := []string{plain}
	if b, err := json.Marshal(text); err == nil {
		all = append(all, regexp.QuoteMeta(strings.Trim(string(b), `"`)))
	}
	var ascii strings.Builder
	for _, r := range text {
		if r > unicode.MaxASCII {
			ascii.WriteString(strings.Trim(strconv.QuoteToASCII(string(r)), `"`))
			continue
		}
		ascii.WriteRune(r)
	}
	return slices.Compact(append(all, regexp.QuoteMeta(ascii.String())))
}

// in reports whether a text may name the person.
func (w *traces) in(text string) bool { return w.sure.in(text) || w.maybe.in(text) }

// without is what stays of a free text that may name the person: of one that surely
// does, nothing, unless it is JSON, which must stay readable; of one that may, all but
// the name.
func (w *traces) without(text []byte, isJSON bool) []byte {
	if w.sure.in(string(text)) {
		if !isJSON {
			return []byte{}
		}
		text = w.sure.found.ReplaceAll(text, []byte("erased"))
	}
	if w.maybe.in(string(text)) {
		text = w.maybe.found.ReplaceAll(text, []byte("erased"))
	}
	return text
}

// freeText is a column of free text in which anybody may be named.
type freeText struct {
	table, column string
	keys          []string
	blob          bool
	json          bool // it must stay readable: the name alone is taken out
}

// staffColumns are personal and say which person of the staff did something, not
// what was typed.
var staffColumns = []string{"operators.name", "sales.operator_name", "z_reports.operator_name", "drawer_events.operator"}

// freeTexts lists the columns marked personal in which people may be named who are
// not those of the row: all but the ones of customers and staff themselves, and
// the texts beside the journal, which are erased with their salts.
func freeTexts() ([]freeText, error) {
	tables, err := Schema()
	if err != nil {
		return nil, err
	}
	var all []freeText
	for _, t := range tables {
		for _, c := range t.Columns {
			name := t.Name + "." + c.Name
			if !c.Personal() || t.Name == "customers" || t.Name == "audit_texts" || slices.Contains(staffColumns, name) {
				continue
			}
			p := freeText{table: t.Name, column: c.Name, keys: t.keys(), blob: strings.HasPrefix(c.Type, "BLOB"), json: strings.HasPrefix(c.Doc, "JSON")}
			if len(p.keys) == 0 {
				return nil, fmt.Errorf("table %s has no key", t.Name)
			}
			all = append(all, p)
		}
	}
	return all, nil
}

// Personal reports whether a column names people or holds what people typed. A time
// at which something personal was emptied is a number and none.
func (c Column) Personal() bool {
	return strings.Contains(c.Doc, "personal") && !strings.HasPrefix(c.Type, "BIGINT") && !strings.HasPrefix(c.Type, "INTEGER")
}

// keys returns the columns of a table's primary key.
func (t Table) keys() []string {
	for _, c := range t.Columns {
		if strings.Contains(c.Type, "PRIMARY KEY") {
			return []string{c.Name}
		}
	}
	for _, r := range t.Rules {
		if list, ok := strings.CutPrefix(r, "PRIMARY KEY ("); ok {
			return strings.Split(strings.TrimSuffix(list, ")"), ", ")
		}
	}
	return nil
}

// personalOf returns the columns of a table that are marked personal.
func personalOf(table string) ([]string, error) {
	tables, err := Schema()
	if err != nil {
		return nil, err
	}
	var all []string
	for _, t := range tables {
		for _, c := range t.Columns {
			if t.Name == table && c.Personal() {
				all = append(all, c.Name)
			}
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("table %s has no personal columns", table)
	}
	return all, nil
}

// rowsAbout returns statements that empty the personal columns of rows which name
// a customer by the id, in whatever table. Those of the staff stay.
func rowsAbout() (all []string, err error) {
	tables, err := Schema()
	if err != nil {
		return nil, err
	}
	for _, t := range tables {
		if t.Name == "customers" || t.Name == "audit_texts" {
			continue
		}
		for _, by := range t.Columns {
			if strings.HasPrefix(by.Doc, "customers.id") {
				all = append(all, t.emptying(by.Name)...)
			}
		}
	}
	return all, nil
}

// emptying returns statements that empty what is personal in the rows of a table
// which a column chooses, but for the staff and for JSON, which must stay readable.
func (t Table) emptying(by string) (all []string) {
	for _, c := range t.Columns {
		if c.Personal() && !strings.HasPrefix(c.Doc, "JSON") && !slices.Contains(staffColumns, t.Name+"."+c.Name) {
			all = append(all, `UPDATE `+t.Name+` SET `+c.Name+` = '' WHERE `+by+` = $1`)
		}
	}
	return all
}

// sweep empties every free text that names the person.
func (t *Tx) sweep(who traces) error {
	all, err := freeTexts()
	if err != nil {
		return err
	}
	for _, p := range all {
		if err := t.sweepColumn(p, who); err != nil {
			return fmt.Errorf("%s.%s: %w", p.table, p.column, err)
		}
	}
	return nil
}

// hit is a row in which the person is named, with what stays of the text.
type hit struct {
	key  []any
	rest []byte
}

func (t *Tx) sweepColumn(p freeText, who traces) error {
	var hits []hit
	columns := append(slices.Clone(p.keys), p.column)
	err := t.rows(`SELECT `+strings.Join(columns, ", ")+` FROM `+p.table, nil, func(scan func(...any) error) error {
		h := hit{key: make([]any, len(p.keys))}
		dest := make([]any, len(columns))
		for i := range p.keys {
			dest[i] = &h.key[i]
		}
		var text []byte
		dest[len(p.keys)] = &text
		if err := scan(dest...); err != nil {
			return err
		}
		if !who.in(string(text)) {
			return nil
		}
		h.rest = who.without(text, p.json)
		hits = append(hits, h)
		return nil
	})
	for _, h := range hits {
		err = errors.Join(err, t.keep(p, h))
	}
	return err
}

// keep puts what stays of a text in its place.
func (t *Tx) keep(p freeText, h hit) error {
	where := make([]string, len(p.keys))
	for i, k := range p.keys {
		where[i] = fmt.Sprintf("%s = $%d", k, i+2)
	}
	var rest any = h.rest
	if !p.blob {
		rest = string(h.rest)
	}
	return t.exec(`UPDATE `+p.table+` SET `+p.column+` = $1 WHERE `+strings.Join(where, " AND "), append([]any{rest}, h.key...)...)
}
