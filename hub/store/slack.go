package store

import (
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
)

// slackPages is how many pages are looked at in one transaction, so that no sale
// waits long for it.
const slackPages = 1024

// zeroSlack overwrites what SQLite leaves in the unused parts of its pages. When
// it moves rows to another page it leaves their bytes where they were, and
// secure_delete does not reach those.
func zeroSlack(ctx context.Context, c *sql.Conn) error {
	var pages int64
	if err := c.QueryRowContext(ctx, `PRAGMA page_count`).Scan(&pages); err != nil {
		return err
	}
	for first := int64(1); first <= pages; first += slackPages {
		if err := zeroSome(ctx, c, first); err != nil {
			return fmt.Errorf("pages from %d: %w", first, err)
		}
	}
	return nil
}

func zeroSome(ctx context.Context, c *sql.Conn, first int64) (err error) {
	if _, err := c.ExecContext(ctx, `BEGIN IMMEDIATE`); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_, _ = c.ExecContext(context.WithoutCancel(ctx), `ROLLBACK`) // the database may have done it by itself
		}
	}()
	dirty := map[int64][]byte{}
	rows, err := c.QueryContext(ctx, `SELECT pgno, data FROM sqlite_dbpage WHERE pgno BETWEEN ? AND ?`, first, first+slackPages-1)
	if err != nil {
		return err
	}
	err = drain(rows, func(scan func(...any) error) error {
		var n int64
		var page []byte
		if err := scan(&n, &page); err != nil {
			return err
		}
		if tidyPage(page, n == 1) {
			dirty[n] = slices.Clone(page)
		}
		return nil
	})
	for n, page := range dirty {
		if err == nil {
			_, err = c.ExecContext(ctx, `UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?`, page, n)
		}
	}
	if err == nil {
		_, err = c.ExecContext(ctx, `COMMIT`)
	}
	return err
}

// The kinds of b-tree pages, by their first byte. Others begin with the number of
// a page, whose highest byte is 0 in any file below 128 GB.
const (
	innerIndex = 0x02
	innerTable = 0x05
	leafIndex  = 0x0a
	leafTable  = 0x0d
)

// tidyPage zeroes the unused parts of a b-tree page and reports whether that
// changed it. A page that it does not understand is left alone. The first page
// has the header of the file before its own.
func tidyPage(page []byte, isFirst bool) bool {
	head, body := 0, 8
	if isFirst {
		head = 100
	}
	if len(page) < head+12 {
		return false
	}
	switch page[head] {
	case innerIndex, innerTable:
		body = 12
	case leafIndex, leafTable:
	default:
		return false
	}
	cells := int(binary.BigEndian.Uint16(page[head+3:]))
	from, to := head+body+2*cells, int(binary.BigEndian.Uint16(page[head+5:]))
	if to == 0 {
		to = 1 << 16
	}
	if from > to || to > len(page) {
		return false
	}
	changed := zero(page[from:to])
	for at := int(binary.BigEndian.Uint16(page[head+1:])); at >= to && at+4 <= len(page); {
		next, size := int(binary.BigEndian.Uint16(page[at:])), int(binary.BigEndian.Uint16(page[at+2:]))
		if size < 4 || at+size > len(page) || next != 0 && next < at+size {
			return changed
		}
		changed = zero(page[at+4:at+size]) || changed
		at = next
	}
	return changed
}

// zero clears bytes and reports whether they were not clear.
func zero(b []byte) bool {
	dirty := slices.ContainsFunc(b, func(x byte) bool { return x != 0 })
	clear(b)
	return dirty
}

// onOwnConnection runs do on a connection apart from writer and readers.
func (d sqliteDialect) onOwnConnection(ctx context.Context, do func(*sql.Conn) error, pragmas ...string) (err error) {
	db, err := sql.Open("sqlite", d.dsn(pragmas...))
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	c, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	return errors.Join(do(c), c.Close())
}
