package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const output = `goos: linux
BenchmarkAgainstRaw/writers=8-2   1   0 ns/op   0.62 x-append   2.4 p99-x-append
BenchmarkFull/1024x600-2   700   1673000 ns/op   0 B/op   0 allocs/op
PASS
`

func TestReadsWhatWasWishedFor(t *testing.T) {
	s := suite{wish: []wish{
		{bench: "AgainstRaw/writers=8", unit: "x-append", name: "append", as: "x", aim: aim{least: 0.5}},
		{bench: "AgainstRaw/writers=8", unit: "p99-x-append", name: "p99", as: "x", aim: aim{most: 2}},
		{bench: "Full/1024x600", unit: "ns/op", name: "redraw", as: "ms", scale: 1e-6},
	}}
	rows, err := s.read([]byte(output))
	if err != nil {
		t.Fatal(err)
	}
	var got [][]string
	for _, r := range rows {
		got = append(got, r.columns())
	}
	want := [][]string{
		{"append", "0.62", "x", ">= 0.5", "ok"},
		{"p99", "2.4", "x", "<= 2", "short"},
		{"redraw", "1.673", "ms", "-", "ok"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if p := s.pattern(); p != "^Benchmark(AgainstRaw|Full)$" {
		t.Errorf("pattern %s", p)
	}
}

func TestAMissingNumberIsAnError(t *testing.T) {
	s := suite{wish: []wish{{bench: "Gone", unit: "ns/op", name: "gone"}}}
	if _, err := s.read([]byte(output)); err == nil || !strings.Contains(err.Error(), "Gone") {
		t.Errorf("error %v, want one that names the benchmark", err)
	}
}

// TestRowsHaveNamesOfTheirOwn keeps the table readable by programs.
func TestRowsHaveNamesOfTheirOwn(t *testing.T) {
	seen := map[string]bool{}
	for _, s := range suites() {
		for _, w := range s.wish {
			if seen[w.name] {
				t.Errorf("two rows are called %q", w.name)
			}
			seen[w.name] = true
		}
	}
}

func TestTheDatabasesAreCompared(t *testing.T) {
	rows := []row{{name: "hub sales over MQTT, 8 devices", value: 3000}, {name: "hub sales on PostgreSQL, 8 devices", value: 750}}
	got := onPostgres(rows)
	if len(got) != 1 || got[0].value != 0.25 {
		t.Errorf("%+v, want one row of 0.25", got)
	}
	if got := onPostgres(rows[:1]); len(got) != 0 {
		t.Errorf("%+v from one database alone", got)
	}
}

func TestTableFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "bench.tsv")
	if err := writeTSV(path, []row{{name: "a", value: 1, unit: "ms", aim: aim{most: 2}}}); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(path)
	if want := "name\tvalue\tunit\taim\tok|short\na\t1\tms\t<= 2\tok\n"; err != nil || string(b) != want {
		t.Errorf("%q, %v; want %q", b, err, want)
	}
}
