// Package scanner drives serial barcode scanners: it finds the port, cuts the
// bytes into frames, decodes each frame into a [Scan], and keeps going through
// unplugging, noise and double reads.
//
// # Promises
//
//   - Order: the sink given to [Scanner.Run] is called from one goroutine, in
//     the order the bytes arrived; Seq grows by one with every event.
//   - Nothing is silent: every byte read ends in a [Scan], a [Duplicate], a
//     [Garbage] event, or is a terminator. Unknown codes are delivered, a wrong
//     check digit is reported and delivered.
//   - A scanner is known by its USB identity, never by its node: it is found
//     again on whatever node it comes up with.
//   - Memory is bounded, whatever the line sends: [Split] holds at most one
//     frame of Framing.MaxFrame bytes.
//
// # Refusals
//
// The package does not guess between two ports that match one identity, does
// not deliver half a frame cut off by unplugging, and does not look items up:
// a [Scan] says what was read, the shop decides what it means.
//
// # Start
//
//	s, err := scanner.New(scanner.Config{USB: scanner.Identity{Vendor: "0C2E", Product: "0B61"}})
//	...
//	err = s.Run(ctx, func(ev scanner.Event) { queue <- ev })
//
// [Split] and [Parse] are pure and usable alone. Package scannertest has a
// virtual scanner that sends real bytes on a pseudo-terminal.
package scanner
