package store

import (
	"context"
	"errors"
	"fmt"
)

// Password is what is kept of a person's password.
type Password struct {
	Operator string
	Hash     string
	Demo     bool // everybody knows it
}

// SetPassword keeps a new password and signs the person out everywhere. It
// returns ErrNotFound for somebody who is not on the staff.
func (t *Tx) SetPassword(p Password) error {
	n, err := t.changed(`INSERT INTO staff_passwords (operator, hash, demo, set_ms)
		SELECT id, $2, $3, $4 FROM operators WHERE id = $1 AND active = 1
		ON CONFLICT (operator) DO UPDATE SET hash = excluded.hash, demo = excluded.demo, set_ms = excluded.set_ms`,
		p.Operator, p.Hash, btoi(p.Demo), t.atMS)
	if err == nil && n == 0 {
		err = ErrNotFound
	}
	if err == nil {
		err = t.exec(`DELETE FROM staff_sessions WHERE operator = $1`, p.Operator)
	}
	if err != nil {
		return fmt.Errorf("set password of %.60s: %w", p.Operator, err)
	}
	return nil
}

// Passwords returns the passwords of all who are on the staff.
func (s *Store) Passwords(ctx context.Context) ([]Password, error) {
	return list(s.reader(ctx), `SELECT p.operator, p.hash, p.demo FROM staff_passwords p JOIN operators o ON o.id = p.operator
		WHERE o.active = 1 ORDER BY p.operator`, nil, func(scan func(...any) error) (p Password, err error) {
		var demo int
		err = scan(&p.Operator, &p.Hash, &demo)
		p.Demo = demo == 1
		return p, err
	})
}

// Session is somebody signed in to the office.
type Session struct {
	Digest   string // of the secret the browser has
	Operator string
	Name     string // as it is now
	Role     string // as it is now
	BeganMS  int64
	SeenMS   int64
}

// BeginSession signs somebody in.
func (t *Tx) BeginSession(digest, operator string) error {
	err := t.exec(`INSERT INTO staff_sessions (digest, operator, began_ms, seen_ms) VALUES ($1, $2, $3, $4)`, digest, operator, t.atMS, t.atMS)
	if err != nil {
		return fmt.Errorf("begin session: %w", err)
	}
	return nil
}

// SeeSession notes that somebody is still there, and forgets sessions not seen
// since an hub time.
func (t *Tx) SeeSession(digest string, forgetMS int64) error {
	err := t.exec(`UPDATE staff_sessions SET seen_ms = $1 WHERE digest = $2`, t.atMS, digest)
	if err == nil {
		err = t.exec(`DELETE FROM staff_sessions WHERE seen_ms < $1`, forgetMS)
	}
	if err != nil {
		return fmt.Errorf("see session: %w", err)
	}
	return nil
}

// EndSession signs somebody out.
func (t *Tx) EndSession(digest string) error {
	if err := t.exec(`DELETE FROM staff_sessions WHERE digest = $1`, digest); err != nil {
		return fmt.Errorf("end session: %w", err)
	}
	return nil
}

// Session returns who is signed in under a digest, or ErrNotFound; somebody who
// has left is not.
func (s *Store) Session(ctx context.Context, digest string) (v Session, err error) {
	v.Digest = digest
	err = s.row(ctx, `SELECT s.operator, o.name, o.role, s.began_ms, s.seen_ms FROM staff_sessions s JOIN operators o ON o.id = s.operator
		WHERE s.digest = $1 AND o.active = 1`, []any{digest}, &v.Operator, &v.Name, &v.Role, &v.BeganMS, &v.SeenMS)
	return v, err
}

// Try is what is known of the failed sign-ins of a person or an address.
type Try struct {
	Failed int64
	AtMS   int64
	NextMS int64
}

// Tries returns what is known of one; nothing is zero.
func (t *Tx) Tries(whose string) (v Try, err error) {
	err = t.row(`SELECT failed, at_ms, next_ms FROM staff_tries WHERE whose = $1`, []any{whose}, &v.Failed, &v.AtMS, &v.NextMS)
	if errors.Is(err, ErrNotFound) {
		return Try{}, nil
	}
	return v, err
}

// PutTry keeps what is known of one.
func (t *Tx) PutTry(whose string, v Try) error {
	return t.exec(`INSERT INTO staff_tries (whose, failed, at_ms, next_ms) VALUES ($1, $2, $3, $4)
		ON CONFLICT (whose) DO UPDATE SET failed = excluded.failed, at_ms = excluded.at_ms, next_ms = excluded.next_ms`, whose, v.Failed, v.AtMS, v.NextMS)
}

// ForgiveTries forgets the failures of one, and all that are older than a hub
// time.
func (t *Tx) ForgiveTries(whose string, olderMS int64) error {
	return t.exec(`DELETE FROM staff_tries WHERE whose = $1 OR at_ms < $2`, whose, olderMS)
}

// FormDone is what became of a form of the office.
type FormDone struct {
	Operator string
	Leads    string
	Says     string
	AtMS     int64
}

// TakeForm reports whether a form is carried out for the first time. Forms older
// than a hub time are forgotten.
func (t *Tx) TakeForm(token, operator string, forgetMS int64) (bool, error) {
	n, err := t.changed(`INSERT INTO office_forms (token, operator, leads, says, at_ms) VALUES ($1, $2, '', '', $3)
		ON CONFLICT (token) DO NOTHING`, token, operator, t.atMS)
	if err == nil && n == 1 {
		err = t.exec(`DELETE FROM office_forms WHERE at_ms < $1`, forgetMS)
	}
	if err != nil {
		return false, fmt.Errorf("take form: %w", err)
	}
	return n == 1, nil
}

// FormLeads keeps what a form that is being carried out leads to.
func (t *Tx) FormLeads(token, leads, says string) error {
	return t.exec(`UPDATE office_forms SET leads = $1, says = $2 WHERE token = $3`, leads, says, token)
}

// Form returns what became of a form, or ErrNotFound.
func (s *Store) Form(ctx context.Context, token string) (f FormDone, err error) {
	err = s.row(ctx, `SELECT operator, leads, says, at_ms FROM office_forms WHERE token = $1`, []any{token}, &f.Operator, &f.Leads, &f.Says, &f.AtMS)
	return f, err
}
