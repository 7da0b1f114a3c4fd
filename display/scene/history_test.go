package scene_test

import (
	"crypto/ed25519"

	"kickstand/device/flow"
	"kickstand/protocol"
	"kickstand/protocol/seal"
)

// histories are the screens of a hub whose journal was changed behind what the
// device has seen.
func histories(visit func(name string, d *desk, ids ...string) *desk) {
	private := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	name := seal.KeyName("demo")
	key := seal.NewPublic(name, private.Public().(ed25519.PublicKey)).String()
	told := func(size int64, root byte) *protocol.SealTold {
		c := seal.Checkpoint{Shop: "demo", Size: size, Root: seal.Hash{root, 77, 5}, AtMS: 1_777_910_100_000}
		return &protocol.SealTold{Key: key, Checkpoint: c.Text() + "\n" + seal.Sign(name, private, c.Text())}
	}
	refused := func() *desk {
		d := basket()
		d.post(flow.Answered{ID: d.state.World.SealAsk, Body: told(1204, 19)})
		d.post(flow.LinkChanged{Why: "no network"}, flow.LinkChanged{Online: true})
		d.post(flow.Answered{ID: d.state.World.SealAsk, Body: told(1187, 201)})
		return d
	}
	visit("history-banner", refused())
	visit("history-device", refused(), "more", "dialog:device")
	visit("history-dialog", refused(), "more", "dialog:device", "history")
}
