package audit_test

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"

	"kickstand/hub/audit"

	"pgregory.net/rapid"
)

func chain(shop string, n int) []audit.Row {
	head, rows := audit.Genesis(shop), make([]audit.Row, n)
	for i := range rows {
		rows[i], head = audit.Seal(head, audit.Row{
			AtMS: int64(1000 + i), Kind: "sale.completed", Device: "counter-1", Epoch: "e", Seq: uint64(i + 1),
			Subject: fmt.Sprintf("s%d", i), Actor: audit.Commit("salt", "Ada"), Salt: "salt", Digest: "d", Body: `{"paid":1000}`,
		})
	}
	return rows
}

func walk(rows []audit.Row) iter.Seq2[audit.Row, error] {
	return func(yield func(audit.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func TestAnyChangeOfARowIsNamed(t *testing.T) {
	changes := []func(*audit.Row){
		func(r *audit.Row) { r.AtMS++ }, func(r *audit.Row) { r.Kind += "x" }, func(r *audit.Row) { r.Device = "d" },
		func(r *audit.Row) { r.Epoch = "f" }, func(r *audit.Row) { r.Seq++ }, func(r *audit.Row) { r.Subject, r.Actor = r.Actor, r.Subject },
		func(r *audit.Row) { r.Actor = "" }, func(r *audit.Row) { r.Digest = "" }, func(r *audit.Row) { r.Body += " " },
		func(r *audit.Row) { r.Prev = r.Hash }, func(r *audit.Row) { r.Hash = r.Prev }, func(r *audit.Row) { r.N += 7 },
		func(r *audit.Row) { r.Subject, r.Epoch = r.Epoch, r.Subject },
		func(r *audit.Row) { r.Kind, r.Device = r.Kind+r.Device[:1], r.Device[1:] },
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := chain("demo", rapid.IntRange(1, 20).Draw(t, "rows"))
		at := rapid.IntRange(0, len(rows)-1).Draw(t, "row")
		want := rows[at].N
		rapid.SampledFrom(changes).Draw(t, "change")(&rows[at])
		_, err := audit.Verify("demo", walk(rows))
		var bad *audit.BadRowError
		if !errors.As(err, &bad) || bad.N != want {
			t.Fatalf("got %v, want row %d named", err, want)
		}
	})
}

func TestRowsRemovedInsertedAndSwappedAreNamed(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func([]audit.Row) []audit.Row
		want   int64
	}{
		{"removed", func(r []audit.Row) []audit.Row { return slices.Delete(r, 3, 4) }, 4},
		{"removed and renumbered", func(r []audit.Row) []audit.Row {
			r = slices.Delete(r, 3, 4)
			for i := range r {
				r[i].N = int64(i + 1)
			}
			return r
		}, 4},
		{"swapped", func(r []audit.Row) []audit.Row { r[4], r[5] = r[5], r[4]; return r }, 5},
		{"doubled", func(r []audit.Row) []audit.Row { return slices.Insert(r, 3, r[2]) }, 3},
		{"of another shop", func(r []audit.Row) []audit.Row { return chain("other", 10) }, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := audit.Verify("demo", walk(c.change(chain("demo", 10))))
			var bad *audit.BadRowError
			if !errors.As(err, &bad) || bad.N != c.want {
				t.Errorf("got %v, want row %d named", err, c.want)
			}
		})
	}
}

func TestErasureKeepsEveryHashValid(t *testing.T) {
	rows := chain("demo", 10)
	for i := range rows {
		rows[i].Salt = ""
	}
	if head, err := audit.Verify("demo", walk(rows)); err != nil || head.N != 10 {
		t.Errorf("got %+v, %v", head, err)
	}
}

func TestCommitKeepsFieldsApart(t *testing.T) {
	if audit.Commit("s", "ab", "c") == audit.Commit("s", "a", "bc") || audit.Commit("s", "a") == audit.Commit("t", "a") {
		t.Error("different fields or salts give the same digest")
	}
}

func ExampleVerify() {
	first, head := audit.Seal(audit.Genesis("demo"), audit.Row{Kind: "sale.completed", Body: `{"paid":1000}`})
	second, _ := audit.Seal(head, audit.Row{Kind: "sale.completed", Body: `{"paid":2000}`})
	second.Body = `{"paid":200}`
	_, err := audit.Verify("demo", func(yield func(audit.Row, error) bool) {
		_ = yield(first, nil) && yield(second, nil)
	})
	fmt.Println(err)
	// Output: audit row 2: was altered: its contents do not give its hash
}
