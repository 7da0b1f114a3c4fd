package kickstand_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const module = "kickstand"

// source is one Go file of the tree with what it imports. All build tags are
// read, so a rule cannot be dodged by a tag.
type source struct {
	file    string // slash path from the root
	pkg     string // directory of file, "." for the root
	test    bool
	syntax  *ast.File
	fset    *token.FileSet
	imports []string
}

// readTree parses every Go file below the root, imports and bodies.
func readTree(t *testing.T) []source {
	t.Helper()
	var all []source
	err := filepath.WalkDir(".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains([]string{".git", "var", "bin", "testdata", "node_modules"}, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(p, ".go") {
			return nil
		}
		s, err := readSource(filepath.ToSlash(p))
		all = append(all, s)
		return err
	})
	if err != nil {
		t.Fatalf("read the tree: %v", err)
	}
	if len(all) < 20 {
		t.Fatalf("only %d Go files found: the test does not run at the root", len(all))
	}
	return all
}

func readSource(file string) (source, error) {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, file, nil, parser.ParseComments)
	if err != nil {
		return source{}, err
	}
	s := source{file: file, pkg: path.Dir(file), test: strings.HasSuffix(file, "_test.go"), syntax: f, fset: fset}
	for _, i := range f.Imports {
		name, err := strconv.Unquote(i.Path.Value)
		if err != nil {
			return source{}, err
		}
		s.imports = append(s.imports, name)
	}
	return s, nil
}

// within reports whether a package path lies in dir or below it.
func within(pkg, dir string) bool { return pkg == dir || strings.HasPrefix(pkg, dir+"/") }

func withinAny(pkg string, dirs ...string) bool {
	return slices.ContainsFunc(dirs, func(d string) bool { return within(pkg, d) })
}

// ours returns the path of an import inside this module, and whether it is one.
func ours(imp string) (string, bool) {
	if imp == module {
		return ".", true
	}
	return strings.CutPrefix(imp, module+"/")
}

// standard reports whether an import is of the standard library.
func standard(imp string) bool {
	first, _, _ := strings.Cut(imp, "/")
	_, mine := ours(imp)
	return !strings.Contains(first, ".") && !mine
}

// isMain reports whether a package path is a binary's: <area>/cmd/<binary>, or
// a generator beside its package.
func isMain(pkg string) bool { return strings.Contains("/"+pkg+"/", "/cmd/") }

// rule is one import rule. forbids returns why pkg must not import imp, or "".
type rule struct {
	name    string
	tests   bool // the rule holds for test files too
	forbids func(pkg, imp string) string
}

var pure = []string{
	"protocol/money", "protocol/catalogue", "protocol/seal", "protocol/slip", "protocol/till", "device/flow",
	"display/scene", "hub/sale", "hub/right", "hub/goods", "hub/contact", "hub/ticket", "hub/rental", "image/slot",
}

// pureStd is what a PURE package may import of the standard library: nothing
// that reads a clock, a file, a network, an environment or chance.
var pureStd = []string{
	"bytes", "cmp", "crypto/ed25519", "crypto/sha256", "embed", "encoding/base32", "encoding/base64", "encoding/binary",
	"encoding/csv", "encoding/hex", "encoding/json", "errors", "fmt", "hash/crc32", "hash/fnv", "image", "image/color", "io", "iter", "maps", "math",
	"math/big", "math/bits", "reflect", "regexp", "slices", "sort", "strconv", "strings", "time", "unicode",
	"unicode/utf16", "unicode/utf8",
}

// pureOutside is what single PURE packages may import from outside.
var pureOutside = map[string][]string{}

