package audit

import (
	"runtime"
	"sync"
)

// signatures checks checkpoints on all processors while rows are read.
type signatures struct {
	queue chan Checkpoint // closed by wait
	done  sync.WaitGroup

	mu  sync.Mutex
	bad *BadCheckpointError // of the fewest rows
}

// checkSignatures starts checking; wait ends it.
func checkSignatures(key Public) *signatures {
	s := &signatures{queue: make(chan Checkpoint, 256)}
	for range runtime.GOMAXPROCS(0) {
		s.done.Go(func() {
			for c := range s.queue {
				if _, err := key.Check(c.Note); err != nil {
					s.report(&BadCheckpointError{Size: c.Size, Why: err.Error()})
				}
			}
		})
	}
	return s
}

func (s *signatures) report(bad *BadCheckpointError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bad == nil || bad.Size < s.bad.Size {
		s.bad = bad
	}
}

// wait returns the first bad checkpoint once all are checked, or nil.
func (s *signatures) wait() *BadCheckpointError {
	close(s.queue)
	s.done.Wait()
	return s.bad
}
