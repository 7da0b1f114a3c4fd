package hub

import (
	"fmt"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// maxSeq bounds the numbers that a device may claim.
const maxSeq = 1 << 53

// ownUp compares the oldest events that a device still has, as its birth says,
// with what this hub has. A device deletes nothing that a hub did not
// acknowledge, so what lies between was acknowledged and then lost here, as
// after the restore of an older backup. Nobody can send it any more: the hub
// goes on after it and leaves a note in quarantine for a person. It returns what
// it noted.
func ownUp(t *store.Tx, device string, b *protocol.DeviceBirth) (noted []string, err error) {
	for _, name := range []string{"hi", "lo"} {
		epoch, first := b.Epochs[name], b.First[name]
		if first == 0 || first > maxSeq || (&protocol.HubAck{Epoch: epoch}).Check() != nil {
			continue
		}
		_, c, known, err := t.Speaker(device, epoch)
		if err != nil {
			return nil, err
		}
		if first <= c.Last+1 {
			continue
		}
		if !known {
			if err := resume(t, &c, name, b.Epochs); err != nil {
				return nil, err
			}
		}
		noted = append(noted, lostWords(c, first-1))
		if err := skip(t, c, first-1); err != nil {
			return nil, err
		}
	}
	return noted, nil
}

// resume opens a stream of which this hub no longer has the beginning.
func resume(t *store.Tx, c *store.Cursor, name string, epochs map[string]string) error {
	c.State, c.Stream = store.EpochOpen, name
	if name == "hi" {
		if err := t.CloseOthers(c.Device, [2]string{epochs["hi"], epochs["lo"]}); err != nil {
			return err
		}
	}
	return t.OpenCursor(*c)
}

// skip notes that events up to a number never came, and goes on after them.
func skip(t *store.Tx, c store.Cursor, to uint64) error {
	lost := lostWords(c, to)
	_, err := t.Quarantine(store.Quarantined{
		Device: c.Device, Epoch: c.Epoch, Seq: to, Reason: missing, Detail: lost,
		Digest: audit.Digest([]byte(lost)), Raw: []byte{},
	})
	if err != nil {
		return err
	}
	if err := noteMissing(t, c, to); err != nil {
		return err
	}
	return t.Advance(c, to, "")
}

func lostWords(c store.Cursor, to uint64) string {
	return fmt.Sprintf("events %d to %d never came", c.Last+1, to)
}
