// Package seal reads and checks what a hub signs of its journal: checkpoints,
// their short codes, and the proofs that a later one continues an earlier one.
// Devices check with it what the hub tells them; the hub makes the same things in
// hub/audit.
//
// It promises that a checkpoint is accepted in one form only, and that of two
// checkpoints which [CheckGrowth] accepts the later has every row of the earlier
// one, unchanged and in its place.
//
// It refuses to judge a checkpoint alone: whoever owns the hub's key can sign
// anything. Only comparing with what was kept before tells.
//
// Start with [ParsePublic], [Public.Check] and [CheckGrowth]. The package is PURE.
package seal
