// Command kiosk runs one counter or kiosk of a shop: screen, scanner, receipt
// printer, drawer, journal and the line to the hub. With -sim its hardware is
// virtual and a workbench on loopback shows and drives it.
//
// It exits with 0 after SIGTERM or Ctrl-C, and with 1 when it cannot start or
// its journal cannot be trusted any more; a supervisor starts it again and it
// continues from the journal.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	c, err := readConfig(os.Args[1:])
	if err == nil {
		err = run(ctx, c)
	}
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "kiosk:", err)
		os.Exit(1)
	}
}
