package printertest

import (
	"slices"
	"time"
)

// Fault is a way of not printing.
type Fault string

// The faults.
const (
	None      Fault = "none"
	PaperOut  Fault = "paper-out"
	NearEnd   Fault = "near-end"
	CoverOpen Fault = "cover-open"
	Offline   Fault = "offline"
	Unplugged Fault = "unplugged"
)

// Faults lists all faults, None first.
func Faults() []Fault {
	return []Fault{None, PaperOut, NearEnd, CoverOpen, Offline, Unplugged}
}

// stops reports whether a printer with this fault prints nothing.
func (f Fault) stops() bool {
	return f == PaperOut || f == CoverOpen || f == Offline || f == Unplugged
}

// Pulse is one kick of the cash drawer.
type Pulse struct {
	At      time.Time
	Pin     int // 2 or 5
	On, Off time.Duration
}

// machine is the printer without its connections: what arrives, what waits,
// what is printed and what is answered. It is used under the Printer's lock.
type machine struct {
	model Model
	head  head
	sheet sheet
	now   func() time.Time

	fault   Fault
	next    Fault // takes effect when countdown bytes have been taken in
	armed   bool
	left    int // bytes until next
	pending []byte
	queue   [][]byte
	queued  int // bytes in queue

	asb     byte // n of GS a
	answer  func([]byte)
	docs    []Document
	keep    int
	count   int
	pulses  []Pulse
	unknown [][]byte
}

// maxRecords bounds pulses and unknown commands kept.
const maxRecords = 1000

// power switches the machine on: settings and buffers are fresh, paper and
// records stay.
func (m *machine) power() {
	m.pending, m.queue, m.queued, m.asb = nil, nil, 0, 0
	m.sheet.width = m.model.Dots
	m.head = head{model: m.model, sheet: &m.sheet}
	m.head.reset()
}

// cutOff ends the power: the paper so far stays as an incomplete document.
func (m *machine) cutOff() {
	m.closeSheet(false)
	m.power()
}

// receive takes in one byte.
func (m *machine) receive(b byte) {
	m.pending = append(m.pending, b)
	m.realTimeInData()
	n, known := frame(m.pending)
	if n == 0 {
		return
	}
	c := slices.Clone(m.pending[:n])
	rest := slices.Clone(m.pending[n:])
	m.pending = m.pending[:0]
	if !known {
		m.unknown = record(m.unknown, c)
	} else {
		m.take(c)
	}
	for _, b := range rest {
		m.receive(b)
	}
}

func record[T any](list []T, item T) []T {
	list = append(list, item)
	return list[max(0, len(list)-maxRecords):]
}

// realTimeInData does what real firmware does: a real-time command takes effect
// wherever it stands, also in the middle of a picture.
func (m *machine) realTimeInData() {
	p := m.pending
	if len(p) < 4 || p[0] == dle {
		return
	}
	a, b, n := p[len(p)-3], p[len(p)-2], p[len(p)-1]
	if a != dle {
		return
	}
	switch {
	case b == eot && n >= 1 && n <= 4:
		m.sheet.hazards++
		m.realTime([]byte{a, b, n})
	case b == enq || b == dc4:
		m.sheet.hazards++
	}
}

// take handles a whole command: at once when it is real-time, else in turn.
func (m *machine) take(c []byte) {
	if c[0] == dle {
		m.realTime(c)
		return
	}
	if c[0] == gs && c[1] == 'a' {
		m.setASB(c[2])
		return
	}
	counts := c[0] != nul // padding of a host that begins anew is no document
	if m.armed && counts && m.left < len(c) {
		m.strike()
		if m.fault == Unplugged {
			return
		}
	}
	if m.armed && counts {
		m.left -= len(c)
	}
	m.queue = append(m.queue, c)
	m.queued += len(c)
	m.drain()
	if m.armed && m.left <= 0 {
		m.strike()
	}
}

