package brokertest

import (
	"errors"
	"fmt"
	"log/slog"
	"net"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

// Outside is a broker of its own, as a shop may have beside its hub. It lets
// everybody in and remembers nothing when it ends.
type Outside struct {
	server *mqtt.Server
	addr   string
}

// Listen starts a broker on an address such as "127.0.0.1:1883"; port 0 takes a
// free one. The caller closes it.
func Listen(addr string) (*Outside, error) {
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("outside broker: %w", err)
	}
	s := mqtt.New(&mqtt.Options{Logger: slog.New(slog.DiscardHandler)})
	err = s.AddHook(new(everybody), nil)
	if err == nil {
		err = s.AddListener(listeners.NewNet("tcp", ln))
	}
	if err == nil {
		err = s.Serve()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("outside broker on %s: %w", addr, err), s.Close(), ln.Close())
	}
	return &Outside{server: s, addr: ln.Addr().String()}, nil
}

// Addr is where it listens.
func (o *Outside) Addr() string { return o.addr }

// Close ends the broker and every connection to it.
func (o *Outside) Close() error { return o.server.Close() }

// everybody may connect and use every topic.
type everybody struct{ mqtt.HookBase }

// ID names the hook.
func (everybody) ID() string { return "everybody" }

// Provides lists what the hook answers.
func (everybody) Provides(b byte) bool {
	return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}

// OnConnectAuthenticate lets everybody in.
func (everybody) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

// OnACLCheck allows everything.
func (everybody) OnACLCheck(*mqtt.Client, string, bool) bool { return true }
