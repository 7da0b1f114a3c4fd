package protocol

import (
	"crypto/sha256"
	"encoding/hex"
	"regexp"
	"strings"
)

var digestPattern = regexp.MustCompile(`^[0-9a-f]{64}$`)

// Digest is SHA-256 in lower-case hex.
func Digest(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// FirstPrev is the Prev of the first event of an epoch. It differs by device and
// epoch, so that no stream can be shown as another's.
func FirstPrev(device, epoch string) string {
	return Digest([]byte("kickstand device chain v1 " + device + " " + epoch))
}

// IsDigest reports whether s looks like a Digest.
func IsDigest(s string) bool { return digestPattern.MatchString(s) }

// SaltLen is the length of a salt, in lower-case hex digits: 128 bits.
const SaltLen = 32

// IsSalt reports whether s looks like a salt.
func IsSalt(s string) bool {
	return len(s) == SaltLen && strings.Trim(s, "0123456789abcdef") == ""
}
