package store

import (
	"bufio"
	"context"
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// Table is one table as its migration describes it.
type Table struct {
	Name    string
	Doc     string // the comment above CREATE TABLE
	Columns []Column
	Rules   []string // primary keys and other constraints over several columns
}

// Column is one column as its migration describes it.
type Column struct {
	Name string
	Type string // with its constraints
	Doc  string // the comment behind it
}

// Schema reads the tables out of the comments of the migrations, in the order
// in which they are created. ALTER TABLE … ADD COLUMN lines count too, and
// "-- On table.column: words" says anew what an older column means.
func Schema() ([]Table, error) {
	files, err := fs.Glob(migrationFiles, "migrations/*.sql")
	if err != nil {
		return nil, err
	}
	var p schemaReader
	for _, name := range files {
		text, err := migrationFiles.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
		p.read(string(text))
	}
	return p.tables, nil
}

// schemaReader reads the restricted way in which our migrations are written:
// one column per line, its comment behind it, a table's comment above it.
type schemaReader struct {
	tables []Table
	doc    []string
	inside bool
}

func (p *schemaReader) read(text string) {
	lines := bufio.NewScanner(strings.NewReader(text))
	for lines.Scan() {
		line := strings.TrimSpace(lines.Text())
		if line == "-- +goose Down" {
			return
		}
		p.line(line)
	}
}

func (p *schemaReader) line(line string) {
	switch {
	case p.inside && strings.HasPrefix(line, ")"):
		p.inside = false
	case p.inside:
		p.column(line)
	case strings.HasPrefix(line, "-- +goose"):
	case strings.HasPrefix(line, "-- On "):
		p.remark(strings.TrimPrefix(line, "-- On "))
	case strings.HasPrefix(line, "-- "):
		p.doc = append(p.doc, strings.TrimPrefix(line, "-- "))
		return
	case strings.HasPrefix(line, "CREATE TABLE "):
		name, _, _ := strings.Cut(strings.TrimPrefix(line, "CREATE TABLE "), " ")
		p.tables = append(p.tables, Table{Name: name, Doc: strings.Join(p.doc, " ")})
		p.inside = true
	case strings.HasPrefix(line, "DROP TABLE "):
		gone := strings.TrimSuffix(strings.TrimPrefix(line, "DROP TABLE "), ";")
		p.tables = slices.DeleteFunc(p.tables, func(t Table) bool { return t.Name == gone })
	case strings.HasPrefix(line, "ALTER TABLE "):
		p.alter(line)
	}
	p.doc = nil
}

func (p *schemaReader) column(line string) {
	def, doc, _ := strings.Cut(line, "--")
	def = strings.TrimSuffix(strings.TrimSpace(def), ",")
	t := &p.tables[len(p.tables)-1]
	for _, rule := range []string{"PRIMARY KEY", "UNIQUE", "FOREIGN KEY", "CHECK"} {
		if strings.HasPrefix(def, rule) {
			t.Rules = append(t.Rules, def)
			return
		}
	}
	name, kind, _ := strings.Cut(def, " ")
	t.Columns = append(t.Columns, Column{Name: name, Type: strings.Join(strings.Fields(kind), " "), Doc: strings.TrimSpace(doc)})
}

// remark reads "table.column: comment".
func (p *schemaReader) remark(line string) {
	name, doc, _ := strings.Cut(line, ": ")
	table, column, _ := strings.Cut(name, ".")
	for i := range p.tables {
		for j := range p.tables[i].Columns {
			if p.tables[i].Name == table && p.tables[i].Columns[j].Name == column {
				p.tables[i].Columns[j].Doc = doc
			}
		}
	}
}

// alter reads "ALTER TABLE name ADD COLUMN column type; -- comment".
func (p *schemaReader) alter(line string) {
	name, rest, _ := strings.Cut(strings.TrimPrefix(line, "ALTER TABLE "), " ADD COLUMN ")
	def, doc, _ := strings.Cut(rest, ";")
	for i := range p.tables {
		if p.tables[i].Name != name {
			continue
		}
		column, kind, _ := strings.Cut(def, " ")
		p.tables[i].Columns = append(p.tables[i].Columns, Column{
			Name: column, Type: kind, Doc: strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(doc), "--")),
		})
	}
}

// SchemaPage is docs/schema.md.
func SchemaPage() (string, error) {
	tables, err := Schema()
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(schemaHead)
	for _, t := range tables {
		fmt.Fprintf(&b, "\n## %s\n\n%s\n\n| column | type | meaning |\n|---|---|---|\n", t.Name, t.Doc)
		for _, c := range t.Columns {
			fmt.Fprintf(&b, "| `%s` | %s | %s |\n", c.Name, c.Type, strings.ReplaceAll(c.Doc, "|", `\|`))
		}
		for _, r := range t.Rules {
			fmt.Fprintf(&b, "\n%s.\n", r)
		}
	}
	return b.String(), nil
}

const schemaHead = `# The tables of a shop

Generated from the comments of hub/store/migrations by ` + "`go run ./hub/store/cmd/schemadoc`" + `; do not edit.

Each shop has one database. Amounts are in cents, times in Unix milliseconds of the hub's clock unless a
column says otherwise, and flags are 0 or 1. Columns marked "personal" name people or hold what people typed.
Erasing a customer empties them and keeps sales, amounts and ids; erasing somebody of the staff who has left puts
"Former employee 3" for the name. Documents name nobody: who served stands beside them. The journal has salted digests of all of it, so that
emptying a personal column leaves every hash valid. The table ` + "`goose_db_version`" + ` lists the migrations that have run.
`

// Columns lists the columns of every table as the database has them.
func (s *Store) Columns(ctx context.Context) (map[string][]string, error) {
	return readColumns(s.reader(ctx), s.writer.dialect.columns())
}

func readColumns(read query, q string) (map[string][]string, error) {
	all := map[string][]string{}
	err := read(q, nil, func(scan func(...any) error) error {
		var table, column string
		if err := scan(&table, &column); err != nil {
			return err
		}
		all[table] = append(all[table], column)
		return nil
	})
	return all, err
}
