package mail

import (
	"errors"
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"

	gomail "github.com/wneessen/go-mail"

	"kickstand/hub/receipt"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// ErrHeader is wrapped when a text cannot stand in a header.
var ErrHeader = errors.New("this cannot stand in the header of a mail")

// compose makes the mail of a receipt: as text and as a page, of the same document.
func (s *Sender) compose(to, messageID string, d slip.Doc, at time.Time) (*gomail.Msg, error) {
	subject := d.Title
	if shop := heading(d); shop != "" {
		subject += ", " + shop
	}
	if err := errors.Join(protocol.CheckAddress(to), checkHeader(subject), checkHeader(messageID)); err != nil {
		return nil, err
	}
	page, err := letter(d)
	if err != nil {
		return nil, err
	}
	m := gomail.NewMsg(gomail.WithCharset(gomail.CharsetUTF8), gomail.WithEncoding(gomail.EncodingQP))
	err = errors.Join(m.From(s.cfg.From), m.To(to))
	m.Subject(subject)
	m.SetMessageIDWithValue(messageID)
	m.SetDateWithValue(at)
	m.SetGenHeader("Auto-Submitted", "auto-generated") // nobody's absence answers
	m.SetBodyString(gomail.TypeTextPlain, receipt.Text(d))
	m.AddAlternativeString(gomail.TypeTextHTML, page)
	return m, err
}

// heading is the name of the shop on the receipt.
func heading(d slip.Doc) string {
	for _, l := range d.Lines {
		if l.Style == slip.Head {
			return l.Left
		}
	}
	return ""
}

// checkHeader refuses what could begin a header of its own.
func checkHeader(text string) error {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return fmt.Errorf("%w: %.60q", ErrHeader, text)
	}
	return nil
}

// letter is the receipt as a page for mail programs.
func letter(d slip.Doc) (string, error) {
	body, err := receipt.HTML(d)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	err = page.Execute(&b, map[string]any{"Title": d.Title, "Body": body, "Style": template.CSS(receipt.Style)}) // our own text
	return b.String(), err
}

var page = template.Must(template.New("letter").Parse(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{{.Title}}</title><meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{font:16px/1.45 sans-serif;color:#1f2327;background:#fff;margin:1rem auto;max-width:26rem}
{{.Style}}</style></head><body>{{.Body}}</body></html>
`))
