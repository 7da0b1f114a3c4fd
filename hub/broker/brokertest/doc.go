// Package brokertest has what tests of the way between hub and devices need: a
// broker that belongs to neither side, and a speaker that says whatever bytes a
// test wants as a device.
//
// It promises real MQTT over TCP on both, so that what a test sees is what a
// shop would. It refuses to know what a message means: tests judge.
//
// Start with [Listen] or [Dial].
package brokertest
