package hub

import (
	"encoding/json"
	"fmt"
	"strings"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// link compares what an event says it follows with what its stream ends with,
// notes the finding for the audit row, and returns what the next event must
// follow; "" when that is not known. A device that never chained is not asked to.
//
// An event that does not follow is applied all the same, for what it tells has
// happened; the break is for a person to look into.
func (e *event) link(c store.Cursor) string {
	from, next := e.env.Seq, e.digest
	if g, ok := e.body.(*protocol.JournalGap); ok && e.refused == nil {
		from, next = g.From, g.Digest
	}
	want := c.Head
	if c.Last == 0 && e.env.Prev != "" {
		want = protocol.FirstPrev(e.topic.Device, e.env.Epoch)
	}
	e.claim = e.env.Prev
	switch {
	case want == "" && e.env.Prev == "":
		return ""
	case want != "" && from > c.Last && e.env.Prev != want:
		e.claim = audit.Broken(e.env.Prev)
	}
	return next
}

// reportBreak tells people of an event that does not follow.
func (e *event) reportBreak(t *store.Tx) error {
	if !strings.HasPrefix(e.claim, audit.Broken("")) {
		return nil
	}
	e.result.note = strings.TrimSpace(e.result.note + " (does not follow the event before it)")
	return t.Fault(e.topic.Device, &protocol.DeviceFault{Part: "chain", State: "warning", Detail: fmt.Sprintf(
		"Event %d does not follow the event before it: another device has a copy of this one's card, or somebody changed its journal", e.env.Seq)})
}

// setAside keeps an event for a person, and of a device that chains its events
// says so in the journal, which otherwise would not account for its number.
func (e *event) setAside(t *store.Tx, why *protocol.RefusedError) error {
	if err := e.quarantine(t, quarantined, why); err != nil || e.claim == "" {
		return err
	}
	a := audit.SetAside{Kind: e.env.Kind, Reason: why.Reason}
	if g, ok := e.body.(*protocol.JournalGap); ok && e.refused == nil {
		a.From, a.Digest = g.From, g.Digest
	}
	_, err := e.auditAs(t, audit.KindSetAside, "", "", a)
	return err
}

// noteMissing says in the journal that events of a device that chains them never
// came.
func noteMissing(t *store.Tx, c store.Cursor, to uint64) error {
	if c.Head == "" {
		return nil
	}
	body, err := json.Marshal(audit.Missing{From: c.Last + 1, To: to})
	if err != nil {
		return err
	}
	_, err = t.Audit(audit.Row{
		Kind: audit.KindMissing, Device: c.Device, Epoch: c.Epoch, Seq: to, Digest: audit.Digest(body), Body: string(body),
	})
	return err
}
