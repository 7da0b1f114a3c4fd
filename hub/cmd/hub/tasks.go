package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kickstand/hub/seed"
	"kickstand/hub/store"
)

func seedCommand(ctx context.Context, args []string) error {
	if len(args) == 0 || args[0] != "demo" && args[0] != "volume" {
		return errors.New("say what to seed: hub seed demo --data DIR, or hub seed volume --data DIR")
	}
	var c Config
	fs := c.flags("seed " + args[0])
	fs.StringVar(&c.Shop, "shop", "demo", "shop `id`")
	if err := c.parse(fs, args[1:]); err != nil {
		return err
	}
	held, err := take(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	if args[0] == "volume" {
		return seedVolume(ctx, c)
	}
	return seedDemo(ctx, c)
}

func seedDemo(ctx context.Context, c Config) (err error) {
	db, err := store.Open(ctx, c.store())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := seed.Demo(ctx, db, time.Now())
	if err != nil {
		return err
	}
	report(c, r)
	return nil
}

func report(c Config, r seed.Report) {
	if r.Already {
		fmt.Printf("%s has its items already; nothing was changed.\n", c.store().Where())
		return
	}
	fmt.Printf("%s: %d items, %d customers, %d sales.\n", c.store().Where(), r.Items, r.Customers, r.Sales)
}

// mustExist keeps a mistyped --data or --db from making an empty shop that
// verifies.
func mustExist(ctx context.Context, c Config) error {
	there, err := store.Exists(ctx, c.store())
	if err == nil && !there {
		err = fmt.Errorf("there is no shop at %s: check --data, --db and --shop", c.store().Where())
	}
	return err
}

func seedVolume(ctx context.Context, c Config) (err error) {
	now := time.Now()
	clock := seed.NewClock(now)
	place := c.store()
	place.Now = clock.Now
	db, err := store.Open(ctx, place)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	r, err := seed.Volume(ctx, db, clock, now, seed.Grown(), progress())
	if err != nil {
		return err
	}
	report(c, r)
	return nil
}

// progress prints a line every two seconds.
func progress() seed.Progress {
	last := time.Now()
	return func(step string, done, total int) {
		if time.Since(last) < 2*time.Second && done < total {
			return
		}
		last = time.Now()
		fmt.Printf("%s: %d of %d\n", step, done, total)
	}
}
