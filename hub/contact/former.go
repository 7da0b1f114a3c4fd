package contact

import "strings"

// The words before what a customer was called once, in the notes.
const (
	formerName  = "Also Name: "
	formerPhone = "Also Phone: "
	formerEmail = "Also E-mail: "
)

// Keep puts what a customer was called once under the notes, one line each, so that
// it can be read, and found again by Former.
func (d Draft) Keep(notes string) string {
	lines := []string{notes}
	for _, l := range [][2]string{{formerName, d.Name}, {formerPhone, d.Phone}, {formerEmail, d.Email}} {
		if l[1] != "" {
			lines = append(lines, l[0]+l[1])
		}
	}
	return strings.TrimPrefix(strings.Join(lines, "\n"), "\n")
}

// Former is what the notes of a customer tell of other names, numbers and
// addresses, as Keep wrote them.
func Former(notes string) []Draft {
	var all []Draft
	for line := range strings.SplitSeq(notes, "\n") {
		if s, ok := strings.CutPrefix(line, formerName); ok {
			all = append(all, Draft{Name: s})
		} else if s, ok := strings.CutPrefix(line, formerPhone); ok {
			all = append(all, Draft{Phone: s})
		} else if s, ok := strings.CutPrefix(line, formerEmail); ok {
			all = append(all, Draft{Email: s})
		}
	}
	return all
}
