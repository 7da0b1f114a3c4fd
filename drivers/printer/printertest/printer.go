package printertest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"sync"
	"time"
)

// Config sets up a virtual printer.
type Config struct {
	// Model is the hardware. The zero Model is an 80 mm Epson with CP437 only;
	// use [ModelOf] for that of a profile.
	Model Model
	// Addr is where it listens on TCP, for instance "127.0.0.1:9100" or
	// "127.0.0.1:0". Empty means no TCP.
	Addr string
	// PTY, when set, is a path at which a symbolic link to a pseudo-terminal is
	// kept, like a stable name under /dev/serial/by-id.
	PTY string
	// Buffer is the receive buffer in bytes; a printer that does not print
	// takes no more. 0 means 64 KB.
	Buffer int
	// Keep is the number of documents kept; 0 means 50.
	Keep int
	// Now is the clock of the drawer pulses; nil means time.Now.
	Now func() time.Time
}

// Printer is a running virtual printer.
type Printer struct {
	cfg  Config
	addr string // fixed at first listen
	wg   sync.WaitGroup

	mu       sync.Mutex
	room     *sync.Cond // queue has room, or the printer is closed
	machine  machine
	listener net.Listener
	pty      *terminal
	conns    []*conn // the last one gets the answers
	closed   bool
	changed  chan struct{} // closed and replaced at every change
}

// conn is one connection of a host.
type conn struct {
	rwc  io.ReadWriteCloser
	out  chan []byte // to its writer; closed under the lock by drop
	gone bool
}

// ErrClosed is returned by a printer after Close.
var ErrClosed = errors.New("printertest: printer is closed")

// Start switches a virtual printer on. Close ends it.
func Start(cfg Config) (*Printer, error) {
	if cfg.Model.Dots == 0 {
		cfg.Model.Dots = 576
	}
	if cfg.Model.FontA == (Cell{}) {
		cfg.Model.FontA = Cell{12, 24}
	}
	if cfg.Model.FontB == (Cell{}) {
		cfg.Model.FontB = Cell{9, 17}
	}
	if cfg.Buffer <= 0 {
		cfg.Buffer = 64 << 10
	}
	if cfg.Keep <= 0 {
		cfg.Keep = 50
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	p := &Printer{cfg: cfg, addr: cfg.Addr, changed: make(chan struct{})}
	p.room = sync.NewCond(&p.mu)
	p.machine = machine{model: cfg.Model, now: cfg.Now, keep: cfg.Keep, fault: None, answer: p.answer}
	p.machine.power()
	p.mu.Lock()
	defer p.mu.Unlock()
	if err := p.plugIn(); err != nil {
		return nil, err
	}
	return p, nil
}

// Addr is the TCP address it listens at, the same after it was unplugged and
// plugged in again.
func (p *Printer) Addr() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.addr
}

// plugIn opens the connectors. The lock is held.
func (p *Printer) plugIn() error {
	if p.cfg.Addr != "" {
		l, err := net.Listen("tcp", p.addr)
		if err != nil {
			return fmt.Errorf("virtual printer: %w", err)
		}
		p.listener, p.addr = l, l.Addr().String()
		p.wg.Go(func() { p.accept(l) })
	}
	if p.cfg.PTY != "" {
		t, err := openTerminal(p.cfg.PTY)
		if err != nil {
			return errors.Join(fmt.Errorf("virtual printer: %w", err), p.unplug())
		}
		p.pty = t
		p.attach(t.host)
	}
	return nil
}

// unplug closes the connectors. The lock is held.
func (p *Printer) unplug() error {
	var errs []error
	if p.listener != nil {
		errs = append(errs, p.listener.Close())
		p.listener = nil
	}
	for _, c := range slices.Clone(p.conns) {
		p.drop(c)
	}
	if p.pty != nil {
		errs = append(errs, p.pty.close())
		p.pty = nil
	}
	return errors.Join(errs...)
}

func (p *Printer) accept(l net.Listener) {
	for {
		c, err := l.Accept()
		if err != nil {
			return
		}
		p.mu.Lock()
		if p.listener == l {
			p.attach(c)
			p.mu.Unlock()
			continue
		}
		p.mu.Unlock()
		// Came in while the plug was being pulled; there is nobody to tell.
		_ = c.Close()
	}
}

// Dial connects through memory instead of TCP: no ports, and it works inside
// testing/synctest. An unplugged printer refuses.
func (p *Printer) Dial() (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return nil, ErrClosed
	}
	if p.machine.fault == Unplugged {
		return nil, errors.New("printertest: printer is unplugged")
	}
	host, device := net.Pipe()
	p.attach(device)
	return host, nil
}

