package seal_test

import (
	"crypto/ed25519"
	"testing"

	"kickstand/protocol/seal"
)

// FuzzCheck wants no note to be taken for signed that the key did not sign, and
// no text to make it panic.
func FuzzCheck(f *testing.F) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	name := seal.KeyName("demo")
	hub := seal.NewPublic(name, private.Public().(ed25519.PublicKey))
	c := seal.Checkpoint{Shop: "demo", Size: 7, AtMS: 5}
	good := c.Text() + "\n" + seal.Sign(name, private, c.Text())
	f.Add(good, hub.String())
	f.Add(good+"\u2014 other AAAAAAA=\n", "kickstand/audit/demo+00000000+")
	f.Fuzz(func(t *testing.T, note, key string) {
		if got, err := hub.Check(note); err == nil && got.Text() != c.Text() {
			t.Errorf("%q is taken for signed", note)
		}
		if p, err := seal.ParsePublic(key); err == nil && p.String() != key {
			t.Errorf("%q is read as %q", key, p)
		}
	})
}
