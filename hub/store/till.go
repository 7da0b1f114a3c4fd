package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/protocol"
	"kickstand/protocol/money"
	"kickstand/protocol/till"
)

// The states of a till session.
const (
	TillOpen   = "open"
	TillClosed = "closed" // it has a Z report
	TillLeft   = "left"   // its device began another one without closing it
)

// OpenTill writes that a device opened its till, once per id. A session that the
// device had open and never closed is left, and its id returned.
func (t *Tx) OpenTill(device string, o *protocol.TillOpened) (left string, err error) {
	var known int64
	if err := t.row(`SELECT count(*) FROM till_sessions WHERE id = $1`, []any{o.ID}, &known); err != nil || known > 0 {
		return "", err
	}
	err = t.row(`SELECT id FROM till_sessions WHERE device = $1 AND state = 'open'`, []any{device}, &left)
	if err == nil {
		err = t.exec(`UPDATE till_sessions SET state = 'left', ended_ms = $1 WHERE id = $2`, t.atMS, left)
	}
	if err != nil && !errors.Is(err, ErrNotFound) {
		return "", fmt.Errorf("till of %s: %w", device, err)
	}
	err = t.exec(`INSERT INTO till_sessions (id, device, state, operator, float, opened_ms) VALUES ($1, $2, 'open', $3, $4, $5)`,
		o.ID, device, o.Operator, int64(o.Float), t.atMS)
	if err != nil {
		return "", fmt.Errorf("till session %s: %w", o.ID, err)
	}
	return left, nil
}

// MoveTill writes cash put in or taken out, once per id.
func (t *Tx) MoveTill(device string, m *protocol.TillMoved) error {
	n, err := t.changed(`INSERT INTO till_moves (id, session, device, operator, amount, why, at_ms) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO NOTHING`, m.ID, m.Session, device, m.Operator, int64(m.Amount), m.Why, t.atMS)
	if err == nil && n == 1 {
		err = t.lateForZ(m.Session, m.ID, m.Amount, 0)
	}
	if err != nil {
		return fmt.Errorf("till move %s: %w", m.ID, err)
	}
	return nil
}

// CloseTill stores a Z report as it came, with what the hub adds up differently,
// once per session. document is the report without the person and what that
// person wrote, salt what its digest is made with. known reports that the session has its report already.
func (t *Tx) CloseTill(device string, c *protocol.TillClosed, document []byte, salt string) (differs []string, known bool, err error) {
	var n int64
	if err := t.row(`SELECT count(*) FROM z_reports WHERE session = $1`, []any{c.ID}, &n); err != nil || n > 0 {
		return nil, n > 0, err
	}
	if differs, err = t.checkZ(device, c); err != nil {
		return nil, false, fmt.Errorf("report of till session %s: %w", c.ID, err)
	}
	words, err := json.Marshal(differs)
	if err != nil {
		return nil, false, err
	}
	err = errors.Join(
		t.exec(`INSERT INTO z_reports (session, device, number, operator, expected, counted, document, digest, differs, at_ms, salt, operator_name, why)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`, c.ID, device, c.Number, c.Operator, int64(c.Figures.Expected()), int64(c.Counted),
			string(document), audit.Commit(salt, string(document)), string(words), t.atMS, salt, c.Name, c.Why),
		t.exec(`INSERT INTO till_sessions (id, device, state, operator, float, opened_ms, ended_ms) VALUES ($1, $2, 'closed', $3, $4, $5, $6)
			ON CONFLICT (id) DO UPDATE SET state = 'closed', ended_ms = excluded.ended_ms`,
			c.ID, device, c.Operator, int64(c.Figures.Float), t.atMS, t.atMS),
	)
	if err != nil {
		return nil, false, fmt.Errorf("report of till session %s: %w", c.ID, err)
	}
	return differs, false, nil
}

// checkZ adds the session up from the hub's own rows.
func (t *Tx) checkZ(device string, c *protocol.TillClosed) ([]string, error) {
	var last int64
	if err := t.row(`SELECT coalesce(max(number), 0) FROM z_reports WHERE device = $1`, []any{device}, &last); err != nil {
		return nil, err
	}
	ours := protocol.TillFigures{Float: c.Figures.Float}
	err := errors.Join(
		t.rows(`SELECT document FROM sales WHERE session = $1 ORDER BY number`, []any{c.ID}, func(scan func(...any) error) error {
			var doc []byte
			var s protocol.Sale
			err := scan(&doc)
			if err == nil {
				err = json.Unmarshal(doc, &s)
			}
			ours = till.Add(ours, &s)
			return err
		}),
		t.rows(`SELECT amount FROM till_moves WHERE session = $1`, []any{c.ID}, func(scan func(...any) error) error {
			var amount money.Cents
			err := scan(&amount)
			ours = till.Move(ours, amount)
			return err
		}),
	)
	if err != nil {
		return nil, err
	}
	differs := till.Compare(c.Figures, ours)
	if c.Number != last+1 {
		differs = append(differs, fmt.Sprintf("Z report %d follows Z report %d", c.Number, last))
	}
	return differs, nil
}

