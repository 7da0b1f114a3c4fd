// Package printertest is a virtual receipt printer. It speaks ESC/POS over TCP,
// a pseudo-terminal or an in-memory pipe, turns the bytes into paper (pixels
// and text), answers status questions like an Epson, and can fail on purpose at
// any byte.
//
// Its decoder was written from the command reference and shares nothing with
// the encoder of package printer but the character tables of x/text. Commands
// it does not know are kept in [Printer.Unknown], never guessed.
//
// # Faults
//
// A [Fault] stops it the way a real printer stops. Paper-out, an open cover and
// offline stop printing and keep what was received; when the fault is cleared it
// prints on. Unplugged drops the connection, the buffer and the listener; after
// the fault is cleared it listens at the same address again. Near-end only
// shows in the status.
//
// # Start
//
//	p, err := printertest.Start(printertest.Config{Model: printertest.ModelOf(profile)})
//	defer p.Close()
//	driver := printer.TCP{Addr: p.Addr()}
//
// All methods may be called from any goroutine. Memory is bounded: the last
// [Config.Keep] documents are kept.
package printertest
