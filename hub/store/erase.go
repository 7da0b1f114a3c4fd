package store

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kickstand/hub/audit"
	"kickstand/hub/contact"
)

// ErrErased is returned for a change of a person who was erased: nothing may be
// put back under the id. Somebody who comes again gets a new one.
var ErrErased = errors.New("this person was erased and cannot be put back; somebody who comes again gets a new entry")

// EraseJob is the name of the job that finishes erasures, see [Store.Scrub].
const EraseJob = "erase"

// The kinds of people that can be erased.
const (
	KindCustomer = "customer"
	KindOperator = "operator"
)

// Erasure is one person that was erased.
type Erasure struct {
	Person string // id
	Kind   string // KindCustomer or KindOperator
	Event  int64  // N of the row of the journal that tells of it
	AtMS   int64  // hub time
}

// EraseCustomer erases a customer and whoever was merged into it: name, contact
// and notes, the addresses of mails, what people typed about the person or with
// the name, address or number in it, and the salts of all that. Sales and what
// was paid stay, with the id, which then stands for nobody. by is the operators.id
// of who did it, empty for a command of the hub.
//
// It reports whether there was anything to erase: not when the customer was
// erased before. An unknown id gives ErrNotFound. What was erased is gone from the
// files once [Store.Scrub] has run, which the job EraseJob is due to do.
func (t *Tx) EraseCustomer(id, by string) (bool, error) {
	c, err := t.Customer(id)
	if err != nil {
		return false, fmt.Errorf("erase customer %.60s: %w", id, err)
	}
	if c.Erased() {
		return false, nil
	}
	if err := t.eraseCustomer(c.ID, by); err != nil {
		return false, fmt.Errorf("erase customer %s: %w", c.ID, err)
	}
	return true, nil
}

func (t *Tx) eraseCustomer(id, by string) error {
	all, err := list(t.rows, `SELECT `+customerColumns+` FROM customers WHERE id = $1 OR merged_into = $1 ORDER BY id`, []any{id}, scanCustomer)
	if err != nil {
		return err
	}
	var who traces
	for _, c := range all {
		who.ids = append(who.ids, c.ID)
		who.knows(c.Name, c.Email, c.Phone)
		for _, d := range contact.Former(c.Notes) {
			who.knows(d.Name, d.Email, d.Phone)
		}
	}
	texts, err := t.textsAbout(who)
	if err != nil {
		return err
	}
	n, err := t.tell(audit.KindCustomerErased, id, by, audit.Erased{Texts: int64(len(texts))})
	if err != nil {
		return err
	}
	if err := errors.Join(t.emptyTexts(texts, n), t.sweep(who)); err != nil {
		return err
	}
	for _, c := range all {
		if err := errors.Join(t.emptyCustomer(c.ID), t.erased(c.ID, KindCustomer, n)); err != nil {
			return err
		}
	}
	err = t.exec(`UPDATE receipt_mails SET state = 'failed', ended_ms = $1, seen_ms = $1 WHERE state = 'waiting' AND address = ''`, t.atMS)
	return errors.Join(err, t.JobDue(EraseJob))
}

// tell writes a row of the journal about a person.
func (t *Tx) tell(kind, id, by string, facts any) (int64, error) {
	row, err := audit.Act(kind, id, by, facts)
	if err != nil {
		return 0, err
	}
	return t.Audit(row)
}

// emptyCustomer empties the personal columns of a customer, and what hangs on the
// sales.
func (t *Tx) emptyCustomer(id string) error {
	version, err := t.bump(customersVersion)
	if err != nil {
		return err
	}
	columns, err := personalOf("customers")
	if err != nil {
		return err
	}
	set := ""
	for _, c := range columns {
		set += c + ` = '', `
	}
	about, err := rowsAbout()
	if err != nil {
		return err
	}
	for _, q := range about {
		if err := t.exec(q, id); err != nil {
			return fmt.Errorf("%s: %w", q, err)
		}
	}
	const ofSales = `sale IN (SELECT id FROM sales WHERE customer = $1)`
	return errors.Join(
		t.exec(`UPDATE customers SET `+set+`erased_ms = $1, changed_ms = $1, version = $2 WHERE id = $3`, t.atMS, version, id),
		t.exec(`UPDATE receipt_mails SET address = '' WHERE `+ofSales, id),
		t.exec(`DELETE FROM receipt_links WHERE `+ofSales, id),
		t.exec(`UPDATE specials SET who = '' WHERE customer = $1`, id),
		t.exec(`UPDATE findings SET note = '' WHERE `+ofSales, id),
	)
}

// erased puts somebody on the list of those who may not be put back.
func (t *Tx) erased(person, kind string, event int64) error {
	return t.exec(`INSERT INTO erasures (person, kind, event, at_ms) VALUES ($1, $2, $3, $4) ON CONFLICT (person) DO NOTHING`,
		person, kind, event, t.atMS)
}

// notErased refuses people on that list.
func (t *Tx) notErased(person string) error {
	var n int64
	if err := t.row(`SELECT count(*) FROM erasures WHERE person = $1`, []any{person}, &n); err != nil {
		return err
	}
	if n > 0 {
		return ErrErased
	}
	return nil
}

