package audit

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
)

// NewSalt returns 128 random bits in hex.
func NewSalt() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// Person is how somebody takes part in a row: the id, and the name if that was
// said too. An id has no space in it.
func Person(id, name string) string { return strings.TrimSpace(id + " " + name) }

// Act is the row of something a person did. who takes part as a salted digest
// only, and not at all when empty; facts must be an object and not name anybody;
// what people typed is said, and an empty text is left out.
func Act(kind, subject, who string, facts any, said ...Text) (Row, error) {
	r := Row{Kind: kind, Subject: subject}
	for _, t := range said {
		if t.Words != "" {
			r.Texts = append(r.Texts, t)
		}
	}
	body, err := json.Marshal(facts)
	if err == nil {
		body, err = withSaid(body, r.Texts)
	}
	if err != nil {
		return Row{}, fmt.Errorf("audit %s: %w", kind, err)
	}
	r.Digest, r.Body = Digest(body), string(body)
	if who != "" {
		r.Salt = NewSalt()
		r.Actor = Commit(r.Salt, who)
	}
	return r, nil
}
