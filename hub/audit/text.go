package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// Text is what somebody typed when a row was written. The row's body has its
// [Commit] under "said"; the words and the salt lie beside the journal, so that
// they can be erased and every hash stays valid.
type Text struct {
	Field  string // its name in the body
	Person string // customers.id of whom it is about; empty: nobody is known
	Salt   string // hex; emptied on erasure
	Words  string // emptied on erasure
	Gone   int64  // N of the row that tells of the erasure; 0: the words are here
}

// Say returns a text with a salt of its own. Nothing said is nothing kept: see
// [Act].
func Say(field, person, words string) Text {
	return Text{Field: field, Person: person, Salt: NewSalt(), Words: words}
}

// Commit is what stands for the text in the body.
func (t Text) Commit() string { return Commit(t.Salt, t.Field, t.Words) }

// withSaid adds the commitments of texts to a body.
func withSaid(body []byte, said []Text) ([]byte, error) {
	if len(said) == 0 {
		return body, nil
	}
	head, ok := bytes.CutSuffix(body, []byte("}"))
	if !ok {
		return nil, fmt.Errorf("facts %.40s are no object", body)
	}
	all := map[string]string{}
	for _, t := range said {
		all[t.Field] = t.Commit()
	}
	tail, err := json.Marshal(all)
	if err != nil {
		return nil, err
	}
	if len(head) > 1 {
		head = append(head, ',')
	}
	return fmt.Appendf(head, `"said":%s}`, tail), nil
}

// Said returns the commitments in a row's body, by field.
func (r Row) Said() (map[string]string, error) {
	if !bytes.Contains([]byte(r.Body), []byte(`"said":{`)) {
		return nil, nil
	}
	var b struct {
		Said map[string]string `json:"said"`
	}
	if err := json.Unmarshal([]byte(r.Body), &b); err != nil {
		return nil, &BadRowError{N: r.N, Why: "has a body that cannot be read"}
	}
	return b.Said, nil
}

// CheckTexts holds the texts kept beside a row against what its body says of
// them. One that was erased can no longer be held against anything, but has to
// name the row that tells of it.
func (r Row) CheckTexts(all []Text) error {
	said, err := r.Said()
	if err != nil {
		return err
	}
	for _, t := range all {
		want, ok := said[t.Field]
		switch {
		case !ok:
			return &BadRowError{N: r.N, Why: fmt.Sprintf("has a text %q beside it that it does not know", t.Field)}
		case t.Gone == 0 && t.Commit() != want:
			return &BadRowError{N: r.N, Why: fmt.Sprintf("does not fit its text %q: somebody changed the text", t.Field)}
		case t.Gone != 0 && (t.Salt != "" || t.Words != "" || t.Gone <= r.N):
			return &BadRowError{N: r.N, Why: fmt.Sprintf("has a text %q that is marked as erased and is not", t.Field)}
		}
		delete(said, t.Field)
	}
	for field := range said {
		return &BadRowError{N: r.N, Why: fmt.Sprintf("has lost its text %q", field)}
	}
	return nil
}

// Kinds of the rows that tell of an erasure; Subject is the person's id, Body an
// [Erased].
const (
	KindCustomerErased = "customer.erased"
	KindOperatorErased = "operator.erased"
)

// Erased is how much of what lies beside the journal was emptied with a person.
// Whoever empties more is found by counting.
type Erased struct {
	Texts  int64 `json:"texts"`  // words and their salts
	Actors int64 `json:"actors"` // salts of Actor
}
