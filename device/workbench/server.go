package workbench

import (
	"bytes"
	"context"
	"embed"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"image/png"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed page.html page.css page.js
var files embed.FS

const (
	maxBody    = 64 << 10
	settleTime = 2 * time.Second
	watchEvery = 80 * time.Millisecond
)

// Server answers the workbench's requests.
type Server struct {
	cfg     Config
	page    *template.Template
	handler http.Handler
}

// New returns the server of one simulated device.
func New(cfg Config) *Server {
	s := &Server{cfg: cfg, page: template.Must(template.ParseFS(files, "page.html"))}
	mux := http.NewServeMux()
	s.handler = http.NewCrossOriginProtection().Handler(mux)
	mux.HandleFunc("GET /{$}", s.index)
	mux.Handle("GET /page.css", http.FileServerFS(files))
	mux.Handle("GET /page.js", http.FileServerFS(files))
	mux.HandleFunc("GET /screen.png", s.screenPNG)
	mux.HandleFunc("GET /scene.json", s.scene)
	mux.HandleFunc("POST /tap", s.tap)
	mux.HandleFunc("POST /type", s.typeText)
	mux.HandleFunc("POST /scan", s.scan)
	mux.HandleFunc("GET /printer.json", s.printer)
	mux.HandleFunc("GET /printer/{file}", s.paper)
	mux.HandleFunc("POST /printer/fault", s.fault)
	mux.HandleFunc("GET /drawer.json", s.drawer)
	mux.HandleFunc("POST /network", s.network)
	mux.HandleFunc("GET /state.json", s.state)
	mux.HandleFunc("GET /changes", s.changes)
	return s
}

// ServeHTTP answers one request. Requests from other sites' pages that act are
// refused, so that no page in the same browser can ring up a sale.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.handler.ServeHTTP(w, r)
}

// ErrNotLoopback is returned by Serve for an address that others could reach.
var ErrNotLoopback = errors.New("the workbench listens on loopback only")

// Listen opens the workbench's port, which must be on loopback.
func Listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("workbench address %q: %w", addr, err)
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%w: use 127.0.0.1 instead of %q", ErrNotLoopback, host)
	}
	return net.Listen("tcp", addr)
}

// Serve answers requests on l until ctx ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := &http.Server{
		Handler: s, ReadHeaderTimeout: 5 * time.Second,
		BaseContext: func(net.Listener) context.Context { return ctx },
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() }) // the pages are live views: nothing to finish
	defer stop()
	if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("workbench: %w", err)
	}
	return nil
}

func (s *Server) index(w http.ResponseWriter, _ *http.Request) {
	data := struct {
		Title   string
		Items   []DemoItem
		Scanner bool
		Paper   bool
	}{s.cfg.Title, s.cfg.Items(), s.cfg.Scanner != nil, s.cfg.Paper != nil}
	var b bytes.Buffer
	if err := s.page.Execute(&b, data); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_, _ = w.Write(b.Bytes()) // a reader that has left is no error of ours
}

func (s *Server) screenPNG(w http.ResponseWriter, r *http.Request) {
	s.settle(r)
	img, err := s.cfg.Screen.Frame()
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	var b bytes.Buffer
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	if err := enc.Encode(&b, img); err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	send(w, "image/png", b.Bytes())
}

func (s *Server) scene(w http.ResponseWriter, r *http.Request) {
	s.settle(r)
	answer(w, s.cfg.Screen.Scene())
}

func (s *Server) tap(w http.ResponseWriter, r *http.Request) {
	var q struct {
		X  *int   `json:"x"`
		Y  *int   `json:"y"`
		ID string `json:"id"`
	}
	if !read(w, r, &q) {
		return
	}
	switch {
	case q.ID != "":
		if err := s.cfg.Screen.TapID(q.ID); err != nil {
			fail(w, http.StatusConflict, err)
			return
		}
	case q.X != nil && q.Y != nil:
		s.cfg.Screen.Tap(*q.X, *q.Y)
	default:
		fail(w, http.StatusBadRequest, errors.New(`say where: {"x":10,"y":20} in pixels, or {"id":"pay"}`))
		return
	}
	s.settle(r)
	done(w)
}

