package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// MailState is how far a mail is.
type MailState string

// The states of a mail.
const (
	MailWaiting MailState = "waiting" // for its next attempt
	MailSent    MailState = "sent"    // the mail server took it
	MailFailed  MailState = "failed"  // given up; a person has to look
)

// Mail is a receipt that a customer asked for by e-mail.
type Mail struct {
	ID        string
	Sale      string
	Slip      string // of the sale; empty while the hub does not have it
	Device    string
	Address   string // empty once it is forgotten
	MessageID string // without brackets; empty before the first attempt
	State     MailState
	Tries     int64
	Error     string
	AskedMS   int64 // hub time, Unix ms
	DueMS     int64
	EndedMS   int64 // 0: it waits
	SeenMS    int64 // a person took note that it failed; 0: nobody has
}

// QueueMail writes that a receipt is to be sent, once per id. It reports whether it
// was asked for before.
func (t *Tx) QueueMail(device string, m *protocol.ReceiptMail) (known bool, err error) {
	n, err := t.changed(`INSERT INTO receipt_mails (id, sale, device, address, message_id, state, asked_ms, due_ms)
		VALUES ($1, $2, $3, $4, '', 'waiting', $5, $5) ON CONFLICT (id) DO NOTHING`, m.ID, m.Sale, device, m.Address, t.atMS)
	if err != nil {
		return false, fmt.Errorf("queue mail %s: %w", m.ID, err)
	}
	return n == 0, nil
}

const mailColumns = `m.id, m.sale, coalesce(s.slip, ''), m.device, m.address, m.message_id, m.state, m.tries, m.error, m.asked_ms, m.due_ms, m.ended_ms, m.seen_ms`

func scanMail(scan func(...any) error) (m Mail, err error) {
	err = scan(&m.ID, &m.Sale, &m.Slip, &m.Device, &m.Address, &m.MessageID, &m.State, &m.Tries, &m.Error, &m.AskedMS, &m.DueMS, &m.EndedMS, &m.SeenMS)
	return m, err
}

// TakeMail takes the mail that is due first for a while, or returns ErrNotFound.
// messageID becomes the mail's own at its first attempt, and is in the database
// before that. Who dies over it loses it when the lease ends.
func (s *Store) TakeMail(ctx context.Context, messageID string, leaseMS int64) (m Mail, err error) {
	err = s.Write(ctx, func(t *Tx) error {
		var due []Mail
		due, err := list(t.rows, `SELECT `+mailColumns+` FROM receipt_mails m LEFT JOIN sales s ON s.id = m.sale
			WHERE m.state = 'waiting' AND m.due_ms <= $1 AND m.lease_ms <= $1 ORDER BY m.due_ms, m.id LIMIT 1`, []any{t.atMS}, scanMail)
		if err == nil && len(due) == 0 {
			return ErrNotFound
		}
		if err != nil {
			return err
		}
		m = due[0]
		if m.MessageID == "" {
			m.MessageID = messageID
		}
		m.Tries++
		n, err := t.changed(`UPDATE receipt_mails SET lease_ms = $1, tries = $2, message_id = $3 WHERE id = $4 AND state = 'waiting' AND lease_ms <= $5`,
			t.atMS+leaseMS, m.Tries, m.MessageID, m.ID, t.atMS)
		if err == nil && n == 0 {
			err = ErrNotFound
		}
		return err
	})
	if err != nil && !errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("take mail: %w", err)
	}
	return m, err
}

// MailLater notes why an attempt came to nothing, and when the next one is.
func (t *Tx) MailLater(id, why string, dueMS int64) error {
	return t.endMail(id, `UPDATE receipt_mails SET due_ms = $1, lease_ms = 0, error = $2 WHERE id = $3 AND state = 'waiting'`, dueMS, clip(why), id)
}

// MailEnded notes that a mail was sent, or given up for a reason.
func (t *Tx) MailEnded(id string, state MailState, why string) error {
	return t.endMail(id, `UPDATE receipt_mails SET state = $1, ended_ms = $2, lease_ms = 0, error = $3 WHERE id = $4 AND state = 'waiting'`,
		string(state), t.atMS, clip(why), id)
}

func (t *Tx) endMail(id, q string, args ...any) error {
	if err := t.exec(q, args...); err != nil {
		return fmt.Errorf("mail %s: %w", id, err)
	}
	return nil
}

// MailAgain has a mail that was given up tried once more. It reports whether
// there is such a mail, and whether its address is still known.
func (t *Tx) MailAgain(id string) (bool, error) {
	n, err := t.changed(`UPDATE receipt_mails SET state = 'waiting', asked_ms = $1, due_ms = $1, ended_ms = 0, seen_ms = 0 WHERE id = $2 AND state = 'failed' AND address <> ''`,
		t.atMS, id)
	return n == 1, err
}

// SeeMails notes that a person knows of the mails that were given up.
func (t *Tx) SeeMails() error {
	return t.exec(`UPDATE receipt_mails SET seen_ms = $1 WHERE state = 'failed' AND seen_ms = 0`, t.atMS)
}

// ForgetMails empties the addresses of mails that ended before a time, Unix ms.
func (t *Tx) ForgetMails(beforeMS int64) error {
	return t.exec(`UPDATE receipt_mails SET address = '' WHERE state <> 'waiting' AND ended_ms < $1 AND address <> ''`, beforeMS)
}

// Mails returns the mails asked for last, at most limit; those that failed and
// that nobody has seen come first.
func (s *Store) Mails(ctx context.Context, limit int) ([]Mail, error) {
	return list(s.reader(ctx), `SELECT `+mailColumns+` FROM receipt_mails m LEFT JOIN sales s ON s.id = m.sale
		ORDER BY CASE WHEN m.state = 'failed' AND m.seen_ms = 0 THEN 0 ELSE 1 END, m.asked_ms DESC, m.id LIMIT $1`, []any{limit}, scanMail)
}

// FailedMails counts the mails that were given up and that nobody has seen.
func (s *Store) FailedMails(ctx context.Context) (n int64, err error) {
	err = s.row(ctx, `SELECT count(*) FROM receipt_mails WHERE state = 'failed' AND seen_ms = 0`, nil, &n)
	return n, err
}
