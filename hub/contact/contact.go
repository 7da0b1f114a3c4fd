// Package contact judges what somebody types about a customer. It is PURE.
//
// It promises to be lenient: what a person could mean is taken as it was typed,
// and a [Fault] says in plain words what to do about the rest. It refuses to
// correct anything: a name, a number and an address stay as they were typed, only
// for searching and comparing they have another form, see [Digits].
//
// Start with [Draft.Judge].
package contact

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Draft is a customer as typed.
type Draft struct {
	Name  string
	Email string
	Phone string
	Notes string
}

// The names of the fields, for Fault.
const (
	FieldName  = "name"
	FieldEmail = "email"
	FieldPhone = "phone"
	FieldNotes = "notes"
)

// Limits of the fields, in characters.
const (
	MaxName  = 120
	MaxEmail = 200
	MaxPhone = 40
	MaxNotes = 4000
)

// Fault is what is wrong with a field.
type Fault struct {
	Field string
	Words string // what is wrong and what to do
}

// Judge says what is wrong with a draft; nothing is none.
func (d Draft) Judge() []Fault {
	var all []Fault
	add := func(field, words string) {
		if words != "" {
			all = append(all, Fault{Field: field, Words: words})
		}
	}
	add(FieldName, wrongName(d.Name))
	add(FieldEmail, wrongEmail(d.Email))
	add(FieldPhone, wrongPhone(d.Phone))
	if utf8.RuneCountInString(d.Notes) > MaxNotes {
		add(FieldNotes, fmt.Sprintf("The notes are longer than %d characters. Shorten them.", MaxNotes))
	}
	return all
}

func wrongName(s string) string {
	switch {
	case strings.TrimSpace(s) == "":
		return "Type a name, of a person or a company."
	case utf8.RuneCountInString(s) > MaxName:
		return fmt.Sprintf("The name is longer than %d characters. Shorten it.", MaxName)
	case strings.ContainsFunc(s, unicode.IsControl):
		return "The name has signs in it that cannot be shown. Type it by hand."
	}
	return ""
}

// wrongEmail lets through what could be an address; only sending shows whether it
// is one.
func wrongEmail(s string) string {
	name, domain, ok := strings.Cut(s, "@")
	dot := strings.LastIndexByte(domain, '.')
	switch {
	case s == "":
		return ""
	case !ok:
		return "An e-mail address has an @ in it, as in name@example.com. Leave the field empty if it is not known."
	case strings.ContainsFunc(s, unicode.IsSpace) || strings.ContainsAny(s, ",;"):
		return "This looks like more than one address. Type one, without spaces."
	case name == "" || dot < 1 || dot == len(domain)-1 || strings.Contains(domain, "@"):
		return "Something is missing around the @. An address looks like name@example.com."
	case utf8.RuneCountInString(s) > MaxEmail:
		return fmt.Sprintf("The address is longer than %d characters, so it is surely mistyped.", MaxEmail)
	}
	return ""
}

// The fewest and most digits of a phone number.
const (
	fewDigits  = 5
	manyDigits = 20
)

func wrongPhone(s string) string {
	n := len(Digits(s))
	switch {
	case s == "":
		return ""
	case utf8.RuneCountInString(s) > MaxPhone, n > manyDigits:
		return "The number is too long. Type one number; others go into the notes."
	case n < fewDigits:
		return fmt.Sprintf("A phone number has at least %d digits, with its area code. Leave the field empty if it is not known.", fewDigits)
	}
	return ""
}

// Digits is a phone number as it is searched for: its digits alone.
func Digits(phone string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, phone)
}

// tail is how many digits from the end make two numbers the same.
const tail = 9

// Tail is the end of a phone number by which it is recognised when it was written
// with and without its country code; empty when it is too short for that.
func Tail(phone string) string {
	d := Digits(phone)
	if len(d) < fewDigits {
		return ""
	}
	return d[max(0, len(d)-tail):]
}

// Last is the last four digits of a phone number, for telling namesakes apart
// without showing the number.
func Last(phone string) string {
	d := Digits(phone)
	return d[max(0, len(d)-4):]
}

// Number writes an account number for people: A-17.
func Number(n int64) string { return "A-" + strconv.FormatInt(n, 10) }

// ParseNumber reads an account number, with its letter or without.
func ParseNumber(s string) (int64, bool) {
	s = strings.TrimSpace(s)
	if rest, ok := strings.CutPrefix(strings.ToUpper(s), "A"); ok {
		s = strings.TrimLeft(rest, "- ")
	}
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0 && s[0] != '+'
}

// Query is what somebody typed to find a customer.
type Query struct {
	Text   string // letters: part of a name or an address; empty: Digits counts
	Digits string // of a phone number
	Number int64  // account number, 0 none
}

// ParseQuery tells numbers from names: A-17 is an account number, digits are one or
// part of a phone number, anything else is text.
func ParseQuery(s string) Query {
	s = strings.TrimSpace(s)
	n, account := ParseNumber(s)
	letters := strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsDigit(r) && !strings.ContainsRune(" -+()./", r) })
	switch {
	case account && letters:
		return Query{Number: n}
	case letters:
		return Query{Text: s}
	case account:
		return Query{Number: n, Digits: Digits(s)}
	}
	return Query{Digits: Digits(s)}
}
