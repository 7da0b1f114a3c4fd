package main_test

import (
	"testing"

	"kickstand/hub/broker/brokertest"
)

// outsideBroker is a broker that is no part of the hub.
func outsideBroker(t *testing.T, addr string) *brokertest.Outside {
	t.Helper()
	b, err := brokertest.Listen(addr)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestBrokerRestarted ends a broker of its own between hub and till, which
// forgets everything, and begins another one in its place.
func TestBrokerRestarted(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	s.hub.stop()
	s.mqtt = freePort(t)
	b := outsideBroker(t, s.mqtt)
	s.hub.args = append(s.hub.args, "--broker", "tcp://"+s.mqtt)
	s.hub.start()
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	k.ring(a[0].Code)
	k.settled()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	k.ring(a[1].Code)
	b = outsideBroker(t, s.mqtt)
	k.settled()
	if err := b.Close(); err != nil {
		t.Error(err)
	}
	if n := s.sold(); n != 2 {
		t.Errorf("%d sales, want 2", n)
	}
	s.hub.logs("connection to the broker lost")
	s.books(t)
}
