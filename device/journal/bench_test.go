package journal_test

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// appender stores one event durably; many goroutines call it.
type appender func(ctx context.Context) error

// rawFile is the measure the journal is held against: the same queue-draining
// group commit, writing bare bytes with one fdatasync per group.
type rawFile struct {
	f     *os.File
	ahead bool // the file is filled before, so that a sync writes no metadata
	at    int64
	queue chan chan error
}

func (r *rawFile) append(context.Context) error {
	done := make(chan error, 1)
	r.queue <- done
	return <-done
}

func (r *rawFile) run(line []byte) {
	for first := range r.queue {
		runtime.Gosched() // as the journal does
		group := []chan error{first}
		for len(group) < 256 && len(r.queue) > 0 {
			group = append(group, <-r.queue)
		}
		buf := slices.Repeat(line, len(group))
		if r.ahead && r.at+int64(len(buf)) > rawSize {
			r.at = 0
		}
		_, err := r.f.WriteAt(buf, r.at)
		if err == nil {
			err = syscall.Fdatasync(int(r.f.Fd()))
		}
		r.at += int64(len(buf))
		for _, g := range group {
			g <- err
		}
	}
}

const rawSize = 16 << 20

// timing is what one round of a subject took.
type timing struct {
	rate     float64 // events per second
	wear     float64 // bytes given to the disk per event
	p50, p99 time.Duration
}

// round lets writers call the appender for a while.
func round(b *testing.B, writers int, long time.Duration, add appender) timing {
	ctx := context.Background()
	each := make([][]time.Duration, writers)
	before := diskBytes(b)
	begin := time.Now()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for last := begin; last.Sub(begin) < long; {
				if err := add(ctx); err != nil {
					b.Error(err)
					return
				}
				now := time.Now()
				each[w] = append(each[w], now.Sub(last))
				last = now
			}
		})
	}
	wg.Wait()
	took := time.Since(begin)
	every := slices.Concat(each...)
	slices.Sort(every)
	return timing{
		rate: float64(len(every)) / took.Seconds(), wear: float64(diskBytes(b)-before) / float64(len(every)),
		p50: every[len(every)/2], p99: every[len(every)*99/100],
	}
}

// diskBytes is what this process has given to the disk so far, in bytes.
func diskBytes(b *testing.B) (n int64) {
	data, err := os.ReadFile("/proc/self/io")
	if err != nil {
		b.Skipf("the bytes written are counted by Linux: %v", err)
	}
	_, rest, _ := strings.Cut(string(data), "\nwrite_bytes: ")
	if _, err := fmt.Sscan(rest, &n); err != nil {
		b.Fatal(err)
	}
	return n
}

// BenchmarkAgainstRaw measures the journal against a grouped raw append with
// fdatasync and against the same into a preallocated file, in turns within one
// run. Call it with -benchtime 1x. Metrics, medians of the rounds:
// B/event is what each gives to the disk for one event;
// x-append and x-prealloc are rates relative to those files, p99-x-append and
// p99-x-prealloc relative 99th percentiles.
func BenchmarkAgainstRaw(b *testing.B) {
	for _, writers := range []int{1, 8} {
		b.Run(fmt.Sprintf("writers=%d", writers), func(b *testing.B) { againstRaw(b, writers, nil) })
	}
	state := []byte(strings.Repeat("s", 4000))
	b.Run("writers=8/state=4KB", func(b *testing.B) { againstRaw(b, 8, state) })
}

