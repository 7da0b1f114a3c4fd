package main

import (
	"context"
	"fmt"

	"kickstand/hub/store"
	"kickstand/protocol/money"
)

// tillCommand says how the shop runs its tills. The hub must not be running.
func tillCommand(ctx context.Context, args []string) error {
	var c Config
	fs := c.flags("till")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	sessions := fs.String("sessions", "", "`on`: a counter takes money only while its till is open; off: at any time")
	accept := fs.String("accept", "", "a difference up to this `amount`, such as 2.00, needs no reason at the close")
	if err := c.parse(fs, args); err != nil {
		return err
	}
	return withShop(ctx, c, func(db *store.Store) error {
		set, err := db.Settings(ctx)
		if err != nil {
			return err
		}
		rules := set.Till
		switch *sessions {
		case "on", "off":
			rules.Sessions = *sessions == "on"
		case "":
		default:
			return fmt.Errorf("--sessions %s: say on or off", *sessions)
		}
		if *accept != "" {
			if rules.Accept, err = money.Parse(*accept); err != nil || rules.Accept < 0 {
				return fmt.Errorf("--accept %s: give an amount such as 2.00", *accept)
			}
		}
		if err := db.PutTillRules(ctx, rules); err != nil {
			return err
		}
		fmt.Printf("sessions %s, differences up to %v need no reason\n", onOff(rules.Sessions), rules.Accept)
		return nil
	})
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}
