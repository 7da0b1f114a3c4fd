package link

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/url"
	"sync"
	"time"

	mqtt "github.com/eclipse/paho.mqtt.golang"

	"kickstand/device/journal"
	"kickstand/protocol"
)

const (
	firstMetric = time.Second
	inboxLength = 1024 // messages from the hub that may wait to be handled
	goodbyeTime = time.Second
	writeTime   = 3 * time.Second // the library can sit this long on a publish after the connection is gone
)

// session is the life of one connection. Its loop goroutine owns the senders.
type session struct {
	*Link
	id      string // fresh per connection, in birth and will
	client  mqtt.Client
	inbox   chan mqtt.Message // filled by the handler, never closed
	lost    chan error        // holds why the connection ended
	deaf    chan error        // holds why the hub seems not to hear this connection
	ended   chan struct{}     // closed when the session is over: questions fail
	wanted  chan int64        // the newest catalogue version asked for
	senders []*sender
	useful  bool // the hub has acknowledged something
	barred  bool // the hub does not hear this device until it is enrolled
}

// connection lives through one connection. Useful says that something was
// acknowledged or that it stood for long, so that the pause before the next
// begins short. A broker that denies an event ends the connection at once, again
// and again, and must not be asked twice a second.
func (l *Link) connection(ctx context.Context) (useful bool, err error) {
	s := &session{
		Link: l, id: newID(), inbox: make(chan mqtt.Message, inboxLength), lost: make(chan error, 1), deaf: make(chan error, 1),
		ended: make(chan struct{}), wanted: make(chan int64, 1),
	}
	epochs := l.cfg.Outbox.Epochs()
	for _, name := range []journal.Stream{journal.Hi, journal.Lo} {
		s.senders = append(s.senders, &sender{stream: name, epoch: epochs[string(name)], wait: l.cfg.RetryAfter})
	}
	if err := s.open(ctx); err != nil {
		return false, err
	}
	began := l.cfg.Now()
	err = s.run(ctx)
	return s.useful || l.cfg.Now().Sub(began) > l.cfg.MaxBackoff, err
}

// open connects, subscribes and says the birth, in this order.
func (s *session) open(ctx context.Context) error {
	opt, err := s.options(ctx)
	if err != nil {
		return err
	}
	s.client = mqtt.NewClient(opt)
	if err := s.await(ctx, s.client.Connect()); err != nil {
		return s.abandon(fmt.Errorf("connect: %w", err))
	}
	a := s.cfg.Address
	filters := map[string]byte{a.Topic(protocol.Ack): 1, a.Topic(protocol.Tell): 1, a.Topic(protocol.Desired): 1, a.Answers(): 1}
	token := s.client.SubscribeMultiple(filters, nil)
	if err := s.await(ctx, token); err != nil {
		return s.abandon(fmt.Errorf("subscribe: %w", err))
	}
	for filter, granted := range token.(*mqtt.SubscribeToken).Result() {
		if granted > 2 {
			return s.abandon(fmt.Errorf("%w: %s", errDenied, filter))
		}
	}
	if err := s.sayBirth(ctx); err != nil {
		return s.abandon(fmt.Errorf("birth: %w", err))
	}
	return nil
}

func (s *session) abandon(err error) error {
	s.client.Disconnect(0)
	s.gate.drop()
	return err
}

func (s *session) options(ctx context.Context) (*mqtt.ClientOptions, error) {
	will, err := s.seal(&protocol.DeviceWill{Session: s.id, Why: "lost"})
	if err != nil {
		return nil, fmt.Errorf("will: %w", err)
	}
	return mqtt.NewClientOptions().
		AddBroker(s.cfg.Broker).
		SetClientID(s.cfg.Address.ClientID()).
		SetUsername(s.cfg.User).
		SetPassword(s.cfg.Password).
		SetProtocolVersion(4).
		SetCleanSession(true).
		SetAutoReconnect(false).
		SetConnectRetry(false).
		SetOrderMatters(true). // the handler never waits: see the package comment
		SetKeepAlive(s.cfg.KeepAlive).
		SetPingTimeout(s.cfg.KeepAlive/2).
		SetConnectTimeout(s.cfg.Timeout).
		SetWriteTimeout(min(s.cfg.Timeout, writeTime)).
		SetBinaryWill(s.cfg.Address.Topic(protocol.Will), will, 1, false).
		SetDefaultPublishHandler(func(_ mqtt.Client, m mqtt.Message) { s.arrived(m) }).
		SetConnectionLostHandler(func(_ mqtt.Client, err error) { s.lost <- fmt.Errorf("%w: %w", errGone, err) }).
		SetCustomOpenConnectionFn(func(u *url.URL, _ mqtt.ClientOptions) (net.Conn, error) { return s.dial(ctx, u) }), nil
}

