// Command hub is the authority of one shop: it takes what counters and kiosks
// say over MQTT, keeps it in one database, stores receipts and shows the
// office pages.
//
//	hub serve --data DIR --shop ID        run the hub until SIGTERM or Ctrl-C
//	hub seed demo|volume --data DIR       fill an empty shop for trying out
//	hub device enrol|reader|retire|list --data DIR --shop ID
//	                                      which devices may speak for the shop
//	hub till --data DIR --shop ID --sessions on|off
//	                                      how the shop runs its tills
//	hub receipts --data DIR --shop ID --url URL
//	                                      receipts by QR code: where, how long, on paper
//	hub operator add|password|retire|list [ID] --data DIR --shop ID
//	                                      who works here, and passwords of the office
//	hub erase customer|operator ID, list, again FILE --data DIR --shop ID
//	                                      erase people, also in a restored backup
//	hub reconcile --data DIR --shop ID --stripe-key FILE
//	                                      compare the card service with the books
//	hub audit verify --data DIR --shop ID check the journal: chain, tree, signatures
//	hub audit verify --file FILE          check an exported journal
//	hub audit export --data DIR --shop ID FILE
//	hub audit key --data DIR --shop ID    print the public key of the checkpoints
//	hub bundle --data DIR --shop ID FILE  write everything of the shop into one file
//	hub bundle verify FILE                check such a file
//	hub version                           print what this is
//
// Every command but the last takes --db URL for a database on PostgreSQL.
//
// It exits with 0 when it did what was asked, with 1 and one line that says why
// when it could not.
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
	if err := run(ctx, os.Args[1:]); err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "hub:", err)
		stop()
		os.Exit(1)
	}
}

const usage = `hub keeps the books of one bike shop.

  hub serve --data DIR --shop ID         run the hub until Ctrl-C
  hub seed demo|volume --data DIR        fill an empty shop for trying out
  hub device enrol|reader|retire|list --data DIR --shop ID
                                         which devices may speak for the shop
  hub till --data DIR --shop ID --sessions on|off
                                         how the shop runs its tills
  hub receipts --data DIR --shop ID --url URL
                                         receipts by QR code: where, how long, on paper
  hub operator add|password|retire|list [ID] --data DIR --shop ID
                                         who works here, and passwords of the office
  hub erase customer|operator ID, list, again FILE --data DIR --shop ID
                                         erase people, also in a restored backup
  hub reconcile --data DIR --shop ID --stripe-key FILE
                                         compare the card service with the books
  hub audit verify --data DIR --shop ID  check the journal: chain, tree, signatures
  hub audit verify --file FILE           check an exported journal
  hub audit export --data DIR --shop ID FILE
                                         write the journal into one file
  hub audit key --data DIR --shop ID     print the public key of the checkpoints
  hub bundle --data DIR --shop ID FILE.zip
                                         write everything of the shop into one file
  hub bundle verify FILE.zip             check such a file
  hub version                            print what this is

With --db postgres://user@host/name the database is on PostgreSQL.
Flags of a command: hub COMMAND --help`

// run carries out one command.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("a command is missing\n\n" + usage)
	}
	switch args[0] {
	case "serve":
		return serveCommand(ctx, args[1:])
	case "seed":
		return seedCommand(ctx, args[1:])
	case "device":
		return deviceCommand(ctx, args[1:])
	case "till":
		return tillCommand(ctx, args[1:])
	case "receipts":
		return receiptsCommand(ctx, args[1:])
	case "operator":
		return operatorCommand(ctx, args[1:])
	case "erase":
		return eraseCommand(ctx, args[1:])
	case "reconcile":
		return reconcileCommand(ctx, args[1:])
	case "audit":
		return auditCommand(ctx, args[1:])
	case "bundle":
		return bundleCommand(ctx, args[1:])
	case "version":
		fmt.Println("hub", version())
		return nil
	case "help", "-h", "-help", "--help":
		fmt.Println(usage)
		return nil
	}
	return fmt.Errorf("there is no command %q\n\n%s", args[0], usage)
}
