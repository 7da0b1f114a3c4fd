package store

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"kickstand/hub/audit"
)

const auditColumns = `n, at_ms, kind, device, epoch, seq, subject, actor, salt, digest, body, prev, hash, follows`

func scanAudit(scan func(...any) error) (r audit.Row, err error) {
	var seq int64
	err = scan(&r.N, &r.AtMS, &r.Kind, &r.Device, &r.Epoch, &seq, &r.Subject, &r.Actor, &r.Salt, &r.Digest, &r.Body, &r.Prev, &r.Hash, &r.Follows)
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

// VerifyAudit walks the whole chain and holds sales, Z reports and texts against
// it: each sale must have its row, with the same amounts, the same document and
// whoever served, shop numbers must have no gap, and what people typed must be as
// it was or be erased with a row that says so. Rows removed from the end are missed by the
// devices' cursors. The first fault is an [*audit.BadRowError], or names the
// sale. [Store.VerifySealed] looks at the checkpoints too.
func (s *Store) VerifyAudit(ctx context.Context) (audit.Head, error) {
	head, err := audit.Verify(s.shop, s.AuditRows(ctx))
	if err != nil {
		return head, err
	}
	return head, verifyRest(s.reader(ctx), head)
}

// verifyRest holds everything else against a chain that is good up to head.
func verifyRest(read query, head audit.Head) error {
	if err := verifyEnd(read, head); err != nil {
		return err
	}
	return verifyKept(read)
}

// verifyEnd looks for rows that were removed after the last one: the latest event
// of every stream must be in the journal or in quarantine.
func verifyEnd(read query, head audit.Head) error {
	err := read(`SELECT c.device, c.last_seq FROM device_cursors c WHERE c.last_seq > 0
		AND NOT EXISTS (SELECT 1 FROM audit_events a WHERE a.device = c.device AND a.epoch = c.epoch AND a.seq = c.last_seq AND a.seq > 0)
		AND NOT EXISTS (SELECT 1 FROM quarantine q WHERE q.device = c.device AND q.epoch = c.epoch AND q.seq = c.last_seq)
		ORDER BY c.device, c.epoch LIMIT 1`, nil, func(scan func(...any) error) error {
		var device string
		var seq int64
		if err := scan(&device, &seq); err != nil {
			return err
		}
		return &audit.BadRowError{N: head.N + 1, Why: fmt.Sprintf("is missing: event %d of device %s was applied and has no row", seq, device)}
	})
	if err != nil {
		return fmt.Errorf("end of the journal: %w", err)
	}
	return nil
}
