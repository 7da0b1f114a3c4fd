package main_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"

	"kickstand/hub/broker/brokertest"
	"kickstand/hub/hubtest"
	"kickstand/protocol"
)

// speaker says whatever a test wants as a device, and hears what the hub
// answers.
type speaker struct {
	*hubtest.Till
	*brokertest.Speaker
	t testing.TB
}

// speak connects as a device.
func (s *shop) speak(device, prefix string) *speaker {
	s.t.Helper()
	c := &speaker{Till: hubtest.NewTill(device, prefix), t: s.t}
	var err error
	if c.Speaker, err = brokertest.Dial(s.mqtt, c.Address()); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(c.Close)
	return c
}

// event publishes bytes where the device sends its events.
func (c *speaker) event(raw []byte) { c.t.Helper(); c.publish(c.Address().Topic(protocol.Evt), raw) }

func (c *speaker) publish(topic string, raw []byte) {
	c.t.Helper()
	if err := c.Publish(topic, raw); err != nil {
		c.t.Fatal(err)
	}
}

// heard is what the hub said so far.
func (c *speaker) heard() []protocol.Body {
	c.t.Helper()
	all, err := c.Heard()
	if err != nil {
		c.t.Fatal(err)
	}
	return all
}

// acks are the acknowledgements so far.
func (c *speaker) acks() []*protocol.HubAck {
	c.t.Helper()
	var all []*protocol.HubAck
	for _, b := range c.heard() {
		if a, ok := b.(*protocol.HubAck); ok {
			all = append(all, a)
		}
	}
	return all
}

// upto is how far the hub has acknowledged.
func (c *speaker) upto() (n uint64) {
	for _, a := range c.acks() {
		n = max(n, a.Upto)
	}
	return n
}

// refused returns the reason of a refusal, empty when there was none.
func (c *speaker) refused() protocol.Reason {
	c.t.Helper()
	for _, b := range c.heard() {
		if r, ok := b.(*protocol.HubRefused); ok {
			return r.Reason
		}
	}
	return ""
}

// says wants words on a page of the office.
func (s *shop) says(page string, words ...string) {
	s.t.Helper()
	text, err := s.office(page)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, w := range words {
		if !strings.Contains(text, w) {
			s.t.Errorf("the office's page %s does not say %q", page, w)
		}
	}
}

func (s *shop) office(page string) (string, error) {
	res, err := http.Get("http://" + s.web + page)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("GET %s: %s: %s", page, res.Status, b)
	}
	return string(b), err
}

// logs wants words in what a program logged.
func (p *process) logs(words ...string) {
	p.t.Helper()
	for _, w := range words {
		await(p.t, fmt.Sprintf("the log says %q", w), func() bool { return p.logged(w) })
	}
}

func (p *process) logged(words string) bool {
	b, err := os.ReadFile(p.log)
	return err == nil && strings.Contains(string(b), words)
}

// shows wants words somewhere on the till's screen.
func (k *till) shows(words string) {
	k.t.Helper()
	await(k.t, fmt.Sprintf("the screen says %q", words), func() bool {
		for _, n := range k.scene().Nodes {
			if strings.Contains(n.Label+" "+n.Value, words) {
				return true
			}
		}
		return false
	})
}

// reasons counts what is in quarantine by reason.
func (s *shop) reasons() map[string]int64 {
	s.t.Helper()
	var rows []struct {
		Reason string `json:"reason"`
		N      int64  `json:"n"`
	}
	s.query(`SELECT reason, count(*) AS n FROM quarantine GROUP BY reason`, &rows)
	all := map[string]int64{}
	for _, r := range rows {
		all[r.Reason] = r.N
	}
	return all
}

// sold is how many sales the hub has.
func (s *shop) sold() int64 { s.t.Helper(); return s.count("SELECT count(*) AS n FROM sales") }
