package seal

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Public is the key that checkpoints are checked with: a shop's, or that of a
// device which signs beside it. It is no secret: the more people have noted it,
// the better.
type Public struct {
	name string
	hash uint32
	key  [ed25519.PublicKeySize]byte
	text string
}

// algEd25519 marks the kind of key, as in golang.org/x/mod/sumdb/note.
const algEd25519 = 1

// NewPublic returns the key of a name.
func NewPublic(name string, key ed25519.PublicKey) Public {
	data := append([]byte{algEd25519}, key...)
	p := Public{name: name, hash: keyHash(name, data), key: [ed25519.PublicKeySize]byte(key)}
	p.text = fmt.Sprintf("%s+%08x+%s", name, p.hash, base64.StdEncoding.EncodeToString(data))
	return p
}

func keyHash(name string, data []byte) uint32 {
	sum := sha256.Sum256(append([]byte(name+"\n"), data...))
	return binary.BigEndian.Uint32(sum[:])
}

// ParsePublic reads a public key as [Public.String] writes it.
func ParsePublic(text string) (Public, error) {
	bad := fmt.Errorf("%.120q is not a public audit key, which looks like kickstand/audit/SHOP+1234abcd+…", text)
	part := strings.SplitN(text, "+", 3)
	if len(part) != 3 || part[0] == "" || strings.ContainsAny(part[0], " \t\r\n") || len(text) > 300 {
		return Public{}, bad
	}
	data, err := base64.StdEncoding.DecodeString(part[2])
	if err != nil || len(data) != 1+ed25519.PublicKeySize || data[0] != algEd25519 {
		return Public{}, bad
	}
	p := NewPublic(part[0], data[1:])
	if hash, err := strconv.ParseUint(part[1], 16, 32); err != nil || uint32(hash) != p.hash || p.text != text {
		return Public{}, bad
	}
	return p, nil
}

// String is the key as one word; the zero value, no key at all, is "".
func (p Public) String() string { return p.text }

// Name is whose key it is.
func (p Public) Name() string { return p.name }

// Code is the key as people compare it on two screens: the first 50 bits of its
// SHA-256 in Crockford's base32, as in 7ZQ4M-0KX3V.
func (p Public) Code() string {
	sum := sha256.Sum256([]byte(p.text))
	s := base32.NewEncoding(codeLetters).WithPadding(base32.NoPadding).EncodeToString(sum[:])
	return s[:5] + "-" + s[5:10]
}

// Check reads a checkpoint and checks that this key, a shop's, signed it.
func (p Public) Check(signed string) (Checkpoint, error) {
	c, err := ParseCheckpoint(signed)
	switch {
	case err != nil:
		return c, err
	case p.text == "":
		return c, errors.New("without a key to check it")
	case KeyName(c.Shop) != p.name:
		return c, fmt.Errorf("of the log %s, not of the key %s", KeyName(c.Shop), p.text)
	case !p.Signed(c.Text(), signed):
		return c, fmt.Errorf("not signed by the key %s", p.text)
	}
	return c, nil
}

// Signed reports whether a note of this text has a good signature of this key.
// Signatures of others are not looked at; of two by this key both must be good.
func (p Public) Signed(text, note string) bool {
	lines, ok := strings.CutPrefix(note, text+"\n")
	if !ok || !strings.HasSuffix(lines, "\n") {
		return false
	}
	signed := false
	for line := range strings.SplitSeq(strings.TrimSuffix(lines, "\n"), "\n") {
		name, hash, sig, ok := parseSignature(line)
		if !ok {
			return false
		}
		if name != p.name || hash != p.hash {
			continue
		}
		if !ed25519.Verify(p.key[:], []byte(text), sig) {
			return false
		}
		signed = true
	}
	return signed
}

// signMark begins the line of a signature.
const signMark = "\u2014 "

func parseSignature(line string) (name string, hash uint32, sig []byte, ok bool) {
	rest, marked := strings.CutPrefix(line, signMark)
	name, b64, two := strings.Cut(rest, " ")
	raw, err := base64.StdEncoding.DecodeString(b64)
	if !marked || !two || err != nil || name == "" || len(raw) < 5 || base64.StdEncoding.EncodeToString(raw) != b64 {
		return "", 0, nil, false
	}
	return name, binary.BigEndian.Uint32(raw), raw[4:], true
}

// Sign returns the line that the owner of a key adds to a note of this text.
func Sign(name string, key ed25519.PrivateKey, text string) string {
	p := NewPublic(name, key.Public().(ed25519.PublicKey))
	sig := binary.BigEndian.AppendUint32(nil, p.hash)
	sig = append(sig, ed25519.Sign(key, []byte(text))...)
	return signMark + name + " " + base64.StdEncoding.EncodeToString(sig) + "\n"
}
