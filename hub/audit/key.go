package audit

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// ErrNoKey is returned by [OpenKey] when the file does not exist. A shop whose
// journal was never sealed may then [CreateKey]; any other must get its file
// back, for a new key cannot vouch for what the old one signed.
var ErrNoKey = errors.New("the audit key is missing")

// Key signs the checkpoints of one shop (Ed25519). It must not leave the hub.
type Key struct {
	signer note.Signer
	public Public
	seed   []byte
}

// Derive returns 32 bytes for another purpose of the hub than signing, always the
// same for the same purpose. They tell nothing of the key.
func (k *Key) Derive(purpose string) []byte {
	m := hmac.New(sha256.New, k.seed)
	m.Write([]byte("kickstand " + purpose))
	return m.Sum(nil)
}

// NewKey makes a key of chance. It is not kept anywhere.
func NewKey(shop string) (*Key, error) {
	k, _, err := generate(shop)
	return k, err
}

func generate(shop string) (*Key, string, error) {
	private, _, err := note.GenerateKey(rand.Reader, keyName(shop))
	if err != nil {
		return nil, "", fmt.Errorf("make audit key: %w", err)
	}
	k, err := parseKey(private)
	return k, private, err
}

// parseKey reads PRIVATE+KEY+name+hash+data, see package note; data is the
// byte 1 and the seed.
func parseKey(private string) (*Key, error) {
	signer, err := note.NewSigner(private)
	if err != nil {
		return nil, err // says nothing of the key itself
	}
	part := strings.SplitN(private, "+", 5) // the last may have a plus sign of its own
	data, err := base64.StdEncoding.DecodeString(part[len(part)-1])
	if err != nil || len(data) != 1+ed25519.SeedSize {
		return nil, errors.New("not an Ed25519 key")
	}
	pub, ok := ed25519.NewKeyFromSeed(data[1:]).Public().(ed25519.PublicKey)
	if !ok {
		return nil, errors.New("not an Ed25519 key")
	}
	text, err := note.NewEd25519VerifierKey(signer.Name(), pub)
	if err != nil {
		return nil, err
	}
	p, err := ParsePublic(text)
	return &Key{signer: signer, public: p, seed: data[1:]}, err
}

// OpenKey reads a shop's key. A file that others may read is refused. Without
// a file the error wraps [ErrNoKey].
func OpenKey(path, shop string) (*Key, error) {
	k, err := readKey(path, shop)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	if m := info.Mode().Perm(); m&0o077 != 0 {
		return nil, fmt.Errorf("audit key %s may be read by others (mode %04o): run chmod 600 on it", path, m)
	}
	return k, nil
}

// OpenPublic reads the public half of a shop's key. Whoever may read the file
// will do, for checking spoils nothing. Without a file the error wraps
// [ErrNoKey].
func OpenPublic(path, shop string) (Public, error) {
	k, err := readKey(path, shop)
	if err != nil {
		return Public{}, err
	}
	return k.public, nil
}

func readKey(path, shop string) (*Key, error) {
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: %s", ErrNoKey, path)
	}
	if err != nil {
		return nil, fmt.Errorf("audit key: %w", err)
	}
	k, err := parseKey(strings.TrimSpace(string(text)))
	if err != nil {
		return nil, fmt.Errorf("audit key %s is damaged: restore it from a backup", path)
	}
	if k.signer.Name() != keyName(shop) {
		return nil, fmt.Errorf("audit key %s belongs to %s, not to shop %s", path, k.signer.Name(), shop)
	}
	return k, nil
}

// CreateKey makes a shop's key and puts it into a file that only its owner may
// read. The file is there as a whole or not at all, and an existing one is
// never replaced.
func CreateKey(path, shop string) (*Key, error) {
	k, private, err := generate(shop)
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".audit-key-*") // mode 0600
	if err != nil {
		return nil, fmt.Errorf("create audit key: %w", err)
	}
	defer func() { _ = os.Remove(f.Name()) }() // what is kept has its second name by then
	_, err = f.WriteString(private + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Link(f.Name(), path)
	}
	if err != nil {
		return nil, fmt.Errorf("create audit key: %w", err)
	}
	return k, syncDir(filepath.Dir(path))
}

// syncDir makes the names in a directory last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("create audit key: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// Public is the other half, for whoever checks.
func (k *Key) Public() Public { return k.public }

// Sign returns the checkpoint with its signed Note.
func (k *Key) Sign(c Checkpoint) (Checkpoint, error) {
	signed, err := note.Sign(&note.Note{Text: c.Text()}, k.signer)
	if err != nil {
		return c, fmt.Errorf("sign checkpoint of %d rows: %w", c.Size, err)
	}
	c.Note = string(signed)
	return c, nil
}
