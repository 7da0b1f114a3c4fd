// Package audit chains what a shop did, so that history cannot be rewritten
// unnoticed.
//
// It promises that changing, removing, inserting or swapping any row is found
// by [Verify], which names the first bad row. A row's hash is SHA-256 over the
// canonical bytes of the row, which contain the hash of the row before it; see
// [Row.Canonical] for the bytes, which a verifier in any language can make.
// Personal fields take part as salted digests only ([Commit]): when a person is
// erased, the salt and the text go, and every hash stays valid.
//
// It refuses to prove what only a witness can: that rows were not cut off at
// the end together with everything that mentions them, or that the whole chain
// was not computed afresh by somebody who owns the database.
//
// Start with [Seal] and [Verify].
package audit
