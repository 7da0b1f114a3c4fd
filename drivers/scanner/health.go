package scanner

import "time"

// State is where a Scanner is.
type State string

// Stopped: Run is not running. Opening: Run has not reached a port yet. Ready:
// a port is open. Lost: there was a failure, and Run tries again.
const (
	Stopped State = "stopped"
	Opening State = "opening"
	Ready   State = "ready"
	Lost    State = "lost"
)

// Health is a snapshot of a Scanner. The counters run from its making.
type Health struct {
	// State is where the Scanner is, Since when it got there by Config.Now.
	State State
	Since time.Time
	// Cause and Reason are those of the last Down event, empty when Ready.
	Cause  Cause
	Reason string
	// Frames counts codes read, Duplicates included, noise not.
	Frames uint64
	// Duplicates counts codes that were debounced.
	Duplicates uint64
	// GarbageBytes counts bytes that were given up.
	GarbageBytes uint64
	// Reconnects counts how often a port was opened after the first time.
	Reconnects uint64
}

// Health returns a snapshot. It may be called from any goroutine, also from the
// sink.
func (s *Scanner) Health() Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.health
}

// note changes the health under its lock.
func (s *Scanner) note(change func(*Health)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.health)
}

// enter notes a change of state.
func (s *Scanner) enter(state State, cause Cause, reason string) {
	at := s.cfg.Now()
	s.note(func(h *Health) {
		h.State, h.Since, h.Cause, h.Reason = state, at, cause, reason
	})
}
