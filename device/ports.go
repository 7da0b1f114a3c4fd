package device

import (
	"context"
	"time"

	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Journal is the device's memory that survives power cuts: *journal.Journal.
type Journal interface {
	Commit(context.Context, journal.Entry) (journal.Result, error)
	CommitLater(state []byte) error
}

// Screen shows views. Show does not block; the latest view wins.
type Screen interface {
	Show(flow.View)
}

// Printer puts documents on paper, one at a time. Print answers when the
// outcome is known; it never prints a document twice by itself.
type Printer interface {
	Print(ctx context.Context, job string, doc slip.Doc) flow.Printed
}

// Drawer opens the cash drawer. The error says in plain words why it did not.
type Drawer interface {
	Kick(ctx context.Context) error
}

// Hub answers questions and commands: *link.Link. An error that is a
// *protocol.RefusedError is the hub's own word; after any other it is unknown
// whether a command was carried out. Ask returns when ctx ends.
type Hub interface {
	Ask(ctx context.Context, question protocol.Body) (protocol.Body, error)
}

// Witness signs checkpoints of the hub's journal with this device's own key:
// *witness.Key.
type Witness interface {
	Cosign(checkpoint string) *protocol.SealSigned
}

// Speaker plays short sounds, best effort, without blocking.
type Speaker interface {
	Play(flow.Tone)
}

// Config is what a Device is made of. All fields but Hub, Speaker and Witness are required.
type Config struct {
	ID      string // device id in every envelope
	Journal Journal
	Screen  Screen
	Printer Printer
	Drawer  Drawer
	Hub     Hub              // nil answers nothing
	Speaker Speaker          // nil is silent
	Witness Witness          // nil signs nothing
	Now     func() time.Time // wall and monotonic clock; nil is time.Now
	NewID   func() string    // fresh ids of a-z and 0-9; nil draws 80 random bits
	BootID  string           // of this process; empty draws one
}
