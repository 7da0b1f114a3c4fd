package broker_test

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/broker"
	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/protocol"

	paho "github.com/eclipse/paho.mqtt.golang"
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"
)

func TestSalesGoThroughTheEmbeddedBroker(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 3, "counter-1", "counter-2")
	url, _ := start(t, hub.New(hub.Config{Store: s}))
	for i, prefix := range []string{"C1", "C2"} {
		d := connect(t, url, hubtest.NewTill([]string{"counter-1", "counter-2"}[i], prefix), nil)
		d.publish(protocol.Evt, d.till.Reset())
		for range 100 {
			d.publish(protocol.Evt, d.till.Event(d.till.Sale(hubtest.Item(1))))
		}
		d.waitAck(101)
		d.client.Disconnect(100)
	}
	taken, err := s.Takings(context.Background(), 0, 1<<60)
	if err != nil || taken.Sales != 200 {
		t.Errorf("got %+v, %v; want 200 sales", taken, err)
	}
	if _, err := s.VerifyAudit(context.Background()); err != nil {
		t.Error(err)
	}
}

func TestBirthIsAnsweredAndChangesArePublished(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	h := hub.New(hub.Config{Store: s})
	url, e := start(t, h)
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- h.Run(ctx, e) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	d := connect(t, url, hubtest.NewTill("counter-1", "C1"), nil)
	d.publish(protocol.Birth, d.till.Plain(&protocol.DeviceBirth{Session: "s1", Role: protocol.Counter}))
	if want := d.body().(*protocol.HubDesired); want.Catalogue != 1 {
		t.Errorf("got %+v", want)
	}
	if _, err := s.PutItems(ctx, []store.Item{hubtest.Item(1)}); err != nil {
		t.Fatal(err)
	}
	for d.body().(*protocol.HubDesired).Catalogue != 2 {
	}
}

func TestADeviceCannotSpeakForAnother(t *testing.T) {
	got := make(record, 10)
	url, _ := start(t, got)
	d := connect(t, url, hubtest.NewTill("counter-1", "C1"), nil)
	other := protocol.Address{Shop: hubtest.Shop, Device: "counter-2"}
	for _, topic := range []string{
		other.Topic(protocol.Evt), d.till.Address().Topic(protocol.Ack), "ks/v1/demo/99/counter-1/evt", "anything",
	} {
		d.must(d.client.Publish(topic, 1, false, "x"))
	}
	// The connection is still up, and the next message is the first to arrive.
	d.must(d.publish(protocol.Evt, []byte("mine")))
	if m := got.next(t); string(m.Raw) != "mine" || m.Topic.Device != "counter-1" {
		t.Errorf("got %+v", m)
	}
	for _, filter := range []string{other.Topic(protocol.Ack), "#", "ks/v1/demo/+/+/ack", d.till.Address().Topic(protocol.Evt), other.Answers()} {
		token := d.client.Subscribe(filter, 1, nil).(*paho.SubscribeToken)
		if !token.WaitTimeout(patience) {
			t.Fatal("the broker does not answer")
		}
		if code := token.Result()[filter]; code != 0x80 {
			t.Errorf("subscription to %s was granted with %#x", filter, code)
		}
	}
}

func TestOnlyDeviceIDsAreLetIn(t *testing.T) {
	url, _ := start(t, make(record, 1))
	for _, id := range []string{"Counter 1", "x/y", "+", "counter-1", "demo.", "demo.counter-1.x"} {
		token := paho.NewClient(options(url, id)).Connect()
		if !token.WaitTimeout(patience) || token.Error() == nil {
			t.Errorf("client %q was let in", id)
		}
	}
}

func TestABrokenConnectionLeavesItsWill(t *testing.T) {
	got := make(record, 10)
	at, _ := start(t, got)
	till := hubtest.NewTill("counter-1", "C1")
	var conn net.Conn
	o := options(at, till.Address().ClientID()).SetBinaryWill(till.Address().Topic(protocol.Will), []byte("gone"), 1, false)
	o.SetCustomOpenConnectionFn(func(_ *url.URL, _ paho.ClientOptions) (net.Conn, error) {
		var err error
		conn, err = net.Dial("tcp", at[len("tcp://"):])
		return conn, err
	})
	client := paho.NewClient(o)
	if token := client.Connect(); !token.WaitTimeout(patience) || token.Error() != nil {
		t.Fatal("no connection")
	}
	_ = conn.Close()
	if m := got.next(t); m.Topic.Channel != protocol.Will || string(m.Raw) != "gone" {
		t.Errorf("got %+v", m)
	}
}

