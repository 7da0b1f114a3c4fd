package brokertest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"kickstand/protocol"

	paho "github.com/eclipse/paho.mqtt.golang"
)

// patience is how long a broker may take to answer.
const patience = 30 * time.Second

// Speaker is a client that speaks as a device and hears what the hub says to
// it. Its methods may be called from any goroutine.
type Speaker struct {
	client paho.Client
	mu     sync.Mutex // guards what follows
	heard  []protocol.Body
	errs   []error
}

// Dial connects to the broker on an address such as "127.0.0.1:1883", under the
// client id of the device, and subscribes to what the hub tells it. The caller
// closes the speaker.
func Dial(addr string, device protocol.Address) (*Speaker, error) {
	s := &Speaker{}
	s.client = paho.NewClient(paho.NewClientOptions().AddBroker("tcp://" + addr).SetClientID(device.ClientID()).SetAutoReconnect(false))
	err := settle(s.client.Connect())
	for _, ch := range []protocol.Channel{protocol.Ack, protocol.Desired, protocol.Tell} {
		if err == nil {
			err = settle(s.client.Subscribe(device.Topic(ch), 1, s.hear))
		}
	}
	if err != nil {
		s.client.Disconnect(0)
		return nil, fmt.Errorf("speak as %s: %w", device.Device, err)
	}
	return s, nil
}

func settle(token paho.Token) error {
	if !token.WaitTimeout(patience) {
		return errors.New("the broker does not answer")
	}
	return token.Error()
}

func (s *Speaker) hear(_ paho.Client, m paho.Message) {
	env, err := protocol.Decode(m.Payload())
	var body protocol.Body
	if err == nil {
		body, err = env.Open()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		s.errs = append(s.errs, fmt.Errorf("%s: %w", m.Topic(), err))
		return
	}
	s.heard = append(s.heard, body)
}

// Publish sends bytes on a topic and waits until the broker has them, which says
// nothing of the hub.
func (s *Speaker) Publish(topic string, raw []byte) error {
	return settle(s.client.Publish(topic, 1, false, raw))
}

// Heard returns what the hub said so far, oldest first. The error is about
// messages that are not of the protocol.
func (s *Speaker) Heard() ([]protocol.Body, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]protocol.Body(nil), s.heard...), errors.Join(s.errs...)
}

// Close says goodbye to the broker.
func (s *Speaker) Close() { s.client.Disconnect(100) }
