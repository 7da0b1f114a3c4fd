package broker

import (
	"bytes"
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"strings"

	"kickstand/protocol"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// Peer is who asks to be let in.
type Peer struct {
	ClientID string
	Username string
	Password []byte
	Remote   string               // network address
	TLS      *tls.ConnectionState // nil without TLS; its PeerCertificates are verified by Config.TLS
}

// Config is how the embedded broker listens.
type Config struct {
	Address string      // "127.0.0.1:1883"; port 0 takes a free one
	TLS     *tls.Config // nil: plain TCP
	// Admit refuses a peer by an error. Nil admits every client id that is a
	// protocol.Address.ClientID. With certificates it compares the certificate with the
	// client id; whether a device is enrolled is the hub's question.
	Admit func(Peer) error
	Log   *slog.Logger
}

// Embedded is a broker inside this process. It stores nothing.
type Embedded struct {
	server  *mqtt.Server
	addr    net.Addr
	gate    *gate
	running chan struct{} // closed once clients are served
	ended   chan struct{} // closed when that is over
}

// maxPacket leaves room above MaxEnvelope, so that an envelope that is somewhat
// too large is quarantined with a reason instead of ending the connection.
const maxPacket = 4 * protocol.MaxEnvelope

// Listen opens the port. Clients are served once Run is called.
func Listen(cfg Config) (*Embedded, error) {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Admit == nil {
		cfg.Admit = func(p Peer) error {
			_, err := protocol.ParseClientID(p.ClientID)
			return err
		}
	}
	ln, err := net.Listen("tcp", cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("mqtt broker: %w", err)
	}
	if cfg.TLS != nil {
		ln = tls.NewListener(ln, cfg.TLS)
	}
	e := &Embedded{
		addr: ln.Addr(), gate: &gate{admit: cfg.Admit, log: cfg.Log},
		running: make(chan struct{}), ended: make(chan struct{}),
	}
	e.server = mqtt.New(&mqtt.Options{Capabilities: capabilities(), Logger: quiet(cfg.Log), InlineClient: true})
	if err := e.server.AddHook(e.gate, nil); err != nil {
		return nil, fmt.Errorf("mqtt broker: %w", err)
	}
	if err := e.server.AddListener(listeners.NewNet("mqtt", ln)); err != nil {
		return nil, fmt.Errorf("mqtt broker: %w", err)
	}
	return e, nil
}

// capabilities replace the defaults that lose messages or let clients keep
// things in the broker.
func capabilities() *mqtt.Capabilities {
	c := mqtt.NewDefaultServerCapabilities()
	c.MaximumMessageExpiryInterval = 0 // the default deletes after 24 hours
	c.MaximumSessionExpiryInterval = 0
	c.MaximumPacketSize = maxPacket
	c.MaximumInflight = 16 << 10
	c.MaximumClientWritesPending = 16 << 10
	c.RetainAvailable = 0
	c.SharedSubAvailable = 0
	c.MaximumQos = 1
	return c
}

// quiet passes on the server's warnings and errors only.
func quiet(log *slog.Logger) *slog.Logger { return slog.New(warnings{log.Handler()}) }

type warnings struct{ slog.Handler }

// Enabled leaves out what is below a warning.
func (w warnings) Enabled(ctx context.Context, l slog.Level) bool {
	return l >= slog.LevelWarn && w.Handler.Enabled(ctx, l)
}

// Handle gives a name to what the server logs without one: that a connection
// ended, as every connection does one day.
func (w warnings) Handle(ctx context.Context, r slog.Record) error {
	if r.Message != "" {
		return w.Handler.Handle(ctx, r)
	}
	if !w.Handler.Enabled(ctx, slog.LevelDebug) {
		return nil
	}
	named := slog.NewRecord(r.Time, slog.LevelDebug, "connection of a client ended", r.PC)
	r.Attrs(func(a slog.Attr) bool { named.AddAttrs(a); return true })
	return w.Handler.Handle(ctx, named)
}

// WithAttrs keeps the filter around the handler.
func (w warnings) WithAttrs(a []slog.Attr) slog.Handler { return warnings{w.Handler.WithAttrs(a)} }

// WithGroup keeps the filter around the handler.
func (w warnings) WithGroup(name string) slog.Handler { return warnings{w.Handler.WithGroup(name)} }

// Addr is where the broker listens.
func (e *Embedded) Addr() net.Addr { return e.addr }

// Run serves clients until ctx ends, then says goodbye to them and closes the
// port. It can be called once.
func (e *Embedded) Run(ctx context.Context, deliver func(topic string, payload []byte)) error {
	e.gate.deliver = deliver
	if err := e.server.Serve(); err != nil {
		return fmt.Errorf("mqtt broker: %w", err)
	}
	close(e.running)
	<-ctx.Done()
	close(e.ended)
	return e.server.Close()
}

// Publish hands a message to the device subscribed to its topic, if it is
// connected. Before Run it waits for Run.
func (e *Embedded) Publish(ctx context.Context, topic string, payload []byte) error {
	select {
	case <-e.running:
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-e.ended:
		return errStopped
	default:
	}
	return e.server.Publish(topic, payload, false, 1)
}

// gate is the hook through which the server asks and tells.
type gate struct {
	mqtt.HookBase
	admit   func(Peer) error
	deliver func(topic string, payload []byte)
	log     *slog.Logger
}

// ID names the hook in the server's log.
func (g *gate) ID() string { return "kickstand" }

// Provides lists what the hook implements.
func (g *gate) Provides(b byte) bool {
	return bytes.Contains([]byte{mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish, mqtt.OnWillSent}, []byte{b})
}

// OnConnectAuthenticate lets a peer in or not.
func (g *gate) OnConnectAuthenticate(cl *mqtt.Client, pk packets.Packet) bool {
	p := Peer{ClientID: cl.ID, Username: string(pk.Connect.Username), Password: pk.Connect.Password, Remote: cl.Net.Remote}
	if conn, ok := cl.Net.Conn.(*tls.Conn); ok {
		state := conn.ConnectionState()
		p.TLS = &state
	}
	if err := g.admit(p); err != nil {
		g.log.Warn("client refused", "client", fmt.Sprintf("%.60q", cl.ID), "remote", cl.Net.Remote, "error", err)
		return false
	}
	return true
}

// OnACLCheck lets a device subscribe to its own topics. Writing is judged by
// OnPublish, because a refusal here would close the connection.
func (g *gate) OnACLCheck(cl *mqtt.Client, topic string, write bool) bool {
	if write {
		return true
	}
	own := readable(cl.ID, topic)
	if !own {
		g.log.Warn("subscription refused", "client", cl.ID, "filter", fmt.Sprintf("%.200q", topic))
	}
	return own
}

// readable reports whether a filter matches nothing but what is meant for the
// device.
func readable(client, filter string) bool {
	filter = strings.TrimSuffix(filter, "/+") // all answers
	t, err := protocol.ParseTopic(filter)
	if err != nil {
		t, err = protocol.ParseTopic(filter + "/any")
	}
	if err != nil || t.ClientID() != client {
		return false
	}
	return t.Channel == protocol.Ack || t.Channel == protocol.Res || t.Channel == protocol.Tell || t.Channel == protocol.Desired
}

// writable reports whether a topic is one on which the device speaks.
func writable(client, topic string) bool {
	t, err := protocol.ParseTopic(topic)
	if err != nil || t.ClientID() != client {
		return false
	}
	return t.Channel != protocol.Ack && t.Channel != protocol.Res && t.Channel != protocol.Tell && t.Channel != protocol.Desired
}

// OnPublish takes a message of a device out of the server: nobody else is to
// get it. The server acknowledges it to the device all the same.
func (g *gate) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.Net.Inline {
		return pk, nil
	}
	if !writable(cl.ID, pk.TopicName) {
		g.log.Warn("message on a foreign topic dropped", "client", cl.ID, "topic", fmt.Sprintf("%.200q", pk.TopicName))
		return pk, packets.CodeSuccessIgnore
	}
	g.deliver(pk.TopicName, pk.Payload)
	return pk, packets.CodeSuccessIgnore
}

// OnWillSent passes on the will of a device whose connection broke.
func (g *gate) OnWillSent(cl *mqtt.Client, pk packets.Packet) {
	if writable(cl.ID, pk.TopicName) {
		g.deliver(pk.TopicName, pk.Payload)
	}
}
