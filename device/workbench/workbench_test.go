package workbench_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/workbench"
)

// bench is everything behind a workbench, recording what it is asked to do.
type bench struct {
	did   []string
	fault string
	up    bool
}

func (b *bench) note(format string, args ...any) { b.did = append(b.did, fmt.Sprintf(format, args...)) }

func (b *bench) Frame() (image.Image, error) { return image.NewGray(image.Rect(0, 0, 4, 3)), nil }
func (b *bench) Scene() any                  { return map[string]any{"screen": "sale", "nodes": []any{}} }
func (b *bench) Version() uint64             { return 7 }
func (b *bench) Tap(x, y int)                { b.note("tap %d,%d", x, y) }
func (b *bench) Type(text string)            { b.note("type %s", text) }
func (b *bench) SetNetwork(up bool)          { b.up = up }

func (b *bench) TapID(id string) error {
	if id == "gone" {
		return errors.New(`there is no "gone" on the screen`)
	}
	b.note("tap %s", id)
	return nil
}

func (b *bench) Scan(code string) error { b.note("scan %s", code); return nil }
func (b *bench) Raw(p []byte) error     { b.note("raw %q", p); return nil }

func (b *bench) Documents() []workbench.Document {
	return []workbench.Document{{
		N: 3, Text: "Receipt C1-000001", Complete: true, Raw: []byte{0x1b, '@'},
		Image: func() image.Image { return image.NewGray(image.Rect(0, 0, 8, 9)) },
	}}
}

func (b *bench) Fault(name string, at int) error {
	if name != "paper-out" {
		return fmt.Errorf("there is no fault %q", name)
	}
	b.fault = name
	b.note("fault %s %d", name, at)
	return nil
}
func (b *bench) FaultName() string { return b.fault }
func (b *bench) Kicks() []workbench.Kick {
	return []workbench.Kick{{At: time.Unix(0, 0).UTC(), OnMS: 120, OffMS: 240}}
}

func serve(t *testing.T) (*bench, *httptest.Server) {
	t.Helper()
	b := &bench{fault: "none", up: true}
	s := workbench.New(workbench.Config{
		Title: "counter-1", Screen: b, Scanner: b, Paper: b, Network: b,
		State: func() workbench.State {
			return workbench.State{Device: "counter-1", Online: b.up, Outbox: 2, AckedSeq: 9}
		},
		Items: func() []workbench.DemoItem {
			return []workbench.DemoItem{{Name: "Tube <28>", Code: "40063", Note: "$9.95"}}
		},
		Settle: func(context.Context) { b.note("settled") },
	})
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	return b, srv
}

func ask(t *testing.T, method, url, body string) (int, string, []byte) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, res.Header.Get("Content-Type"), b
}

func TestActingRequests(t *testing.T) {
	raw := base64.StdEncoding.EncodeToString([]byte("\x02abc\x03"))
	rows := []struct {
		name, path, body string
		code             int
		did              []string
	}{
		{"tap a point", "/tap", `{"x":10,"y":20}`, 200, []string{"tap 10,20", "settled"}},
		{"tap the corner", "/tap", `{"x":0,"y":0}`, 200, []string{"tap 0,0", "settled"}},
		{"tap a node", "/tap", `{"id":"pay"}`, 200, []string{"tap pay", "settled"}},
		{"tap what is not there", "/tap", `{"id":"gone"}`, 409, nil},
		{"tap nowhere", "/tap", `{}`, 400, nil},
		{"half a point", "/tap", `{"x":10}`, 400, nil},
		{"no JSON", "/tap", `pay`, 400, nil},
		{"unknown field", "/tap", `{"button":"pay"}`, 400, nil},
		{"type", "/type", `{"text":"tube"}`, 200, []string{"type tube", "settled"}},
		{"scan", "/scan", `{"data":"4006381333931"}`, 200, []string{"scan 4006381333931", "settled"}},
		{"scan bytes", "/scan", `{"raw":"` + raw + `"}`, 200, []string{`raw "\x02abc\x03"`, "settled"}},
		{"scan nothing", "/scan", `{}`, 400, nil},
		{"scan no base64", "/scan", `{"raw":"%%"}`, 400, nil},
		{"fault", "/printer/fault", `{"fault":"paper-out"}`, 200, []string{"fault paper-out -1", "settled"}},
		{"fault at a byte", "/printer/fault", `{"fault":"paper-out","at_byte":40}`, 200, []string{"fault paper-out 40", "settled"}},
		{"no such fault", "/printer/fault", `{"fault":"on-fire"}`, 400, nil},
		{"network up", "/network", `{"state":"up"}`, 200, []string{"settled"}},
		{"network sideways", "/network", `{"state":"maybe"}`, 400, nil},
		{"too much", "/type", `{"text":"` + strings.Repeat("x", 1<<17) + `"}`, 400, nil},
	}
	for _, row := range rows {
		t.Run(row.name, func(t *testing.T) {
			b, srv := serve(t)
			code, _, body := ask(t, http.MethodPost, srv.URL+row.path, row.body)
			if code != row.code {
				t.Errorf("status %d, want %d: %s", code, row.code, body)
			}
			if diff := cmp.Diff(row.did, b.did); diff != "" {
				t.Errorf("what it did (-want +got):\n%s", diff)
			}
			var said map[string]any
			if err := json.Unmarshal(body, &said); err != nil || (code != 200) != (said["error"] != nil) {
				t.Errorf("answer %s: %v", body, err)
			}
		})
	}
}

