package staff

import (
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

const (
	// DemoPassword signs everybody in to a demo shop.
	DemoPassword = "kickstand-demo"
	// DemoHash is DemoPassword, hashed once: its salt need not be secret either.
	DemoHash = "$argon2id$v=19$m=19456,t=2,p=1$a2lja3N0YW5kLWRlbW8tMQ$lS1PWhGxHjuCyFgGM4CyMwcMUP77tttiliTzoe3MbFw"

	minPassword = 10
	maxPassword = 256
)

// Cost of a hash: what OWASP calls the least for argon2id, so that a small hub
// checks a password within a tenth of a second.
const (
	memoryKiB = 19 * 1024
	passes    = 2
	threads   = 1
	saltBytes = 16
	keyBytes  = 32
)

// CheckPassword says in words what is wrong with a new password.
func CheckPassword(password string) error {
	switch {
	case !utf8.ValidString(password):
		return errors.New("a password is text")
	case utf8.RuneCountInString(password) < minPassword:
		return fmt.Errorf("a password has at least %d characters; three or four words are easy to remember", minPassword)
	case len(password) > maxPassword:
		return fmt.Errorf("a password has at most %d bytes", maxPassword)
	case strings.Trim(password, password[:1]) == "":
		return errors.New("one character repeated is not a password")
	}
	return nil
}

// Hash is what is kept of a password.
func Hash(password string) string {
	var salt [saltBytes]byte
	_, _ = rand.Read(salt[:]) // never fails, see crypto/rand
	return hash(password, salt[:])
}

func hash(password string, salt []byte) string {
	key := argon2.IDKey([]byte(password), salt, passes, memoryKiB, threads, keyBytes)
	e := base64.RawStdEncoding
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memoryKiB, passes, threads, e.EncodeToString(salt), e.EncodeToString(key))
}

// matches reports whether a password gives a hash.
func matches(kept, password string) (bool, error) {
	parts := strings.Split(kept, "$")
	var version, memory, time, lanes int
	if len(parts) != 6 || parts[1] != "argon2id" {
		return false, errors.New("a kept password is not argon2id")
	}
	if _, err := fmt.Sscanf(parts[2]+" "+parts[3], "v=%d m=%d,t=%d,p=%d", &version, &memory, &time, &lanes); err != nil {
		return false, fmt.Errorf("kept password: %w", err)
	}
	if version != argon2.Version || memory < 8 || memory > 1<<20 || time < 1 || time > 16 || lanes < 1 || lanes > 16 {
		return false, errors.New("a kept password has parameters of another program")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, fmt.Errorf("kept password: %w", err)
	}
	key, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil || len(key) < 16 || len(key) > 64 {
		return false, errors.New("a kept password is damaged")
	}
	got := argon2.IDKey([]byte(password), salt, uint32(time), uint32(memory), uint8(lanes), uint32(len(key)))
	return subtle.ConstantTimeCompare(got, key) == 1, nil
}
