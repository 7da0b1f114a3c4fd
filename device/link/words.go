package link

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"syscall"

	"github.com/eclipse/paho.mqtt.golang/packets"
)

var (
	errCut     = errors.New("the network is cut")
	errOutbox  = errors.New("outbox")
	errDenied  = errors.New("the broker denies a subscription")
	errBarred  = errors.New("the hub turns this device away")
	errTimeout = errors.New("the broker does not answer")
	errGone    = errors.New("the connection was lost")
)

// plainWords says for people why there is no connection.
func plainWords(err error) string {
	var dns *net.DNSError
	switch {
	case errors.Is(err, errCut), errors.Is(err, syscall.ENETUNREACH), errors.Is(err, syscall.ENETDOWN), errors.As(err, &dns):
		return "no network"
	case errors.Is(err, errDenied), errors.Is(err, packets.ErrorRefusedNotAuthorised),
		errors.Is(err, packets.ErrorRefusedBadUsernameOrPassword), errors.Is(err, packets.ErrorRefusedIDRejected):
		return "the hub refuses this device"
	case errors.Is(err, errBarred):
		return "the hub does not know this device: it must be enrolled there"
	case errors.Is(err, errGone):
		return "the connection to the hub was lost"
	case errors.Is(err, syscall.ECONNREFUSED), errors.Is(err, errTimeout), errors.Is(err, context.DeadlineExceeded), isTimeout(err):
		return "the hub does not answer"
	}
	return "the hub cannot be reached"
}

func isTimeout(err error) bool {
	var n net.Error
	return errors.As(err, &n) && n.Timeout()
}

// brokerAddress returns the parts of a broker's URL.
func brokerAddress(broker string) (*url.URL, error) {
	u, err := url.Parse(broker)
	if err != nil {
		return nil, fmt.Errorf("broker: %w", err)
	}
	switch u.Scheme {
	case "tcp", "mqtt", "tls", "mqtts", "ssl":
	default:
		return nil, fmt.Errorf("broker %q: begin with tcp:// or tls://", broker)
	}
	if u.Port() == "" {
		return nil, fmt.Errorf("broker %q: the port is missing", broker)
	}
	return u, nil
}