// moody fails a number of times before it takes what it is given.
type moody struct {
	record
	fails int
}

func (m *moody) HandleAll(ctx context.Context, msgs []hub.Message) ([]hub.Reply, error) {
	if m.fails > 0 {
		m.fails--
		return nil, errors.New("database locked")
	}
	return m.record.HandleAll(ctx, msgs)
}

func TestMessagesAreHandedOverAgainInOrder(t *testing.T) {
	h := &moody{record: make(record, 100), fails: 3}
	url, _ := start(t, h)
	d := connect(t, url, hubtest.NewTill("counter-1", "C1"), nil)
	for i := range 20 {
		d.publish(protocol.Evt, []byte{byte(i)})
	}
	for i := range 20 {
		if m := h.next(t); m.Raw[0] != byte(i) {
			t.Fatalf("message %d came in place of %d", m.Raw[0], i)
		}
	}
}

// anybody lets everybody do everything, like a broker out of the box.
type anybody struct{ mqtt.HookBase }

func (*anybody) Provides(b byte) bool {
	return b == mqtt.OnConnectAuthenticate || b == mqtt.OnACLCheck
}
func (*anybody) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }
func (*anybody) OnACLCheck(*mqtt.Client, string, bool) bool              { return true }

// TestPublishWaitsForTheStart publishes before the broker serves, as the hub's
// outbox does at every start. A context that ends is the only failure then.
func TestPublishWaitsForTheStart(t *testing.T) {
	e, err := broker.Listen(broker.Config{Address: "127.0.0.1:0", Log: silent()})
	if err != nil {
		t.Fatal(err)
	}
	for _, tr := range []broker.Transport{e, broker.Dial(broker.ClientConfig{URL: "tcp://127.0.0.1:1", Shop: "demo"})} {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		if err := tr.Publish(ended, "x", nil); !errors.Is(err, context.Canceled) {
			t.Errorf("%T before its start: %v", tr, err)
		}
	}
	published := make(chan error)
	go func() { published <- e.Publish(t.Context(), "ks/v1/demo/hub/counter-1/desired", nil) }()
	serve(t, e, make(record))
	if err := <-published; err != nil {
		t.Errorf("published across the start: %v", err)
	}
}

// TestTheLogHasNoEmptyLines connects a client and cuts it off.
func TestTheLogHasNoEmptyLines(t *testing.T) {
	var text lines
	e, err := broker.Listen(broker.Config{
		Address: "127.0.0.1:0", Log: slog.New(slog.NewTextHandler(&text, &slog.HandlerOptions{Level: slog.LevelDebug})),
	})
	if err != nil {
		t.Fatal(err)
	}
	serve(t, e, make(record))
	conn, err := net.Dial("tcp", e.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	if err := conn.Close(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.After(patience); !strings.Contains(text.String(), "connection of a client ended"); {
		select {
		case <-deadline:
			t.Fatalf("the log says %q", text.String())
		case <-time.After(time.Millisecond):
		}
	}
	if strings.Contains(text.String(), `msg=""`) || strings.Contains(text.String(), "level=WARN") {
		t.Errorf("the log says %q", text.String())
	}
}

// lines is a log in memory.
type lines struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *lines) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(b)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestAnyOtherBroker(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	other := mqtt.New(&mqtt.Options{Logger: silent()})
	if err := errors.Join(other.AddHook(new(anybody), nil), other.AddListener(listeners.NewNet("x", ln)), other.Serve()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = other.Close() })
	url := "tcp://" + ln.Addr().String()

	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	serve(t, broker.Dial(broker.ClientConfig{URL: url, Shop: hubtest.Shop, Log: silent()}), hub.New(hub.Config{Store: s}))
	d := connect(t, url, hubtest.NewTill("counter-1", "C1"), nil)
	// The hub may not have subscribed yet; a device says a thing again until
	// the hub acknowledges it.
	reset := d.till.Reset()
	for again := time.NewTicker(100 * time.Millisecond); d.upto.Load() == 0; <-again.C {
		d.publish(protocol.Evt, reset)
	}
	for range 50 {
		d.publish(protocol.Evt, d.till.Event(d.till.Sale(hubtest.Item(1))))
	}
	d.waitAck(51)
}
