package protocol

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"regexp"
)

// Version is the envelope version this build writes and reads.
const Version = 1

// MaxEnvelope is the largest encoded envelope, in bytes, that either side
// accepts.
const MaxEnvelope = 256 << 10

// Envelope is the frame of every message. Seq orders events; hub time orders
// money; the device's times are claims that are shown and never trusted.
type Envelope struct {
	V      int             `json:"v"`               // Version
	Device string          `json:"device"`          // sender, or addressee of a hub message
	Epoch  string          `json:"epoch,omitempty"` // random, minted with the outbox stream; empty off the outbox
	Seq    uint64          `json:"seq,omitempty"`   // from 1 without gaps within an epoch; 0 off the outbox
	Prev   string          `json:"prev,omitempty"`  // Digest of the encoded envelope before it in the epoch, of the first one FirstPrev
	Salt   string          `json:"salt,omitempty"`  // random, minted with Seq: 32 hex digits; whoever has only the digest of the message cannot test a guess at it
	Kind   Kind            `json:"kind"`
	WallMS int64           `json:"wall_ms"` // sender's wall clock, Unix milliseconds
	MonoMS int64           `json:"mono_ms"` // sender's monotonic clock, milliseconds since BootID began
	BootID string          `json:"boot_id"` // random, minted when the sender's process starts
	Body   json.RawMessage `json:"body"`
}

// Reason is the machine's name of why a message was refused.
type Reason string

// Why a message is refused.
const (
	Oversize       Reason = "oversize"        // longer than MaxEnvelope
	Malformed      Reason = "malformed"       // not one JSON object of the right shape
	UnknownVersion Reason = "unknown-version" // v is not Version
	UnknownKind    Reason = "unknown-kind"    // kind is not in Kinds
	ForeignDevice  Reason = "foreign-device"  // device differs from the topic's
	BadBody        Reason = "bad-body"        // the body breaks its kind's rules
	Conflict       Reason = "conflict"        // the same seq came before with other content
	Clone          Reason = "clone"           // an epoch this device should not have
	Unavailable    Reason = "unavailable"     // of a question: the hub cannot answer now, and does not say whether it carried out what was asked
)

// RefusedError says why a message was not accepted, in words for a technician.
type RefusedError struct {
	Reason Reason
	Detail string
}

// Error returns the reason and the detail.
func (e *RefusedError) Error() string { return string(e.Reason) + ": " + e.Detail }

// Refuse returns a *RefusedError with a formatted detail.
func Refuse(r Reason, format string, args ...any) error {
	return &RefusedError{Reason: r, Detail: fmt.Sprintf(format, args...)}
}

var epochPattern = regexp.MustCompile(`^[a-z0-9-]{1,40}$`)

// Encode returns the envelope's JSON. It refuses what Decode would refuse.
func (e Envelope) Encode() ([]byte, error) {
	if err := e.readable(); err != nil {
		return nil, fmt.Errorf("encode %s envelope: %w", e.Kind, err)
	}
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode %s envelope: %w", e.Kind, err)
	}
	if len(b) > MaxEnvelope {
		return nil, Refuse(Oversize, "%d bytes, the limit is %d", len(b), MaxEnvelope)
	}
	return b, nil
}

// Decode reads one envelope and checks its frame. The error is a
// *RefusedError; with UnknownVersion, UnknownKind and BadBody the envelope is
// returned beside it as far as it could be read, so that it can be
// quarantined under its own number.
func Decode(b []byte) (Envelope, error) {
	if len(b) > MaxEnvelope {
		return Envelope{}, Refuse(Oversize, "%d bytes, the limit is %d", len(b), MaxEnvelope)
	}
	var e Envelope
	if err := strictJSON(b, &e); err != nil {
		return Envelope{}, Refuse(Malformed, "%v", err)
	}
	return e, e.readable()
}

// readable reports why this build cannot read the envelope.
func (e Envelope) readable() error {
	if e.V != Version {
		return Refuse(UnknownVersion, "version %d, this program reads %d", e.V, Version)
	}
	if _, ok := bodies[e.Kind]; !ok {
		return Refuse(UnknownKind, "kind %.40q", string(e.Kind))
	}
	return e.check()
}

func (e Envelope) check() error {
	switch {
	case CheckID(e.Device) != nil:
		return Refuse(BadBody, "device %.60q is not an id", e.Device)
	case (e.Seq == 0) != (e.Epoch == ""):
		return Refuse(BadBody, "epoch and seq come together or not at all")
	case e.Epoch != "" && !epochPattern.MatchString(e.Epoch):
		return Refuse(BadBody, "epoch %.60q is not 1 to 40 of a-z, 0-9 and -", e.Epoch)
	case e.Seq > 1<<53:
		return Refuse(BadBody, "seq %d is above 2^53", e.Seq)
	case (e.Salt == "") != (e.Seq == 0) || e.Salt != "" && !IsSalt(e.Salt):
		return Refuse(BadBody, "an event, and nothing else, has a salt of %d hex digits", SaltLen)
	case e.Prev != "" && (e.Seq == 0 || !digestPattern.MatchString(e.Prev)):
		return Refuse(BadBody, "prev %.80q is not the digest of an event", e.Prev)
	}
	return nil
}

// Open decodes the body into the Go type of the envelope's kind and checks its
// rules. The result is a pointer to one of the types listed in Kinds. The
// error is a *RefusedError.
func (e Envelope) Open() (Body, error) {
	mint, ok := bodies[e.Kind]
	if !ok {
		return nil, Refuse(UnknownKind, "kind %.40q", string(e.Kind))
	}
	b := mint()
	if !bytes.HasPrefix(bytes.TrimSpace(e.Body), []byte("{")) {
		return nil, Refuse(BadBody, "%s: the body is no object", e.Kind)
	}
	if err := strictJSON(e.Body, b); err != nil {
		return nil, Refuse(BadBody, "%s: %v", e.Kind, err)
	}
	if err := b.Check(); err != nil {
		return nil, Refuse(BadBody, "%s: %v", e.Kind, err)
	}
	return b, nil
}

// Seal returns an envelope around a body, without its sequence number.
func Seal(device string, b Body, s Stamp) (Envelope, error) {
	if err := b.Check(); err != nil {
		return Envelope{}, fmt.Errorf("seal %s: %w", b.Kind(), err)
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return Envelope{}, fmt.Errorf("seal %s: %w", b.Kind(), err)
	}
	return Envelope{
		V: Version, Device: device, Kind: b.Kind(), Body: raw,
		WallMS: s.WallMS, MonoMS: s.MonoMS, BootID: s.BootID,
	}, nil
}

// Stamp is the sender's own idea of when something happened.
type Stamp struct {
	WallMS int64  `json:"wall_ms"` // Unix milliseconds by the sender's wall clock
	MonoMS int64  `json:"mono_ms"` // milliseconds since BootID began
	BootID string `json:"boot_id"`
}

// strictJSON reads exactly one JSON value with no unknown field.
func strictJSON(b []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON value")
	}
	return nil
}
