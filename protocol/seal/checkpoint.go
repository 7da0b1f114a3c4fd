package seal

import (
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Hash is a hash of the journal's tree.
type Hash = [sha256.Size]byte

// Checkpoint says what a shop's journal was at a moment: so many rows, which
// give this root of the tree.
type Checkpoint struct {
	Shop string
	Size int64 // rows covered, from the first
	Root Hash  // of the tree over them, see RFC 6962
	AtMS int64 // hub wall clock of the sealing, Unix ms; a claim
	Note string
}

// KeyName is the name under which a shop's key signs.
func KeyName(shop string) string { return "kickstand/audit/" + shop }

// DeviceName is the name under which a device of a shop signs beside it.
func DeviceName(shop, device string) string { return "kickstand/device/" + shop + "/" + device }

// Text is what is signed, in the form of a transparency log's checkpoint
// (c2sp.org/tlog-checkpoint): the log's name, the size, the root in base64, and
// as a line of our own "time" with the Unix time in milliseconds.
func (c Checkpoint) Text() string {
	return fmt.Sprintf("%s\n%d\n%s\ntime %d\n", KeyName(c.Shop), c.Size, base64.StdEncoding.EncodeToString(c.Root[:]), c.AtMS)
}

var errCheckpoint = errors.New("not a checkpoint")

// ParseCheckpoint reads a signed checkpoint without looking at the signature;
// [Public.Check] does that.
func ParseCheckpoint(signed string) (Checkpoint, error) {
	text, _, found := strings.Cut(signed, "\n\n")
	line := strings.Split(text, "\n")
	if !found || len(line) != 4 {
		return Checkpoint{}, errCheckpoint
	}
	c := Checkpoint{Shop: strings.TrimPrefix(line[0], KeyName("")), Note: signed}
	root, err := base64.StdEncoding.DecodeString(line[2])
	if err != nil || len(root) != len(c.Root) {
		return Checkpoint{}, fmt.Errorf("%w: bad root", errCheckpoint)
	}
	copy(c.Root[:], root)
	if c.Size, err = strconv.ParseInt(line[1], 10, 64); err != nil || c.Size < 1 {
		return Checkpoint{}, fmt.Errorf("%w: bad size", errCheckpoint)
	}
	if c.AtMS, err = strconv.ParseInt(strings.TrimPrefix(line[3], "time "), 10, 64); err != nil {
		return Checkpoint{}, fmt.Errorf("%w: bad time", errCheckpoint)
	}
	if c.Text() != text+"\n" {
		return Checkpoint{}, fmt.Errorf("%w: not in its one form", errCheckpoint)
	}
	return c, nil
}

// codeLetters is Crockford's base32: no letter looks like a digit.
const codeLetters = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// Code is the checkpoint as people compare and print it: the size in decimal,
// then the first 50 bits of the root in Crockford's base32, in two groups of
// five, as in 1204-7ZQ4M-0KX3V.
//
// Whoever wants to rewrite a journal behind a printed code has to try about
// 2^50 journals of that size. That is out of reach for a shop's own people, not
// for everybody; devices therefore compare whole checkpoints.
func (c Checkpoint) Code() string {
	s := base32.NewEncoding(codeLetters).WithPadding(base32.NoPadding).EncodeToString(c.Root[:])
	return fmt.Sprintf("%d-%s-%s", c.Size, s[:5], s[5:10])
}

// ParseCode brings a code as somebody typed it into its one form: small letters,
// spaces for hyphens, O for 0 and I or L for 1 are forgiven.
func ParseCode(typed string) (code string, size int64, err error) {
	flat := strings.NewReplacer("O", "0", "I", "1", "L", "1").Replace(strings.ToUpper(typed))
	part := strings.FieldsFunc(flat, func(r rune) bool { return r == '-' || r == ' ' })
	if len(part) == 3 && len(part[1]) == 5 && len(part[2]) == 5 && strings.Trim(part[1]+part[2], codeLetters) == "" {
		size, err = strconv.ParseInt(part[0], 10, 64)
		if err == nil && size > 0 {
			return strings.Join(part, "-"), size, nil
		}
	}
	return "", 0, fmt.Errorf("%.40q is not a checkpoint code; one looks like 1204-7ZQ4M-0KX3V", typed)
}