func (s *Server) typeText(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Text string `json:"text"`
	}
	if !read(w, r, &q) {
		return
	}
	s.cfg.Screen.Type(q.Text)
	s.settle(r)
	done(w)
}

func (s *Server) scan(w http.ResponseWriter, r *http.Request) {
	var q struct {
		Data string `json:"data"`
		Raw  string `json:"raw"`
	}
	if !read(w, r, &q) {
		return
	}
	if s.cfg.Scanner == nil {
		fail(w, http.StatusNotFound, errors.New("this device has no virtual scanner"))
		return
	}
	raw, err := base64.StdEncoding.DecodeString(q.Raw)
	switch {
	case err != nil:
		fail(w, http.StatusBadRequest, fmt.Errorf("raw must be base64: %w", err))
		return
	case q.Data == "" && len(raw) == 0:
		fail(w, http.StatusBadRequest, errors.New(`say what: {"data":"4006381333931"}, or {"raw":"base64 of bytes"}`))
		return
	case q.Data != "":
		err = s.cfg.Scanner.Scan(q.Data)
	default:
		err = s.cfg.Scanner.Raw(raw)
	}
	if err != nil {
		fail(w, http.StatusConflict, err)
		return
	}
	s.settle(r)
	done(w)
}

func (s *Server) network(w http.ResponseWriter, r *http.Request) {
	var q struct {
		State string `json:"state"`
	}
	if !read(w, r, &q) {
		return
	}
	if q.State != "up" && q.State != "down" {
		fail(w, http.StatusBadRequest, fmt.Errorf("state is %q, it must be up or down", q.State))
		return
	}
	s.cfg.Network.SetNetwork(q.State == "up")
	s.settle(r)
	done(w)
}

func (s *Server) state(w http.ResponseWriter, r *http.Request) {
	s.settle(r)
	answer(w, s.cfg.State())
}

// changes tells the page what to fetch again, as server-sent events.
func (s *Server) changes(w http.ResponseWriter, r *http.Request) {
	rc := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	last := ""
	for {
		now := s.versions()
		if now != last {
			last = now
			if _, err := fmt.Fprintf(w, "data: %s\n\n", now); err != nil || rc.Flush() != nil {
				return
			}
		}
		select {
		case <-r.Context().Done():
			return
		case <-t.C:
		}
	}
}

func (s *Server) versions() string {
	var paper uint64
	if s.cfg.Paper != nil {
		paper = s.cfg.Paper.Version()
	}
	b, err := json.Marshal(map[string]any{"screen": s.cfg.Screen.Version(), "paper": paper, "state": s.cfg.State()})
	if err != nil {
		return "{}"
	}
	return string(b)
}

func (s *Server) settle(r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), settleTime)
	defer cancel()
	s.cfg.Settle(ctx)
}

func read(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxBody))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		fail(w, http.StatusBadRequest, fmt.Errorf("the body must be a JSON object as docs/workbench.md describes: %w", err))
		return false
	}
	return true
}

func done(w http.ResponseWriter) { answer(w, map[string]bool{"ok": true}) }

func answer(w http.ResponseWriter, v any) {
	b, err := json.MarshalIndent(v, "", " ")
	if err != nil {
		fail(w, http.StatusInternalServerError, err)
		return
	}
	send(w, "application/json", append(b, '\n'))
}

func send(w http.ResponseWriter, kind string, b []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Length", strconv.Itoa(len(b)))
	_, _ = w.Write(b) // a reader that has left is no error of ours
}

func fail(w http.ResponseWriter, code int, err error) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	b, _ := json.Marshal(map[string]string{"error": strings.TrimSpace(err.Error())}) // two strings always encode
	_, _ = w.Write(append(b, '\n'))
}
