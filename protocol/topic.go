package protocol

import (
	"errors"
	"fmt"
	"hash/fnv"
	"regexp"
	"strings"
)

// Parts is the number of hash slices devices are spread over. A hub process
// holds some of the slices and subscribes to those only.
const Parts = 64

// Channel is the last fixed word of a topic: which conversation it belongs to.
type Channel string

// The channels of one device. Device to hub: Evt, Req, Birth, Will, Reported,
// Log and Metric. Hub to device: Ack, Res, Tell and Desired.
const (
	Evt      Channel = "evt"      // facts from the device's outbox, at least once, in order
	Ack      Channel = "ack"      // the hub's word that facts are committed
	Req      Channel = "req"      // a question, followed by a correlation id
	Res      Channel = "res"      // its answer, followed by the same correlation id
	Tell     Channel = "tell"     // what the hub says unasked; lost while the device is away, so it asks again when it is back
	Birth    Channel = "birth"    // the device has connected
	Will     Channel = "will"     // the broker's word that a session ended
	Desired  Channel = "desired"  // what the hub wants the device to run
	Reported Channel = "reported" // what the device does run
	Log      Channel = "log"      // log lines, best effort
	Metric   Channel = "metric"   // measurements, best effort
)

const topicRoot = "ks/v1/"

var (
	idPattern  = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,47}$`)
	channelSet = map[Channel]bool{
		Evt: true, Ack: true, Req: true, Res: true, Tell: true, Birth: true, Will: true,
		Desired: true, Reported: true, Log: true, Metric: true,
	}
)

// ErrTopic is wrapped by every error of ParseTopic and CheckID.
var ErrTopic = errors.New("not a Kickstand topic")

// Address names one device of one shop.
type Address struct {
	Shop   string // 1 to 48 of a-z, 0-9 and -
	Device string // 1 to 48 of a-z, 0-9 and -
}

// Topic is a parsed MQTT topic
// ks/v1/{shop}/{part}/{device}/{channel}[/{corr}].
type Topic struct {
	Address
	Channel Channel
	Corr    string // correlation id, only on Req and Res
}

// Part returns the hash slice of a device, "00" to "63": FNV-1a of its id.
func Part(device string) string {
	h := fnv.New32a()
	_, _ = h.Write([]byte(device)) // a hash never returns an error
	return fmt.Sprintf("%02d", h.Sum32()%Parts)
}

// Topic returns the MQTT topic of a channel of this device.
func (a Address) Topic(c Channel) string {
	return topicRoot + a.Shop + "/" + Part(a.Device) + "/" + a.Device + "/" + string(c)
}

// Question returns the topic on which the question corr is asked.
func (a Address) Question(corr string) string { return a.Topic(Req) + "/" + corr }

// Answer returns the topic on which the question corr is answered.
func (a Address) Answer(corr string) string { return a.Topic(Res) + "/" + corr }

// Answers returns the filter of all answers to this device.
func (a Address) Answers() string { return a.Topic(Res) + "/+" }

// ClientID is the MQTT client id of this device, "shop.device": device ids are
// unique within a shop only, and a broker may serve several.
func (a Address) ClientID() string { return a.Shop + "." + a.Device }

// ParseClientID reads a ClientID. Errors wrap ErrTopic.
func ParseClientID(s string) (Address, error) {
	shop, device, _ := strings.Cut(s, ".")
	if err := errors.Join(CheckID(shop), CheckID(device)); err != nil {
		return Address{}, fmt.Errorf("client id %.100q is not shop.device: %w", s, err)
	}
	return Address{Shop: shop, Device: device}, nil
}

// Filter returns the MQTT filter of a channel for all devices of a shop.
func Filter(shop string, c Channel) string {
	f := topicRoot + shop + "/+/+/" + string(c)
	if c == Req || c == Res {
		f += "/+"
	}
	return f
}

// CheckID reports why s cannot be a shop or device id. The error wraps
// ErrTopic.
func CheckID(s string) error {
	if !idPattern.MatchString(s) {
		return fmt.Errorf("%w: id %.60q must be 1 to 48 of a-z, 0-9 and -", ErrTopic, s)
	}
	return nil
}

// ParseTopic reads a topic. Errors wrap ErrTopic and say which part is wrong.
func ParseTopic(s string) (Topic, error) {
	rest, ok := strings.CutPrefix(s, topicRoot)
	if !ok {
		return Topic{}, fmt.Errorf("%w: %.80q does not begin with %s", ErrTopic, s, topicRoot)
	}
	f := strings.Split(rest, "/")
	if len(f) < 4 || len(f) > 5 {
		return Topic{}, fmt.Errorf("%w: %.80q has %d levels", ErrTopic, s, len(f)+2)
	}
	t := Topic{Address: Address{Shop: f[0], Device: f[2]}, Channel: Channel(f[3])}
	if err := errors.Join(CheckID(t.Shop), CheckID(t.Device)); err != nil {
		return Topic{}, err
	}
	if f[1] != Part(t.Device) {
		return Topic{}, fmt.Errorf("%w: device %s belongs to part %s, not %.8q", ErrTopic, t.Device, Part(t.Device), f[1])
	}
	return t, t.setCorr(f[4:])
}

func (t *Topic) setCorr(rest []string) error {
	asks := t.Channel == Req || t.Channel == Res
	switch {
	case !channelSet[t.Channel]:
		return fmt.Errorf("%w: unknown channel %.20q", ErrTopic, string(t.Channel))
	case asks && len(rest) == 0:
		return fmt.Errorf("%w: %s needs a correlation id", ErrTopic, t.Channel)
	case !asks && len(rest) > 0:
		return fmt.Errorf("%w: %s takes no correlation id", ErrTopic, t.Channel)
	case asks:
		t.Corr = rest[0]
		return CheckID(t.Corr)
	}
	return nil
}
