//go:build x11

package display_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
)

// BenchmarkIdle measures what a window costs that shows a still screen (aims:
// 1 ms of CPU time and 15 context switches a second) and one whose clock ticks
// once a second (aim: 10 ms). -benchtime does not matter: each runs 15 s.
//
//	xvfb-run -a go test -tags x11 -run '^$' -bench Idle ./display
func BenchmarkIdle(b *testing.B) {
	for _, how := range []string{"still", "clock"} {
		b.Run(how, func(b *testing.B) {
			w, _, _, _ := show(b, how)
			<-time.After(5 * time.Second) // the first frames and the collector's first rounds
			const span = 10 * time.Second
			before := w.usage(b)
			<-time.After(span)
			after := w.usage(b)
			b.ReportMetric((after.cpu-before.cpu).Seconds()*1000/span.Seconds(), "cpu-ms/s")
			b.ReportMetric(float64(after.switches-before.switches)/span.Seconds(), "switches/s")
			b.ReportMetric(float64(after.pss)/1024, "pss-MB")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// usage is what a process has used so far.
type usage struct {
	cpu      time.Duration
	switches int
	pss      int // kB now
}

// usage reads the figures of all threads from /proc.
func (w *window) usage(t testing.TB) usage {
	t.Helper()
	dir := fmt.Sprintf("/proc/%d", w.cmd.Process.Pid)
	tasks, err := filepath.Glob(dir + "/task/*")
	if err != nil || len(tasks) == 0 {
		t.Fatalf("no threads of the window in %s: %v", dir, err)
	}
	var u usage
	for _, task := range tasks {
		u.cpu += time.Duration(number(t, task+"/schedstat", ""))
		u.switches += number(t, task+"/status", "voluntary_ctxt_switches:") + number(t, task+"/status", "nonvoluntary_ctxt_switches:")
	}
	u.pss = number(t, dir+"/smaps_rollup", "Pss:")
	return u
}

// number reads the first number of the line of file that begins with key.
func number(t testing.TB, file, key string) int {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for line := range bytes.Lines(text) {
		rest, ok := strings.CutPrefix(string(line), key)
		if !ok {
			continue
		}
		n, err := strconv.Atoi(strings.Fields(rest)[0])
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		return n
	}
	t.Fatalf("no %q in %s", key, file)
	return 0
}
