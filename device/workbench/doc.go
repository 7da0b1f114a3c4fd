// Package workbench is the loopback page of a simulated kiosk: its live screen
// that takes taps, a virtual scanner, the printer's paper as it comes out, the
// drawer, faults and a switch for the network. It is also the interface that
// tests drive, so its HTTP contract is fixed; docs/workbench.md describes every
// request.
//
// It promises that a request that acts (tap, type, scan) is answered only after
// the device has dealt with it, so that the next GET sees its result, and that
// a request it cannot carry out is answered with an error in plain words and
// changes nothing.
//
// It refuses to listen anywhere but on loopback, and to exist beside real
// hardware: it speaks to the virtual scanner and the virtual printer only.
//
// Start with New and serve the Handler.
package workbench
