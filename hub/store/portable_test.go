package store_test

import (
	"database/sql"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

// TestEveryStatementIsUnderstood has the server prepare each SQL text of the
// package, also those that no other test comes to. It is told of functions and
// tables that are not there, types that do not match and groups that are loose.
func TestEveryStatementIsUnderstood(t *testing.T) {
	storetest.OnlyPostgres(t)
	cfg := schemaOf(t)
	s, err := store.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	db, err := sql.Open("pgx", cfg.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	all := statements(t)
	if len(all) < 100 {
		t.Fatalf("only %d statements were found", len(all))
	}
	for where, q := range all {
		st, err := db.PrepareContext(t.Context(), q)
		if err != nil {
			if !untyped.MatchString(err.Error()) {
				t.Errorf("%s: %v\n%s", where, err, q)
			}
			continue
		}
		_ = st.Close() // only prepared
	}
}

// untyped are complaints about arguments, whose types the store gives when it
// asks.
var untyped = regexp.MustCompile(`SQLSTATE (42P18|42P08)`)

// begins is how a text begins that is a statement.
var begins = regexp.MustCompile(`^\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\s`)

// statements collects the SQL texts of the package by their place.
func statements(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	fset, words, all := token.NewFileSet(), map[string]ast.Expr{}, map[string]string{}
	var files []*ast.File
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") || name == "sqlite.go" {
			continue
		}
		f, err := parser.ParseFile(fset, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, f)
		ast.Inspect(f, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i, name := range v.Names {
					words[name.Name] = v.Values[i]
				}
			}
			return true
		})
	}
	for _, f := range files {
		ast.Inspect(f, func(n ast.Node) bool {
			e, ok := n.(ast.Expr)
			if !ok {
				return true
			}
			text, ok := evaluate(e, words, 0)
			if ok && begins.MatchString(text) {
				all[fset.Position(e.Pos()).String()] = text
			}
			_, sum := e.(*ast.BinaryExpr) // part of a text that is put together as it runs
			return !ok && !sum
		})
	}
	return all
}

// evaluate returns what an expression of texts comes to.
func evaluate(e ast.Expr, words map[string]ast.Expr, depth int) (string, bool) {
	if depth > 10 {
		return "", false
	}
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.Ident:
		if of, ok := words[e.Name]; ok {
			return evaluate(of, words, depth+1)
		}
	case *ast.BinaryExpr:
		left, ok := evaluate(e.X, words, depth+1)
		right, too := evaluate(e.Y, words, depth+1)
		return left + right, ok && too && e.Op == token.ADD
	}
	return "", false
}
