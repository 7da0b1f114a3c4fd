// Package linktest is a hub for tests of the device's side: a real MQTT broker
// in the process and a small hub behind it that speaks the real wire format,
// numbers and deduplicates events as the real one does, serves the clock and a
// catalogue, and can fail on purpose.
//
// It keeps nothing but memory. What it refuses to do is judge what is in an
// event: any event that decodes is applied.
//
// Start with New and Hub.Start; what it applied is in Hub.Applied.
package linktest
