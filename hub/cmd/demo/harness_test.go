package main_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// binaries are built once for all tests of this package: the real hub, and the
// real kiosk without its window, which a machine with no display can run.
var binaries = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "kickstand-e2e")
	if err != nil {
		return "", err
	}
	for name, args := range map[string][]string{
		"hub":   {"./hub/cmd/hub"},
		"demo":  {"./hub/cmd/demo"},
		"kiosk": {"-tags", "headless", "./device/cmd/kiosk"},
	} {
		c := exec.Command("go", append([]string{"build", "-o", filepath.Join(dir, name)}, args...)...)
		c.Dir, c.Env = "../../..", append(os.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			return "", fmt.Errorf("build %s: %w\n%s", name, err, out)
		}
	}
	return dir, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := binaries(); err == nil {
		_ = os.RemoveAll(dir) // a temporary directory left behind harms nobody
	}
	os.Exit(code)
}

// shop is a hub with its devices as processes, on ports of its own.
type shop struct {
	t         testing.TB
	bin, dir  string
	web, mqtt string
	db        string // URL of its PostgreSQL database; empty: a file
	hub       *process
}

// process is one running program that can be killed and started again.
type process struct {
	t    testing.TB
	path string
	args []string
	log  string
	cmd  *exec.Cmd
}

func openShop(t testing.TB) *shop { t.Helper(); return openShopOn(t, "") }

// openShopOn is openShop with the books on PostgreSQL when db is not empty, and
// with more flags for hub serve.
func openShopOn(t testing.TB, db string, more ...string) *shop {
	t.Helper()
	if testing.Short() {
		t.Skip("starts processes")
	}
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	s := &shop{t: t, bin: bin, dir: t.TempDir(), web: freePort(t), mqtt: freePort(t), db: db}
	if s.db == "" {
		s.db = storetest.On(t, store.Config{Path: filepath.Join(s.dir, "demo.db")}).URL
	}
	seed := exec.Command(filepath.Join(bin, "hub"), "seed", "demo", "--data", filepath.Join(s.dir, "hub"), "--db", s.db)
	if out, err := seed.CombinedOutput(); err != nil {
		t.Fatalf("seed: %v\n%s", err, out)
	}
	s.sessions("off") // the tests that want them turn them on
	serve := []string{"serve", "--data", filepath.Join(s.dir, "hub"), "--db", s.db, "--shop", "demo", "--web", s.web, "--mqtt", s.mqtt}
	s.hub = s.program("hub", "hub", append(serve, more...)...)
	s.hub.start()
	await(t, "the hub answers", func() bool { return get(t, "http://"+s.web+"/healthz", nil) == nil })
	return s
}

// sessions says whether the shop's tills must be opened before they sell. The hub
// must not be running.
func (s *shop) sessions(on string) {
	s.t.Helper()
	set := exec.Command(filepath.Join(s.bin, "hub"), "till", "--data", filepath.Join(s.dir, "hub"), "--db", s.db, "--shop", "demo", "--sessions", on)
	if out, err := set.CombinedOutput(); err != nil {
		s.t.Fatalf("till rules: %v\n%s", err, out)
	}
}

func (s *shop) program(name, binary string, args ...string) *process {
	return &process{t: s.t, path: filepath.Join(s.bin, binary), args: args, log: filepath.Join(s.dir, name+".log")}
}

func (p *process) start() {
	p.t.Helper()
	log, err := os.OpenFile(p.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		p.t.Fatal(err)
	}
	p.cmd = exec.Command(p.path, p.args...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	_ = log.Close() // the child has its own copy
	cmd := p.cmd
	p.t.Cleanup(func() {
		_ = cmd.Process.Kill() // may have ended already
		_ = cmd.Wait()
		if p.t.Failed() {
			p.t.Logf("last words of %s:\n%s", filepath.Base(p.log), p.lastWords())
		}
	})
}

func (p *process) lastWords() string {
	b, _ := os.ReadFile(p.log) // what can be read of it helps
	return string(b[max(0, len(b)-3000):])
}

// kill ends the program as a power cut would.
func (p *process) kill() {
	p.t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		p.t.Fatalf("kill %s: %v", p.path, err)
	}
	_ = p.cmd.Wait() // it reports the kill
}

// stop ends the program as Ctrl-C would and wants a clean end.
func (p *process) stop() {
	p.t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		p.t.Fatal(err)
	}
	if err := p.cmd.Wait(); err != nil {
		p.t.Errorf("%s did not end cleanly: %v\n%s", p.path, err, p.lastWords())
	}
}

// till is a counter or kiosk, driven through its workbench.
type till struct {
	*process
	url string
}

func (s *shop) till(device, role, slip string, more ...string) *till {
	s.t.Helper()
	return s.tillOf("kiosk", device, role, slip, more...)
}

// tillOf starts a till from one of the binaries.
func (s *shop) tillOf(binary, device, role, slip string, more ...string) *till {
	s.t.Helper()
	bench := freePort(s.t)
	args := append([]string{
		"--sim", "--shop", "demo", "--device", device, "--role", role, "--slip", slip, "--panel", "10.1", "--hub", "tcp://" + s.mqtt,
		"--data", filepath.Join(s.dir, device), "--workbench", bench,
	}, more...)
	k := &till{url: "http://" + bench, process: s.program(device, binary, args...)}
	k.start()
	k.awaitReady()
	return k
}

func (k *till) awaitReady() {
	k.t.Helper()
	await(k.t, "the till has its items", func() bool {
		var st state
		return get(k.t, k.url+"/state.json", &st) == nil && st.Items > 0
	})
}

