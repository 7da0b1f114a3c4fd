package pgtest_test

import (
	"context"
	"fmt"

	"kickstand/hub/store"
	"kickstand/hub/store/pgtest"
)

func Example() {
	ctx := context.Background()
	server, err := pgtest.Start(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = server.Close() }() // nothing is kept
	s, err := store.Open(ctx, store.Config{URL: server.URL(), Shop: "demo"})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(s.Shop(), s.Close())
}
