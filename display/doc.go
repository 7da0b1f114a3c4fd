// Package display is the window: it shows a stage on an X screen and brings it
// fingers and keys. It is the only package that imports Ebitengine, whose
// import panics where there is no X display; nothing that is tested without
// one may import it.
//
// It promises:
//
//   - a screen that does not change costs next to nothing: the window waits for
//     events, uploads only the rectangles that changed, and draws nothing else;
//   - no tap is lost, however short: pointer and keys are read as a queue of X
//     events on a connection of our own. Ebitengine's input is a state that is
//     polled once a frame, in which a press and a release between two frames
//     cancel out;
//   - [Run] ends soon after its context and leaves no goroutine behind.
//
// It refuses to draw anything itself, to know what a screen means, and to run
// without X11.
//
// Keys come from the X server's core keyboard map: Latin letters and Unicode
// keysyms with Shift, Caps Lock, Num Lock, AltGr and the second group; input
// methods and dead keys are not used.
//
// Start with Run, on the main goroutine and once in a process.
package display
