// Package public is what the world may see of a shop: the receipt of a sale, to
// whoever has the token of its QR code, as a page for a telephone and as plain
// text. Nobody signs in.
//
// It promises that what it does not have is answered the same way whatever the
// reason: a token that never was, one whose days are over, and one of a sale that
// still waits in a till for the network. Pages carry no script, ask no other
// server for anything, and say that nobody may index, cache or refer from them. An
// address that asks too often is told to wait.
//
// It refuses to show a customer's name, and to be an entrance to the office: the
// handler of [New] knows no page of it, so that it can have a listener of its own.
package public

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"html/template"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Links finds the sale of a token. *store.Store does.
type Links interface {
	LinkedReceipt(ctx context.Context, digest string, sinceMS int64) (sale string, err error)
	ReceiptRules(ctx context.Context) (store.ReceiptRules, error)
}

// Receipts finds the document of a sale. *receipt.Keeper does.
type Receipts interface {
	Open(ctx context.Context, saleID string) (slip.Doc, error)
}

// Config is what the pages need. Log and Now may be nil.
type Config struct {
	Links    Links
	Receipts Receipts
	Log      *slog.Logger
	Now      func() time.Time
}

// pages answers requests.
type pages struct {
	Config
	gate *gate
}

// New returns the handler of the public pages.
func New(cfg Config) http.Handler {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	p := &pages{Config: cfg, gate: newGate(cfg.Now)}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /r/{token}", p.page)
	mux.HandleFunc("GET /r/{token}/receipt.txt", p.text)
	mux.HandleFunc("GET /robots.txt", robots)
	return p.guard(mux)
}

func robots(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte("User-agent: *\nDisallow: /\n")) // the asker has gone: nobody to tell
}

// guard sets the headers of every answer and stops who asks too often. It logs no
// path: the token is in it.
func (p *pages) guard(next http.Handler) http.Handler {
	policy := "default-src 'none'; style-src '" + styleHash() + "'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("X-Frame-Options", "DENY")
		h.Set("X-Robots-Tag", "noindex, nofollow, noarchive")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		if !p.gate.open(asker(r)) {
			p.Log.Warn("somebody asks for receipts too often", "from", asker(r))
			h.Set("Retry-After", "60")
			p.show(w, http.StatusTooManyRequests, view{Title: "Please wait", Text: "Your address asked very often. Wait a minute, then open the code again."})
			return
		}
		next.ServeHTTP(w, r)
	})
}

// find returns the receipt of a token. Whatever is wrong with a token, it is
// looked up.
func (p *pages) find(ctx context.Context, token string) (slip.Doc, error) {
	rules, err := p.Links.ReceiptRules(ctx)
	if err != nil {
		return slip.Doc{}, err
	}
	since := p.Now().AddDate(0, 0, -rules.Kept()).UnixMilli()
	sale, err := p.Links.LinkedReceipt(ctx, protocol.TokenDigest(token), since)
	if err != nil {
		return slip.Doc{}, err
	}
	return p.Receipts.Open(ctx, sale)
}

// look finds a receipt, and answers by itself when there is none.
func (p *pages) look(w http.ResponseWriter, r *http.Request) (slip.Doc, bool) {
	d, err := p.find(r.Context(), r.PathValue("token"))
	switch {
	case errors.Is(err, store.ErrNotFound):
		p.Log.Info("a receipt was asked for that is not here")
		p.show(w, http.StatusNotFound, view{Title: "This receipt is not here yet", Text: notHere})
	case err != nil:
		p.Log.Error("receipt", "err", err)
		p.show(w, http.StatusServiceUnavailable, view{Title: "Not just now", Text: "The shop cannot find its receipts just now. Please try again in a few minutes."})
	}
	return d, err == nil
}

const notHere = "The till may still be waiting for the network. Please try again in a few minutes. " +
	"After some time receipts are taken off this page: then ask the shop, which keeps them all."

// page answers with the receipt for a telephone, and for paper.
func (p *pages) page(w http.ResponseWriter, r *http.Request) {
	d, ok := p.look(w, r)
	if !ok {
		return
	}
	body, err := receipt.HTML(d)
	if err != nil {
		p.Log.Error("receipt", "err", err)
		http.Error(w, "The receipt cannot be shown.", http.StatusInternalServerError)
		return
	}
	p.Log.Info("receipt opened")
	p.show(w, http.StatusOK, view{Title: d.Title, Body: body, Plain: r.URL.Path + "/receipt.txt"})
}

// text answers with the receipt as plain text.
func (p *pages) text(w http.ResponseWriter, r *http.Request) {
	d, ok := p.look(w, r)
	if !ok {
		return
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	_, _ = w.Write([]byte(receipt.Text(d))) // the asker has gone: nobody to tell
}

// view is one page.
type view struct {
	Title string
	Text  string
	Body  template.HTML
	Plain string // address of the plain text
	Style template.CSS
}

func (p *pages) show(w http.ResponseWriter, status int, v view) {
	v.Style = template.CSS(style()) // our own text
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	if err := page.Execute(w, v); err != nil {
		p.Log.Debug("the asker has gone", "err", err)
	}
}

var page = template.Must(template.New("page").Parse(`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{{.Title}}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light">
<link rel="icon" href="data:,">
<style>{{.Style}}</style>
</head>
<body>
<main>
{{if .Body}}<article aria-label="{{.Title}}">{{.Body}}</article>
<nav><p>To keep it, choose Share or Print in your browser, and there PDF.</p>
<p><a href="{{.Plain}}" rel="nofollow">As plain text</a></p></nav>
{{else}}<h1>{{.Title}}</h1>
<p>{{.Text}}</p>{{end}}
</main>
</body>
</html>
`))

// style is the style sheet of all pages.
func style() string {
	return strings.TrimSpace(`
body{margin:0;background:#f1efe9;color:#1f2327;font:17px/1.45 system-ui,sans-serif}
main{max-width:26rem;margin:0 auto;padding:1rem}
article{background:#fff;padding:1.4rem 1.1rem;border-radius:.5rem;box-shadow:0 1px 4px rgba(0,0,0,.15)}
nav{color:#555;font-size:.95rem;text-align:center}
nav a{color:#1b4fae;display:inline-block;padding:.6rem}
h1{font-size:1.4rem}
`+receipt.Style) + `
@media print{body,article{background:#fff;box-shadow:none;font-size:11pt}main,article{padding:0;margin:0}nav{display:none}@page{margin:15mm}}`
}

// styleHash is how the policy of the pages knows the style sheet.
func styleHash() string {
	sum := sha256.Sum256([]byte(style()))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}
