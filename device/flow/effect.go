package flow

import (
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Effect is something to be done in the world, as a plain comparable value.
// Effects run after the State that Step returned with them is durable.
type Effect interface{ effect() }

type (
	// Send puts a body into the outbox, in the same commit as the State.
	Send struct {
		Stream Stream
		Body   protocol.Body
	}
	// Print asks for one document on paper. The State lists the job as begun,
	// so that a crash during printing is known at the next start.
	Print struct {
		Job string
		Doc slip.Doc
	}
	// KickDrawer opens the cash drawer.
	KickDrawer struct{ ID string }
	// Keep asks for the State to be on the disk before anything is shown, as it is
	// with Send, Print and KickDrawer.
	Keep struct{}
	// Ask puts a question or command to the hub. Its end is an Answered or an
	// AskFailed with the same ID. It is not kept over a restart: what must be
	// asked again follows from the State.
	Ask struct {
		ID   string
		Body protocol.Body
	}
	// Cosign signs a checkpoint with the device's own key and hands it to the hub,
	// as an Ask.
	Cosign struct{ ID, Checkpoint string }
	// Sound plays a short sound, best effort.
	Sound struct{ Tone Tone }
	// Wake asks for a Ticked at this monotonic time; a later Wake replaces it.
	Wake struct{ MonoMS int64 }
)

// Stream is a part of the outbox.
type Stream string

// The streams of the outbox.
const (
	Hi Stream = "hi" // money, audit: never dropped
	Lo Stream = "lo" // telemetry: the oldest is dropped when its space is full
)

// Tone is a sound's meaning.
type Tone string

// The sounds.
const (
	Accepted  Tone = "accepted"
	Refused   Tone = "refused"
	Attention Tone = "attention"
)

func (Send) effect()       {}
func (Print) effect()      {}
func (KickDrawer) effect() {}
func (Keep) effect()       {}
func (Ask) effect()        {}
func (Cosign) effect()     {}
func (Sound) effect()      {}
func (Wake) effect()       {}
