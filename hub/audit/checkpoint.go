package audit

import "kickstand/protocol/seal"

// Checkpoint says what a shop's journal was at a moment. Devices read the same.
type Checkpoint = seal.Checkpoint

// Public is the key that a shop's checkpoints are checked with.
type Public = seal.Public

// keyName is the name under which a shop's key signs.
func keyName(shop string) string { return seal.KeyName(shop) }

// ParseCheckpoint reads a signed checkpoint without looking at the signature;
// [Public.Check] does that.
func ParseCheckpoint(signed string) (Checkpoint, error) { return seal.ParseCheckpoint(signed) }

// ParseCode brings a code as somebody typed it into its one form.
func ParseCode(typed string) (code string, size int64, err error) { return seal.ParseCode(typed) }

// ParsePublic reads a public key as [Public.String] writes it.
func ParsePublic(text string) (Public, error) { return seal.ParsePublic(text) }
