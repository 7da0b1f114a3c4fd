package protocol

import (
	"errors"
	"fmt"
)

// SealAsk asks for the hub's latest checkpoint of its journal, with the proof
// that it continues the one the device has. The answer is a SealTold.
type SealAsk struct {
	Have int64 `json:"have"` // rows of the checkpoint the device has; 0: none
}

// Kind returns KindSealAsk.
func (*SealAsk) Kind() Kind { return KindSealAsk }

// Check reports a negative number of rows.
func (a *SealAsk) Check() error {
	if a.Have < 0 {
		return errors.New("a journal has no fewer than no rows")
	}
	return nil
}

// SealTold is a checkpoint of the hub's journal, see package seal. The hub tells it
// when it has changed; a device that has another one than From asks.
type SealTold struct {
	Key        string   `json:"key"`             // the hub's public key; the first one a device hears is the one it keeps to
	Checkpoint string   `json:"checkpoint"`      // signed
	From       int64    `json:"from"`            // rows of the checkpoint that Proof begins with; 0: there is no proof
	Proof      [][]byte `json:"proof,omitempty"` // that nothing before it was changed
}

// Kind returns KindSealTold.
func (*SealTold) Kind() Kind { return KindSealTold }

// Check reports a missing or overlong checkpoint and a proof that is none.
func (s *SealTold) Check() error {
	if s.Checkpoint == "" || len(s.Checkpoint) > maxNote || len(s.Key) > maxText || s.From < 0 || len(s.Proof) > 128 {
		return errors.New("not a checkpoint with a proof")
	}
	for _, h := range s.Proof {
		if len(h) != 32 {
			return fmt.Errorf("a hash of %d bytes in the proof", len(h))
		}
	}
	return nil
}

const maxNote = 4096

// SealSigned is a checkpoint that a device has accepted, with its own signature.
// The answer is a SealKept.
type SealSigned struct {
	Checkpoint string `json:"checkpoint"` // as the hub signed it
	Key        string `json:"key"`        // the device's public key
	Line       string `json:"line"`       // the signature, as a line of the note
}

// Kind returns KindSealSigned.
func (*SealSigned) Kind() Kind { return KindSealSigned }

// Check reports what is missing or overlong.
func (s *SealSigned) Check() error {
	for _, text := range []string{s.Checkpoint, s.Key, s.Line} {
		if text == "" || len(text) > maxNote {
			return errors.New("checkpoint, key and signature are needed")
		}
	}
	return nil
}

// SealKept says that the hub keeps a device's signature.
type SealKept struct {
	Size int64 `json:"size"` // rows of the checkpoint
}

// Kind returns KindSealKept.
func (*SealKept) Kind() Kind { return KindSealKept }

// Check accepts all.
func (*SealKept) Check() error { return nil }

// SealAccepted is the fact that a manager let a device go on with a journal of the
// hub that does not continue the one it had seen, as after an older backup.
type SealAccepted struct {
	Operator string `json:"operator,omitempty"` // empty: somebody with access to the device's settings
	Was      string `json:"was"`                // code of the checkpoint the device had
	Now      string `json:"now"`                // code of the one it goes on with
	Key      string `json:"key"`                // the hub's public key from now on
}

// Kind returns KindSealAccepted.
func (*SealAccepted) Kind() Kind { return KindSealAccepted }

// Check reports a malformed operator and texts that are too long.
func (s *SealAccepted) Check() error {
	if s.Operator != "" && CheckID(s.Operator) != nil {
		return fmt.Errorf("operator %.60q is not an id", s.Operator)
	}
	return checkTexts(s.Was, s.Now, s.Key)
}

// SealMark is the last checkpoint a device had accepted when it made a document:
// whoever holds the paper can later ask whether it is still part of history.
type SealMark struct {
	Code string `json:"code"`  // see seal.Checkpoint.Code
	AtMS int64  `json:"at_ms"` // hub time of the sealing, Unix ms
}

func (m *SealMark) check() error {
	if m == nil {
		return nil
	}
	return checkTexts(m.Code)
}
