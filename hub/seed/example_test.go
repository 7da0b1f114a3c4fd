package seed_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"kickstand/hub/seed"
	"kickstand/hub/store"
)

func ExampleDemo() {
	dir, err := os.MkdirTemp("", "seed")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	s, err := store.Open(context.Background(), store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"})
	if err != nil {
		panic(err)
	}
	defer s.Close()
	for range 2 {
		r, err := seed.Demo(context.Background(), s, time.Now())
		if err != nil {
			panic(err)
		}
		fmt.Println(r.Items > 400, r.Already)
	}
	// Output:
	// true false
	// false true
}
