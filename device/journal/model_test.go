package journal_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// model is what a journal should hold, in plain slices.
type model struct {
	state string
	hi    []string // lines as said() prints them
	next  uint64
}

// TestBehavesLikeAList runs random calls against the journal and the model,
// reopening the file now and then.
func TestBehavesLikeAList(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		dir, err := os.MkdirTemp(t.TempDir(), "m")
		if err != nil {
			r.Fatal(err)
		}
		path := filepath.Join(dir, "journal.db")
		j, stop := run(r, path)
		defer func() { stop() }()
		m := model{hi: []string{"1 journal.reset"}, next: 2}
		r.Repeat(map[string]func(*rapid.T){
			"commit": func(r *rapid.T) {
				n := rapid.IntRange(0, 4).Draw(r, "events")
				m.state = fmt.Sprintf("state %d", rapid.IntRange(0, 9).Draw(r, "state"))
				e := journal.Entry{State: []byte(m.state)}
				for range n {
					e.Hi = append(e.Hi, fault(t, int(m.next), 0))
					m.hi = append(m.hi, fmt.Sprintf("%d device.fault part-%d", m.next, m.next))
					m.next++
				}
				commit(t, j, e)
			},
			"later": func(r *rapid.T) {
				m.state = fmt.Sprintf("later %d", rapid.IntRange(0, 9).Draw(r, "state"))
				if err := j.CommitLater([]byte(m.state)); err != nil {
					r.Fatal(err)
				}
			},
			"ack": func(r *rapid.T) {
				upto := rapid.Uint64Range(0, m.next-1).Draw(r, "upto")
				if err := j.Acked(t.Context(), j.Epochs()["hi"], upto); err != nil {
					r.Fatal(err)
				}
				for len(m.hi) > 0 && number(m.hi[0]) <= upto {
					m.hi = m.hi[1:]
				}
			},
			"reopen": func(r *rapid.T) {
				stop()
				j, stop = run(r, path)
			},
			"": func(r *rapid.T) {
				commit(t, j, journal.Entry{Hi: []protocol.Envelope{}}) // a barrier: what was queued is on the disk
				state, err := j.State()
				if string(state) != m.state || err != nil {
					r.Fatalf("state %q, %v; want %q", state, err, m.state)
				}
				if diff := cmp.Diff(m.hi, all(t, j, journal.Hi), cmp.Transformer("empty", func(s []string) string { return fmt.Sprint(s) })); diff != "" {
					r.Fatalf("hi (-want +got):\n%s", diff)
				}
				linked(t, j, journal.Hi, "")
				if j.Waiting() != len(m.hi) || j.Next()["hi"] != m.next {
					r.Fatalf("waiting %d, next %d; want %d, %d", j.Waiting(), j.Next()["hi"], len(m.hi), m.next)
				}
			},
		})
	})
}

func number(line string) (n uint64) {
	_, _ = fmt.Sscanf(line, "%d ", &n) // a line of said() begins with its number
	return n
}

func run(r *rapid.T, path string) (*journal.Journal, func()) {
	j, _, err := journal.Open(path, options())
	if err != nil {
		r.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- j.Run(ctx) }()
	return j, func() {
		cancel()
		if err := <-done; err != nil {
			r.Error(err)
		}
		if err := j.Close(); err != nil {
			r.Error(err)
		}
	}
}