// owners lists every restricted outside library and who may import it (R6).
var owners = []struct {
	prefix string
	by     []string
	why    string
}{
	{"github.com/hajimehoshi/ebiten", []string{"display"}, "importing Ebitengine without a display panics at start: one package, no tests beside it"},
	{"go.bug.st/serial", []string{"drivers/scanner", "drivers/printer", "drivers/lock"}, "serial ports belong to the drivers"},
	{"periph.io", []string{"drivers/lock"}, "GPIO belongs to the lock driver"},
	{"go.etcd.io/bbolt", []string{"device/journal"}, "the device's file has one owner"},
	{"github.com/eclipse/paho.mqtt.golang", []string{"device/link", "hub/broker", "image/cmd/fleet"}, "MQTT clients live in three places"},
	{"github.com/mochi-mqtt/server", []string{"hub/broker", "device/link/linktest"}, "the embedded broker has one owner, and one test hub beside the link"},
	{"github.com/stripe/stripe-go", []string{"hub/pay"}, "card money has one door"},
	{"database/sql", []string{"hub/store"}, "the only SQL is hub/store's"},
	{"modernc.org/sqlite", []string{"hub/store"}, "the only SQL is hub/store's"},
	{"github.com/jackc/pgx", []string{"hub/store"}, "the only SQL is hub/store's"},
	{"github.com/pressly/goose", []string{"hub/store"}, "the only SQL is hub/store's"},
	{"github.com/minio", []string{"hub/receipt"}, "the object store has one door"},
	{"golang.org/x/crypto", []string{"hub/staff"}, "passwords have one door"},
	{"golang.org/x/mod", []string{"hub/audit"}, "the transparency log has one door"},
	{"github.com/wneessen/go-mail", []string{"hub/mail"}, "e-mail has one door"},
	{"github.com/emersion/go-smtp", []string{"hub/mail/mailtest"}, "the mail server of the tests knows nothing of the sender's library"},
	{"github.com/creack/pty", []string{"drivers"}, "ptys are for virtual hardware"},
}

func rules() []rule {
	return []rule{
		{"R1 protocol imports the standard library only", false, ruleProtocol},
		{"R2 PURE packages import protocol, each other and an allow-list", false, rulePure},
		{"R3 drivers import nothing of ours", false, ruleDrivers},
		{"R4 device imports flow, journal, link and protocol", false, ruleDevice},
		{"R5 hub never imports device, display or drivers", true, ruleHub},
		{"R6 one importer for each outside library", true, ruleOwners},
		{"R7 nobody imports a main", true, ruleMain},
	}
}

func ruleProtocol(pkg, imp string) string {
	if !within(pkg, "protocol") || isMain(pkg) || standard(imp) {
		return ""
	}
	if p, ok := ours(imp); ok && within(p, "protocol") {
		return ""
	}
	return "both sides link protocol: what it imports, everyone carries"
}

func rulePure(pkg, imp string) string {
	if !slices.Contains(pure, pkg) {
		return ""
	}
	if p, ok := ours(imp); ok {
		if p == "protocol" || slices.Contains(pure, p) && (within(p, "protocol") || p == "device/flow" && pkg == "display/scene") {
			return ""
		}
		return "a PURE package imports protocol only (scene also flow)"
	}
	if slices.Contains(pureStd, imp) || slices.Contains(pureOutside[pkg], imp) {
		return ""
	}
	return "a PURE package reads no clock, file, network or chance, so that a test can live a year of shop days in a second"
}

func ruleDrivers(pkg, imp string) string {
	p, ok := ours(imp)
	if !ok || !within(pkg, "drivers") || within(p, "drivers") && within(p, firstTwo(pkg)) {
		return ""
	}
	return "a driver speaks the hardware's language, the kiosk's wire.go translates"
}

// firstTwo is the driver a package belongs to: drivers/printer of
// drivers/printer/printertest.
func firstTwo(pkg string) string {
	f := strings.SplitN(pkg, "/", 3)
	return path.Join(f[:min(2, len(f))]...)
}

func ruleDevice(pkg, imp string) string {
	p, ok := ours(imp)
	if !ok || !within(pkg, "device") || isMain(pkg) || withinAny(p, "device", "protocol") {
		return ""
	}
	test := strings.HasSuffix(p, "test") && within(p, "drivers")
	if within(pkg, "device/workbench") && (test || p == "display/raster") {
		return ""
	}
	return "device declares what it needs as interfaces; device/cmd/kiosk brings drivers and display"
}

