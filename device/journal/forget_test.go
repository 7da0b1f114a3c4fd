package journal_test

import (
	"bytes"
	"fmt"
	"os"
	"testing"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// TestAStartForgetsWhatIsOver writes addresses into events and states, has the
// events acknowledged and the states replaced, and looks for the addresses in the
// bytes of the file after the next start. What still waits is kept.
func TestAStartForgetsWhatIsOver(t *testing.T) {
	path := t.TempDir() + "/journal.db"
	mail := func(n int) protocol.Envelope {
		e, err := protocol.Seal("counter-1", &protocol.ReceiptMail{ID: fmt.Sprintf("m-%d", n), Sale: "sale-1", Address: fmt.Sprintf("zoe%d@mail.example", n)}, stamp())
		if err != nil {
			t.Fatal(err)
		}
		return e
	}
	left := func() int { // but for the last event, which waits
		t.Helper()
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return bytes.Count(data, []byte("zoe")) - bytes.Count(data, []byte("zoe79@"))
	}
	j, _, stop := open(t, path, options())
	for n := range 80 {
		commit(t, j, journal.Entry{State: fmt.Appendf(nil, "zoe%d buys", n), Hi: []protocol.Envelope{mail(n)}})
	}
	if err := j.Acked(t.Context(), j.Epochs()["hi"], j.Next()["hi"]-2); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the version before the last is kept whole
		commit(t, j, journal.Entry{State: []byte("nobody buys")})
	}
	stop()
	if left() < 5 {
		t.Fatalf("only %d traces before the start: this test looks in the wrong place", left())
	}
	j, report, stop := open(t, path, options())
	if report.Fresh {
		t.Fatalf("the file was set aside: %+v", report)
	}
	if n := left(); n != 0 {
		t.Errorf("%d traces are left", n)
	}
	if said := all(t, j, journal.Hi); len(said) != 1 {
		t.Errorf("waiting: %q", said)
	}
	if state, err := j.State(); err != nil || string(state) != "nobody buys" {
		t.Errorf("the state is %q, %v", state, err)
	}
	commit(t, j, journal.Entry{State: []byte("somebody buys")})
	stop()
	if _, report, stop = open(t, path, options()); report.Fresh {
		t.Errorf("the file was set aside at the third start: %+v", report)
	}
	stop()
}

// TestSaltsMakeEqualEventsDiffer says the same twice: nobody can tell from the
// digests, nor make them without the salts.
func TestSaltsMakeEqualEventsDiffer(t *testing.T) {
	j, _, stop := open(t, t.TempDir()+"/journal.db", options())
	commit(t, j, journal.Entry{Hi: []protocol.Envelope{fault(t, 1, 0), fault(t, 1, 0)}})
	rows, err := j.Pending(journal.Hi, 0, 10)
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range rows {
		e, err := protocol.Decode(r.Data)
		if err != nil || !protocol.IsSalt(e.Salt) || seen[e.Salt] {
			t.Errorf("event %d has the salt %q, %v", r.Seq, e.Salt, err)
		}
		seen[e.Salt] = true
	}
	stop()
}
