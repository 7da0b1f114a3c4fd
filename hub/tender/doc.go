// Package tender is the hub's part in taking and giving back money by card, gift
// card, store credit and deposit: what a device asks for before its sale is
// finished.
//
// # Promises
//
// The same [protocol.TenderBegin] moves money once, however often it is asked,
// by whichever process, and whatever was lost on the way. One tender is one
// payment of package pay under the same id, and so one PaymentIntent. A tender
// that was declined is told as declined only after its intent is canceled at
// Stripe, which is definite: the retry, or any other tender, is a new id and a
// new intent, and the old one can never be captured beside it. A cancel that
// meets a success is told as taken. While it is not known how a card ended the
// tender is checking, and no other card of the same sale is begun.
//
// A reader works for one sale at a time; one that is busy is a refusal in plain
// words. What was refused is never carried out later, under the same id. A tender that a sale, once committed, does not name is ended; if it was
// taken, the sale has a difference and reconciliation a finding.
//
// Gift cards, store credits and deposits are spent by one guarded statement:
// they never fall below zero, and of any number of rivals one wins. Their codes
// are kept as salted digests. The codes of new gift cards and store credits are made
// from an id and the hub's key, again each time they are asked for, and kept nowhere;
// that of a store credit is told until its sale is in the books. Who names wrong
// codes from one device has to wait, longer each time, and the office hears of it.
//
// What was taken has an audit row in the same transaction. A decline has none.
//
// # What it refuses
//
// It judges no sale (hub/sale does), speaks to Stripe through hub/pay only, and
// waits for nobody while it answers a device: news leave through store.Tx.Tell.
//
// # Start
//
// [New] gives a [Desk]: a hub.Journey to answer devices with [Desk.Answer], a
// worker to keep going with [Desk.Run], and an http.Handler for webhooks with
// [Desk.Webhook].
package tender
