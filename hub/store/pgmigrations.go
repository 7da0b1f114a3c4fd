package store

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"regexp"
	"strings"
)

// pgMigrations gives the migrations in the words of PostgreSQL. They are
// written once, in a small part of SQL, one column to a line:
//
//   - CREATE TABLE with columns of TEXT, BIGINT, INTEGER and BLOB, NOT NULL,
//     DEFAULT of a literal, UNIQUE, REFERENCES and CHECK, with or without
//     WITHOUT ROWID; n INTEGER PRIMARY KEY is a running number
//   - ALTER TABLE … ADD COLUMN, DROP COLUMN, RENAME COLUMN and RENAME TO
//   - CREATE and DROP of indexes, also partial ones, and DROP TABLE
//   - INSERT, UPDATE, DELETE and SELECT that run on both
//
// Anything else is refused when the file is opened, so that it is noticed
// before it is deployed. Whole numbers become BIGINT, bytes BYTEA, and text is
// compared byte by byte as SQLite does it, whatever the language of the server.
type pgMigrations struct{ files fs.FS }

// Open opens one file, translated.
func (m pgMigrations) Open(name string) (fs.File, error) {
	f, err := m.files.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil || info.IsDir() {
		return f, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	out, err := translate(name, string(text))
	if err != nil {
		return nil, err
	}
	return &translated{File: f, text: bytes.NewReader([]byte(out))}, nil
}

// translated is a file with another content.
type translated struct {
	fs.File
	text *bytes.Reader
}

// Read reads the translation.
func (t *translated) Read(b []byte) (int, error) { return t.text.Read(b) }

// translate returns a migration in the words of PostgreSQL, line by line.
func translate(name, text string) (string, error) {
	var out []string
	var t translator
	for i, line := range strings.Split(text, "\n") {
		said, err := t.line(line)
		if err != nil {
			return "", fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
		out = append(out, said)
	}
	if t.within != outside {
		return "", fmt.Errorf("%s: the last statement has no end", name)
	}
	return strings.Join(out, "\n"), nil
}

// translator knows where in a migration a line stands.
type translator struct{ within place }

type place int

const (
	outside   place = iota
	columns         // of a CREATE TABLE
	statement       // whose text is the same on both
)

var (
	tableLine  = regexp.MustCompile(`^CREATE TABLE [a-z_0-9]+ \($`)
	tableEnd   = regexp.MustCompile(`^\)( WITHOUT ROWID)?;$`)
	columnLine = regexp.MustCompile(`^([a-z_0-9]+)( +)(TEXT|BIGINT|INTEGER|BLOB)\b(.*?)(,?)$`)
	ruleLine   = regexp.MustCompile(`^(PRIMARY KEY|UNIQUE|FOREIGN KEY|CHECK) ?\(.*\)[^;]*$`)
	columnRest = regexp.MustCompile(`^( +(NOT NULL|PRIMARY KEY|UNIQUE|DEFAULT (-?[0-9]+|'[^']*')|REFERENCES [a-z_0-9]+ \([a-z_0-9]+\)|CHECK \(.*\)))*$`)
	addColumn  = regexp.MustCompile(`^(ALTER TABLE [a-z_0-9]+ ADD COLUMN )(.*);$`)
	sameOnBoth = regexp.MustCompile(`^(ALTER TABLE [a-z_0-9]+ (DROP COLUMN|RENAME)|CREATE (UNIQUE )?INDEX|DROP (INDEX|TABLE)|INSERT INTO|UPDATE|DELETE FROM|SELECT) `)
	onlySQLite = regexp.MustCompile(`(?i)\b(rowid|pragma|glob|autoincrement|replace into|or ignore|or replace)\b|` +
		`\b(ifnull|strftime|unixepoch|julianday|randomblob|zeroblob|hex|total|group_concat|printf|json_[a-z]+) ?\(`)
)

func (t *translator) line(line string) (string, error) {
	code, comment := cutComment(line)
	trimmed := strings.TrimSpace(code)
	if trimmed == "" {
		return line, nil
	}
	indent := code[:strings.Index(code, trimmed)]
	said, err := t.code(trimmed)
	if err != nil {
		return "", err
	}
	return strings.TrimRight(indent+said+" "+comment, " "), nil
}

// code translates a line without its comment.
func (t *translator) code(s string) (string, error) {
	switch {
	case t.within == columns && tableEnd.MatchString(s):
		t.within = outside
		return ");", nil
	case t.within == columns && ruleLine.MatchString(s):
		return s, refuse(s)
	case t.within == columns:
		return column(s)
	case t.within == outside && tableLine.MatchString(s):
		t.within = columns
		return s, nil
	case t.within == outside && addColumn.MatchString(s):
		p := addColumn.FindStringSubmatch(s)
		def, err := column(p[2])
		return p[1] + def + ";", err
	case t.within == outside && !sameOnBoth.MatchString(s):
		return "", fmt.Errorf("%q is not among the statements that run on every database; see pgmigrations.go", s)
	}
	t.within = statement
	if strings.HasSuffix(s, ";") {
		t.within = outside
	}
	return s, refuse(s)
}

// column translates the definition of one column.
func column(s string) (string, error) {
	p := columnLine.FindStringSubmatch(s)
	if p == nil {
		return "", fmt.Errorf("%q is no column of TEXT, BIGINT, INTEGER or BLOB", s)
	}
	name, space, kind, rest, comma := p[1], p[2], p[3], p[4], p[5]
	if !columnRest.MatchString(rest) {
		return "", fmt.Errorf("%q has more than NOT NULL, PRIMARY KEY, UNIQUE, REFERENCES, CHECK and DEFAULT of a literal", s)
	}
	switch {
	case kind == "TEXT":
		kind = `TEXT COLLATE "C"`
	case kind == "BLOB":
		kind = "BYTEA"
	case kind == "INTEGER" && strings.Contains(rest, " PRIMARY KEY"):
		kind = "BIGINT GENERATED BY DEFAULT AS IDENTITY"
	default:
		kind = "BIGINT"
	}
	return name + space + kind + rest + comma, refuse(rest)
}

// refuse names words that only SQLite understands.
func refuse(s string) error {
	if word := onlySQLite.FindString(s); word != "" {
		return fmt.Errorf("%q: only SQLite knows %q", s, word)
	}
	return nil
}

// cutComment splits a line where its comment begins.
func cutComment(line string) (code, comment string) {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '\'':
			quoted = !quoted
		case !quoted && strings.HasPrefix(line[i:], "--"):
			return line[:i], line[i:]
		}
	}
	return line, ""
}
