package printertest

// The status bytes below follow the tables of Epson's reference for DLE EOT,
// GS a and GS r; the bits that are always set tell the kinds apart.

// realTime carries out a real-time command.
func (m *machine) realTime(c []byte) {
	switch c[1] {
	case eot:
		if m.model.NoRealTime {
			m.unknown = record(m.unknown, c)
			return
		}
		if b, ok := m.realTimeByte(c[2]); ok {
			m.answer([]byte{b})
			return
		}
		m.unknown = record(m.unknown, c)
	case enq:
		if c[2] == 2 {
			m.queue, m.queued = nil, 0
		}
	case dc4:
		if c[2] == 1 && len(c) == 5 {
			m.kick([]byte{esc, 'p', c[3], c[4] * 50, c[4] * 50})
		}
		if c[2] == 8 {
			m.queue, m.queued = nil, 0
		}
	}
}

// realTimeByte is the answer to DLE EOT n.
func (m *machine) realTimeByte(n byte) (byte, bool) {
	b := byte(0x12)
	switch n {
	case 1:
		b |= flag(0x08, m.fault.stops())
	case 2:
		b |= flag(0x04, m.fault == CoverOpen) | flag(0x20, m.fault == PaperOut)
	case 3:
	case 4:
		b |= flag(0x0c, m.fault == NearEnd || m.fault == PaperOut) | flag(0x60, m.fault == PaperOut)
	default:
		return 0, false
	}
	return b, true
}

// paperByte is the answer to GS r 1.
func (m *machine) paperByte() byte {
	return flag(0x03, m.fault == NearEnd || m.fault == PaperOut) | flag(0x0c, m.fault == PaperOut)
}

// setASB is GS a: the printer reports at once and after every change.
func (m *machine) setASB(n byte) {
	if m.model.NoASB {
		m.unknown = record(m.unknown, []byte{gs, 'a', n})
		return
	}
	m.asb = n
	m.reportASB()
}

func (m *machine) reportASB() {
	if m.asb == 0 {
		return
	}
	m.answer([]byte{
		0x10 | flag(0x08, m.fault.stops()) | flag(0x20, m.fault == CoverOpen),
		0,
		m.paperByte(),
		0x0f,
	})
}

func flag(bits byte, on bool) byte {
	if on {
		return bits
	}
	return 0
}
