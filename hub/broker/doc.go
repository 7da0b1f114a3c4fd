// Package broker carries MQTT between devices and a hub: as the broker itself
// ([Embedded]), or as a client of any other broker ([Client]).
//
// It promises that messages of one device reach the handler in the order in
// which they came and never two batches at once, while those of different
// devices run beside each other, so that their events share a commit. What
// waits meanwhile is handed over together. Replies of a device are published in
// order, QoS 1, never retained.
//
// A message that the handler could not take, because the database was locked
// or full, is given to it again after a pause. The broker itself keeps nothing:
// sessions are clean, and what a device has not seen acknowledged by the hub it
// sends again. So the broker's own memory can be lost at any time.
//
// It refuses to let a device speak for another: a device may publish on its own
// topics and subscribe to its own topics, and its client id is "shop.device".
// What it publishes elsewhere is dropped and logged, not answered with a closed
// connection, because a closed connection would make it send the same again
// for ever.
//
// Start with [Listen] or [Dial] for the transport and [Serve] to run it.
package broker
