package printertest_test

import (
	"fmt"
	"io"

	"kickstand/drivers/printer/printertest"
)

func Example() {
	p, err := printertest.Start(printertest.Config{})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer p.Close()
	conn, err := p.Dial()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer conn.Close()

	// A line, a cut, and the question whether everything is printed.
	if _, err := io.WriteString(conn, "\x1b@Hello\n\x1dV\x00\x1d(H\x06\x0000Job1"); err != nil {
		fmt.Println(err)
		return
	}
	answer := make([]byte, 7)
	if _, err := io.ReadFull(conn, answer); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("%q\n", answer)
	d := p.Documents()[0]
	fmt.Println(d.Text, d.Complete, d.Image().Bounds().Dx())
	// Output:
	// "7\"Job1\x00"
	// Hello true 576
}
