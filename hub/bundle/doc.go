// Package bundle writes everything a shop owns into one file that its owner can
// take away: database, tables as CSV, journal, receipts, what they mean, and how
// to go on from them on another computer.
//
// It promises that all of a bundle is of one moment, while the hub goes on
// selling; that a file stands under its name only when it is whole and on the
// disk; that a process which is killed leaves nothing that [Sweep] does not find;
// and that MANIFEST names the SHA-256 of every part, which [Verify] and sha256sum
// check.
//
// It refuses to put keys into a bundle, to replace a file that exists, and to
// make two of one shop at once.
//
// Start with [Maker.Write] for one file. For an office that asks for bundles,
// keep [Keeper.Run] going.
package bundle