type state struct {
	Online   bool   `json:"online"`
	Outbox   int    `json:"outbox"`
	AckedSeq uint64 `json:"acked_seq"`
	Items    int    `json:"items"`
}

type scene struct {
	Screen  string `json:"screen"`
	Version uint64 `json:"version"`
	Nodes   []node `json:"nodes"`
}

type node struct {
	ID      string `json:"id"`
	Role    string `json:"role"`
	Label   string `json:"label"`
	Value   string `json:"value"`
	Enabled bool   `json:"enabled"`
	Rect    struct {
		X int `json:"x"`
		Y int `json:"y"`
		W int `json:"w"`
		H int `json:"h"`
	} `json:"rect"`
}

func (k *till) scene() scene {
	k.t.Helper()
	var s scene
	if err := get(k.t, k.url+"/scene.json", &s); err != nil {
		k.t.Fatal(err)
	}
	return s
}

func (s scene) node(id string) (node, bool) {
	for _, n := range s.Nodes {
		if n.ID == id {
			return n, true
		}
	}
	return node{}, false
}

func (s scene) first(prefix string) (node, bool) {
	for _, n := range s.Nodes {
		if strings.HasPrefix(n.ID, prefix) && n.Enabled {
			return n, true
		}
	}
	return node{}, false
}

func (k *till) state() state {
	k.t.Helper()
	var s state
	if err := get(k.t, k.url+"/state.json", &s); err != nil {
		k.t.Fatal(err)
	}
	return s
}

// paper is one document in printer.json.
type paper struct {
	N        int    `json:"n"`
	Text     string `json:"text"`
	Complete bool   `json:"complete"`
}

func (k *till) papers() []paper {
	k.t.Helper()
	var p struct {
		Documents []paper `json:"documents"`
	}
	if err := get(k.t, k.url+"/printer.json", &p); err != nil {
		k.t.Fatal(err)
	}
	return p.Documents
}

func (k *till) post(path string, body any) error {
	b, err := json.Marshal(body)
	if err != nil {
		return err
	}
	res, err := http.Post(k.url+path, "application/json", bytes.NewReader(b))
	if err != nil {
		return err
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("POST %s %s: %s: %s", path, b, res.Status, text)
	}
	return err
}

func (k *till) must(path string, body any) {
	k.t.Helper()
	if err := k.post(path, body); err != nil {
		k.t.Fatalf("%v\nscene: %+v", err, k.scene())
	}
}

func (k *till) tap(id string)    { k.t.Helper(); k.must("/tap", map[string]string{"id": id}) }
func (k *till) scan(code string) { k.t.Helper(); k.must("/scan", map[string]string{"data": code}) }
func (k *till) network(up string) {
	k.t.Helper()
	k.must("/network", map[string]string{"state": up})
}

// query runs SQL on the hub's database with Debian's sqlite3 or psql, so that
// the judge shares no code with what it judges.
func (s *shop) query(sql string, into any) {
	s.t.Helper()
	url, schema, _ := strings.Cut(s.db, "&search_path=") // which psql wants to be told apart
	c := exec.Command("psql", "-At", "-c", "SELECT json_agg(x) FROM ("+sql+") x", url)
	c.Env = append(os.Environ(), "PGOPTIONS=-csearch_path="+schema)
	if schema == "" {
		c.Env = os.Environ()
	}
	if s.db == "" {
		c = exec.Command("sqlite3", "-json", "-cmd", ".timeout 5000", s.database(), sql)
	}
	out, err := c.CombinedOutput()
	if err != nil {
		s.t.Fatalf("%s: %v\n%s", sql, err, out)
	}
	if len(bytes.TrimSpace(out)) == 0 {
		out = []byte("[]")
	}
	if err := json.Unmarshal(out, into); err != nil {
		s.t.Fatalf("%s: %v\n%s", sql, err, out)
	}
}

func (s *shop) database() string {
	found, err := filepath.Glob(filepath.Join(s.dir, "hub", "*.db"))
	if err != nil || len(found) != 1 {
		s.t.Fatalf("the hub's databases: %v, %v; one per shop is expected", found, err)
	}
	return found[0]
}

// count returns the single number that a query yields as n.
func (s *shop) count(sql string) int64 {
	s.t.Helper()
	var rows []struct {
		N int64 `json:"n"`
	}
	s.query(sql, &rows)
	if len(rows) != 1 {
		s.t.Fatalf("%s: %d rows", sql, len(rows))
	}
	return rows[0].N
}

func get(t testing.TB, url string, into any) error {
	t.Helper()
	res, err := http.Get(url)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("GET %s: %s: %s", url, res.Status, b)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(b, into)
}

// await asks until the condition holds; a minute is for machines under load.
func await(t testing.TB, what string, holds func() bool) {
	t.Helper()
	deadline := time.After(60 * time.Second)
	for !holds() {
		select {
		case <-deadline:
			t.Fatalf("after a minute still not true: %s", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// freePort is an address for a program that may be ended and started again. It
// lies below the ports the kernel gives to connections: while the program is
// gone, a client that dials it again and again could otherwise be given that very
// port, connect to itself, and keep it.
func freePort(t testing.TB) string {
	t.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
	t.Fatal("no free port between 20000 and 32000")
	return ""
}

// verifyAudit runs the hub's own verifier, as an owner would.
func (s *shop) verifyAudit(t testing.TB) {
	t.Helper()
	c := exec.Command(filepath.Join(s.bin, "hub"), "audit", "verify", "--data", filepath.Join(s.dir, "hub"), "--db", s.db, "--shop", "demo")
	if out, err := c.CombinedOutput(); err != nil {
		t.Errorf("the audit chain does not verify: %v\n%s", err, out)
	}
}
