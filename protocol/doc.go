// Package protocol holds the words a device and the hub share: topics, the
// envelope every message travels in, one Go type per kind of message, and the
// rules for reading and refusing them.
//
// It promises that whatever Encode writes Decode reads back, that a message of
// an unknown version or kind is refused with a *RefusedError naming the reason
// and never dropped in silence, and that no decoder panics on any input.
//
// It refuses to know how messages are carried or stored: MQTT lives in
// device/link and hub/broker, bbolt in device/journal, SQL in hub/store. It
// imports the standard library only.
//
// Start with Envelope for the frame, Kinds for the list of what may be said,
// and Topic for where it is said. The JSON Schemas in schema/ and the AsyncAPI
// document beside them are generated from these types by protocol/cmd/schema.
package protocol

//go:generate go run ./cmd/schema -out schema
