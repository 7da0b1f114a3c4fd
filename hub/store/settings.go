package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Names of the settings that make up protocol.Settings.
const (
	setShop  = "shop"
	setRules = "rules"
	setNotes = "notes"
	setIdle  = "idle_s"
	setTill  = "till"
	setGift  = "gift"
	setSelf  = "self_items" // pieces that a customer buys alone
	setMost  = "self_max"   // cents that a customer pays alone
)

// ShopSettings is what the shop has decided about itself. Operators are kept
// apart, see [Store.PutOperator].
type ShopSettings struct {
	Shop  protocol.Letterhead
	Rules money.Rules
	Notes []money.Cents // banknotes of the currency
	Till  protocol.TillRules
	Gift  protocol.GiftRules
	IdleS int // seconds without a touch until a sale is parked; 0 is 90
}

// PutSettings replaces the shop's settings and tells every device.
func (s *Store) PutSettings(ctx context.Context, set ShopSettings) error {
	if err := set.Rules.Validate(); err != nil {
		return fmt.Errorf("put settings: %w", err)
	}
	return s.Write(ctx, func(t *Tx) error {
		v, err := t.bump("settings_version")
		if err != nil {
			return err
		}
		for name, value := range map[string]any{setShop: set.Shop, setRules: set.Rules, setNotes: set.Notes, setIdle: set.IdleS, setTill: set.Till, setGift: set.Gift} {
			text, err := json.Marshal(value)
			if err != nil {
				return fmt.Errorf("put setting %s: %w", name, err)
			}
			if err := t.putSetting(name, string(text), v); err != nil {
				return err
			}
		}
		return t.tellAll()
	})
}

// ChangeSettings puts letterhead, rules, till rules, idle time and the kiosk's
// limits of set in place of the shop's and tells every device; other parts of set
// count for nothing.
func (t *Tx) ChangeSettings(set protocol.Settings) error {
	if err := set.Rules.Validate(); err != nil {
		return fmt.Errorf("change settings: %w", err)
	}
	v, err := t.bump("settings_version")
	if err != nil {
		return err
	}
	for name, value := range map[string]any{
		setShop: set.Shop, setRules: set.Rules, setTill: set.Till, setGift: set.Gift, setIdle: set.IdleS, setSelf: set.SelfItems, setMost: set.SelfMax,
	} {
		text, err := json.Marshal(value)
		if err == nil {
			err = t.putSetting(name, string(text), v)
		}
		if err != nil {
			return fmt.Errorf("change setting %s: %w", name, err)
		}
	}
	return t.tellAll()
}

// PutTillRules says how the shop runs its tills and tells every device.
func (s *Store) PutTillRules(ctx context.Context, rules protocol.TillRules) error {
	text, err := json.Marshal(rules)
	if err != nil {
		return fmt.Errorf("put till rules: %w", err)
	}
	return s.Write(ctx, func(t *Tx) error {
		v, err := t.bump("settings_version")
		if err != nil {
			return err
		}
		if err := t.putSetting(setTill, string(text), v); err != nil {
			return err
		}
		return t.tellAll()
	})
}

// PutTaxTable replaces the tax table by which items get their rates. Items
// already in the catalogue keep theirs until they are put again.
func (s *Store) PutTaxTable(ctx context.Context, table money.Table) error {
	if err := table.Validate(); err != nil {
		return fmt.Errorf("put tax table: %w", err)
	}
	text, err := json.Marshal(table)
	if err != nil {
		return fmt.Errorf("put tax table: %w", err)
	}
	return s.Write(ctx, func(t *Tx) error { return t.putSetting("tax_table", string(text), 0) })
}

// TaxTable returns the shop's tax table, or ErrNotFound.
func (s *Store) TaxTable(ctx context.Context) (money.Table, error) {
	var text string
	var table money.Table
	err := s.row(ctx, `SELECT value FROM settings WHERE name = $1`, []any{"tax_table"}, &text)
	if err != nil {
		return table, fmt.Errorf("tax table: %w", err)
	}
	return table, json.Unmarshal([]byte(text), &table)
}

// Settings returns what devices are told, operators included. A shop that has
// decided nothing yet has version 0 and empty rules.
func (s *Store) Settings(ctx context.Context) (protocol.Settings, error) {
	set, err := readSettings(s.reader(ctx))
	if err != nil {
		return set, fmt.Errorf("settings: %w", err)
	}
	return set, nil
}

// Settings returns what devices are told, as of this transaction.
func (t *Tx) Settings() (protocol.Settings, error) { return readSettings(t.rows) }

// query runs a SELECT and calls each for every row.
type query func(q string, args []any, each func(scan func(...any) error) error) error

