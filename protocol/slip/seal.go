package slip

import (
	"time"

	"kickstand/protocol"
)

// staleMS is how old a checkpoint may be before its time is printed beside it. The
// clocks of hub and device differ by less.
const staleMS = 10 * 60_000

// seal adds the code of the last checkpoint the device had accepted, and its time
// when that was a while before: the device was offline.
func (d *Doc) seal(m *protocol.SealMark, madeMS int64, utcOffset int) {
	if m == nil {
		return
	}
	d.add(Line{Left: "Journal " + m.Code, Style: Center})
	if madeMS-m.AtMS > staleMS {
		at := time.UnixMilli(m.AtMS).UTC().Add(time.Duration(utcOffset) * time.Second)
		d.add(Line{Left: "as of " + at.Format("2006-01-02 15:04"), Style: Center})
	}
}
