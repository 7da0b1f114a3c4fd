package linktest

import (
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// Hub is a broker and a hub for one shop. Its memory outlives Stop, as a
// database outlives the process. Its methods may be called from any goroutine.
type Hub struct {
	shop string

	life  sync.Mutex     // held while the broker starts or stops
	falls sync.WaitGroup // stops that were a fault

	mu      sync.Mutex // guards what follows
	addr    string     // host:port, kept from the first Start
	server  *mqtt.Server
	changed chan struct{} // closed and replaced when anything below changes
	cursors map[string]uint64
	applied []Event
	seen    int // events that arrived, duplicates and all
	said    []protocol.Body
	faults  Faults
	desired *protocol.HubDesired
	items   []catalogue.Item
	version int64
	from    map[int64][]catalogue.Item // changes after a version
	skew    time.Duration
	levels  []protocol.StockLevels // pages of an answer to StockAsk; none: the hub knows no levels
}

// allow lets every device do everything.
type allow struct{ mqtt.HookBase }

// ID is the name of the hook.
func (*allow) ID() string { return "allow" }

// Provides says which calls of the hook are used.
func (*allow) Provides(b byte) bool {
	return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}

// OnConnectAuthenticate lets everyone in.
func (*allow) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

// OnACLCheck allows every topic.
func (*allow) OnACLCheck(*mqtt.Client, string, bool) bool { return true }

// Event is one event the hub applied.
type Event struct {
	Epoch string
	Seq   uint64
	Body  protocol.Body
}

// Faults are what the hub does wrong. Each is taken as often as it says.
type Faults struct {
	DropAcks  int               // this many acks are never sent
	Lose      map[uint64]int    // events with this seq are lost on the way so often
	Duplicate bool              // every event counts as delivered twice, every ack is sent twice
	StopAfter int               // the hub is gone after so many more events, unanswered
	Mute      bool              // nothing is answered, although everything is applied
	Slow      bool              // questions are never answered
	Reject    map[uint64]string // events with this seq go into quarantine for this reason
	PageLimit int               // items on a catalogue page; 0 is protocol.MaxPageItems
	FailPage  int               // the answer to the n-th page from now is a refusal
}

// New returns a hub for a shop, not started.
func New(shop string) *Hub {
	return &Hub{shop: shop, changed: make(chan struct{}), cursors: map[string]uint64{}, from: map[int64][]catalogue.Item{}}
}

// Start starts the broker, on a free port of the loopback the first time and on
// the same port afterwards.
func (h *Hub) Start() error {
	h.life.Lock()
	defer h.life.Unlock()
	h.mu.Lock()
	defer h.mu.Unlock()
	addr := h.addr
	if addr == "" {
		addr = "127.0.0.1:0"
	}
	l, err := net.Listen("tcp", addr)
	if err != nil {
		return fmt.Errorf("start test hub: %w", err)
	}
	s := mqtt.New(&mqtt.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	if err := s.AddHook(new(allow), nil); err != nil {
		return fmt.Errorf("start test hub: %w", err)
	}
	if err := s.AddListener(listeners.NewNet("test", l)); err != nil {
		return fmt.Errorf("start test hub: %w", err)
	}
	if err := s.Serve(); err != nil {
		return fmt.Errorf("start test hub: %w", err)
	}
	for i, c := range []protocol.Channel{protocol.Evt, protocol.Req, protocol.Birth, protocol.Will, protocol.Reported, protocol.Metric} {
		if err := s.Subscribe(protocol.Filter(h.shop, c), i+1, h.arrived); err != nil {
			return fmt.Errorf("start test hub: %w", err)
		}
	}
	h.addr, h.server = l.Addr().String(), s
	return nil
}

// Stop ends the broker without a word to anyone.
func (h *Hub) Stop() error {
	err := h.stop()
	h.falls.Wait()
	return err
}

func (h *Hub) stop() error {
	h.life.Lock()
	defer h.life.Unlock()
	h.mu.Lock()
	s := h.server
	h.server = nil
	h.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Close()
}

// URL is the broker's address, valid after the first Start.
func (h *Hub) URL() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return "tcp://" + h.addr
}

// Fail sets what the hub does wrong from now on.
func (h *Hub) Fail(f Faults) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.faults = f
}