func (m *machine) strike() {
	m.armed = false
	m.setFault(m.next)
}

// setFault changes the fault now and tells the host when it asked to be told.
func (m *machine) setFault(f Fault) {
	if m.fault == f {
		return
	}
	m.fault = f
	if f == Unplugged {
		m.cutOff()
		return
	}
	m.reportASB()
	m.drain()
}

// drain carries out what waits while nothing stops it.
func (m *machine) drain() {
	for len(m.queue) > 0 && !m.fault.stops() {
		c := m.queue[0]
		m.queue = m.queue[1:]
		m.queued -= len(c)
		m.execute(c)
	}
}

func (m *machine) execute(c []byte) {
	if c[0] == esc && c[1] == '@' && m.sheet.blank() && len(m.head.line) == 0 {
		m.sheet.raw = m.sheet.raw[:0]
	}
	if len(m.sheet.raw) < maxPayload {
		m.sheet.raw = append(m.sheet.raw, c...)
	}
	if !m.special(c) && !m.head.do(c) {
		m.unknown = record(m.unknown, c)
	}
}

// special carries out commands that touch more than paper; false leaves the
// command to the head.
func (m *machine) special(c []byte) bool {
	if len(c) < 2 {
		return false
	}
	switch {
	case c[0] == gs && c[1] == 'V', c[0] == esc && (c[1] == 'i' || c[1] == 'm'):
		if m.model.NoCutter {
			return false
		}
		m.cut(c)
	case c[0] == esc && c[1] == 'p':
		return m.kick(c)
	case c[0] == gs && c[1] == 'r':
		if m.model.NoProcessed || c[2]&^'0' != 1 {
			return false
		}
		m.closeSheet(true)
		m.answer([]byte{m.paperByte()})
	case c[0] == gs && c[1] == '(' && c[2] == 'H':
		return m.jobID(c)
	default:
		return false
	}
	return true
}

func (m *machine) cut(c []byte) {
	m.head.flush()
	if len(c) == 4 {
		m.sheet.feed(int(c[3]))
	}
	m.closeSheet(true)
}

// kick is ESC p.
func (m *machine) kick(c []byte) bool {
	pin, ok := map[byte]int{0: 2, 1: 5, '0': 2, '1': 5}[c[2]]
	if !ok {
		return false
	}
	m.pulses = record(m.pulses, Pulse{
		At: m.now(), Pin: pin,
		On: time.Duration(c[3]) * 2 * time.Millisecond, Off: time.Duration(c[4]) * 2 * time.Millisecond,
	})
	return true
}

// jobID is GS ( H, function 48: everything before it is on paper by now, so its
// token goes back.
func (m *machine) jobID(c []byte) bool {
	if m.model.NoJobID || len(c) != 11 || c[5] != 48 || c[6] != 48 {
		return false
	}
	m.closeSheet(true)
	m.answer(append(append([]byte{0x37, 0x22}, c[7:11]...), 0))
	return true
}

// closeSheet ends the current document. What follows a cut up to the next
// letter still belongs to it.
func (m *machine) closeSheet(complete bool) {
	if m.sheet.blank() {
		if n := len(m.docs); complete && n > 0 && len(m.sheet.raw) > 0 {
			m.docs[n-1].Raw = append(m.docs[n-1].Raw, m.sheet.raw...)
			m.sheet.raw = nil
		}
		return
	}
	m.count++
	m.docs = append(m.docs, m.sheet.document(m.count, complete))
	m.docs = slices.Clone(m.docs[max(0, len(m.docs)-m.keep):])
	m.sheet = sheet{paper: paper{width: m.model.Dots}}
}

// documents are those kept, and the one hanging out of the printer.
func (m *machine) documents() []Document {
	docs := slices.Clone(m.docs)
	if !m.sheet.blank() {
		docs = append(docs, m.sheet.document(m.count+1, false))
	}
	return docs
}
