package store

import (
	"context"
	"fmt"
)

// Bundle is a bundle of the whole shop that somebody asked for in the office.
type Bundle struct {
	N        int64
	Token    string // names its file
	Operator string // operators.id of who asked
	AskedMS  int64
	State    string // asked, making, ready, failed or removed
	Words    string // what is being done, or why it failed
	Bytes    int64
	Digest   string // SHA-256 of the file
	EndedMS  int64  // 0: not yet
}

// Open reports whether it is still to be made.
func (b Bundle) Open() bool { return b.State == "asked" || b.State == "making" }

const bundleColumns = `n, token, operator, asked_ms, state, words, bytes, digest, ended_ms`

func scanBundle(scan func(...any) error) (b Bundle, err error) {
	return b, scan(&b.N, &b.Token, &b.Operator, &b.AskedMS, &b.State, &b.Words, &b.Bytes, &b.Digest, &b.EndedMS)
}

// AskBundle notes that somebody wants a bundle, and reports false when one is on
// its way already.
func (t *Tx) AskBundle(token, operator string) (bool, error) {
	n, err := t.changed(`INSERT INTO bundles (token, operator, asked_ms, state)
		SELECT $1, $2, $3, 'asked' WHERE NOT EXISTS (SELECT 1 FROM bundles WHERE state IN ('asked', 'making'))`, token, operator, t.atMS)
	if err != nil {
		return false, fmt.Errorf("ask for a bundle: %w", err)
	}
	return n == 1, nil
}

// Bundles returns the latest bundles, the newest first.
func (s *Store) Bundles(ctx context.Context, limit int) ([]Bundle, error) {
	return list(s.reader(ctx), `SELECT `+bundleColumns+` FROM bundles ORDER BY n DESC LIMIT $1`, []any{limit}, scanBundle)
}

// Bundle returns one bundle, or ErrNotFound.
func (s *Store) Bundle(ctx context.Context, token string) (Bundle, error) {
	return oneBundle(s.reader(ctx), `token = $1`, token)
}

func oneBundle(read query, where string, args ...any) (Bundle, error) {
	all, err := list(read, `SELECT `+bundleColumns+` FROM bundles WHERE `+where+` ORDER BY n LIMIT 1`, args, scanBundle)
	if err == nil && len(all) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Bundle{}, fmt.Errorf("bundle: %w", err)
	}
	return all[0], nil
}

// TakeBundle returns the next bundle that was asked for, which is being made from
// now on, or ErrNotFound.
func (t *Tx) TakeBundle() (Bundle, error) {
	b, err := oneBundle(t.rows, `state = $1`, "asked")
	if err != nil {
		return b, err
	}
	return b, t.NoteBundle(b.Token, "making", "")
}

// NoteBundle notes a state of a bundle that is not ready, in words for people.
// One that failed has ended.
func (t *Tx) NoteBundle(token, state, words string) error {
	ended := int64(0)
	if state == "failed" {
		ended = t.atMS
	}
	err := t.exec(`UPDATE bundles SET state = $1, words = $2, ended_ms = CASE WHEN state IN ('asked', 'making') THEN CAST($3 AS BIGINT) ELSE ended_ms END WHERE token = $4`, state, words, ended, token)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}

// BundleReady notes that the file of a bundle is there.
func (t *Tx) BundleReady(token, words string, bytes int64, digest string) error {
	err := t.exec(`UPDATE bundles SET state = 'ready', words = $1, bytes = $2, digest = $3, ended_ms = $4 WHERE token = $5`, words, bytes, digest, t.atMS, token)
	if err != nil {
		return fmt.Errorf("bundle: %w", err)
	}
	return nil
}