// Open makes the printer a transport of package printer, over [Printer.Dial].
func (p *Printer) Open(context.Context) (io.ReadWriteCloser, error) { return p.Dial() }

// String names the virtual printer.
func (p *Printer) String() string { return "virtual printer" }

// attach serves a connection. The lock is held.
func (p *Printer) attach(rwc io.ReadWriteCloser) {
	c := &conn{rwc: rwc, out: make(chan []byte, 256)}
	p.conns = append(p.conns, c)
	p.wg.Go(func() { p.read(c) })
	p.wg.Go(func() { c.write() })
}

func (c *conn) write() {
	for b := range c.out {
		if _, err := c.rwc.Write(b); err != nil {
			break
		}
	}
	for range c.out {
		continue
	}
}

// drop ends a connection. The lock is held.
func (p *Printer) drop(c *conn) {
	if c.gone {
		return
	}
	c.gone = true
	p.conns = slices.DeleteFunc(p.conns, func(o *conn) bool { return o == c })
	close(c.out)
	// The other side may have closed it already; either way it is gone.
	_ = c.rwc.Close()
	p.room.Broadcast()
}

func (p *Printer) read(c *conn) {
	buf := make([]byte, 4096)
	for {
		n, err := c.rwc.Read(buf)
		p.mu.Lock()
		p.takeIn(c, buf[:n])
		if err != nil {
			p.drop(c)
		}
		gone := c.gone
		p.mu.Unlock()
		if gone {
			return
		}
	}
}

// takeIn feeds bytes to the machine as fast as its buffer has room. The lock is
// held.
func (p *Printer) takeIn(c *conn, data []byte) {
	for _, b := range data {
		for !c.gone && p.machine.queued >= p.cfg.Buffer {
			p.room.Wait()
		}
		if c.gone {
			break
		}
		p.machine.receive(b)
		if p.machine.fault == Unplugged {
			// Nobody asked for this close; what it could say goes nowhere.
			_ = p.unplug()
		}
	}
	p.announce()
}

// announce wakes everyone who waits for a change. The lock is held.
func (p *Printer) announce() {
	p.room.Broadcast()
	close(p.changed)
	p.changed = make(chan struct{})
}

// answer sends bytes to the latest host. One that does not read loses them. The
// lock is held.
func (p *Printer) answer(b []byte) {
	if len(p.conns) == 0 {
		return
	}
	select {
	case p.conns[len(p.conns)-1].out <- b:
	default:
	}
}

// SetFault makes the fault take effect after atByte more bytes of the current
// or next document; at once when atByte is 0 or less. Status questions and NUL
// bytes between commands do not count. A command the fault falls into is not carried out. The error says that
// a printer could not be plugged in again.
func (p *Printer) SetFault(f Fault, atByte int) error {
	if !slices.Contains(Faults(), f) {
		return fmt.Errorf("fault %q is not known: want one of %v", f, Faults())
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.closed {
		return ErrClosed
	}
	defer p.announce()
	if atByte > 0 {
		p.machine.armed, p.machine.next, p.machine.left = true, f, atByte
		return nil
	}
	p.machine.armed = false
	was := p.machine.fault
	p.machine.setFault(f)
	switch {
	case f == Unplugged && was != Unplugged:
		return p.unplug()
	case f != Unplugged && was == Unplugged:
		return p.plugIn()
	}
	return nil
}

// Fault is the fault in effect.
func (p *Printer) Fault() Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.machine.fault
}

// Documents returns the documents kept, oldest first. The last one is
// incomplete while it hangs out of the printer.
func (p *Printer) Documents() []Document {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.machine.documents()
}

// Document returns document n, if it is still kept.
func (p *Printer) Document(n int) (Document, bool) {
	for _, d := range p.Documents() {
		if d.N == n {
			return d, true
		}
	}
	return Document{}, false
}

// Drawer returns the drawer kicks, oldest first, the last 1000 at most.
func (p *Printer) Drawer() []Pulse {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.machine.pulses)
}

// Unknown returns the commands it did not understand, oldest first, the last
// 1000 at most.
func (p *Printer) Unknown() [][]byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.machine.unknown)
}

// Wait returns when cond is true, looking again after every change, or with
// ctx's error when that ends first.
func (p *Printer) Wait(ctx context.Context, cond func() bool) error {
	for {
		p.mu.Lock()
		changed := p.changed
		p.mu.Unlock()
		if cond() {
			return nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Close switches the printer off for good and waits for its goroutines.
func (p *Printer) Close() error {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return nil
	}
	p.closed = true
	err := p.unplug()
	p.announce()
	p.mu.Unlock()
	p.wg.Wait()
	return err
}