// EraseCustomer is Tx.EraseCustomer in a transaction of its own, followed by
// Scrub. When it fails after the transaction, the job EraseJob goes on with it.
func (s *Store) EraseCustomer(ctx context.Context, id, by string) (erased bool, err error) {
	err = s.Write(ctx, func(t *Tx) (err error) {
		erased, err = t.EraseCustomer(id, by)
		return err
	})
	if err != nil || !erased {
		return false, err
	}
	return true, s.finish(ctx)
}

// finish does what the job EraseJob is due to do.
func (s *Store) finish(ctx context.Context) error {
	last, err := s.LastErasure(ctx)
	if err == nil {
		err = s.Scrub(ctx)
	}
	if err != nil {
		return err
	}
	return s.Write(ctx, func(t *Tx) error { return t.Scrubbed(last.Event) })
}

// Scrub takes out of the database's files what was erased: until then the older
// versions of its rows are in them. It returns ErrBusy while a reader needs one of
// these, and may be tried again.
func (s *Store) Scrub(ctx context.Context) error {
	d := s.writer.dialect
	if err := d.scrub(ctx); err != nil {
		return fmt.Errorf("scrub the database: %w", d.explain(err))
	}
	return nil
}

// LastErasure returns the latest erasure, the zero value when nobody was erased.
func (s *Store) LastErasure(ctx context.Context) (Erasure, error) { return lastErasure(s.reader(ctx)) }

func lastErasure(read query) (e Erasure, err error) {
	all, err := list(read, `SELECT person, kind, event, at_ms FROM erasures ORDER BY event DESC, at_ms DESC, person LIMIT 1`, nil, scanErasure)
	if err != nil {
		return e, fmt.Errorf("last erasure: %w", err)
	}
	if len(all) > 0 {
		e = all[0]
	}
	return e, nil
}

func scanErasure(scan func(...any) error) (e Erasure, err error) {
	return e, scan(&e.Person, &e.Kind, &e.Event, &e.AtMS)
}

// never is when a job is due that has nothing to do.
const never = 1 << 60

// Scrubbed notes that the files hold nothing any more of whoever was erased up to
// a row of the journal. Later ones keep the job due.
func (t *Tx) Scrubbed(upto int64) error {
	last, err := lastErasure(t.rows)
	if err != nil {
		return err
	}
	if last.Event > upto {
		return t.DoneJob(EraseJob, "", 0, true)
	}
	return t.DoneJob(EraseJob, "", never, true)
}

// EraseAgain erases whoever is on the list of another copy of this shop, as after
// the restore of an older backup. People whom this database does not know are put
// on its list all the same. It returns how many were erased.
func (s *Store) EraseAgain(ctx context.Context, all []Erasure) (n int, err error) {
	for _, e := range all {
		var done bool
		err := s.Write(ctx, func(t *Tx) (err error) {
			done, err = t.eraseAgain(e)
			return err
		})
		if err != nil {
			return n, err
		}
		if done {
			n++
		}
	}
	return n, s.finish(ctx)
}

func (t *Tx) eraseAgain(e Erasure) (bool, error) {
	var done bool
	var err error
	switch e.Kind {
	case KindCustomer:
		done, err = t.EraseCustomer(e.Person, "")
	case KindOperator:
		if err = t.retireOperator(e.Person); err == nil {
			done, err = t.EraseOperator(e.Person, "")
		}
	default:
		return false, fmt.Errorf("erase %.60s again: %q is nothing that can be erased", e.Person, e.Kind)
	}
	if errors.Is(err, ErrNotFound) {
		return false, t.erased(e.Person, e.Kind, 0)
	}
	return done, err
}

// Erasures returns everybody who was erased, in the order in which that happened.
func (s *Store) Erasures(ctx context.Context) ([]Erasure, error) {
	all, err := list(s.reader(ctx), `SELECT person, kind, event, at_ms FROM erasures ORDER BY at_ms, person`, nil, scanErasure)
	if err != nil {
		return nil, fmt.Errorf("erasures: %w", err)
	}
	return all, nil
}

// textAt is where a text lies beside the journal.
type textAt struct {
	n     int64
	field string
}

// textsAbout finds what people typed about somebody, or with the name in it.
func (t *Tx) textsAbout(who traces) (all []textAt, err error) {
	err = t.rows(`SELECT n, field, person, words FROM audit_texts WHERE gone = 0 ORDER BY n, field`, nil, func(scan func(...any) error) error {
		var at textAt
		var person, words string
		if err := scan(&at.n, &at.field, &person, &words); err != nil {
			return err
		}
		if slices.Contains(who.ids, person) || who.in(words) {
			all = append(all, at)
		}
		return nil
	})
	return all, err
}

func (t *Tx) emptyTexts(all []textAt, by int64) error {
	for _, at := range all {
		if err := t.exec(`UPDATE audit_texts SET salt = '', words = '', gone = $1 WHERE n = $2 AND field = $3`, by, at.n, at.field); err != nil {
			return err
		}
	}
	return nil
}
