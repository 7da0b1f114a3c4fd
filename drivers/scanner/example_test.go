package scanner_test

import (
	"context"
	"fmt"
	"log"
	"os"

	"kickstand/drivers/scanner"
	"kickstand/drivers/scanner/scannertest"
)

// A kiosk runs the driver and hands its events to one queue.
func Example() {
	dir, err := os.MkdirTemp("", "scanner")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	virtual, err := scannertest.Open(dir, scannertest.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	defer virtual.Close()

	s, err := scanner.New(scanner.Config{Name: "counter", Path: virtual.Path()})
	if err != nil {
		log.Fatal(err)
	}
	if err := virtual.ScanAs("]E0", "4006381333931"); err != nil {
		log.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	err = s.Run(ctx, func(ev scanner.Event) {
		switch ev := ev.(type) {
		case scanner.Up:
			fmt.Println("ready")
		case scanner.Scan:
			fmt.Println(ev.Device, ev.Symbology, ev.GTIN, ev.Check)
			stop()
		}
	})
	fmt.Println(err)
	// Output:
	// ready
	// counter ean-13 04006381333931 ok
	// <nil>
}

func ExampleParse() {
	s := scanner.Parse([]byte("]C10109506000134352\x1d10AB12"))
	fmt.Println(s.Symbology, s.GTIN, s.Text)
	// Output: gs1-128 09506000134352 0109506000134352␝10AB12
}

func ExampleSplit() {
	var s scanner.Split
	show := func(c scanner.Cut) { fmt.Printf("%q\n", c.Frame) }
	s.Feed([]byte("036000291452\r\n4006381"), show)
	s.Feed([]byte("333931\r\n"), show)
	// Output:
	// "036000291452"
	// "4006381333931"
}
