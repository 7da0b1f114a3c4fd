package store

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/sale"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// verifyKept holds what is kept beside the journal against it.
func verifyKept(read query) error {
	for _, check := range []func(query) error{verifySales, verifyReports, verifyTexts, verifyErased} {
		if err := check(read); err != nil {
			return err
		}
	}
	return nil
}

// verifySales holds every sale against its row of the journal.
func verifySales(read query) error {
	var sales, last int64
	err := read(`SELECT s.number, s.total, s.paid, s.document, s.digest, s.salt, s.operator, s.operator_name,
		coalesce(a.n, 0), coalesce(a.body, ''), coalesce(a.actor, ''), coalesce(a.salt, '')
		FROM sales s LEFT JOIN audit_events a ON a.subject = s.id AND a.subject <> '' AND a.kind = $1 ORDER BY s.number`,
		[]any{string(protocol.KindSale)}, func(scan func(...any) error) error {
			sales++
			return checkSale(scan, sales)
		})
	if err != nil {
		return err
	}
	err = read(`SELECT value FROM meta WHERE name = $1`, []any{shopNumber}, func(scan func(...any) error) error { return scan(&last) })
	if err == nil && last != sales {
		err = fmt.Errorf("%d sales, but %d numbers were given: the last ones are missing", sales, last)
	}
	return err
}

// kept is a document with who was there, and the row of the journal about it.
type kept struct {
	document, digest, salt string
	who, name              string
	row                    audit.Row
}

// check compares the document and the person with the row; said is what the row
// says of the document.
func (k *kept) check(said string) error {
	switch {
	case said != k.digest || audit.Commit(k.salt, k.document) != k.digest:
		return fmt.Errorf("was altered: its document is not the one in row %d of the journal", k.row.N)
	case k.row.Salt != "" && audit.Commit(k.row.Salt, audit.Person(k.who, k.name)) != k.row.Actor:
		return fmt.Errorf("was altered: row %d of the journal names somebody else than %q", k.row.N, audit.Person(k.who, k.name))
	}
	return nil
}

// checkSale compares the next sale with its row of the journal.
func checkSale(scan func(...any) error, want int64) error {
	var number int64
	var total, paid money.Cents
	var k kept
	err := scan(&number, &total, &paid, &k.document, &k.digest, &k.salt, &k.who, &k.name, &k.row.N, &k.row.Body, &k.row.Actor, &k.row.Salt)
	if err != nil {
		return err
	}
	name := sale.Number(number)
	if number != want {
		return fmt.Errorf("sale %s is missing; the next is %s", sale.Number(want), name)
	}
	if k.row.N == 0 {
		return fmt.Errorf("sale %s has no row in the journal", name)
	}
	var said struct {
		Total    money.Cents `json:"total"`
		Paid     money.Cents `json:"paid"`
		Document string      `json:"document"`
	}
	if err := json.Unmarshal([]byte(k.row.Body), &said); err != nil {
		return fmt.Errorf("sale %s: journal: %w", name, err)
	}
	if said.Total != total || said.Paid != paid {
		return fmt.Errorf("sale %s was altered: the journal says %v paid of %v", name, said.Paid, said.Total)
	}
	if err := k.check(said.Document); err != nil {
		return fmt.Errorf("sale %s %w", name, err)
	}
	return nil
}

// verifyReports holds every Z report against its row of the journal.
func verifyReports(read query) error {
	return read(`SELECT z.device, z.number, z.document, z.digest, z.salt, z.operator, z.operator_name,
		coalesce(a.n, 0), coalesce(a.body, '{}'), coalesce(a.actor, ''), coalesce(a.salt, '')
		FROM z_reports z LEFT JOIN audit_events a ON a.subject = z.session AND a.subject <> '' AND a.kind = $1 ORDER BY z.session`,
		[]any{string(protocol.KindTillClosed)}, func(scan func(...any) error) error {
			var device string
			var number int64
			var k kept
			err := scan(&device, &number, &k.document, &k.digest, &k.salt, &k.who, &k.name, &k.row.N, &k.row.Body, &k.row.Actor, &k.row.Salt)
			if err != nil {
				return err
			}
			var said struct {
				Document string `json:"document"`
			}
			err = json.Unmarshal([]byte(k.row.Body), &said)
			if err == nil && k.row.N == 0 {
				err = fmt.Errorf("has no row in the journal")
			}
			if err = cmp.Or(err, k.check(said.Document)); err != nil {
				return fmt.Errorf("the Z report %d of %s %w", number, device, err)
			}
			return nil
		})
}

