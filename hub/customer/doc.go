// Package customer finds customers as staff type, for the office and for the
// counters, and writes what the shop holds about one.
//
// It promises that a [Finder] forgives small mistakes in names and addresses but
// none in numbers, that what it returns is as it is in the books at that moment,
// and that a customer who was erased or merged away is not found under the old
// name.
//
// It refuses to say why it knows somebody: nothing of what was typed or found
// reaches a log or the journal.
//
// Start with [NewFinder].
package customer
