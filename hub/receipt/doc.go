// Package receipt keeps the receipts of a shop as documents in an object
// store, apart from the database.
//
// It promises that a receipt is made from the sale's row alone, the same bytes
// every time, and that a store that fails never stands in the way of a sale:
// the receipt stays due and is tried again with growing pauses. A receipt that
// is missing or damaged in the store is rebuilt from its row, compared with the
// digest noted when it was first stored, and put back. One that names somebody who
// was erased is stored anew under another key, and only then is the old one
// removed, however often that has to be tried.
//
// It refuses to print: the document is a slip.Doc. [Text] and [HTML] are how it
// looks to customers who read it on a telephone.
//
// Objects lie in a directory ([OpenDir]) or in a bucket of any S3 server
// ([NewBucket]), which never replaces one.
//
// Start with one of these for the objects, [New] for the keeper, and keep
// [Keeper.Run] going.
package receipt