// lateForZ notes what came for a session after its Z report.
func (t *Tx) lateForZ(session, subject string, cash, total money.Cents) error {
	if session == "" {
		return nil
	}
	return t.exec(`INSERT INTO z_addenda (session, subject, cash, total, at_ms)
		SELECT session, CAST($2 AS TEXT), CAST($3 AS BIGINT), CAST($4 AS BIGINT), CAST($5 AS BIGINT) FROM z_reports WHERE session = $1`,
		session, subject, int64(cash), int64(total), t.atMS)
}

// cashOf is what a sale brought into the drawer.
func cashOf(s *protocol.Sale) (sum money.Cents) {
	for _, p := range s.Payments {
		if p.Tender == protocol.Cash {
			sum += p.Amount
		}
	}
	return sum
}

// TillSession is one session of one drawer, with its Z report once it is closed.
type TillSession struct {
	ID       string
	Device   string
	State    string // TillOpen, TillClosed or TillLeft
	Operator string // who opened it
	Float    money.Cents
	OpenedMS int64 // hub time
	EndedMS  int64 // 0: still open
	Number   int64 // of the Z report, 0 when there is none
	Expected money.Cents
	Counted  money.Cents
	Differs  []string // what the hub adds up differently
	Late     int64    // rows that came after the Z report
}

const tillColumns = `s.id, s.device, s.state, s.operator, s.float, s.opened_ms, s.ended_ms, coalesce(z.number, 0), coalesce(z.expected, 0),
	coalesce(z.counted, 0), coalesce(z.differs, '[]'), (SELECT count(*) FROM z_addenda a WHERE a.session = s.id)
	FROM till_sessions s LEFT JOIN z_reports z ON z.session = s.id`

func scanTill(scan func(...any) error) (s TillSession, err error) {
	var differs []byte
	err = scan(&s.ID, &s.Device, &s.State, &s.Operator, &s.Float, &s.OpenedMS, &s.EndedMS, &s.Number, &s.Expected, &s.Counted, &differs, &s.Late)
	if err == nil {
		err = json.Unmarshal(differs, &s.Differs)
	}
	return s, err
}

// TillSessions returns sessions, open ones first, then the newest, at most limit.
func (s *Store) TillSessions(ctx context.Context, limit int) ([]TillSession, error) {
	return list(s.reader(ctx), `SELECT `+tillColumns+` ORDER BY CASE WHEN s.state = 'open' THEN 0 ELSE 1 END, s.opened_ms DESC, s.id LIMIT $1`,
		[]any{limit}, scanTill)
}

// ZReport returns a session with its Z report as its device sent it and the
// figures as the hub has them now, late rows included. A session that is not
// closed has no report; an unknown one gives ErrNotFound.
func (s *Store) ZReport(ctx context.Context, session string) (TillSession, *protocol.TillClosed, error) {
	rows, err := list(s.reader(ctx), `SELECT `+tillColumns+` WHERE s.id = $1`, []any{session}, scanTill)
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return TillSession{}, nil, fmt.Errorf("till session %.60s: %w", session, err)
	}
	var doc []byte
	var who protocol.TillClosed
	err = s.row(ctx, `SELECT document, operator, operator_name, why FROM z_reports WHERE session = $1`, []any{session},
		&doc, &who.Operator, &who.Name, &who.Why)
	if errors.Is(err, ErrNotFound) {
		return rows[0], nil, nil
	}
	z := &protocol.TillClosed{}
	if err == nil {
		err = json.Unmarshal(doc, z)
	}
	z.Operator, z.Name, z.Why = who.Operator, who.Name, who.Why
	if err != nil {
		return rows[0], nil, fmt.Errorf("report of till session %s: %w", session, err)
	}
	return rows[0], z, nil
}

// TillLate is something that came for a session after its Z report.
type TillLate struct {
	Subject string // sales.id or till_moves.id
	Cash    money.Cents
	Total   money.Cents
	AtMS    int64
}

// TillAddendum returns what came for a session after its Z report.
func (s *Store) TillAddendum(ctx context.Context, session string) ([]TillLate, error) {
	return list(s.reader(ctx), `SELECT subject, cash, total, at_ms FROM z_addenda WHERE session = $1 ORDER BY n`, []any{session},
		func(scan func(...any) error) (l TillLate, err error) {
			return l, scan(&l.Subject, &l.Cash, &l.Total, &l.AtMS)
		})
}

// LastZ returns the highest number among the Z reports of a device, 0 when there
// is none.
func (s *Store) LastZ(ctx context.Context, device string) (int64, error) {
	var last int64
	err := s.row(ctx, `SELECT coalesce(max(number), 0) FROM z_reports WHERE device = $1`, []any{device}, &last)
	if err != nil {
		return 0, fmt.Errorf("last Z report of %s: %w", device, err)
	}
	return last, nil
}
