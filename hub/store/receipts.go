package store

import (
	"context"
	"encoding/json"
	"fmt"

	"kickstand/protocol"
)

// Receipt is the book-keeping of one stored receipt.
type Receipt struct {
	Sale     string
	Key      string // name in the object store
	Stale    string // key to be removed once it is stored; empty: none
	Stored   bool
	Digest   string // SHA-256 of the document once stored, hex
	Tries    int64  // failed attempts since
	Error    string // of the last one
	StoredMS int64  // hub time, Unix ms
}

// Receipt returns the book-keeping of a sale's receipt, or ErrNotFound.
func (s *Store) Receipt(ctx context.Context, saleID string) (Receipt, error) {
	r := Receipt{Sale: saleID}
	var state string
	err := s.row(ctx, `SELECT key, state, digest, tries, error, stored_ms FROM receipts WHERE sale = $1`, []any{saleID},
		&r.Key, &state, &r.Digest, &r.Tries, &r.Error, &r.StoredMS)
	r.Stored = state == "stored"
	if err != nil {
		return r, fmt.Errorf("receipt of %s: %w", saleID, err)
	}
	return r, nil
}

// DueReceipts returns up to limit receipts to be stored now, oldest first.
func (s *Store) DueReceipts(ctx context.Context, limit int) ([]Receipt, error) {
	return list(s.reader(ctx), `SELECT sale, key, stale, digest, tries FROM receipts WHERE state = 'due' AND next_ms <= $1
		ORDER BY next_ms, sale LIMIT $2`, []any{s.now().UnixMilli(), limit}, func(scan func(...any) error) (r Receipt, err error) {
		return r, scan(&r.Sale, &r.Key, &r.Stale, &r.Digest, &r.Tries)
	})
}

// ReceiptsWaiting returns how many receipts could not be stored at the last try,
// and why one of them.
func (s *Store) ReceiptsWaiting(ctx context.Context) (n int64, why string, err error) {
	err = s.row(ctx, `SELECT count(*), coalesce(max(error), '') FROM receipts WHERE state = 'due' AND tries > 0`, nil, &n, &why)
	if err != nil {
		return 0, "", fmt.Errorf("receipts that wait: %w", err)
	}
	return n, why, nil
}

// ReceiptsStored writes that receipts, with their digests, are in the object
// store.
func (s *Store) ReceiptsStored(ctx context.Context, all []Receipt) error {
	if len(all) == 0 {
		return nil
	}
	return s.Write(ctx, func(t *Tx) error {
		for _, r := range all {
			err := t.exec(`UPDATE receipts SET state = 'stored', digest = $1, tries = 0, error = '', stored_ms = $2, stale = '' WHERE sale = $3 AND key = $4`,
				r.Digest, t.atMS, r.Sale, r.Key)
			if err != nil {
				return fmt.Errorf("receipt of %s: %w", r.Sale, err)
			}
		}
		return nil
	})
}

// ReceiptFailed writes that storing a receipt failed, and when to try again.
func (s *Store) ReceiptFailed(ctx context.Context, saleID, why string, nextMS int64) error {
	return s.Write(ctx, func(t *Tx) error {
		return t.exec(`UPDATE receipts SET state = 'due', tries = tries + 1, error = $1, next_ms = $2 WHERE sale = $3`,
			clip(why), nextMS, saleID)
	})
}

// SaleDocument returns a sale as the device sent it, with the name of who served
// as it may be shown today, and its shop number, or ErrNotFound.
func (s *Store) SaleDocument(ctx context.Context, saleID string) (p *protocol.Sale, number int64, err error) {
	err = s.reader(ctx)(`SELECT document, operator, operator_name, number FROM sales WHERE id = $1`, []any{saleID},
		func(scan func(...any) error) (err error) {
			p, err = scanDocument(scan, &number)
			return err
		})
	if err == nil && p == nil {
		err = ErrNotFound
	}
	if err != nil {
		return nil, 0, fmt.Errorf("sale %s: %w", saleID, err)
	}
	return p, number, nil
}

// scanDocument puts document, operator and operator_name together again.
func scanDocument(scan func(...any) error, more ...any) (*protocol.Sale, error) {
	var doc []byte
	var who, name string
	if err := scan(append([]any{&doc, &who, &name}, more...)...); err != nil {
		return nil, err
	}
	p := &protocol.Sale{}
	err := json.Unmarshal(doc, p)
	p.Operator, p.Name = who, name
	return p, err
}
