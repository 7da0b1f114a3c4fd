package journal_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"kickstand/device/journal"
	"kickstand/protocol"
)

// A sale is stored together with the state that follows from it, and stays in
// the outbox until the hub has it.
func Example() {
	dir, err := os.MkdirTemp("", "journal")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	now := func() protocol.Stamp { return protocol.Stamp{WallMS: 1, MonoMS: 1, BootID: "b1"} }
	j, report, err := journal.Open(filepath.Join(dir, "journal.db"), journal.Options{Device: "counter-1", Stamp: now})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(report.Why)

	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	done := make(chan error)
	go func() { done <- j.Run(ctx) }()

	opened, err := protocol.Seal("counter-1", &protocol.DrawerOpened{ID: "d1", Operator: "mia", Why: "cash sale"}, now())
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := j.Commit(ctx, journal.Entry{State: []byte(`{"slip":7}`), Hi: []protocol.Envelope{opened}})
	fmt.Println("stored as", res.Hi, err)
	fmt.Println("acknowledged:", j.Acked(ctx, j.Epochs()["hi"], res.Hi))

	stop()
	fmt.Println(<-done, j.Waiting(), j.Close())
	// Output:
	// first start
	// stored as 2 <nil>
	// acknowledged: <nil>
	// <nil> 0 <nil>
}
