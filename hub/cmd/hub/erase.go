package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"kickstand/hub/store"
)

// eraseCommand erases people, and brings a restored older backup up to date. The
// hub must not be running.
func eraseCommand(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("say what: hub erase customer ID, hub erase operator ID, hub erase list, or hub erase again FILE")
	}
	var c Config
	fs := c.flags("erase " + args[0])
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	rest, whom := args[1:], ""
	if len(rest) > 0 && !strings.HasPrefix(rest[0], "-") {
		whom, rest = rest[0], rest[1:]
	}
	if err := c.parse(fs, rest); err != nil {
		return err
	}
	if (args[0] == "list") != (whom == "") {
		return errors.New("name one id or file, and none for list: hub erase customer cus-17 --data DIR --shop ID")
	}
	return withShop(ctx, c, func(db *store.Store) error {
		switch args[0] {
		case "customer":
			done, err := db.EraseCustomer(ctx, whom, "")
			return tellErased(whom, done, err)
		case "operator":
			done, err := db.EraseOperator(ctx, whom, "")
			return tellErased(whom, done, err)
		case "list":
			return listErased(ctx, db)
		case "again":
			return eraseAgain(ctx, db, whom)
		}
		return fmt.Errorf("there is no hub erase %q: say customer, operator, list or again", args[0])
	})
}

func tellErased(id string, done bool, err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return fmt.Errorf("there is nobody with the id %q", id)
	case err != nil:
		return err
	case !done:
		fmt.Printf("%s was erased before; nothing was changed.\n", id)
		return nil
	}
	fmt.Printf("%s is erased. Receipts with the name are stored anew when the hub runs. Keep the list for the day on which an older backup is restored: hub erase list\n", id)
	return nil
}

// listErased prints who was erased, as again reads it.
func listErased(ctx context.Context, db *store.Store) error {
	all, err := db.Erasures(ctx)
	for _, e := range all {
		fmt.Println(e.Kind, e.Person, time.UnixMilli(e.AtMS).UTC().Format(time.RFC3339))
	}
	return err
}

func eraseAgain(ctx context.Context, db *store.Store, path string) error {
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("open the list: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	all, err := readErased(f)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	n, err := db.EraseAgain(ctx, all)
	if err != nil {
		return fmt.Errorf("%d of %d erased, then: %w", n, len(all), err)
	}
	fmt.Printf("%d on the list; %d of them were still here and are erased now.\n", len(all), n)
	return nil
}

// readErased reads a list as hub erase list prints it, or tables/erasures.csv of a
// bundle.
func readErased(r io.Reader) (all []store.Erasure, err error) {
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		w := strings.Fields(strings.NewReplacer(`"`, " ", ",", " ").Replace(lines.Text()))
		switch {
		case len(w) == 0 || w[0] == "person":
		case len(w) >= 2 && isKind(w[0]):
			all = append(all, store.Erasure{Kind: w[0], Person: w[1]})
		case len(w) >= 2 && isKind(w[1]):
			all = append(all, store.Erasure{Kind: w[1], Person: w[0]})
		default:
			return nil, fmt.Errorf("line %d names nobody: it must be like customer cus-17; nothing was changed", n)
		}
	}
	return all, lines.Err()
}

func isKind(s string) bool { return s == store.KindCustomer || s == store.KindOperator }