func (s *session) dial(ctx context.Context, u *url.URL) (net.Conn, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.Timeout)
	defer cancel()
	raw, err := s.cfg.Dial(ctx, "tcp", u.Host)
	if err != nil {
		return nil, err
	}
	conn, err := s.gate.admit(raw)
	if err != nil || u.Scheme == "tcp" || u.Scheme == "mqtt" {
		return conn, err
	}
	conf := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.cfg.TLS != nil {
		conf = s.cfg.TLS.Clone()
	}
	if conf.ServerName == "" {
		conf.ServerName = u.Hostname()
	}
	secure := tls.Client(conn, conf)
	if err := secure.HandshakeContext(ctx); err != nil {
		_ = conn.Close() // the handshake's error is the one that tells
		return nil, err
	}
	return secure, nil
}

// await waits for the broker's confirmation.
func (s *session) await(ctx context.Context, t mqtt.Token) error {
	timer := time.NewTimer(s.cfg.Timeout)
	defer timer.Stop()
	select {
	case <-t.Done():
		return t.Error()
	case err := <-s.lost:
		return err
	case <-timer.C:
		return errTimeout
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *session) sayBirth(ctx context.Context) error {
	first, err := s.cfg.Outbox.First()
	if err != nil {
		return fmt.Errorf("%w: %w", errOutbox, err)
	}
	s.mu.Lock()
	birth := &protocol.DeviceBirth{
		Session: s.id, Role: s.cfg.Role, Program: s.cfg.Program, Panel: s.cfg.Panel,
		Epochs: s.cfg.Outbox.Epochs(), Next: s.cfg.Outbox.Next(), First: first, Catalogue: s.index.Version(), Settings: s.settings,
	}
	s.mu.Unlock()
	data, err := s.seal(birth)
	if err != nil {
		return err
	}
	return s.await(ctx, s.client.Publish(s.cfg.Address.Topic(protocol.Birth), 1, false, data))
}

// arrived is the MQTT handler: it must not wait.
func (s *session) arrived(m mqtt.Message) {
	select {
	case s.inbox <- m:
	default:
		s.refuse(m.Topic(), fmt.Errorf("%d messages wait already", inboxLength))
	}
}

// run owns the goroutines of a session that stands, until it ends.
func (s *session) run(ctx context.Context) error {
	s.mu.Lock()
	s.session = s
	s.count.sessions++
	s.mu.Unlock()
	inner, cancel := context.WithCancel(ctx)
	var helpers sync.WaitGroup
	helpers.Go(func() { s.watchClock(inner) })
	helpers.Go(func() { s.pull(inner) })
	helpers.Go(func() { s.watchLevels(inner) })
	helpers.Go(func() { s.measure(inner) })
	err := s.loop(ctx)
	s.mu.Lock()
	s.session = nil
	s.mu.Unlock()
	close(s.ended)
	cancel()
	helpers.Wait()
	s.client.Disconnect(uint(goodbyeTime.Milliseconds() / 4))
	s.gate.drop()
	return err
}

// loop sends what may be sent and handles what comes, one thing at a time.
func (s *session) loop(ctx context.Context) error {
	timer := time.NewTimer(time.Hour)
	defer timer.Stop()
	for {
		if err := s.send(); err != nil {
			return err
		}
		timer.Reset(s.nextRetry())
		select {
		case <-ctx.Done():
			s.sayGoodbye()
			return nil
		case err := <-s.lost:
			return err
		case err := <-s.deaf:
			return fmt.Errorf("%w: %w", errTimeout, err)
		case m := <-s.inbox:
			if err := s.handle(ctx, m); err != nil {
				return err
			}
		case <-s.cfg.Outbox.Added():
		case <-timer.C:
			s.retry(ctx)
		}
	}
}

// sayGoodbye publishes the will in person, because a clean end makes the broker
// forget it.
func (s *session) sayGoodbye() {
	data, err := s.seal(&protocol.DeviceWill{Session: s.id, Why: "stopped"})
	if err != nil {
		s.cfg.Log.Error("goodbye", "err", err)
		return
	}
	s.client.Publish(s.cfg.Address.Topic(protocol.Will), 1, false, data).WaitTimeout(goodbyeTime)
}

// measure publishes measurements now and then. They are lost when the
// connection is.
func (s *session) measure(ctx context.Context) {
	next := time.NewTimer(min(firstMetric, s.cfg.MetricEvery)) // once the clock has been compared
	defer next.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-next.C:
			next.Reset(s.cfg.MetricEvery)
		}
		values := s.Counters()
		if s.cfg.Metrics != nil {
			for k, v := range s.cfg.Metrics() {
				values[k] = v
			}
		}
		data, err := s.seal(&protocol.DeviceMetric{Values: values})
		if err != nil {
			s.cfg.Log.Warn("metrics", "err", err)
			continue
		}
		s.client.Publish(s.cfg.Address.Topic(protocol.Metric), 0, false, data)
	}
}
