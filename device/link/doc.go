// Package link is the device's side of MQTT: it brings the events of the journal
// to the hub in order, and what the hub says to the device.
//
// It promises that
//
//   - only the hub's HubAck, which the hub sends after its database commit,
//     deletes an event. What the broker confirms (PUBACK) is flow control and
//     means nothing;
//   - the events of a stream are sent in the order of their numbers, at most
//     Window of them unacknowledged. Whatever was not acknowledged is sent again:
//     at once when the hub asks for it, after a while when nothing comes, and
//     after every new connection. The hub may therefore see an event twice and
//     tells it by its number;
//   - a connection subscribes first, says its birth second, and sends events
//     third, so that no answer to them can be missed;
//   - a connection on which the hub leaves a question unanswered is given up for
//     a new one, because the broker may have stopped delivering to it;
//   - no message from the network makes it panic or act for another device. What
//     is malformed, foreign or unasked is counted and logged.
//
// It refuses to keep anything: the session at the broker is clean, nothing is
// retained or queued there, and measurements live in memory.
//
// Messages from the hub are handled one after the other in one goroutine. The
// MQTT library calls the handler in the order of arrival and the handler only
// puts the message into a queue: a handler that waits or publishes would block
// the library for ever, and its unordered mode, meant as a cure, starts one
// goroutine per message and loses their order.
//
// Start with New, keep Run going, and ask questions with Ask.
package link
