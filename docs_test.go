package kickstand_test

import (
	"go/ast"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestArchitectureNamesExist keeps ARCHITECTURE.md true: every `dir.Name` or
// `dir.Type.Method` in it is declared in that directory, every `path/` exists,
// and the page stays short enough to be read.
func TestArchitectureNamesExist(t *testing.T) {
	text := readDoc(t, "ARCHITECTURE.md")
	if n := strings.Count(text, "\n"); n > 150 {
		t.Errorf("ARCHITECTURE.md has %d lines, the limit is 150", n)
	}
	declared := declaredNames(t)
	names := regexp.MustCompile("`([a-z0-9/]+)\\.((?:[A-Za-z]+\\.)?[A-Za-z]+)`").FindAllStringSubmatch(text, -1)
	if len(names) < 20 {
		t.Errorf("only %d names found: the scan walk is missing", len(names))
	}
	for _, m := range names {
		if !declared[m[1]+"."+m[2]] && !fileExists(m[1]+"."+m[2]) {
			t.Errorf("ARCHITECTURE.md names %s.%s, which does not exist", m[1], m[2])
		}
	}
	for _, m := range regexp.MustCompile("`([a-z0-9/]+/)`").FindAllStringSubmatch(text, -1) {
		if !fileExists(m[1]) {
			t.Errorf("ARCHITECTURE.md names the directory %s, which does not exist", m[1])
		}
	}
}

// declaredNames lists "dir.Name" and "dir.Type.Method" of every declaration.
func declaredNames(t *testing.T) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	for _, s := range readTree(t) {
		for _, d := range s.syntax.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				names[s.pkg+"."+receiverDot(d)+d.Name.Name] = true
			case *ast.GenDecl:
				for _, spec := range d.Specs {
					switch spec := spec.(type) {
					case *ast.TypeSpec:
						names[s.pkg+"."+spec.Name.Name] = true
					case *ast.ValueSpec:
						for _, n := range spec.Names {
							names[s.pkg+"."+n.Name] = true
						}
					}
				}
			}
		}
	}
	return names
}

func receiverDot(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return ""
	}
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if id, ok := typ.(*ast.Ident); ok {
		return id.Name + "."
	}
	return ""
}

// TestDocumentsLinkToWhatExists follows every relative link and picture of the
// documents.
func TestDocumentsLinkToWhatExists(t *testing.T) {
	docs, err := filepath.Glob("docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	link := regexp.MustCompile(`\]\(([^)#]+)(?:#[^)]*)?\)`)
	for _, doc := range append(docs, "README.md", "ARCHITECTURE.md", "CHANGELOG.md") {
		for _, m := range link.FindAllStringSubmatch(readDoc(t, doc), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if !fileExists(filepath.Join(filepath.Dir(doc), m[1])) {
				t.Errorf("%s links to %s, which does not exist", doc, m[1])
			}
		}
	}
}

func readDoc(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func fileExists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}
