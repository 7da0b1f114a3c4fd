package broker

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kickstand/hub"
	"kickstand/protocol"
)

// Transport carries messages of devices.
type Transport interface {
	// Run carries messages until ctx ends. It calls deliver for each message
	// of a device, in order per device; deliver does not block.
	Run(ctx context.Context, deliver func(topic string, payload []byte)) error
	// Publish hands a message to a device with QoS 1. Nil does not mean that
	// the device has it.
	Publish(ctx context.Context, topic string, payload []byte) error
}

// Handler takes messages of one device. *hub.Hub is one.
type Handler interface {
	HandleAll(ctx context.Context, msgs []hub.Message) ([]hub.Reply, error)
}

// Serve runs a transport and hands its messages to a handler until ctx ends.
// When it returns no handler call is running.
func Serve(ctx context.Context, tr Transport, h Handler, log *slog.Logger) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	d := &desk{transport: tr, handler: h, log: log, lines: map[protocol.Address]*line{}}
	err := tr.Run(ctx, func(topic string, payload []byte) { d.deliver(ctx, topic, payload) })
	cancel()
	d.close()
	d.workers.Wait()
	return err
}

// Limits of a device's line.
const (
	// batch is the most messages handed over together. It is half of the 64
	// that a device keeps in flight: while one half is being committed the
	// other is on its way.
	batch   = 32
	maxLine = 4096 // most messages waiting; more are dropped and will be sent again
)

// desk keeps one line of messages per device. A line has a worker only while
// it has messages.
type desk struct {
	transport Transport
	handler   Handler
	log       *slog.Logger
	workers   sync.WaitGroup

	mu     sync.Mutex
	lines  map[protocol.Address]*line
	closed bool // no worker is added any more
}

func (d *desk) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.closed = true
}

// line is what waits of one device.
type line struct {
	waiting []hub.Message
	dropped bool // said already that it is full
}

// deliver puts a message at the end of its device's line.
func (d *desk) deliver(ctx context.Context, topic string, payload []byte) {
	t, err := protocol.ParseTopic(topic)
	if err != nil {
		d.log.Warn("message dropped", "error", err)
		return
	}
	m := hub.Read(t, payload)
	d.mu.Lock()
	defer d.mu.Unlock()
	l, ok := d.lines[t.Address]
	if !ok {
		if d.closed {
			return
		}
		l = &line{}
		d.lines[t.Address] = l
		d.workers.Go(func() { d.work(ctx, t.Address, l) })
	}
	if len(l.waiting) < maxLine {
		l.waiting = append(l.waiting, m)
		return
	}
	if !l.dropped {
		l.dropped = true
		d.log.Warn("too many messages wait; dropping until the device sends them again", "device", t.Device)
	}
}

// work serves a line until it is empty.
func (d *desk) work(ctx context.Context, of protocol.Address, l *line) {
	for {
		msgs := d.take(ctx, of, l)
		if len(msgs) == 0 {
			return
		}
		d.handle(ctx, of, msgs)
	}
}

// take removes the head of a line. An empty line is given up.
func (d *desk) take(ctx context.Context, of protocol.Address, l *line) []hub.Message {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(l.waiting) == 0 || ctx.Err() != nil {
		delete(d.lines, of)
		return nil
	}
	n := min(len(l.waiting), batch)
	msgs := l.waiting[:n:n]
	l.waiting = l.waiting[n:]
	l.dropped = false
	return msgs
}

// Pauses between attempts to hand over messages.
const (
	firstPause = 50 * time.Millisecond
	lastPause  = 5 * time.Second
)

// handle hands messages over until the handler takes them, and publishes the
// replies.
func (d *desk) handle(ctx context.Context, of protocol.Address, msgs []hub.Message) {
	pause := firstPause
	for {
		replies, err := d.handler.HandleAll(ctx, msgs)
		for _, r := range replies {
			if err := d.transport.Publish(ctx, r.Topic, r.Payload); err != nil && ctx.Err() == nil {
				d.log.Warn("reply not published; the device will ask again", "topic", r.Topic, "error", err)
			}
		}
		if err == nil || ctx.Err() != nil {
			return
		}
		d.log.Error("messages not handled, trying again", "device", of.Device, "messages", len(msgs), "pause", pause, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
		}
		pause = min(2*pause, lastPause)
	}
}

// errStopped is returned by Publish when the transport does not run.
var errStopped = errors.New("the broker is not running")