func readSettings(read query) (protocol.Settings, error) {
	var set protocol.Settings
	mail := false
	parts := map[string]any{
		setShop: &set.Shop, setRules: &set.Rules, setNotes: &set.Notes, setIdle: &set.IdleS, setTill: &set.Till,
		setGift: &set.Gift, setSelf: &set.SelfItems, setMost: &set.SelfMax, setReceipts: &set.Receipts, setMail: &mail,
	}
	err := read(`SELECT name, value FROM settings`, nil, func(scan func(...any) error) error {
		var name, value string
		if err := scan(&name, &value); err != nil {
			return err
		}
		into, ok := parts[name]
		if !ok {
			return nil
		}
		return json.Unmarshal([]byte(value), into)
	})
	if err != nil {
		return set, err
	}
	set.Receipts.Mail = mail
	err = read(`SELECT value FROM meta WHERE name = 'settings_version'`, nil, func(scan func(...any) error) error {
		return scan(&set.Version)
	})
	if err != nil {
		return set, err
	}
	set.Operators, err = readOperators(read, true)
	return set, err
}

// bump moves a counter of meta by one and returns its new value.
func (t *Tx) bump(name string) (int64, error) {
	var v int64
	err := t.row(`UPDATE meta SET value = value + 1 WHERE name = $1 RETURNING value`, []any{name}, &v)
	if err != nil {
		return 0, fmt.Errorf("bump %s: %w", name, err)
	}
	if name != shopNumber {
		t.w.group.shop = nil
	}
	return v, nil
}

// shopNumber is the counter of sales; the others say that something a sale is
// judged by has changed.
const shopNumber = "shop_number"

// ShopNow is what every sale is judged by.
type ShopNow struct {
	Catalogue int64           // version of the newest change of an item
	Rules     money.Rules     // how the shop calculates
	Operators map[string]bool // ids of the people who may sell
}

// Shop returns what sales are judged by, read once per group.
func (t *Tx) Shop() (*ShopNow, error) {
	if t.w.group.shop != nil {
		return t.w.group.shop, nil
	}
	version, err := t.meta("catalogue_version")
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	set, err := t.Settings()
	if err != nil {
		return nil, fmt.Errorf("shop: %w", err)
	}
	now := &ShopNow{Catalogue: version, Rules: set.Rules, Operators: map[string]bool{}}
	for _, o := range set.Operators {
		now.Operators[o.ID] = true
	}
	t.w.group.shop = now
	return now, nil
}

func (t *Tx) meta(name string) (int64, error) {
	var v int64
	err := t.row(`SELECT value FROM meta WHERE name = $1`, []any{name}, &v)
	return v, err
}

func (t *Tx) setting(name string) (string, error) {
	var v string
	err := t.row(`SELECT value FROM settings WHERE name = $1`, []any{name}, &v)
	return v, err
}

func (t *Tx) putSetting(name, value string, version int64) error {
	return t.exec(`INSERT INTO settings (name, value, version) VALUES ($1, $2, $3)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value, version = excluded.version`, name, value, version)
}

// tellAll leaves the newest wishes for every enrolled device in the outbox.
func (t *Tx) tellAll() error {
	set, err := t.Settings()
	if err != nil {
		return err
	}
	if set.Rules.Validate() != nil {
		return nil // a shop without rules has nothing a device could run
	}
	version, err := t.meta("catalogue_version")
	if err != nil {
		return err
	}
	body, err := json.Marshal(protocol.HubDesired{Catalogue: version, Settings: set})
	if err != nil {
		return fmt.Errorf("tell devices: %w", err)
	}
	return t.broadcast(protocol.KindDesired, string(body))
}

// LastSlip returns the highest counter among the slip numbers of a prefix, 0 if
// there is none. It walks an index: 100,000 sales of one prefix take some tens of
// milliseconds.
func (s *Store) LastSlip(ctx context.Context, prefix string) (int64, error) {
	var last int64
	err := s.row(ctx, `SELECT coalesce(max(CAST(substr(slip, CAST($1 AS INTEGER)) AS BIGINT)), 0) FROM sales WHERE slip > $2 AND slip < $3`,
		[]any{len(prefix) + 2, prefix + "-", prefix + "."}, &last) // the dot follows the hyphen
	if err != nil {
		return 0, fmt.Errorf("last slip of %s: %w", prefix, err)
	}
	return last, nil
}

// Desired returns what every device should run now, without its Slips.
func (s *Store) Desired(ctx context.Context) (protocol.HubDesired, error) {
	set, err := s.Settings(ctx)
	if err != nil {
		return protocol.HubDesired{}, err
	}
	v, err := s.CatalogueVersion(ctx)
	return protocol.HubDesired{Catalogue: v, Settings: set}, err
}

// CatalogueVersion returns the version of the newest change of an item.
func (s *Store) CatalogueVersion(ctx context.Context) (int64, error) {
	var v int64
	err := s.row(ctx, `SELECT value FROM meta WHERE name = 'catalogue_version'`, nil, &v)
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return v, err
}
