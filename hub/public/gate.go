package public

import (
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// How often one address may ask: at once, and then again each pause.
const (
	burst     = 30
	pause     = 2 * time.Second
	maxAskers = 10_000 // remembered at a time
)

// gate is one bucket of permissions for each address. It is safe for concurrent use.
type gate struct {
	now func() time.Time

	mu    sync.Mutex
	spent map[netip.Prefix]time.Time // until when an address has used its permissions up, less burst pauses
}

func newGate(now func() time.Time) *gate { return &gate{now: now, spent: map[netip.Prefix]time.Time{}} }

// open takes one permission and reports whether there was one.
func (g *gate) open(who netip.Prefix) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.now()
	until := g.spent[who]
	if until.Before(now) {
		until = now
	}
	if until = until.Add(pause); until.Sub(now) > burst*pause {
		return false
	}
	if len(g.spent) >= maxAskers {
		g.sweep(now)
	}
	g.spent[who] = until
	return true
}

// sweep forgets who has all permissions again; when that is nobody, everybody.
func (g *gate) sweep(now time.Time) {
	for who, until := range g.spent {
		if until.Before(now) {
			delete(g.spent, who)
		}
	}
	if len(g.spent) >= maxAskers {
		clear(g.spent)
	}
}

// asker is who asks: an address, of IPv6 the network that one customer of a
// provider has. A proxy on this machine says for whom it asks.
func asker(r *http.Request) netip.Prefix {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	a, err := netip.ParseAddr(host)
	if err == nil && a.Unmap().IsLoopback() {
		all := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if behind, err := netip.ParseAddr(strings.TrimSpace(all[len(all)-1])); err == nil {
			a = behind
		}
	}
	if a = a.Unmap(); !a.IsValid() {
		return netip.Prefix{}
	}
	bits := 32
	if a.Is6() {
		bits = 64
	}
	p, _ := a.WithZone("").Prefix(bits) // both lengths fit their kind
	return p
}
