package paytest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

// Open returns a Stripe that keeps everything in a file, so that its ledger
// outlives the process. A file that is not there is a new account; one that
// cannot be read is an error. Each change is written before its answer leaves;
// the file survives the end of the process at any moment, and is not meant to
// survive a power cut. Only one process may have it open.
//
// The file holds one state a line: first the whole of it, then what each change
// has touched.
func Open(cfg Config, file string) (*Stripe, error) {
	s := New(cfg)
	b, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("open the simulated Stripe: %w", err)
	}
	if err := s.load(b); err != nil {
		return nil, fmt.Errorf("open the simulated Stripe: %s: %w; remove it to begin anew", file, err)
	}
	s.file = file
	if err := s.compact(); err != nil {
		return nil, err
	}
	return s, nil
}

// load reads all lines. The last one may have been cut off by the end of the
// process: nobody has seen its answer.
func (s *Stripe) load(b []byte) error {
	r := bufio.NewReader(bytes.NewReader(b))
	for n := 1; ; n++ {
		line, err := r.ReadBytes('\n')
		if errors.Is(err, io.EOF) && (n > 1 || len(line) == 0) {
			return nil
		}
		var part state
		if err := json.Unmarshal(line, &part); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		s.merge(part)
	}
}

// merge takes over what a line says.
func (s *Stripe) merge(part state) {
	s.IDs = part.IDs
	if part.Readers != nil {
		s.Readers = part.Readers
	}
	if part.Events != nil {
		s.Events = part.Events
	}
	for key, k := range part.Keys {
		s.Keys[key] = k
	}
	s.Intents = mergeBy(s.Intents, part.Intents, intentID)
	s.Refunds = mergeBy(s.Refunds, part.Refunds, refundID)
	s.Txns = mergeBy(s.Txns, part.Txns, txnID)
	s.Customers = mergeBy(s.Customers, part.Customers, customerID)
	s.Cards = mergeBy(s.Cards, part.Cards, cardID)
	s.Setups = mergeBy(s.Setups, part.Setups, setupID)
	s.Sessions = mergeBy(s.Sessions, part.Sessions, sessionID)
}

func mergeBy[T any](all, some []*T, of func(*T) string) []*T {
	for _, v := range some {
		i, found := slices.BinarySearchFunc(all, of(v), func(o *T, id string) int { return strings.Compare(of(o), id) })
		if found {
			all[i] = v
		} else {
			all = slices.Insert(all, i, v)
		}
	}
	return all
}

// touch notes that something has changed, with the ids of the things.
func (s *Stripe) touch(ids ...string) {
	s.changed = true
	s.note(ids...)
}

// note remembers what was looked at: whatever changes was looked at before.
func (s *Stripe) note(ids ...string) {
	if s.file == "" {
		return
	}
	for _, id := range ids {
		s.looked[id] = true
	}
}

// leave ends what lock began, and writes down what has changed.
func (s *Stripe) leave() {
	if s.changed && s.file != "" {
		s.lost = s.save()
	}
	s.changed = false
	clear(s.looked)
	s.mu.Unlock()
}

// save appends what was touched.
func (s *Stripe) save() error {
	line, err := json.Marshal(s.part())
	if err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	f, err := os.OpenFile(s.file, os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	_, err = f.Write(append(line, '\n'))
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	return nil
}

// part is the state as far as it was looked at.
func (s *Stripe) part() state {
	p := state{IDs: s.IDs, Readers: s.Readers, Keys: map[string]stored{}}
	if s.Events != nil {
		p.Events = s.Events
	} else {
		p.Events = []delivery{}
	}
	for id := range s.looked {
		if k, ok := s.Keys[id]; ok {
			p.Keys[id] = k
		}
		p.Intents = pick(p.Intents, s.Intents, id, intentID)
		p.Refunds = pick(p.Refunds, s.Refunds, id, refundID)
		p.Txns = pick(p.Txns, s.Txns, id, txnID)
		p.Customers = pick(p.Customers, s.Customers, id, customerID)
		p.Cards = pick(p.Cards, s.Cards, id, cardID)
		p.Setups = pick(p.Setups, s.Setups, id, setupID)
		p.Sessions = pick(p.Sessions, s.Sessions, id, sessionID)
	}
	return p
}

func pick[T any](some, all []*T, id string, of func(*T) string) []*T {
	if v := find(all, id, of); v != nil {
		return append(some, v)
	}
	return some
}

// compact writes the whole state as one line, without keys that are forgotten.
func (s *Stripe) compact() error {
	for key, k := range s.Keys {
		if s.cfg.Now().Sub(k.At) >= keyLife {
			delete(s.Keys, key)
		}
	}
	line, err := json.Marshal(s.state)
	if err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	temp := s.file + ".new"
	if err := os.WriteFile(temp, append(line, '\n'), 0o600); err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	if err := os.Rename(temp, s.file); err != nil {
		return fmt.Errorf("keep the ledger: %w", err)
	}
	return nil
}
