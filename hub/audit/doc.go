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
// Nothing in it names a person, and no guess can be held against it. Who did it
// takes part as a salted digest ([Commit]), and so does what people typed ([Say]);
// digests of documents are salted too, and a device's message carries a salt that
// is not kept. Salts and words lie beside the journal: without them nothing can
// be tested any more, and every hash, proof and signature stays valid. Row.Subject
// and bodies hold ids, which must not be names.
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
