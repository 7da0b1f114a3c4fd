package audit

import (
	"encoding/json"
	"fmt"

	"kickstand/protocol/seal"
)

// Cosigned is a device's signature beside the hub's on a checkpoint: the device
// had seen that everything up to it continues what it knew.
type Cosigned struct {
	Device string `json:"device"`
	Size   int64  `json:"size"` // rows of the checkpoint
	Key    string `json:"key"`  // of the device, public
	Line   string `json:"line"` // the signature, as a line of the note
}

// KindDeviceKey is the kind of the row that makes a device's key a part of
// history. Its Subject is the device, its Body a [DeviceKey].
const KindDeviceKey = "device.key"

// DeviceKey is the body of a KindDeviceKey row.
type DeviceKey struct {
	Key string `json:"key"`
}

// Check checks that the device of this shop signed the checkpoint.
func (d Cosigned) Check(c Checkpoint) error {
	key, err := seal.ParsePublic(d.Key)
	if err == nil && (d.Size != c.Size || key.Name() != seal.DeviceName(c.Shop, d.Device) || !key.Signed(c.Text(), c.Text()+"\n"+d.Line)) {
		err = fmt.Errorf("it is not signed by %.60s with the key %s", d.Device, d.Key)
	}
	return err
}

// cosigners checks what devices signed while a book is walked.
type cosigners struct {
	upTo  map[string]int64   // by device
	used  map[Cosigned]int64 // device and key to the first checkpoint they signed
	known map[Cosigned]bool  // device and key that have a row
}

// row takes a device's key out of its row.
func (s *cosigners) row(r Row) {
	if r.Kind != KindDeviceKey {
		return
	}
	var k DeviceKey
	if json.Unmarshal([]byte(r.Body), &k) != nil {
		return
	}
	if s.known == nil {
		s.known = map[Cosigned]bool{}
	}
	s.known[Cosigned{Device: r.Subject, Key: k.Key}] = true
}

// checkpoint takes the signatures on a checkpoint.
func (s *cosigners) checkpoint(c Checkpoint, all []Cosigned) error {
	for _, d := range all {
		if err := d.Check(c); err != nil {
			return &BadCheckpointError{Size: c.Size, Why: fmt.Sprintf("the signature of device %.60s is not good: %v", d.Device, err)}
		}
		if s.upTo == nil {
			s.upTo, s.used = map[string]int64{}, map[Cosigned]int64{}
		}
		s.upTo[d.Device] = c.Size
		who := Cosigned{Device: d.Device, Key: d.Key}
		if s.used[who] == 0 {
			s.used[who] = c.Size
		}
	}
	return nil
}

// finish wants a row for every key that was used.
func (s *cosigners) finish() error {
	for who, size := range s.used {
		if !s.known[who] {
			return &BadCheckpointError{Size: size, Why: fmt.Sprintf("device %.60s signed with a key that has no row", who.Device)}
		}
	}
	return nil
}
