package kickstand_test

import (
	"go/ast"
	"strings"
	"testing"
)

// The limits of the house style, so that a reader always has one thing in view.
const (
	maxFileLines = 500
	maxFuncLines = 60
	maxMainLines = 15
)

func TestShape(t *testing.T) {
	for _, s := range readTree(t) {
		if generatedCode(s) {
			continue
		}
		if n := s.fset.File(s.syntax.Pos()).LineCount(); n > maxFileLines {
			t.Errorf("%s has %d lines, the limit is %d: split it by journey", s.file, n, maxFileLines)
		}
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok {
				checkFunc(t, s, f)
			}
		}
	}
}

func checkFunc(t *testing.T, s source, f *ast.FuncDecl) {
	t.Helper()
	if f.Body == nil {
		return
	}
	lines := s.fset.Position(f.End()).Line - s.fset.Position(f.Pos()).Line - 1
	limit := maxFuncLines
	if f.Name.Name == "main" && s.syntax.Name.Name == "main" {
		limit = maxMainLines
	}
	if lines > limit && !s.test {
		t.Errorf("%s: func %s has %d lines, the limit is %d", s.fset.Position(f.Pos()), f.Name.Name, lines, limit)
	}
	if f.Name.Name == "init" && f.Recv == nil {
		t.Errorf("%s: init runs before main can say what runs", s.fset.Position(f.Pos()))
	}
}

func generatedCode(s source) bool {
	for _, c := range s.syntax.Comments {
		if strings.HasPrefix(c.Text(), "Code generated ") {
			return true
		}
	}
	return false
}

// TestPackageDocs wants a doc comment on every package and every exported name
// outside tests.
func TestPackageDocs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range readTree(t) {
		if s.test {
			continue
		}
		documented[s.pkg] = documented[s.pkg] || len(strings.Fields(s.syntax.Doc.Text())) > 8
		for _, d := range s.syntax.Decls {
			checkDoc(t, s, d)
		}
	}
	for pkg, ok := range documented {
		if !ok {
			t.Errorf("package %s has no doc comment that says what it is, promises and refuses", pkg)
		}
	}
}

func checkDoc(t *testing.T, s source, d ast.Decl) {
	t.Helper()
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Name.IsExported() && exportedReceiver(d) && d.Doc == nil {
			t.Errorf("%s: %s has no doc comment", s.fset.Position(d.Pos()), d.Name.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			ts, ok := spec.(*ast.TypeSpec)
			if ok && ts.Name.IsExported() && d.Doc == nil && ts.Doc == nil {
				t.Errorf("%s: type %s has no doc comment", s.fset.Position(ts.Pos()), ts.Name.Name)
			}
		}
	}
}

func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	typ := f.Recv.List[0].Type
	if star, ok := typ.(*ast.StarExpr); ok {
		typ = star.X
	}
	if idx, ok := typ.(*ast.IndexExpr); ok {
		typ = idx.X
	}
	id, ok := typ.(*ast.Ident)
	return ok && id.IsExported()
}

// TestExamples wants one runnable Example for every library package.
func TestExamples(t *testing.T) {
	has, library := map[string]bool{}, map[string]bool{}
	for _, s := range readTree(t) {
		if !s.test {
			library[s.pkg] = library[s.pkg] || s.syntax.Name.Name != "main"
			continue
		}
		for _, d := range s.syntax.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasPrefix(f.Name.Name, "Example") {
				has[s.pkg] = true
			}
		}
	}
	for pkg, lib := range library {
		if lib && !has[pkg] && pkg != "." {
			t.Errorf("package %s has no runnable Example", pkg)
		}
	}
}
