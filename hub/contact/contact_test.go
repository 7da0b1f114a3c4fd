package contact_test

import (
	"fmt"
	"strings"
	"testing"

	"kickstand/hub/contact"
)

func Example() {
	d := contact.Draft{Name: "Ada Abernathy", Phone: "(250) 555-0142", Email: "ada.example.com"}
	for _, f := range d.Judge() {
		fmt.Println(f.Field+":", f.Words)
	}
	fmt.Println(contact.Digits(d.Phone), contact.Last(d.Phone), contact.Number(17))
	// Output:
	// email: An e-mail address has an @ in it, as in name@example.com. Leave the field empty if it is not known.
	// 2505550142 0142 A-17
}

func TestWhatIsTaken(t *testing.T) {
	good := []contact.Draft{
		{Name: "Noor"},
		{Name: "Ó Faoláin & Söhne GmbH", Email: "o'faolain+bikes@sub.example.museum", Phone: "+49 (0)171 / 123-4567 ext. 8"},
		{Name: "李雷", Email: "用户@例子.公司", Phone: "55501"},
		{Name: strings.Repeat("é", contact.MaxName), Notes: strings.Repeat("ü", contact.MaxNotes)},
	}
	for _, d := range good {
		if f := d.Judge(); len(f) > 0 {
			t.Errorf("%+v: %v", d, f)
		}
	}
	bad := map[string]contact.Draft{
		"name":  {Name: "  "},
		"email": {Name: "x", Email: "a@b"},
		"phone": {Name: "x", Phone: "call me"},
		"notes": {Name: "x", Notes: strings.Repeat("x", contact.MaxNotes+1)},
	}
	for field, d := range bad {
		if f := d.Judge(); len(f) != 1 || f[0].Field != field || !strings.HasSuffix(f[0].Words, ".") {
			t.Errorf("%+v: %v", d, f)
		}
	}
	for _, mail := range []string{"@example.com", "a@.com", "a@b.", "a b@example.com", "a@example.com, b@example.com", "a@b@c.d", strings.Repeat("a", 300) + "@b.c"} {
		if (contact.Draft{Name: "x", Email: mail}).Judge() == nil {
			t.Errorf("%.40q is taken for an address", mail)
		}
	}
}

func TestOneNumberWrittenInManyWays(t *testing.T) {
	for _, phone := range []string{"+49 171 1234567", "0171/1234567", "00491711234567", "171 123 45 67"} {
		if got := contact.Tail(phone); got != "711234567" {
			t.Errorf("%q ends in %q", phone, got)
		}
	}
	if contact.Tail("12") != "" || contact.Last("7") != "7" {
		t.Error("a number that is too short is recognised")
	}
}

func TestWhatIsLookedFor(t *testing.T) {
	for text, want := range map[string]contact.Query{
		"A-17":           {Number: 17},
		" a17":           {Number: 17},
		"17":             {Number: 17, Digits: "17"},
		"(250) 555-0142": {Digits: "2505550142"},
		"0142":           {Number: 142, Digits: "0142"},
		"ada":            {Text: "ada"},
		"a@example.com":  {Text: "a@example.com"},
		"":               {},
		"+":              {},
		"A-":             {Text: "A-"},
	} {
		if got := contact.ParseQuery(text); got != want {
			t.Errorf("%q: %+v, want %+v", text, got, want)
		}
	}
}

func FuzzParseQuery(f *testing.F) {
	for _, s := range []string{"A-17", "250 555", "ada", "a+1", "٣"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		q := contact.ParseQuery(s)
		if q.Text != "" && (q.Digits != "" || q.Number != 0) || q.Number < 0 || contact.Digits(q.Digits) != q.Digits {
			t.Errorf("%q: %+v", s, q)
		}
	})
}

func TestEveryChannelHasWords(t *testing.T) {
	for _, c := range contact.Channels() {
		if c.Words() == string(c) {
			t.Errorf("%s has no words", c)
		}
	}
	for _, h := range contact.Ways() {
		if h.Words() == string(h) {
			t.Errorf("%s has no words", h)
		}
	}
}

func TestWhatSomebodyWasCalledIsFoundAgain(t *testing.T) {
	was := contact.Draft{Name: "A. Abernathy", Email: "old@example.com"}
	notes := was.Keep("Rides at night.\nAlso likes tea.")
	if want := "Rides at night.\nAlso likes tea.\nAlso Name: A. Abernathy\nAlso E-mail: old@example.com"; notes != want {
		t.Errorf("%q", notes)
	}
	got := contact.Former(notes)
	if len(got) != 2 || got[0].Name != was.Name || got[1].Email != was.Email {
		t.Errorf("%+v", got)
	}
	if notes := (contact.Draft{Phone: "1"}).Keep(""); notes != "Also Phone: 1" {
		t.Errorf("%q", notes)
	}
}
