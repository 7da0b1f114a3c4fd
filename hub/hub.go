package hub

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// Config is what a Hub needs.
type Config struct {
	// Store is the database of the shop. Required.
	Store *store.Store
	// Journeys answer what devices ask of single areas.
	Journeys []Journey
	// Log receives one line per envelope and per question; nil discards them.
	Log *slog.Logger
	// Now is the hub's wall clock; nil means time.Now.
	Now func() time.Time
}

// Hub is one shop's hub. Its methods are safe for concurrent use.
type Hub struct {
	store    *store.Store
	journeys []Journey
	log      *slog.Logger
	now      func() time.Time
	began    time.Time
	bootID   string

	mu      sync.Mutex
	gaps    map[stream]gap
	metrics map[string]Metrics
}

// New returns the hub of a shop. It starts nothing.
func New(cfg Config) *Hub {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Hub{
		store: cfg.Store, journeys: cfg.Journeys, log: cfg.Log, now: cfg.Now, began: cfg.Now(), bootID: random(),
		gaps: map[stream]gap{}, metrics: map[string]Metrics{},
	}
}

// random is 128 bits in hex.
func random() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// Message is one MQTT message of a device.
type Message struct {
	Topic protocol.Topic
	Raw   []byte
	event *event // set by Read
}

// Read returns a message that is decoded already as far as that needs no
// database. It spares [Hub.HandleAll] that part of the work, which is useful
// where messages arrive while others are being handled.
func Read(t protocol.Topic, raw []byte) Message {
	m := Message{Topic: t, Raw: raw}
	if t.Channel == protocol.Evt {
		m.event = prepare(m)
	}
	return m
}

// Reply is one MQTT message to a device.
type Reply struct {
	Topic   string
	Payload []byte
}

// Handle is HandleAll for a single message.
func (h *Hub) Handle(ctx context.Context, t protocol.Topic, raw []byte) ([]Reply, error) {
	return h.HandleAll(ctx, []Message{{Topic: t, Raw: raw}})
}

// HandleAll handles messages of one device in the order they came. Events that
// follow each other share a commit and one cumulative acknowledgement per
// stream. The replies are to be published in their order.
//
// An error means that the database could not be written, such as
// store.ErrBusy or store.ErrFull: nothing that has no reply was applied, and
// the same messages may be given again. What a device got wrong is never an
// error but a reply. Messages of one device must not be handled concurrently.
func (h *Hub) HandleAll(ctx context.Context, msgs []Message) ([]Reply, error) {
	var replies []Reply
	for len(msgs) > 0 {
		n := 1
		for msgs[0].Topic.Channel == protocol.Evt && n < len(msgs) && msgs[n].Topic == msgs[0].Topic {
			n++
		}
		more, err := h.handleRun(ctx, msgs[:n])
		replies = append(replies, more...)
		if err != nil {
			return replies, err
		}
		msgs = msgs[n:]
	}
	return replies, nil
}

// handleRun handles messages of the same channel.
func (h *Hub) handleRun(ctx context.Context, msgs []Message) ([]Reply, error) {
	m := msgs[0]
	if m.Topic.Shop != h.store.Shop() {
		h.log.Warn("message for another shop", "shop", m.Topic.Shop, "device", m.Topic.Device)
		return nil, nil
	}
	switch m.Topic.Channel {
	case protocol.Evt:
		return h.events(ctx, msgs)
	case protocol.Req:
		return h.question(ctx, m)
	case protocol.Birth, protocol.Will, protocol.Reported:
		return h.presence(ctx, m)
	case protocol.Metric:
		h.metric(m)
	case protocol.Log:
		h.log.Debug("device log", "device", m.Topic.Device, "line", fmt.Sprintf("%.500s", m.Raw))
	default:
		h.log.Warn("message on a channel of the hub", "device", m.Topic.Device, "channel", m.Topic.Channel)
	}
	return nil, nil
}

// seal makes the reply of a body.
func (h *Hub) seal(topic, device string, body protocol.Body) (Reply, error) {
	now := h.now()
	env, err := protocol.Seal(device, body, protocol.Stamp{
		WallMS: now.UnixMilli(), MonoMS: now.Sub(h.began).Milliseconds(), BootID: h.bootID,
	})
	if err != nil {
		return Reply{}, err
	}
	raw, err := env.Encode()
	if err != nil {
		return Reply{}, err
	}
	return Reply{Topic: topic, Payload: raw}, nil
}

// open reads a message that is not an event. Its device must be the topic's.
func open(m Message) (protocol.Envelope, protocol.Body, error) {
	env, err := protocol.Decode(m.Raw)
	if err != nil {
		return env, nil, err
	}
	if env.Device != m.Topic.Device {
		return env, nil, protocol.Refuse(protocol.ForeignDevice, "%.60q speaks on the topic of %s", env.Device, m.Topic.Device)
	}
	body, err := env.Open()
	return env, body, err
}

// refusal is the reason inside an error of protocol.
func refusal(err error) *protocol.RefusedError {
	var r *protocol.RefusedError
	if errors.As(err, &r) {
		return r
	}
	return &protocol.RefusedError{Reason: protocol.Malformed, Detail: err.Error()}
}
