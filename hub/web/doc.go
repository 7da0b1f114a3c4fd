// Package web is the shop's office in a browser: the sales of a day, a sale
// with its receipt, the stock, the devices, the messages the hub could not
// accept, the journal with its seals, and reports of any period, also as CSV.
//
// It promises pages that work without scripts, in any browser, on a telephone
// and in the dark; that everything shown is read from committed rows; and that
// a page says in plain words what is wrong and what to do about it. Times are
// the shop's own.
//
// It refuses to change anything: every page answers GET only. There is no
// login yet, so [Serve] must be given a loopback listener; staff accounts come
// with the tills' sessions. It asks no other server for anything: fonts and
// style come from the program itself.
//
// Start with [New] for the handler and [Serve] to run it.
package web