func ruleHub(pkg, imp string) string {
	p, ok := ours(imp)
	starter := isMain(pkg) && pkg != "hub/cmd/hub" // starts the other side too, as a shop or as a test does
	if !ok || starter || !within(pkg, "hub") || !withinAny(p, "device", "display", "drivers") {
		return ""
	}
	return "the hub runs on a server with no screen and no printer"
}

func ruleOwners(pkg, imp string) string {
	for _, o := range owners {
		if within(imp, o.prefix) && !withinAny(pkg, o.by...) {
			return o.why + "; importers: " + strings.Join(o.by, ", ")
		}
		exact := o.prefix == "github.com/hajimehoshi/ebiten" && pkg != "display"
		if within(imp, o.prefix) && exact {
			return o.why
		}
	}
	return ""
}

func ruleMain(_, imp string) string {
	if p, ok := ours(imp); ok && isMain(p) {
		return "a main parses, wires and runs; what others need belongs into a package"
	}
	return ""
}

func TestImportRules(t *testing.T) {
	tree := readTree(t)
	for _, r := range rules() {
		t.Run(strings.Fields(r.name)[0], func(t *testing.T) {
			for _, s := range tree {
				checkImports(t, r, s)
			}
		})
	}
}

func checkImports(t *testing.T, r rule, s source) {
	t.Helper()
	if s.test && !r.tests {
		return
	}
	for _, imp := range s.imports {
		if why := r.forbids(s.pkg, imp); why != "" {
			t.Errorf("%s imports %s\n\trule: %s\n\twhy:  %s", s.file, imp, r.name, why)
		}
	}
}

// TestPureReadsNoClock keeps time.Now and its like out of PURE packages, where
// the time package is allowed for durations and formatting only.
func TestPureReadsNoClock(t *testing.T) {
	clocks := []string{"Now", "Since", "Until", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker", "LoadLocation", "Local"}
	for _, s := range readTree(t) {
		if s.test || !slices.Contains(pure, s.pkg) {
			continue
		}
		ast.Inspect(s.syntax, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			if x, ok := sel.X.(*ast.Ident); ok && x.Name == "time" && slices.Contains(clocks, sel.Sel.Name) {
				t.Errorf("%s: time.%s in a PURE package; time arrives inside events", s.fset.Position(sel.Pos()), sel.Sel.Name)
			}
			return true
		})
	}
}

// TestLayoutRulesBite proves that each rule refuses what it is there to refuse.
func TestLayoutRulesBite(t *testing.T) {
	bad := map[string][][2]string{
		"R1": {{"protocol", "github.com/google/uuid"}, {"protocol/money", module + "/hub"}},
		"R2": {{"device/flow", "os"}, {"hub/sale", module + "/hub/store"}, {"protocol/money", "math/rand"}, {"hub/sale", module + "/device/flow"}},
		"R3": {{"drivers/printer", module + "/protocol"}, {"drivers/printer", module + "/drivers/scanner"}},
		"R4": {{"device", module + "/drivers/printer"}, {"device/flow", module + "/display/scene"}, {"device", module + "/hub"}},
		"R5": {{"hub/web", module + "/display/raster"}, {"hub", module + "/drivers/printer"}, {"hub/cmd/hub", module + "/display"}},
		"R6": {{"display/stage", "github.com/hajimehoshi/ebiten/v2"}, {"hub/web", "database/sql"}, {"hub", "go.etcd.io/bbolt"}},
		"R7": {{"hub/web", module + "/hub/cmd/hub"}},
	}
	for _, r := range rules() {
		name := strings.Fields(r.name)[0]
		for _, c := range bad[name] {
			if r.forbids(c[0], c[1]) == "" {
				t.Errorf("%s lets %s import %s", name, c[0], c[1])
			}
		}
	}
}
