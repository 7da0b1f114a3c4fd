// Package storetest writes the facts of finished sales as bare SQL, without a
// hub: the yardstick that benchmarks of the hub are measured against.
//
// It promises to write the very rows that a hub wrote, with prepared
// statements, the same pragmas and the same tables, and nothing else: no
// judging, no reading, no hashing. It is for benchmarks and tests only.
//
// Start with [Load], then [Facts.Write]. [Alter] changes a database as only a
// test may.
package storetest

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub/store"
)

// Facts is the rows of finished sales, grouped by sale.
type Facts struct {
	sales [][]statement
}

// statement is one prepared text with its values.
type statement struct {
	text string
	args []any
}

// tables of a sale, in the order of writing, with the column that names the
// sale.
func tables() [][2]string {
	return [][2]string{
		{"sales", "id"},
		{"sale_lines", "sale"},
		{"sale_taxes", "sale"},
		{"payments", "sale"},
		{"stock_moves", "sale"},
		{"receipts", "sale"},
		{"audit_events", "subject"},
	}
}

// Load reads the sales of a shop's database. path is its file, or stands for
// its schema as in [On].
func Load(path string) (*Facts, error) {
	db, err := sql.Open(behind(path))
	if err != nil {
		return nil, err
	}
	defer func() { _ = db.Close() }() // only read
	ids, err := column(db, `SELECT id FROM sales ORDER BY number`)
	if err != nil {
		return nil, err
	}
	f := &Facts{}
	for _, id := range ids {
		var all []statement
		for _, t := range tables() {
			rows, err := rowsOf(db, t[0], t[1], id)
			if err != nil {
				return nil, fmt.Errorf("load %s: %w", t[0], err)
			}
			all = append(all, rows...)
		}
		f.sales = append(f.sales, append(all, counters(all)...))
	}
	return f, nil
}

// counters are the figures that a sale moves besides its own rows.
func counters(rows []statement) []statement {
	all := []statement{
		{`UPDATE meta SET value = value + 1 WHERE name = 'shop_number'`, nil},
		{`UPDATE device_cursors SET last_seq = last_seq + 1 WHERE device = 'd' AND epoch = 'e'`, nil},
	}
	for _, r := range rows {
		if strings.HasPrefix(r.text, "INSERT INTO stock_moves") {
			all = append(all, statement{`UPDATE stock SET on_hand = on_hand + $1 WHERE item = $2`, []any{r.args[2], r.args[1]}})
		}
	}
	return all
}

func column(db *sql.DB, q string) (all []string, err error) {
	rows, err := db.Query(q)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	for rows.Next() {
		var s string
		if err := rows.Scan(&s); err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, rows.Err()
}

func rowsOf(db *sql.DB, table, key, id string) (all []statement, err error) {
	rows, err := db.Query(`SELECT * FROM `+table+` WHERE `+key+` = $1 AND `+key+` <> ''`, id)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, rows.Close()) }()
	names, err := rows.Columns()
	if err != nil {
		return nil, err
	}
	places := make([]string, len(names))
	for i := range places {
		places[i] = fmt.Sprintf("$%d", i+1)
	}
	text := "INSERT INTO " + table + " (" + strings.Join(names, ", ") + ") VALUES (" + strings.Join(places, ", ") + ")"
	for rows.Next() {
		args, into := make([]any, len(names)), make([]any, len(names))
		for i := range args {
			into[i] = &args[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		all = append(all, statement{text, args})
	}
	return all, rows.Err()
}

// Sales is how many sales there are.
func (f *Facts) Sales() int { return len(f.sales) }

// Write writes the sales into a fresh database in dir, or what stands for it as
// in [On], commits groups of the given number, and returns how long the writing
// took.
func (f *Facts) Write(tb testing.TB, dir string, each int) time.Duration {
	tb.Helper()
	at := On(tb, store.Config{Path: filepath.Join(dir, fmt.Sprintf("bare-%d.db", each)), Shop: "bare"})
	took, err := f.write(tb.Context(), at, each)
	if err != nil {
		tb.Fatalf("write bare SQL: %v", err)
	}
	return took
}

func (f *Facts) write(ctx context.Context, at store.Config, each int) (took time.Duration, err error) {
	s, err := store.Open(ctx, at)
	if err != nil {
		return 0, err
	}
	if err := s.Close(); err != nil {
		return 0, err
	}
	driver, source := "sqlite", "file:"+at.Path+"?_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)"
	if at.URL != "" {
		driver, source = "pgx", at.URL
	}
	db, err := sql.Open(driver, source)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return 0, err
	}
	defer func() { err = errors.Join(err, conn.Close()) }()
	w := bare{conn: conn, prepared: map[string]*sql.Stmt{}, begin: "BEGIN IMMEDIATE"}
	if at.URL != "" {
		w.begin = "BEGIN"
	}
	if err := w.furnish(ctx, f); err != nil {
		return 0, err
	}
	began := time.Now()
	for i := 0; i < len(f.sales); i += each {
		if err := w.commit(ctx, f.sales[i:min(i+each, len(f.sales))]); err != nil {
			return 0, err
		}
	}
	return time.Since(began), nil
}

// bare is a connection with its prepared statements.
type bare struct {
	conn     *sql.Conn
	prepared map[string]*sql.Stmt
	begin    string
}

// furnish makes the rows that sales change.
func (w *bare) furnish(ctx context.Context, f *Facts) error {
	all := []statement{{`INSERT INTO device_cursors (device, epoch, last_seq, state, stream, opened_ms, changed_ms)
		VALUES ('d', 'e', 0, 'open', 'hi', 0, 0)`, nil}}
	for _, s := range f.sales {
		for _, st := range s {
			if strings.HasPrefix(st.text, "UPDATE stock ") {
				all = append(all, statement{`INSERT INTO stock (item, on_hand) VALUES ($1, 0) ON CONFLICT DO NOTHING`, st.args[1:]})
			}
		}
	}
	return w.commit(ctx, [][]statement{all})
}

func (w *bare) commit(ctx context.Context, sales [][]statement) error {
	if err := w.exec(ctx, statement{text: w.begin}); err != nil {
		return err
	}
	for _, s := range sales {
		for _, st := range s {
			if err := w.exec(ctx, st); err != nil {
				return fmt.Errorf("%.40s: %w", st.text, err)
			}
		}
	}
	return w.exec(ctx, statement{text: "COMMIT"})
}

func (w *bare) exec(ctx context.Context, s statement) error {
	st, ok := w.prepared[s.text]
	if !ok {
		var err error
		if st, err = w.conn.PrepareContext(ctx, s.text); err != nil {
			return err
		}
		w.prepared[s.text] = st
	}
	_, err := st.ExecContext(ctx, s.args...)
	return err
}
