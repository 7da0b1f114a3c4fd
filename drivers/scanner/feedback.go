package scanner

import (
	"errors"
	"fmt"
)

// Signal is something a scanner can be told.
type Signal int

// GoodRead and UnknownItem sound the scanner's tones for a known and an unknown
// item; TriggerOn and TriggerOff start and stop reading.
const (
	GoodRead Signal = iota
	UnknownItem
	TriggerOn
	TriggerOff
)

// Feedback holds the bytes of a model's commands, by signal. Those that are
// empty are not understood by the model. The zero value has none, the safe
// default: bytes that a model does not know may change its settings.
type Feedback struct {
	GoodRead, UnknownItem, TriggerOn, TriggerOff string
}

// LetterFeedback is the set of single letters taken by Datalogic, PSC and
// Intermec scanners: B good read, F not on file, E enable, D disable.
func LetterFeedback() Feedback {
	return Feedback{GoodRead: "B", UnknownItem: "F", TriggerOn: "E", TriggerOff: "D"}
}

// SynFeedback is the trigger set of scanners of Honeywell and Metrologic
// lineage: SYN T CR on, SYN U CR off.
func SynFeedback() Feedback {
	return Feedback{TriggerOn: "\x16T\r", TriggerOff: "\x16U\r"}
}

func (f Feedback) command(sig Signal) string {
	switch sig {
	case GoodRead:
		return f.GoodRead
	case UnknownItem:
		return f.UnknownItem
	case TriggerOn:
		return f.TriggerOn
	case TriggerOff:
		return f.TriggerOff
	}
	return ""
}

// ErrNoCommand is returned by [Scanner.Tell] for a signal the configured model
// has no command for: nothing was sent and nothing will be.
var ErrNoCommand = errors.New("this scanner model has no such command")

// ErrNotReady is returned by [Scanner.Tell] when no port is open, or the
// scanner has not taken the last commands. The signal is lost; it may be sent
// again later.
var ErrNotReady = errors.New("the scanner is not ready")

// Tell hands a signal to the scanner and does not wait for it. It may be called
// from any goroutine.
func (s *Scanner) Tell(sig Signal) error {
	cmd := s.cfg.Feedback.command(sig)
	if cmd == "" {
		return fmt.Errorf("signal %d: %w", sig, ErrNoCommand)
	}
	if s.Health().State != Ready {
		return ErrNotReady
	}
	select {
	case s.commands <- cmd:
		return nil
	default:
		return ErrNotReady
	}
}
