package audit

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"iter"
	"strconv"
)

// Row is one event of a shop's journal.
type Row struct {
	N       int64  `json:"n"`                 // from 1 without gaps
	AtMS    int64  `json:"at_ms"`             // hub wall clock, Unix ms; a claim, N orders
	Kind    string `json:"kind"`              // what happened, an envelope kind
	Device  string `json:"device"`            // who says so; empty: the hub
	Epoch   string `json:"epoch"`             // outbox stream of the device
	Seq     uint64 `json:"seq"`               // number in it
	Subject string `json:"subject"`           // what it is about, a sale's id
	Actor   string `json:"actor"`             // Commit of the person, empty when nobody is named
	Salt    string `json:"-"`                 // of Actor, hex; not part of the hash, emptied on erasure, never exported
	Texts   []Text `json:"-"`                 // beside the row as it is written: not part of the hash, never exported
	Digest  string `json:"digest"`            // SHA-256 of the message as received, which carries a salt that is not kept; of Body when there was none
	Follows string `json:"follows,omitempty"` // Digest of the event before it in the stream, as the device says; see said
	Body    string `json:"body"`              // JSON of the facts without personal fields
	Prev    string `json:"prev"`              // Hash of row N-1
	Hash    string `json:"hash"`              // hex
}

// Head is the end of a chain: what the next row is sealed onto.
type Head struct {
	N    int64
	Hash string
}

// Genesis is the head of a shop's empty chain. It differs by shop, so that
// rows of one shop cannot be shown as another's.
func Genesis(shop string) Head {
	return Head{Hash: Digest([]byte("kickstand audit v1 " + shop))}
}

// Digest is SHA-256 in lower-case hex.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Commit is the salted digest that stands for personal fields. The same fields
// with another salt give another digest, so nobody can test a guess without
// the salt.
func Commit(salt string, fields ...string) string {
	b := appendField(nil, salt)
	for _, f := range fields {
		b = appendField(b, f)
	}
	return Digest(b)
}

// Canonical is what Hash covers: the line "kickstand audit row v1", then every
// column but Salt, Texts and Hash in the order of Row, each as its length in bytes in
// decimal, a colon, its text and a newline. Numbers are in decimal. A row with
// Follows begins with "kickstand audit row v2"; without, Follows is left out.
func (r Row) Canonical() []byte {
	b := make([]byte, 0, 512+len(r.Body))
	if r.Follows == "" {
		b = append(b, "kickstand audit row v1\n"...)
	} else {
		b = append(b, "kickstand audit row v2\n"...)
	}
	b = appendField(b, strconv.FormatInt(r.N, 10))
	b = appendField(b, strconv.FormatInt(r.AtMS, 10))
	b = appendField(b, r.Kind)
	b = appendField(b, r.Device)
	b = appendField(b, r.Epoch)
	b = appendField(b, strconv.FormatUint(r.Seq, 10))
	b = appendField(b, r.Subject)
	b = appendField(b, r.Actor)
	b = appendField(b, r.Digest)
	if r.Follows != "" {
		b = appendField(b, r.Follows)
	}
	b = appendField(b, r.Body)
	return appendField(b, r.Prev)
}

func appendField(b []byte, s string) []byte {
	b = strconv.AppendInt(b, int64(len(s)), 10)
	b = append(b, ':')
	b = append(b, s...)
	return append(b, '\n')
}

// Seal returns r as the row after head, and the new head.
func Seal(head Head, r Row) (Row, Head) {
	r.N, r.Prev = head.N+1, head.Hash
	r.Hash = Digest(r.Canonical())
	return r, Head{N: r.N, Hash: r.Hash}
}

// BadRowError names the first row at which a chain breaks.
type BadRowError struct {
	N   int64  // the row, or where it should have been
	Why string // in plain words
}

// Error gives row and reason.
func (e *BadRowError) Error() string { return fmt.Sprintf("audit row %d: %s", e.N, e.Why) }

// Verify walks rows in order from the genesis of a shop and returns the head
// they lead to. The first row that does not fit gives a [*BadRowError]; an
// error of the sequence itself is returned as it is.
func Verify(shop string, rows iter.Seq2[Row, error]) (Head, error) {
	head := Genesis(shop)
	for r, err := range rows {
		if err != nil {
			return head, err
		}
		if err := follows(head, r); err != nil {
			return head, err
		}
		head = Head{N: r.N, Hash: r.Hash}
	}
	return head, nil
}

const altered = "was altered: its contents do not give its hash"

func follows(head Head, r Row) error {
	want := head.N + 1
	switch {
	case r.N > want:
		return &BadRowError{N: want, Why: fmt.Sprintf("is missing; the next row is %d", r.N)}
	case r.N < want:
		return &BadRowError{N: r.N, Why: "comes twice or out of order"}
	case r.Prev != head.Hash:
		return &BadRowError{N: r.N, Why: "does not follow from the row before it"}
	case Digest(r.Canonical()) != r.Hash:
		return &BadRowError{N: r.N, Why: altered}
	case r.Salt != "" && r.Actor == "":
		return &BadRowError{N: r.N, Why: "has a salt but nobody it belongs to"}
	}
	return nil
}
