package main

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
)

// suite is a set of Go benchmarks and what is read off them.
type suite struct {
	what string
	pkg  string
	args []string // more flags for go test
	with string   // flag of bin/demo for what it needs: --xvfb or --postgres; empty: nothing
	wish []wish
}

// wish is one number of a benchmark that has a row in the table.
type wish struct {
	bench string // name without "Benchmark" and without the number of processors
	unit  string // as the benchmark reports it
	name  string // of the row
	as    string // unit of the row
	scale float64
	aim   aim
}

func (s suite) measure(ctx context.Context) ([]row, error) {
	args := append([]string{"test", "-run", "^$", "-bench", s.pattern()}, s.args...)
	command := append([]string{"go"}, append(args, s.pkg)...)
	if s.with != "" {
		command = append([]string{"bin/demo", s.with, "--"}, command...)
	}
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	out, err := c.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("%s: %w\n%s", strings.Join(command, " "), err, out)
	}
	return s.read(out)
}

// pattern matches the top-level benchmarks that are wished for.
func (s suite) pattern() string {
	seen := map[string]bool{}
	var names []string
	for _, w := range s.wish {
		top, _, _ := strings.Cut(w.bench, "/")
		if !seen[top] {
			names = append(names, top)
		}
		seen[top] = true
	}
	return "^Benchmark(" + strings.Join(names, "|") + ")$"
}

var processors = regexp.MustCompile(`-\d+$`)

// read finds the wished numbers in the output of go test -bench.
func (s suite) read(out []byte) ([]row, error) {
	found := map[string]float64{}
	lines := bufio.NewScanner(bytes.NewReader(out))
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) < 4 || !strings.HasPrefix(f[0], "Benchmark") {
			continue
		}
		name := processors.ReplaceAllString(strings.TrimPrefix(f[0], "Benchmark"), "")
		for i := 2; i+1 < len(f); i += 2 {
			v, err := strconv.ParseFloat(f[i], 64)
			if err != nil {
				return nil, fmt.Errorf("read %q: %w", lines.Text(), err)
			}
			found[name+" "+f[i+1]] = v
		}
	}
	var rows []row
	for _, w := range s.wish {
		v, ok := found[w.bench+" "+w.unit]
		if !ok {
			return rows, fmt.Errorf("%s: no %s in the output:\n%s", w.bench, w.unit, out)
		}
		if w.scale != 0 {
			v *= w.scale
		}
		rows = append(rows, row{name: w.name, value: v, unit: w.as, aim: w.aim})
	}
	return rows, nil
}
