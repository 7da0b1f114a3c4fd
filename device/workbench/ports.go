package workbench

import (
	"context"
	"image"
	"time"
)

// Screen is the live screen.
type Screen interface {
	// Frame returns a copy of what is shown.
	Frame() (image.Image, error)
	// Scene returns what Frame shows as named nodes, ready for JSON.
	Scene() any
	// Version grows whenever the frame changes.
	Version() uint64
	// Tap touches a point in pixels.
	Tap(x, y int)
	// TapID touches a node. The error says in plain words why it cannot.
	TapID(id string) error
	// Type enters text as from a keyboard.
	Type(text string)
}

// Scanner is the virtual barcode scanner.
type Scanner interface {
	// Scan sends a code as a scanner would, with its terminator.
	Scan(code string) error
	// Raw sends bytes as they are.
	Raw(p []byte) error
}

// Paper is the virtual printer and the drawer on its plug.
type Paper interface {
	Documents() []Document
	// Fault makes the printer fail; at is how many more bytes it takes first,
	// negative for at once. The error lists the faults there are.
	Fault(name string, at int) error
	// FaultName is the fault in force, "none" when the printer works.
	FaultName() string
	Kicks() []Kick
	// Version differs whenever a document, a fault or the drawer does.
	Version() uint64
}

// Document is one stretch of paper from cut to cut.
type Document struct {
	N        int                // from 1, never reused
	Text     string             // what can be read on it, UTF-8
	Complete bool               // it ends with a cut
	Image    func() image.Image // draws the paper as pixels
	Raw      []byte             // the bytes that made it
}

// Kick is one pulse to the drawer.
type Kick struct {
	At    time.Time `json:"at"`
	OnMS  int       `json:"on_ms"`
	OffMS int       `json:"off_ms"`
}

// Network is the cable to the hub.
type Network interface {
	SetNetwork(up bool)
	NetworkUp() bool
}

// State is what GET /state.json answers.
type State struct {
	Device        string           `json:"device"`
	Role          string           `json:"role"`
	Online        bool             `json:"online"`
	Network       string           `json:"network"`         // "up" or "down", the switch
	Outbox        int              `json:"outbox"`          // events the hub has not acknowledged
	AckedSeq      uint64           `json:"acked_seq"`       // of the stream hi
	ClockOffsetMS int64            `json:"clock_offset_ms"` // hub time less device time
	ClockKnown    bool             `json:"clock_known"`
	Versions      map[string]int64 `json:"versions"` // catalogue, settings, protocol
	Program       string           `json:"program"`
	Items         int              `json:"items"`
}

// DemoItem is a button that scans something.
type DemoItem struct {
	Name string
	Code string
	Note string // price or what is special about it
}

// Config is what a workbench is made of. Scanner and Paper may be nil.
type Config struct {
	Title   string
	Screen  Screen
	Scanner Scanner
	Paper   Paper
	Network Network
	State   func() State
	Items   func() []DemoItem
	// Settle waits until the device has dealt with all it was handed, or ctx
	// ends.
	Settle func(context.Context)
}
