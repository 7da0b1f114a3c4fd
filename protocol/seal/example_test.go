package seal_test

import (
	"crypto/ed25519"
	"errors"
	"fmt"

	"kickstand/protocol/seal"
)

func Example() {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	name := seal.KeyName("demo")
	hub := seal.NewPublic(name, private.Public().(ed25519.PublicKey))
	one := seal.Checkpoint{Shop: "demo", Size: 1, Root: seal.Hash{1}, AtMS: 5}
	one.Note = one.Text() + "\n" + seal.Sign(name, private, one.Text())

	kept, err := hub.Check(one.Note)
	fmt.Println(kept.Code(), err)
	other := one
	other.Root = seal.Hash{2} // another history of the same length
	fmt.Println(errors.Is(seal.CheckGrowth(nil, kept, other), seal.ErrRewritten))
	// Output:
	// 1-04000-00000 <nil>
	// true
}
