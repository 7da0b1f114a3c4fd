package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/hub/audit"
)

// PutSealed writes a checkpoint with the parts of the tree it adds, together or
// not at all. It fails when the latest checkpoint is not that of c.From rows,
// as when another process sealed meanwhile.
func (s *Store) PutSealed(ctx context.Context, c audit.Sealed) error {
	return s.Write(ctx, func(t *Tx) error { return t.seal(c) })
}

func (t *Tx) seal(c audit.Sealed) error {
	n, err := t.changed(`INSERT INTO audit_checkpoints (size, at_ms, note) SELECT CAST($1 AS BIGINT), CAST($2 AS BIGINT), CAST($3 AS TEXT)
		WHERE (SELECT coalesce(max(size), 0) FROM audit_checkpoints) = $4`,
		c.Checkpoint.Size, c.Checkpoint.AtMS, c.Checkpoint.Note, c.From)
	if err == nil && n != 1 {
		err = fmt.Errorf("the latest one is not that of %d rows any more", c.From)
	}
	if err != nil {
		return fmt.Errorf("checkpoint of %d rows: %w", c.Checkpoint.Size, err)
	}
	for _, tile := range c.Tiles {
		err := t.exec(`INSERT INTO audit_tiles (level, n, hashes) VALUES ($1, $2, $3)
			ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes`, tile.Level, tile.N, tile.Hashes)
		if err != nil {
			return fmt.Errorf("tile %d/%d: %w", tile.Level, tile.N, err)
		}
	}
	return nil
}

// LatestCheckpoint returns the signed checkpoint of the most rows, "" before
// the first.
func (s *Store) LatestCheckpoint(ctx context.Context) (string, error) {
	var note string
	err := s.row(ctx, `SELECT note FROM audit_checkpoints ORDER BY size DESC LIMIT 1`, nil, &note)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("latest checkpoint: %w", err)
	}
	return note, nil
}

// RowsAfter returns up to limit rows of the journal after row n, in order.
func (s *Store) RowsAfter(ctx context.Context, n int64, limit int) ([]audit.Row, error) {
	return rowsAfter(s.reader(ctx), n, limit)
}

func rowsAfter(read query, n int64, limit int) ([]audit.Row, error) {
	rows, err := list(read, `SELECT `+auditColumns+` FROM audit_events WHERE n > $1 ORDER BY n LIMIT $2`, []any{n, limit}, scanAudit)
	if err != nil {
		return nil, fmt.Errorf("audit rows after %d: %w", n, err)
	}
	return rows, nil
}

// RowsBefore returns up to limit rows of the journal before row n, the latest
// first; n = 0 means from the end.
func (s *Store) RowsBefore(ctx context.Context, n int64, limit int) ([]audit.Row, error) {
	rows, err := list(s.reader(ctx), `SELECT `+auditColumns+` FROM audit_events WHERE CAST($1 AS BIGINT) = 0 OR n < $1 ORDER BY n DESC LIMIT $2`,
		[]any{n, limit}, scanAudit)
	if err != nil {
		return nil, fmt.Errorf("audit rows before %d: %w", n, err)
	}
	return rows, nil
}

// Tile returns the hashes of a part of the stored tree, none when there is no
// such part.
func (s *Store) Tile(ctx context.Context, level int, n int64) ([]byte, error) {
	return tile(s.reader(ctx), level, n)
}

func tile(read query, level int, n int64) (hashes []byte, err error) {
	err = read(`SELECT hashes FROM audit_tiles WHERE level = $1 AND n = $2`, []any{level, n}, func(scan func(...any) error) error {
		return scan(&hashes)
	})
	if err != nil {
		return nil, fmt.Errorf("tile %d/%d: %w", level, n, err)
	}
	return hashes, nil
}
