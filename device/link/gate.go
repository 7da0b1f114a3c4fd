package link

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
)

// gate stands between the link and the network and can be shut.
type gate struct {
	mu    sync.Mutex // guards what follows
	down  bool
	conns map[*gatedConn]bool
	up    chan struct{} // closed when the gate opens, then replaced
}

func newGate() *gate { return &gate{conns: map[*gatedConn]bool{}, up: make(chan struct{})} }

func (g *gate) set(up bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.down = !up
	if up {
		close(g.up)
		g.up = make(chan struct{})
		return
	}
	g.closeAll()
}

// drop closes what is open, so that no goroutine of the MQTT library stays
// behind on a connection that is given up.
func (g *gate) drop() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.closeAll()
}

func (g *gate) closeAll() {
	for c := range g.conns {
		c.cut.Store(true)
		_ = c.Conn.Close() // it is being cut: nobody is left to hear of a failure
		delete(g.conns, c)
	}
}

func (g *gate) isDown() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.down
}

// cameUp is closed the next time the gate opens.
func (g *gate) cameUp() <-chan struct{} {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.up
}

func (g *gate) wait(ctx context.Context) error {
	for {
		up := g.cameUp()
		if !g.isDown() {
			return nil
		}
		select {
		case <-up:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// admit takes a new connection into the gate's hands.
func (g *gate) admit(c net.Conn) (net.Conn, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.down {
		_ = c.Close() // it was never used
		return nil, errCut
	}
	gated := &gatedConn{Conn: c, gate: g}
	g.conns[gated] = true
	return gated, nil
}

type gatedConn struct {
	net.Conn
	gate *gate
	cut  atomic.Bool
}

// Read reads. The MQTT library takes a connection that was closed on this side
// for its own doing and says nothing, so a cut has an error of its own.
func (c *gatedConn) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil && c.cut.Load() {
		err = errCut
	}
	return n, err
}

// Close closes the connection and takes it out of the gate's hands.
func (c *gatedConn) Close() error {
	c.gate.mu.Lock()
	delete(c.gate.conns, c)
	c.gate.mu.Unlock()
	return c.Conn.Close()
}
