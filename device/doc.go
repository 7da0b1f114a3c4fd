// Package device runs one counter or kiosk: it owns the State of package flow,
// feeds it events, makes what it decides durable and carries out its effects.
//
// # Order
//
// There is one queue and one owner goroutine. Events are stepped in the order
// in which Post accepted them. A step that has durable effects (an event for
// the hub, a print, a drawer pulse) is committed to the journal first; only
// then its effects run and its screen is shown. A step without them is shown
// at once and its state is written behind, in order. Slow effects go to a
// worker and come back as events.
//
// # What it promises
//
// What the screen shows as done is on the disk. If the journal cannot take a
// step, the step did not happen: the state before it stays, and the screen says
// so. A worker that fails answers with an event, never with silence.
//
// # What it refuses
//
// It knows no driver, no window, no MQTT and no bbolt: those come in as the
// small interfaces Journal, Screen, Printer and Drawer. It decides nothing about
// sales: that is flow's.
//
// Start with New and Run; hand in events with Post.
package device
