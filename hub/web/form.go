package web

import (
	"crypto/rand"
	"encoding/hex"
	"net/url"
	"strings"
)

// form is what somebody typed into a page, with what is wrong beside each field.
type form struct {
	Token  string // is carried out once
	values url.Values
	sent   bool // by somebody; otherwise the page shows it for the first time
	wrong  map[string]string
	top    string
	file   []byte // uploaded
	name   string // of the uploaded file
	judged string // what is wrong with it, from change.Before
}

func newForm() *form {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return &form{Token: hex.EncodeToString(b[:]), values: url.Values{}}
}

// Get returns what was typed into a field, without outer spaces.
func (f *form) Get(name string) string { return strings.TrimSpace(f.values.Get(name)) }

// All returns every value of a field that comes several times.
func (f *form) All(name string) []string { return f.values[name] }

// Default fills a field that nobody has typed into yet.
func (f *form) Default(name, value string) {
	if !f.sent {
		f.values.Set(name, value)
	}
}

// Fail says in words what is wrong with a field. The first word counts. An empty
// name is the form as a whole.
func (f *form) Fail(name, words string) {
	switch {
	case name == "" && f.top == "":
		f.top = words
	case name != "" && f.wrong[name] == "":
		if f.wrong == nil {
			f.wrong = map[string]string{}
		}
		f.wrong[name] = words
	}
}

// Wrong is what is wrong with a field, "" nothing.
func (f *form) Wrong(name string) string { return f.wrong[name] }

// Problem is what is wrong with the form as a whole.
func (f *form) Problem() string {
	if f.top == "" && len(f.wrong) > 0 {
		return "Nothing was changed yet. Look at what is marked below."
	}
	return f.top
}

// good reports whether nothing is wrong.
func (f *form) good() bool { return f.top == "" && len(f.wrong) == 0 }

// field is one input with its label, as the template "field" draws it.
type field struct {
	Name, Label, Hint, Value, Wrong string
	Type                            string // of the input; empty is text
	Options                         []option
	Needed                          bool
}

// option is one choice of a field.
type option struct {
	Value, Word string
	On          bool
}

// fieldOf prepares a field of a form for a template: {{template "field" (field
// $.Form "name" "Name" "as shown and printed" "text")}}.
func fieldOf(f *form, name, label, hint, kind string) field {
	return field{Name: name, Label: label, Hint: hint, Type: kind, Value: f.values.Get(name), Wrong: f.wrong[name]}
}

// choiceOf prepares a field with choices; each is "value|word", or both in one.
func choiceOf(f *form, name, label, hint string, choices []string) field {
	x := fieldOf(f, name, label, hint, "")
	for _, c := range choices {
		value, word, ok := strings.Cut(c, "|")
		if !ok {
			word = value
		}
		x.Options = append(x.Options, option{Value: value, Word: word, On: value == x.Value})
	}
	return x
}

// tickOf prepares a box to tick.
func tickOf(f *form, name, label, hint string) field {
	x := fieldOf(f, name, label, hint, "checkbox")
	x.Options = []option{{Value: "1", On: x.Value == "1"}}
	return x
}
