// Package witness keeps a device's own key and signs with it what the device has
// accepted of the hub's journal.
//
// It promises that the key is made once, by chance, and lies in a file that only
// its owner may read. It refuses to judge: what is signed was checked before, see
// flow and protocol/seal.
//
// Start with [Open].
package witness

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/seal"
)

// Key is a device's own key (Ed25519).
type Key struct {
	name    string
	private ed25519.PrivateKey
}

// Open reads the key of a device, or makes it if there is no file. A file that
// others may read is refused.
func Open(path, shop, device string) (*Key, error) {
	k := &Key{name: seal.DeviceName(shop, device)}
	seed, err := read(path)
	if errors.Is(err, fs.ErrNotExist) {
		seed, err = create(path)
	}
	if err != nil {
		return nil, fmt.Errorf("the device's own key %s: %w", path, err)
	}
	k.private = ed25519.NewKeyFromSeed(seed)
	return k, nil
}

func read(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if m := info.Mode().Perm(); m&0o077 != 0 {
		return nil, fmt.Errorf("others may read it (mode %04o): run chmod 600 on it", m)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	seed, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err != nil || len(seed) != ed25519.SeedSize {
		return nil, errors.New("it is damaged: move it away, and the device makes another")
	}
	return seed, nil
}

// create makes a key in a file that is there as a whole or not at all.
func create(path string) ([]byte, error) {
	seed := make([]byte, ed25519.SeedSize)
	_, _ = rand.Read(seed)                                        // never returns an error
	f, err := os.CreateTemp(filepath.Dir(path), ".witness-key-*") // mode 0600
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already once it has its name
	_, err = f.WriteString(base64.StdEncoding.EncodeToString(seed) + "\n")
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return seed, err
}

// Public is the other half, for whoever checks.
func (k *Key) Public() seal.Public {
	return seal.NewPublic(k.name, k.private.Public().(ed25519.PublicKey))
}

// Cosign signs a checkpoint.
func (k *Key) Cosign(checkpoint string) *protocol.SealSigned {
	text, _, _ := strings.Cut(checkpoint, "\n\n")
	return &protocol.SealSigned{Checkpoint: checkpoint, Key: k.Public().String(), Line: seal.Sign(k.name, k.private, text+"\n")}
}
