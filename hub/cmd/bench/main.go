// Command bench is what make bench runs: every measurement that has an aim, on
// this machine, now. It prints a table and writes it as tab-separated values
// with the columns name, value, unit, aim and ok or short.
//
// Speeds are ratios to a limit of this machine measured in the same run, so
// that a slow disk or a busy processor moves both. It promises nothing about
// other machines and fails only when a measurement could not be made, never
// because an aim was missed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"text/tabwriter"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("bench", flag.ContinueOnError)
	out := fs.String("out", "var/bench.tsv", "where to write the table")
	bin := fs.String("bin", "bin", "directory of the programs hub and kiosk")
	if err := fs.Parse(args); err != nil {
		return err
	}
	var rows []row
	var errs []error
	for _, s := range suites() {
		fmt.Fprintf(os.Stderr, "measuring %s …\n", s.what)
		found, err := s.measure(ctx)
		rows, errs = append(rows, found...), append(errs, err)
	}
	rows = append(rows, onPostgres(rows)...)
	fmt.Fprintln(os.Stderr, "measuring memory …")
	found, err := measureMemory(ctx, *bin)
	rows, errs = append(rows, found...), append(errs, err)
	printTable(os.Stdout, rows)
	return errors.Join(append(errs, writeTSV(*out, rows))...)
}

// row is one measurement and its aim.
type row struct {
	name  string
	value float64
	unit  string
	aim   aim
}

// aim is the least or the most a value should be; the zero aim is none.
type aim struct {
	most, least float64
}

func (a aim) String() string {
	switch {
	case a.most != 0:
		return fmt.Sprintf("<= %g", a.most)
	case a.least != 0:
		return fmt.Sprintf(">= %g", a.least)
	}
	return "-"
}

// verdict is ok or short.
func (r row) verdict() string {
	if r.aim.most != 0 && r.value > r.aim.most || r.aim.least != 0 && r.value < r.aim.least {
		return "short"
	}
	return "ok"
}

func (r row) columns() []string {
	return []string{r.name, fmt.Sprintf("%.4g", r.value), r.unit, r.aim.String(), r.verdict()}
}

func printTable(w io.Writer, rows []row) {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "name\tvalue\tunit\taim\t")
	for _, r := range rows {
		fmt.Fprintln(t, strings.Join(r.columns(), "\t"))
	}
	_ = t.Flush() // the table file below is what counts
}

func writeTSV(path string, rows []row) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("name\tvalue\tunit\taim\tok|short\n")
	for _, r := range rows {
		b.WriteString(strings.Join(r.columns(), "\t") + "\n")
	}
	return os.WriteFile(path, []byte(b.String()), 0o644)
}
