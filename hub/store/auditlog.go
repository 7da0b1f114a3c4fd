package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"kickstand/hub/audit"
	"kickstand/protocol"
)

const auditColumns = `n, at_ms, kind, device, epoch, seq, subject, actor, salt, digest, body, prev, hash`

func scanAudit(scan func(...any) error) (r audit.Row, err error) {
	var seq int64
	err = scan(&r.N, &r.AtMS, &r.Kind, &r.Device, &r.Epoch, &seq, &r.Subject, &r.Actor, &r.Salt, &r.Digest, &r.Body, &r.Prev, &r.Hash)
	r.Seq = uint64(seq)
	return r, err
}

// errStop ends a query early.
var errStop = errors.New("stop")

// AuditRows walks the journal in order of its numbers.
func (s *Store) AuditRows(ctx context.Context) iter.Seq2[audit.Row, error] {
	return func(yield func(audit.Row, error) bool) {
		err := s.reader(ctx)(`SELECT `+auditColumns+` FROM audit_events ORDER BY n`, nil, func(scan func(...any) error) error {
			r, err := scanAudit(scan)
			if err != nil {
				return err
			}
			if !yield(r, nil) {
				return errStop
			}
			return nil
		})
		if err != nil && !errors.Is(err, errStop) {
			yield(audit.Row{}, err)
		}
	}
}

// VerifyAudit walks the whole chain and then holds the sales against it: each
// sale must have its row, with the digest of the sale's document, and shop
// numbers must have no gap. The first fault is an [*audit.BadRowError] or says
// which sale.
func (s *Store) VerifyAudit(ctx context.Context) (audit.Head, error) {
	head, err := audit.Verify(s.shop, s.AuditRows(ctx))
	if err != nil {
		return head, err
	}
	var id string
	err = s.row(ctx, `SELECT id FROM sales WHERE NOT EXISTS
		(SELECT 1 FROM audit_events a WHERE a.subject = sales.id AND a.kind = $1) LIMIT 1`, []any{string(protocol.KindSale)}, &id)
	if err == nil {
		return head, fmt.Errorf("sale %s has no audit row", id)
	}
	if !errors.Is(err, ErrNotFound) {
		return head, err
	}
	var count, first, last int64
	err = s.row(ctx, `SELECT count(*), coalesce(min(number), 1), coalesce(max(number), 0) FROM sales`, nil, &count, &first, &last)
	if err == nil && (first != 1 || count != last) {
		err = fmt.Errorf("%d sales are numbered %d to %d: some are missing", count, first, last)
	}
	return head, err
}
