package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol"
)

// Names of the settings about receipts that are not on paper.
const (
	setReceipts = "receipts"
	setMail     = "mail_ready"
)

// KeepReceipts is how many days a receipt can be opened by its QR code when the
// shop says nothing.
const KeepReceipts = 90

// ReceiptRules is what the shop decided about receipts that are not on paper.
type ReceiptRules struct {
	URL   string `json:"url,omitempty"`       // see protocol.ReceiptWays
	Print bool   `json:"print,omitempty"`     // see protocol.ReceiptWays
	Days  int    `json:"keep_days,omitempty"` // that a receipt can be opened by its code, 1 to 3650; 0 is KeepReceipts
}

// Kept is how many days a receipt can be opened.
func (r ReceiptRules) Kept() int {
	if r.Days == 0 {
		return KeepReceipts
	}
	return r.Days
}

// errDays names the limits of ReceiptRules.Days.
var errDays = errors.New("receipts are kept 1 to 3650 days")

// ReceiptRules returns what the shop decided; the zero value is nothing yet.
func (s *Store) ReceiptRules(ctx context.Context) (ReceiptRules, error) {
	return readReceiptRules(s.reader(ctx))
}

// ReceiptRules is Store.ReceiptRules within a write.
func (t *Tx) ReceiptRules() (ReceiptRules, error) { return readReceiptRules(t.rows) }

func readReceiptRules(read query) (r ReceiptRules, err error) {
	err = read(`SELECT value FROM settings WHERE name = $1`, []any{setReceipts}, func(scan func(...any) error) error {
		var text string
		if err := scan(&text); err != nil {
			return err
		}
		return json.Unmarshal([]byte(text), &r)
	})
	if err != nil {
		err = fmt.Errorf("receipt rules: %w", err)
	}
	return r, err
}

// PutReceiptRules replaces them and tells every device.
func (t *Tx) PutReceiptRules(r ReceiptRules) error {
	if err := protocol.CheckReceiptURL(r.URL); err != nil {
		return fmt.Errorf("put receipt rules: %w", err)
	}
	if r.Days < 0 || r.Days > 3650 {
		return fmt.Errorf("put receipt rules: %w", errDays)
	}
	text, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("put receipt rules: %w", err)
	}
	if was, err := t.setting(setReceipts); err == nil && was == string(text) {
		return nil
	}
	return t.putTold(setReceipts, string(text))
}

// putTold changes one setting that devices are told.
func (t *Tx) putTold(name, value string) error {
	v, err := t.bump("settings_version")
	if err != nil {
		return err
	}
	if err := t.putSetting(name, value, v); err != nil {
		return fmt.Errorf("put setting %s: %w", name, err)
	}
	return t.tellAll()
}

// PutMailReady says whether this hub can send e-mail, and tells every device when
// that has changed.
func (s *Store) PutMailReady(ctx context.Context, ready bool) error {
	text, err := json.Marshal(ready)
	if err != nil {
		return err
	}
	return s.Write(ctx, func(t *Tx) error {
		was, err := t.setting(setMail)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return fmt.Errorf("mail ready: %w", err)
		}
		if was == string(text) || was == "" && !ready {
			return nil
		}
		return t.putTold(setMail, string(text))
	})
}

// LinkReceipt lets a receipt be opened by the token with this digest.
func (t *Tx) LinkReceipt(digest, sale string) error {
	err := t.exec(`INSERT INTO receipt_links (digest, sale, at_ms) VALUES ($1, $2, $3) ON CONFLICT (digest) DO NOTHING`, digest, sale, t.atMS)
	if err != nil {
		return fmt.Errorf("link receipt of %s: %w", sale, err)
	}
	return nil
}

// LinkedReceipt returns the sale whose receipt the token with this digest opens,
// or ErrNotFound, also when it came before sinceMS.
func (s *Store) LinkedReceipt(ctx context.Context, digest string, sinceMS int64) (sale string, err error) {
	err = s.row(ctx, `SELECT sale FROM receipt_links WHERE digest = $1 AND at_ms >= $2`, []any{digest, sinceMS}, &sale)
	return sale, err
}

// ForgetLinks removes the links of before a time, Unix ms.
func (t *Tx) ForgetLinks(beforeMS int64) error {
	return t.exec(`DELETE FROM receipt_links WHERE at_ms < $1`, beforeMS)
}

// LastSales returns the shop's last sales, the newest first.
func (s *Store) LastSales(ctx context.Context, limit int) ([]protocol.SaleBrief, error) {
	return list(s.reader(ctx), `SELECT slip, device, at_ms, total FROM sales ORDER BY number DESC LIMIT $1`, []any{limit},
		func(scan func(...any) error) (b protocol.SaleBrief, err error) {
			return b, scan(&b.Slip, &b.Device, &b.AtMS, &b.Total)
		})
}

// Copies is how many copies of a sale's receipt were asked for.
func (s *Store) Copies(ctx context.Context, sale string) (n int, err error) {
	err = s.row(ctx, `SELECT coalesce(max(copy), 0) FROM prints WHERE sale = $1`, []any{sale}, &n)
	return n, err
}
