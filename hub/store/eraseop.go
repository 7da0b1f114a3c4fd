package store

import (
	"context"
	"errors"
	"fmt"

	"kickstand/hub/audit"
)

// ErrOnStaff is returned for the erasure of somebody who may still use devices.
var ErrOnStaff = errors.New("this person is still on the staff: take the person off first")

// EraseOperator erases a person of the staff who has left: the name in the list of
// people, in sales, Z reports and their receipts becomes "Former employee 3"; the
// password, what was typed with the name in it, and the salts of what the person
// did go. Sales and sums stay, with the id, which must not be a name. by is the
// operators.id of who did it, empty for a command of the hub.
//
// It reports whether there was anything to erase: not when the person was erased
// before. An unknown id gives ErrNotFound, somebody who has not left ErrOnStaff.
// Afterwards it is as with EraseCustomer.
func (t *Tx) EraseOperator(id, by string) (bool, error) {
	var name string
	var active int
	err := t.row(`SELECT name, active FROM operators WHERE id = $1`, []any{id}, &name, &active)
	if err == nil {
		if err = t.notErased(id); errors.Is(err, ErrErased) {
			return false, nil
		}
	}
	if err == nil && active == 1 {
		err = ErrOnStaff
	}
	if err == nil {
		err = t.eraseOperator(id, name, by)
	}
	if err != nil {
		return false, fmt.Errorf("erase %.60s of the staff: %w", id, err)
	}
	return true, nil
}

func (t *Tx) eraseOperator(id, name, by string) error {
	names, err := list(t.rows, `SELECT name FROM (SELECT CAST($2 AS TEXT) AS name UNION SELECT operator_name FROM sales WHERE operator = $1
		UNION SELECT operator_name FROM z_reports WHERE operator = $1) n ORDER BY name`, []any{id, name},
		func(scan func(...any) error) (n string, err error) { return n, scan(&n) })
	if err != nil {
		return err
	}
	var who traces
	for _, n := range names {
		who.knows(n, "", "")
	}
	texts, err := t.textsAbout(who)
	if err != nil {
		return err
	}
	acts, err := t.actsOf(id, names)
	if err != nil {
		return err
	}
	n, err := t.tell(audit.KindOperatorErased, id, by, audit.Erased{Texts: int64(len(texts)), Actors: int64(len(acts))})
	if err != nil {
		return err
	}
	for _, act := range acts {
		if err := t.exec(`UPDATE audit_events SET salt = '' WHERE n = $1`, act); err != nil {
			return err
		}
	}
	return errors.Join(t.emptyTexts(texts, n), t.sweep(who), t.renameOperator(id), t.erased(id, KindOperator, n), t.JobDue(EraseJob), t.staffChanged())
}

// actsOf returns the rows of the journal in which somebody takes part.
func (t *Tx) actsOf(id string, names []string) (all []int64, err error) {
	as := []string{audit.Person(id, "")}
	for _, name := range names {
		as = append(as, audit.Person(id, name))
	}
	err = t.rows(`SELECT n, actor, salt FROM audit_events WHERE salt <> '' ORDER BY n`, nil, func(scan func(...any) error) error {
		var n int64
		var actor, salt string
		if err := scan(&n, &actor, &salt); err != nil {
			return err
		}
		for _, a := range as {
			if audit.Commit(salt, a) == actor {
				all = append(all, n)
				break
			}
		}
		return nil
	})
	return all, err
}

// renameOperator puts a number in place of a name everywhere, and has the receipts
// stored anew.
func (t *Tx) renameOperator(id string) error {
	var before int64
	if err := t.row(`SELECT count(*) FROM erasures WHERE kind = $1`, []any{KindOperator}, &before); err != nil {
		return err
	}
	alias := fmt.Sprintf("Former employee %d", before+1)
	t.w.group.due = true
	return errors.Join(
		t.exec(`UPDATE operators SET name = $1 WHERE id = $2`, alias, id),
		t.exec(`UPDATE sales SET operator_name = $1 WHERE operator = $2`, alias, id),
		t.exec(`UPDATE z_reports SET operator_name = $1 WHERE operator = $2`, alias, id),
		t.exec(`DELETE FROM staff_passwords WHERE operator = $1`, id),
		t.exec(`DELETE FROM staff_sessions WHERE operator = $1`, id),
		t.exec(`DELETE FROM staff_tries WHERE whose = $1`, "person:"+id),
		t.exec(`UPDATE receipts SET stale = key, key = replace(key, '.json', '-2.json'), state = 'due', digest = '', tries = 0, error = '', next_ms = 0
			WHERE sale IN (SELECT id FROM sales WHERE operator = $1)`, id),
	)
}

// NameOf is the name to be kept of somebody of the staff as a device says it: that
// of a person who was erased meanwhile is not taken in again.
func (t *Tx) NameOf(id, said string) (string, error) {
	if id == "" {
		return said, nil
	}
	err := t.notErased(id)
	if !errors.Is(err, ErrErased) {
		return said, err
	}
	var alias string
	err = t.row(`SELECT name FROM operators WHERE id = $1`, []any{id}, &alias)
	if errors.Is(err, ErrNotFound) {
		return "", nil
	}
	return alias, err
}

// EraseOperator is Tx.EraseOperator in a transaction of its own, followed by Scrub,
// like EraseCustomer.
func (s *Store) EraseOperator(ctx context.Context, id, by string) (erased bool, err error) {
	err = s.Write(ctx, func(t *Tx) (err error) {
		erased, err = t.EraseOperator(id, by)
		return err
	})
	if err != nil || !erased {
		return false, err
	}
	return true, s.finish(ctx)
}
