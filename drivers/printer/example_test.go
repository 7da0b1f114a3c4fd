package printer_test

import (
	"context"
	"fmt"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

func Example() {
	profile, err := printer.FindProfile("epson-tm-t20iii")
	if err != nil {
		fmt.Println(err)
		return
	}
	// A virtual printer stands in for the real one on the counter.
	paper, err := printertest.Start(printertest.Config{Addr: "127.0.0.1:0", Model: printertest.ModelOf(profile)})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer paper.Close()

	p, err := printer.New(printer.Config{Transport: printer.TCP{Addr: paper.Addr()}, Profile: profile})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.Run(ctx) }()

	res, err := p.Print(ctx, printer.Doc{ID: "sale-7", Blocks: []printer.Block{
		printer.Text("Kickstand Cycles", printer.Style{Align: printer.Center, Bold: true}),
		printer.Row("Café crème", "3.50 €", printer.Style{}),
		printer.QR("https://kickstand.example/r/7", 0),
		printer.Cut(),
	}})
	fmt.Println(res.Proof, err)
	fmt.Println(paper.Documents()[0].Text)
	cancel()
	<-done
	// Output:
	// confirmed <nil>
	// Kickstand Cycles
	// Café crème                                3.50 €
	// [qr https://kickstand.example/r/7]
}
