package audit

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// Act is the row of something a person did at the hub. who takes part as a salted
// digest only, and not at all when empty; facts must not name anybody.
func Act(kind, subject, who string, facts any) (Row, error) {
	body, err := json.Marshal(facts)
	if err != nil {
		return Row{}, fmt.Errorf("audit %s: %w", kind, err)
	}
	r := Row{Kind: kind, Subject: subject, Digest: Digest(body), Body: string(body)}
	if who != "" {
		var salt [16]byte
		_, _ = rand.Read(salt[:]) // never fails, see crypto/rand
		r.Salt = hex.EncodeToString(salt[:])
		r.Actor = Commit(r.Salt, who)
	}
	return r, nil
}