func TestReadingRequests(t *testing.T) {
	_, srv := serve(t)
	for path, want := range map[string]string{
		"/scene.json":   `{"nodes":[],"screen":"sale"}`,
		"/printer.json": `{"documents":[{"complete":true,"n":3,"text":"Receipt C1-000001"}],"fault":"none"}`,
		"/drawer.json":  `{"count":1,"kicks":[{"at":"1970-01-01T00:00:00Z","off_ms":240,"on_ms":120}]}`,
		"/state.json": `{"acked_seq":9,"clock_known":false,"clock_offset_ms":0,"device":"counter-1","items":0,"network":"",` +
			`"online":true,"outbox":2,"program":"","role":"","versions":null}`,
	} {
		code, kind, body := ask(t, http.MethodGet, srv.URL+path, "")
		var v any
		if err := json.Unmarshal(body, &v); err != nil || code != 200 || kind != "application/json" {
			t.Errorf("%s: %d %s %s: %v", path, code, kind, body, err)
			continue
		}
		sorted, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, string(sorted)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
}

func TestPictures(t *testing.T) {
	_, srv := serve(t)
	for path, want := range map[string]image.Point{"/screen.png": {X: 4, Y: 3}, "/printer/3.png": {X: 8, Y: 9}} {
		code, kind, body := ask(t, http.MethodGet, srv.URL+path, "")
		img, err := png.Decode(bytes.NewReader(body))
		if err != nil || code != 200 || kind != "image/png" || img.Bounds().Size() != want {
			t.Errorf("%s: %d %s %v", path, code, kind, err)
		}
	}
	if _, _, body := ask(t, http.MethodGet, srv.URL+"/printer/3.bin", ""); !bytes.Equal(body, []byte{0x1b, '@'}) {
		t.Errorf("bytes of document 3: %q", body)
	}
	for _, path := range []string{"/printer/4.png", "/printer/3.txt", "/printer/x.png"} {
		if code, _, _ := ask(t, http.MethodGet, srv.URL+path, ""); code != http.StatusNotFound {
			t.Errorf("%s answers %d, want 404", path, code)
		}
	}
}

func TestPageEscapesNames(t *testing.T) {
	_, srv := serve(t)
	_, kind, body := ask(t, http.MethodGet, srv.URL+"/", "")
	if !strings.HasPrefix(kind, "text/html") || !bytes.Contains(body, []byte("Tube &lt;28&gt;")) {
		t.Errorf("page is %s:\n%s", kind, body)
	}
}

func TestOtherSitesMayNotAct(t *testing.T) {
	b, srv := serve(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, srv.URL+"/tap", strings.NewReader(`{"id":"pay"}`))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Origin", "https://elsewhere.example")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusForbidden || len(b.did) != 0 {
		t.Errorf("a page of another site got %s and did %v", res.Status, b.did)
	}
}

func TestListensOnLoopbackOnly(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "192.0.2.1:0", "shop.example:80"} {
		if l, err := workbench.Listen(addr); !errors.Is(err, workbench.ErrNotLoopback) {
			t.Errorf("%s: %v, %v", addr, l, err)
		}
	}
	l, err := workbench.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
}

func TestChangesStream(t *testing.T) {
	_, srv := serve(t)
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
	defer stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, srv.URL+"/changes", nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	first := make([]byte, 16)
	if _, err := io.ReadFull(res.Body, first); err != nil || !strings.HasPrefix(string(first), "data: {") {
		t.Errorf("the stream begins %q, %v", first, err)
	}
}

func (b *bench) NetworkUp() bool { return b.up }