// verifyTexts holds what people typed against the rows it belongs to.
func verifyTexts(read query) error {
	var row audit.Row
	var texts []audit.Text
	var seen, all int64
	err := read(`SELECT a.n, a.body, coalesce(t.field, ''), coalesce(t.salt, ''), coalesce(t.words, ''), coalesce(t.gone, 0)
		FROM audit_events a LEFT JOIN audit_texts t ON t.n = a.n WHERE a.body LIKE '%"said":{%' ORDER BY a.n`, nil,
		func(scan func(...any) error) error {
			var r audit.Row
			var t audit.Text
			if err := scan(&r.N, &r.Body, &t.Field, &t.Salt, &t.Words, &t.Gone); err != nil {
				return err
			}
			if r.N != row.N {
				if err := row.CheckTexts(texts); err != nil {
					return err
				}
				row, texts = r, nil
			}
			if t.Field != "" {
				texts = append(texts, t)
				seen++
			}
			return nil
		})
	if err == nil {
		err = row.CheckTexts(texts)
	}
	if err == nil {
		err = read(`SELECT count(*) FROM audit_texts`, nil, func(scan func(...any) error) error { return scan(&all) })
	}
	if err == nil && all != seen {
		err = fmt.Errorf("%d texts beside the journal belong to no row of it: somebody added them", all-seen)
	}
	return err
}

// verifyErased counts what was emptied: no more than the rows say that tell of
// erasures.
func verifyErased(read query) error {
	var actors, told int64
	err := read(`SELECT count(*) FROM audit_events WHERE actor <> '' AND salt = ''`, nil, func(scan func(...any) error) error { return scan(&actors) })
	if err != nil {
		return err
	}
	texts := map[int64]int64{}
	err = read(`SELECT gone, count(*) FROM audit_texts WHERE gone > 0 GROUP BY gone`, nil, func(scan func(...any) error) error {
		var row, n int64
		err := scan(&row, &n)
		texts[row] = n
		return err
	})
	if err != nil {
		return err
	}
	err = read(`SELECT n, body FROM audit_events WHERE kind IN ($1, $2) ORDER BY n`, []any{audit.KindCustomerErased, audit.KindOperatorErased},
		func(scan func(...any) error) error {
			var row int64
			var body []byte
			var e audit.Erased
			err := scan(&row, &body)
			if err == nil {
				err = json.Unmarshal(body, &e)
			}
			if err == nil && texts[row] != e.Texts {
				err = &audit.BadRowError{N: row, Why: fmt.Sprintf("says that %d texts were erased, but %d are", e.Texts, texts[row])}
			}
			delete(texts, row)
			told += e.Actors
			return err
		})
	for row := range texts {
		return cmp.Or(err, error(&audit.BadRowError{N: row, Why: "tells of no erasure, but texts are marked as erased by it"}))
	}
	if err == nil && actors != told {
		err = fmt.Errorf("%d salts of people are gone, but the journal tells of %d: somebody emptied them", actors, told)
	}
	return err
}

// AuditTexts returns what people typed with the rows from one number to another,
// by row.
func (s *Store) AuditTexts(ctx context.Context, from, to int64) (map[int64][]audit.Text, error) {
	all := map[int64][]audit.Text{}
	err := s.reader(ctx)(`SELECT n, field, person, salt, words, gone FROM audit_texts WHERE n BETWEEN $1 AND $2 ORDER BY n, field`,
		[]any{from, to}, func(scan func(...any) error) error {
			var n int64
			var t audit.Text
			err := scan(&n, &t.Field, &t.Person, &t.Salt, &t.Words, &t.Gone)
			all[n] = append(all[n], t)
			return err
		})
	if err != nil {
		return nil, fmt.Errorf("texts of audit rows %d to %d: %w", from, to, err)
	}
	return all, nil
}
