package paytest

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
)

// Open returns a Stripe that keeps everything in a file, so that its ledger
// outlives the process. A file that is not there is a new account; one that
// cannot be read is an error. The file is replaced as a whole before each answer
// that it matters for, and is not meant to survive a power cut.
func Open(cfg Config, file string) (*Stripe, error) {
	s := New(cfg)
	s.file = file
	b, err := os.ReadFile(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return s, nil
	case err != nil:
		return nil, fmt.Errorf("open the simulated Stripe: %w", err)
	}
	if err := json.Unmarshal(b, &s.state); err != nil {
		return nil, fmt.Errorf("open the simulated Stripe: %s: %w; remove it to begin anew", file, err)
	}
	return s, nil
}

// touch notes that something has changed.
func (s *Stripe) touch() { s.changed = true }

// leave ends what lock began, and writes down what has changed.
func (s *Stripe) leave() {
	if s.changed && s.file != "" {
		s.lost = s.save()
	}
	s.changed = false
	s.mu.Unlock()
}

func (s *Stripe) save() error {
	for key, k := range s.Keys {
		if s.cfg.Now().Sub(k.At) >= keyLife {
			delete(s.Keys, key)
		}
	}
	b, err := json.Marshal(s.state)
	if err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	temp := s.file + ".new"
	if err := os.WriteFile(temp, b, 0o600); err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	if err := os.Rename(temp, s.file); err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	return nil
}
