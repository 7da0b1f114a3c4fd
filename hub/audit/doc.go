// Package audit chains what a shop did and seals it, so that history cannot be
// rewritten unnoticed.
//
// It promises that changing, removing, inserting or swapping any row is found
// by [VerifyBook], which names the first bad row. Four things hold a journal
// together:
//
//   - The chain: a row's hash is SHA-256 over the canonical bytes of the row,
//     which contain the hash of the row before it; see [Row.Canonical] for the
//     bytes, which a verifier in any language can make.
//   - The devices' chains: an event's Follows is the digest of the event before it
//     in its device's stream, made by the device. It holds against somebody who
//     has the hub's key.
//   - The tree: the hashes of all rows are the leaves of a Merkle tree as in
//     RFC 6962, so that short proofs lead from a row to the whole and from
//     yesterday's whole to today's ([ProveRow], [ProveGrowth]).
//   - The checkpoints: a [Sealer] signs the size and root of the tree at most
//     once a second while the journal grows. Whoever has noted a checkpoint, or
//     its short [Checkpoint.Code], can later tell whether it is still part of
//     history.
//
// Who did it takes part as a salted digest only ([Commit]): without the salt it
// can no longer be tested, and every hash, proof and signature stays valid. The
// digests of whole documents have no salt, and reasons that people type are in
// bodies as they are: both outlast an erasure.
//
// It refuses to prove what only a witness can. Whoever owns both the database
// and the key can make the whole journal anew; that is found only by somebody
// who kept a checkpoint, a code or the export of an earlier day. Rows younger
// than the last checkpoint are held by the chain alone. Times are claims of the
// hub's clock; numbers order.
//
// Start with [Seal], [NewSealer] and [VerifyBook]; [Export] writes a file that
// is verified without the database.
package audit
