package store

import (
	"context"
	"errors"
	"fmt"
)

// Job is work that is due at a time.
type Job struct {
	Name   string
	DueMS  int64
	DoneMS int64  // 0: never
	Result string // of the last time, in words
}

// TakeJob takes a job for a while when it is due and nobody is at it, and reports
// whether it did. A job that nobody has heard of is due at once. A taker that dies
// loses it when the lease ends.
func (s *Store) TakeJob(ctx context.Context, name string, leaseMS int64) (taken bool, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		if err := t.exec(`INSERT INTO jobs (name, due_ms) VALUES ($1, 0) ON CONFLICT (name) DO NOTHING`, name); err != nil {
			return err
		}
		n, err := t.changed(`UPDATE jobs SET lease_ms = $1 WHERE name = $2 AND due_ms <= $3 AND lease_ms <= $4`, t.atMS+leaseMS, name, t.atMS, t.atMS)
		taken = n == 1
		return err
	})
	if err != nil {
		return false, fmt.Errorf("take job %s: %w", name, err)
	}
	return taken, nil
}

// DoneJob notes how a job ended and when it is due again.
func (t *Tx) DoneJob(name, result string, dueMS int64, ok bool) error {
	done := int64(0)
	if ok {
		done = t.atMS
	}
	err := t.exec(`INSERT INTO jobs (name, due_ms, done_ms, result) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET
		due_ms = excluded.due_ms, lease_ms = 0, result = excluded.result,
		done_ms = CASE WHEN excluded.done_ms > 0 THEN excluded.done_ms ELSE jobs.done_ms END`, name, dueMS, done, result)
	if err != nil {
		return fmt.Errorf("job %s: %w", name, err)
	}
	return nil
}

// JobDue makes a job due at once.
func (t *Tx) JobDue(name string) error {
	err := t.exec(`INSERT INTO jobs (name, due_ms) VALUES ($1, 0) ON CONFLICT (name) DO UPDATE SET due_ms = 0`, name)
	if err != nil {
		return fmt.Errorf("job %s: %w", name, err)
	}
	return nil
}

// Job returns a job; one that never was is due at once.
func (s *Store) Job(ctx context.Context, name string) (Job, error) {
	j := Job{Name: name}
	err := s.row(ctx, `SELECT due_ms, done_ms, result FROM jobs WHERE name = $1`, []any{name}, &j.DueMS, &j.DoneMS, &j.Result)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return j, fmt.Errorf("job %s: %w", name, err)
	}
	return j, nil
}
