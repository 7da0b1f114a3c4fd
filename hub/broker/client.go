package broker

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"kickstand/protocol"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// ClientConfig is how to reach another broker.
type ClientConfig struct {
	URL      string // "tcp://host:1883" or "ssl://host:8883"
	Shop     string // whose devices to listen to
	ClientID string // unique on that broker; empty is "hub-" and the shop
	Username string
	Password string
	TLS      *tls.Config
	Log      *slog.Logger
}

// Client is the hub's side of a broker somewhere else, such as Mosquitto. Who
// may use which topic is that broker's configuration.
type Client struct {
	cfg     ClientConfig
	client  paho.Client
	deliver func(topic string, payload []byte)
	once    sync.Once
	met     chan struct{} // closed at the first connection
}

// Dial prepares a client. It connects when Run is called.
func Dial(cfg ClientConfig) *Client {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.ClientID == "" {
		cfg.ClientID = "hub-" + cfg.Shop
	}
	c := &Client{cfg: cfg, met: make(chan struct{})}
	o := paho.NewClientOptions().AddBroker(cfg.URL).SetClientID(cfg.ClientID).SetTLSConfig(cfg.TLS)
	o.SetUsername(cfg.Username).SetPassword(cfg.Password)
	o.SetCleanSession(true).SetAutoReconnect(true).SetConnectRetry(true)
	o.SetConnectRetryInterval(2 * time.Second).SetMaxReconnectInterval(30 * time.Second).SetKeepAlive(30 * time.Second)
	// Handlers only put messages into a line, so they may be called in order
	// on paho's own goroutine.
	o.SetOrderMatters(true)
	o.SetOnConnectHandler(c.subscribe)
	o.SetConnectionLostHandler(func(_ paho.Client, err error) { cfg.Log.Warn("connection to the broker lost", "error", err) })
	c.client = paho.NewClient(o)
	return c
}

// subscribe runs on every connection: sessions are clean.
func (c *Client) subscribe(cl paho.Client) {
	filters := map[string]byte{}
	for _, ch := range []protocol.Channel{
		protocol.Evt, protocol.Req, protocol.Birth, protocol.Will, protocol.Reported, protocol.Log, protocol.Metric,
	} {
		filters[protocol.Filter(c.cfg.Shop, ch)] = 1
	}
	token := cl.SubscribeMultiple(filters, func(_ paho.Client, m paho.Message) { c.deliver(m.Topic(), m.Payload()) })
	if !token.WaitTimeout(30 * time.Second) {
		c.cfg.Log.Error("subscribe: the broker does not answer")
	} else if err := token.Error(); err != nil {
		c.cfg.Log.Error("subscribe", "error", err)
	}
	c.once.Do(func() { close(c.met) })
}

// Run connects, again and again if need be, until ctx ends.
func (c *Client) Run(ctx context.Context, deliver func(topic string, payload []byte)) error {
	c.deliver = deliver
	c.client.Connect()
	<-ctx.Done()
	c.client.Disconnect(250)
	return nil
}

// publishWait is how long a broker may take to acknowledge.
const publishWait = 10 * time.Second

// Publish hands a message to the broker and waits for its acknowledgement.
// Before the first connection it waits for that.
func (c *Client) Publish(ctx context.Context, topic string, payload []byte) error {
	select {
	case <-c.met:
	case <-ctx.Done():
		return ctx.Err()
	}
	if !c.client.IsConnectionOpen() {
		return errStopped
	}
	token := c.client.Publish(topic, 1, false, payload)
	select {
	case <-token.Done():
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(publishWait):
		return fmt.Errorf("publish %s: the broker does not answer", topic)
	}
	if err := token.Error(); err != nil {
		return fmt.Errorf("publish %s: %w", topic, err)
	}
	return nil
}