// SetDesired sets what devices should run and tells those connected.
func (h *Hub) SetDesired(a protocol.Address, d *protocol.HubDesired) error {
	h.mu.Lock()
	h.desired = d
	h.mu.Unlock()
	return h.Say(a, protocol.Desired, d)
}

// SetCatalogue sets the items of a version. Changes, if not nil, are what is
// answered to a device that has the version before.
func (h *Hub) SetCatalogue(version int64, items, changes []catalogue.Item) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if changes != nil {
		h.from[h.version] = changes
	}
	h.version, h.items = version, items
}

// SetLevels sets the pages of levels that a device is answered with.
func (h *Hub) SetLevels(pages ...protocol.StockLevels) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.levels = pages
}

// SetClock makes the hub's clock differ from this machine's.
func (h *Hub) SetClock(skew time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.skew = skew
}

// Say sends a body to a device.
func (h *Hub) Say(a protocol.Address, c protocol.Channel, b protocol.Body) error {
	return h.send(a.Topic(c), a.Device, b)
}

// SayOn sends a body in an envelope for a device on any topic.
func (h *Hub) SayOn(topic, device string, b protocol.Body) error { return h.send(topic, device, b) }

// SendRaw sends bytes on any topic.
func (h *Hub) SendRaw(topic string, payload []byte) error {
	h.mu.Lock()
	s := h.server
	h.mu.Unlock()
	if s == nil {
		return nil
	}
	return s.Publish(topic, payload, false, 1)
}

// Applied returns every event applied so far, each once, in order of arrival.
func (h *Hub) Applied() []Event {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]Event(nil), h.applied...)
}

// Seen counts the events that arrived, those seen before included.
func (h *Hub) Seen() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.seen
}

// Said returns the births, wills, reports and measurements heard so far.
func (h *Hub) Said() []protocol.Body {
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]protocol.Body(nil), h.said...)
}

// Changed is closed when the hub hears something after this call.
func (h *Hub) Changed() <-chan struct{} {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.changed
}

func (h *Hub) note() {
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *Hub) send(topic, device string, b protocol.Body) error {
	e, err := protocol.Seal(device, b, protocol.Stamp{WallMS: time.Now().UnixMilli(), BootID: "hub"})
	if err != nil {
		return err
	}
	data, err := e.Encode()
	if err != nil {
		return err
	}
	return h.SendRaw(topic, data)
}

// arrived is called by the broker, one message of a device after the other.
func (h *Hub) arrived(_ *mqtt.Client, _ packets.Subscription, pk packets.Packet) {
	t, err := protocol.ParseTopic(pk.TopicName)
	if err != nil {
		return
	}
	e, err := protocol.Decode(pk.Payload)
	if err != nil {
		return
	}
	b, err := e.Open()
	if err != nil {
		return
	}
	for _, r := range h.handle(t, e, b) {
		_ = h.send(r.topic, t.Device, r.body) // a device that is gone hears nothing
	}
}

type reply struct {
	topic string
	body  protocol.Body
}

func (h *Hub) handle(t protocol.Topic, e protocol.Envelope, b protocol.Body) []reply {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.server == nil {
		return nil
	}
	defer h.note()
	switch t.Channel {
	case protocol.Evt:
		return h.event(t, e, b)
	case protocol.Req:
		return h.question(t, b)
	case protocol.Birth:
		h.said = append(h.said, b)
		if h.desired != nil && !h.faults.Mute {
			return []reply{{t.Topic(protocol.Desired), h.desired}}
		}
	default:
		h.said = append(h.said, b)
	}
	return nil
}
