package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/reconcile"
	"kickstand/hub/store"
)

// reconcileCommand compares the card service with the books once and prints what a
// person has to look at. The hub must not be running: while it is, the office has a
// button.
func reconcileCommand(ctx context.Context, args []string) error {
	var c Config
	fs := c.flags("reconcile")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	c.cardFlags(fs)
	ahead := fs.Duration("ahead", 0, "judge also what is younger than a quarter of an hour, as if it were so much `later`")
	if err := c.parse(fs, args); err != nil {
		return err
	}
	return withShop(ctx, c, func(db *store.Store) error {
		cards, err := openCards(c, db, c.logger())
		if err != nil {
			return err
		}
		if cards == nil {
			return errors.New("there is nothing to compare with: --stripe-key names no file")
		}
		later := func() time.Time { return time.Now().Add(*ahead) }
		r, err := reconcile.New(reconcile.Config{Store: db, Cards: cards, Now: later, Log: c.logger()}).Now(ctx)
		if err != nil {
			return err
		}
		return printFindings(ctx, db, r)
	})
}

func printFindings(ctx context.Context, db *store.Store, r reconcile.Result) error {
	fmt.Println(r)
	all, err := db.Findings(ctx, 10_000)
	if err != nil {
		return err
	}
	for _, f := range all {
		if f.Open() {
			fmt.Printf("\n%s  %s\n  %s\n  payment %s, intent %s, device %s, operator %s, sale %s\n", f.Code, f.What, f.Advice, f.Payment, f.Intent, f.Device, f.Operator, f.Sale)
		}
	}
	return nil
}
