package audit_test

import (
	"fmt"
	"testing"

	"kickstand/hub/audit"
)

// BenchmarkVerifyBook checks a year of a shop, 1,000 rows a day, without a
// database: chain, tree and as many signatures as there are checkpoints. Three
// rows (sale, drawer, receipt) usually fall into the second of one checkpoint.
func BenchmarkVerifyBook(b *testing.B) {
	const year = 365_000
	key := newKey(b)
	rows := chain("demo", year)
	for _, each := range []int{1000, 10, 3} {
		l := &ledger{rows: rows, checkpoints: checkpoints(b, key, rows, each)}
		book := l.book(key)
		book.Tree = nil
		b.Run(fmt.Sprintf("%d_rows_a_checkpoint", each), func(b *testing.B) {
			for b.Loop() {
				if r, err := audit.VerifyBook(b.Context(), book); err != nil || r.Rows != year {
					b.Fatal(r, err)
				}
			}
			b.ReportMetric(float64(b.N)*year/b.Elapsed().Seconds(), "rows/s")
		})
	}
}

// checkpoints signs after every so many rows.
func checkpoints(b *testing.B, key *audit.Key, rows []audit.Row, each int) []audit.Checkpoint {
	b.Helper()
	var tree audit.Tree
	var all []audit.Checkpoint
	for i, r := range rows {
		leaf, err := audit.Leaf(r)
		if err != nil {
			b.Fatal(err)
		}
		tree.Add(leaf)
		if (i+1)%each != 0 {
			continue
		}
		c, err := key.Sign(audit.Checkpoint{Shop: "demo", Size: tree.Size(), Root: tree.Root(), AtMS: int64(i)})
		if err != nil {
			b.Fatal(err)
		}
		all = append(all, c)
	}
	return all
}

// BenchmarkSeal makes a thousand checkpoints of three rows each on top of a
// month.
func BenchmarkSeal(b *testing.B) {
	key := newKey(b)
	for b.Loop() {
		b.StopTimer()
		l := sealed(b, key, 33_000, 30_000)
		s := audit.NewSealer(audit.SealerConfig{Shop: "demo", Ledger: l, Key: key, Batch: 3})
		b.StartTimer()
		if err := s.SealAll(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "µs/checkpoint")
}
