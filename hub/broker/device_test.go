package broker_test

import (
	"context"
	"io"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/broker"
	"kickstand/hub/hubtest"
	"kickstand/protocol"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// patience is how long a test waits for what must happen.
const patience = 20 * time.Second

// device is the MQTT side of a till.
type device struct {
	tb     testing.TB
	till   *hubtest.Till
	client paho.Client
	acks   chan *protocol.HubAck
	bodies chan protocol.Body // everything else
	upto   atomic.Uint64
}

func options(url, id string) *paho.ClientOptions {
	return paho.NewClientOptions().AddBroker(url).SetClientID(id).SetCleanSession(true).SetAutoReconnect(false).SetConnectTimeout(patience)
}

func connect(tb testing.TB, url string, till *hubtest.Till, will []byte) *device {
	tb.Helper()
	d := &device{tb: tb, till: till, acks: make(chan *protocol.HubAck, 10_000), bodies: make(chan protocol.Body, 100)}
	o := options(url, till.Address().ClientID())
	if will != nil {
		o.SetBinaryWill(till.Address().Topic(protocol.Will), will, 1, false)
	}
	d.client = paho.NewClient(o)
	d.must(d.client.Connect())
	for _, f := range []string{till.Address().Topic(protocol.Ack), till.Address().Topic(protocol.Desired), till.Address().Answers()} {
		d.must(d.client.Subscribe(f, 1, d.receive))
	}
	return d
}

func (d *device) must(token paho.Token) {
	d.tb.Helper()
	if !token.WaitTimeout(patience) {
		d.tb.Fatal("the broker does not answer")
	}
	if err := token.Error(); err != nil {
		d.tb.Fatal(err)
	}
}

func (d *device) receive(_ paho.Client, m paho.Message) {
	env, err := protocol.Decode(m.Payload())
	if err != nil {
		d.tb.Error(err)
		return
	}
	b, err := env.Open()
	if err != nil {
		d.tb.Error(err)
		return
	}
	if a, ok := b.(*protocol.HubAck); ok {
		d.upto.Store(a.Upto)
		d.acks <- a
		return
	}
	d.bodies <- b
}

func (d *device) publish(c protocol.Channel, raw []byte) paho.Token {
	return d.client.Publish(d.till.Address().Topic(c), 1, false, raw)
}

// waitAck waits until the hub has acknowledged up to n.
func (d *device) waitAck(n uint64) {
	d.tb.Helper()
	late := time.After(patience)
	for {
		select {
		case a := <-d.acks:
			if a.Upto >= n {
				return
			}
		case <-late:
			d.tb.Fatalf("no acknowledgement up to %d", n)
		}
	}
}

func (d *device) body() protocol.Body {
	d.tb.Helper()
	select {
	case b := <-d.bodies:
		return b
	case <-time.After(patience):
		d.tb.Fatal("nothing came")
		return nil
	}
}

func silent() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// serve runs a transport until the test ends.
func serve(tb testing.TB, tr broker.Transport, h broker.Handler) {
	tb.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- broker.Serve(ctx, tr, h, silent()) }()
	tb.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			tb.Error(err)
		}
	})
}

// start runs the embedded broker with a handler and returns its URL.
func start(tb testing.TB, h broker.Handler) (string, *broker.Embedded) {
	tb.Helper()
	e, err := broker.Listen(broker.Config{Address: "127.0.0.1:0", Log: silent()})
	if err != nil {
		tb.Fatal(err)
	}
	serve(tb, e, h)
	return "tcp://" + e.Addr().String(), e
}

// record is a handler that passes on what it gets.
type record chan hub.Message

func (r record) HandleAll(_ context.Context, msgs []hub.Message) ([]hub.Reply, error) {
	for _, m := range msgs {
		r <- m
	}
	return nil, nil
}

func (r record) next(tb testing.TB) hub.Message {
	tb.Helper()
	select {
	case m := <-r:
		return m
	case <-time.After(patience):
		tb.Fatal("nothing came")
		return hub.Message{}
	}
}