func againstRaw(b *testing.B, writers int, state []byte) {
	const rounds, long = 7, 400 * time.Millisecond
	dir := b.TempDir()
	subjects := []appender{journalAppender(b, dir, state), rawAppender(b, dir, false), rawAppender(b, dir, true)}
	results := make([][]timing, len(subjects))
	for b.Loop() {
		for range rounds {
			for i, s := range subjects {
				results[i] = append(results[i], round(b, writers, long, s))
			}
		}
	}
	rate := func(t timing) float64 { return t.rate }
	p50 := func(t timing) float64 { return float64(t.p50.Microseconds()) }
	p99 := func(t timing) float64 { return float64(t.p99.Microseconds()) }
	ratio := func(other int, of func(timing) float64) float64 {
		var r []float64
		for i := range results[0] {
			r = append(r, of(results[0][i])/of(results[other][i]))
		}
		return median(r)
	}
	b.ReportMetric(ratio(1, rate), "x-append")
	b.ReportMetric(ratio(2, rate), "x-prealloc")
	b.ReportMetric(ratio(1, p99), "p99-x-append")
	b.ReportMetric(ratio(2, p99), "p99-x-prealloc")
	for i, name := range []string{"journal", "append", "prealloc"} {
		var rates, mids, tails, wears []float64
		for _, t := range results[i] {
			rates, mids, tails = append(rates, rate(t)), append(mids, p50(t)), append(tails, p99(t))
		}
		for _, t := range results[i] {
			wears = append(wears, t.wear)
		}
		b.ReportMetric(median(wears), name+"-B/event")
		b.ReportMetric(median(rates), name+"/s")
		b.ReportMetric(median(mids), name+"-p50-us")
		b.ReportMetric(median(tails), name+"-p99-us")
	}
	b.ReportMetric(0, "ns/op") // says nothing here
}

func median[T cmp.Ordered](v []T) T {
	slices.Sort(v)
	return v[len(v)/2]
}

func journalAppender(b *testing.B, dir string, state []byte) appender {
	opt := options()
	opt.Grow = 0
	opt.HiCap = 1 << 40
	j, _, _ := open(b, filepath.Join(dir, "journal.db"), opt)
	e := fault(b, 1, 300)
	acked, epoch := uint64(0), j.Epochs()["hi"]
	var mu sync.Mutex
	return func(ctx context.Context) error {
		res, err := j.Commit(ctx, journal.Entry{State: state, Hi: []protocol.Envelope{e}})
		mu.Lock()
		defer mu.Unlock()
		if err == nil && res.Hi > acked+2000 { // as when the hub keeps up
			acked = res.Hi - 1000
			err = j.Acked(ctx, epoch, acked)
		}
		return err
	}
}

func rawAppender(b *testing.B, dir string, ahead bool) appender {
	f, err := os.Create(filepath.Join(dir, fmt.Sprintf("raw-%v", ahead)))
	if err != nil {
		b.Fatal(err)
	}
	if ahead {
		if _, err := f.Write(make([]byte, rawSize)); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	data, err := fault(b, 1, 300).Encode()
	if err != nil {
		b.Fatal(err)
	}
	r := &rawFile{f: f, ahead: ahead, queue: make(chan chan error, 256)}
	done := make(chan struct{})
	go func() {
		r.run(data)
		close(done)
	}()
	b.Cleanup(func() {
		close(r.queue)
		<-done
		if err := f.Close(); err != nil {
			b.Error(err)
		}
	})
	return r.append
}

// BenchmarkCommit is one lone commit of an event and a state.
func BenchmarkCommit(b *testing.B) {
	add := journalAppender(b, b.TempDir(), []byte(strings.Repeat("s", 4000)))
	for b.Loop() {
		if err := add(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkCatalogue stores a snapshot of 20,000 items, as a first download does,
// and reads it, as a start does.
func BenchmarkCatalogue(b *testing.B) {
	opt := options()
	j, _, _ := open(b, filepath.Join(b.TempDir(), "journal.db"), opt)
	all := items(20_000, 100)
	b.Run("store", func(b *testing.B) {
		for b.Loop() {
			if err := j.StoreCatalogue(b.Context(), journal.Catalogue{Version: 1, Items: all}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("read", func(b *testing.B) {
		for b.Loop() {
			if _, got, err := j.Catalogue(); err != nil || len(got) != len(all) {
				b.Fatal(len(got), err)
			}
		}
	})
	b.Run("change", func(b *testing.B) {
		for version := int64(1); b.Loop(); version++ {
			if err := j.StoreCatalogue(b.Context(), journal.Catalogue{From: version, Version: version + 1, Items: all[:20]}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
