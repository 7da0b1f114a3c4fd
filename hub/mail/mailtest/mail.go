package mailtest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/http"
	netmail "net/mail"
	"strconv"
	"strings"
)

// Mail is one mail that was taken.
type Mail struct {
	From      string   // of the envelope
	To        []string // of the envelope
	MessageID string   // with its brackets
	Subject   string   // decoded
	Sender    string   // of the header, decoded
	Text      string   // its plain part
	HTML      string   // its page
	Headers   netmail.Header
	Came      int // times it came
}

// read takes a mail apart.
func read(raw []byte) (Mail, error) {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return Mail{}, fmt.Errorf("read mail: %w", err)
	}
	words := new(mime.WordDecoder)
	subject, err := words.DecodeHeader(m.Header.Get("Subject"))
	if err != nil {
		return Mail{}, fmt.Errorf("read subject: %w", err)
	}
	sender, err := words.DecodeHeader(m.Header.Get("From"))
	if err != nil {
		return Mail{}, fmt.Errorf("read sender: %w", err)
	}
	got := Mail{MessageID: m.Header.Get("Message-ID"), Subject: subject, Sender: sender, Headers: m.Header}
	kind, args, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil || !strings.HasPrefix(kind, "multipart/") {
		return got, errors.Join(errors.New("a mail of several parts was expected"), err)
	}
	return got, got.readParts(multipart.NewReader(m.Body, args["boundary"]))
}

func (m *Mail) readParts(parts *multipart.Reader) error {
	for {
		p, err := parts.NextRawPart()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read parts: %w", err)
		}
		kind, args, err := mime.ParseMediaType(p.Header.Get("Content-Type"))
		if err != nil || !strings.EqualFold(args["charset"], "UTF-8") || !strings.EqualFold(p.Header.Get("Content-Transfer-Encoding"), "quoted-printable") {
			return fmt.Errorf("a part is %q as %q", p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"))
		}
		body, err := io.ReadAll(quotedprintable.NewReader(p))
		if err != nil {
			return fmt.Errorf("read %s: %w", kind, err)
		}
		text := strings.ReplaceAll(string(body), "\r\n", "\n")
		switch kind {
		case "text/plain":
			m.Text = text
		case "text/html":
			m.HTML = text
		}
	}
}

// Handler shows what was taken: a list at /, each mail at /mail/N, and all of them
// as JSON at /mails.json. POST /fail?next=FAULT has the next mail go wrong.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { draw(w, "list", s.Mails()) })
	mux.HandleFunc("GET /mails.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(s.Mails()) // the asker has gone: nobody to tell
	})
	mux.HandleFunc("GET /mail/{n}", func(w http.ResponseWriter, r *http.Request) {
		all := s.Mails()
		n, err := strconv.Atoi(r.PathValue("n"))
		if err != nil || n < 1 || n > len(all) {
			http.NotFound(w, r)
			return
		}
		draw(w, "mail", all[n-1])
	})
	mux.HandleFunc("POST /fail", func(_ http.ResponseWriter, r *http.Request) { s.Fail(Fault(r.URL.Query().Get("next"))) })
	return mux
}

func draw(w http.ResponseWriter, name string, data any) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'")
	_ = looks.ExecuteTemplate(w, name, data) // the asker has gone: nobody to tell
}

var looks = template.Must(template.New("").Funcs(template.FuncMap{"inc": func(n int) int { return n + 1 }}).Parse(`
{{define "head"}}<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>{{.}}</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:56rem;margin:1rem auto;padding:0 1rem;color:#1f2327;background:#f6f5f1}
li,pre,iframe,dl{background:#fff;border:1px solid #ddd;border-radius:.4rem;padding:.8rem}ol{list-style:none;padding:0}li{margin:.5rem 0}
pre{overflow:auto}iframe{width:100%;height:44rem;box-sizing:border-box}dt{color:#666}</style></head><body>{{end}}
{{define "list"}}{{template "head" "Mail catcher"}}<h1>Mail catcher</h1><p>Every e-mail of the shop ends here; nothing leaves this machine. Reload to see more.</p>
<ol>{{range $i, $m := .}}<li><a href="/mail/{{inc $i}}">{{$m.Subject}}</a><br>to {{range $m.To}}{{.}} {{end}}{{if gt $m.Came 1}}· came {{$m.Came}} times{{end}}</li>{{else}}<li>Nothing was sent yet.</li>{{end}}</ol></body></html>{{end}}
{{define "mail"}}{{template "head" .Subject}}<p><a href="/">All mails</a></p><h1>{{.Subject}}</h1>
<dl><dt>From</dt><dd>{{.Sender}}</dd><dt>To</dt><dd>{{range .To}}{{.}} {{end}}</dd><dt>Message-ID</dt><dd>{{.MessageID}}</dd></dl>
<h2>As a page</h2><iframe sandbox title="The mail as a page" srcdoc="{{.HTML}}"></iframe><h2>As text</h2><pre>{{.Text}}</pre></body></html>{{end}}
`))
