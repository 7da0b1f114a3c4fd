// Package hub receives what devices say and decides what becomes of it: one
// envelope in, one transaction, replies out.
//
// It promises:
//   - An event is applied exactly once, however often and in whatever pieces it
//     arrives: its effects, its audit row and the cursor of its stream move in
//     one transaction, and the acknowledgement is made after the commit.
//   - Nothing a device sends is dropped in silence. What cannot be applied goes
//     into quarantine with its bytes and a reason, the cursor moves on and the
//     acknowledgement names it, so one bad event never blocks a queue.
//   - Only enrolled devices are heard. Others are listed for a person and get
//     no acknowledgement, so they keep what they have.
//   - What the hub wants to tell devices by itself leaves through the outbox of
//     the store, after the commit that decided it.
//
// It refuses to carry messages (hub/broker does), to judge a sale (hub/sale),
// and to know SQL (hub/store).
//
// Start with [New]; give messages of one device to [Hub.HandleAll] in their
// order, and keep [Hub.Run] going.
package hub
