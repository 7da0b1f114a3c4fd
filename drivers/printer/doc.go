// Package printer prints receipts on ESC/POS printers and says honestly what
// came of it.
//
// A [Doc] is the receipt as a plain value: lines, rows, a logo, a QR code, a
// barcode, the drawer kick and the cut. A [Profile] says what one model of
// printer can do. [Encode] turns the two into bytes and nothing else: no
// clock, no device. A [Printer] owns one real printer, reached through a
// [Transport] (TCP port 9100, a serial port, or /dev/usb/lp*), keeps it open
// across power cycles, watches its status and prints documents on it.
//
// # Promises
//
// Text is UTF-8 and comes out as written. A line goes to the code page of the
// profile that holds it; a line no code page holds is drawn as a picture. A
// "?" is never printed in place of a letter. Text cannot smuggle commands:
// control characters never reach the wire.
//
// A document leaves the machine at most once per call of [Printer.Print]. The
// driver never sends again by itself after the first byte went out, because
// accepted bytes may already be on paper. What it knows is in [Result.Proof]:
//
//   - [Confirmed]: the printer sent back the document's token after printing it
//     (GS ( H, function 48, on printers that have it)
//   - [Sent]: the printer worked through all bytes (GS r answered) and had no
//     complaint afterwards; weaker, since paper may still be moving
//   - [NotSent]: no byte left the machine, so printing again is safe
//   - [Unknown]: bytes went out and nothing came back that proves anything;
//     ask a person, and mark a second copy as a copy
//
// Events reach [Config.Sink] in the order they were seen, one at a time.
//
// # Refusals
//
// The package holds no queue and never decides to print a document again: a
// held or doubtful document is the caller's business. It reads no flags,
// environment or files other than the device it is told to open; fonts for
// scripts the built-in face lacks come in as an [io/fs.FS].
//
// # Real-time commands inside data
//
// A printer looks for DLE EOT, DLE ENQ and DLE DC4 (bytes 10 04, 10 05, 10 14
// hexadecimal) the moment bytes arrive, and some take them even in the middle
// of a picture: a logo could open the drawer. Cutting the picture differently
// does not help when the pair lies inside one row. The encoder therefore
// guarantees that the pairs never occur: where dots of a picture would form
// one, a single dot next to a black one is made black as well. At 203 dots an
// inch nobody sees it, and codes are drawn several dots a module, so readers
// do not either.
//
// # Start
//
//	p, err := printer.New(printer.Config{
//		Transport: printer.TCP{Addr: "192.0.2.7:9100"},
//		Profile:   profile,
//		Sink:      func(ev printer.Event) { queue <- ev },
//	})
//	go p.Run(ctx)
//	res, err := p.Print(ctx, doc)
//
// The command names follow Epson's ESC/POS command reference.
package printer
