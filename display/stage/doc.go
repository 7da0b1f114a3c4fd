// Package stage is one screen's life without a window: views come in, pixels
// and taps come out. The window, the workbench and tests all stand before the
// same stage, so they see the same frame and tap through the same glass.
//
// It promises:
//
//   - [Stage.Show] never waits for a layout or for painting, and the latest view
//     wins; laying out and painting happen when somebody looks, on the looker's
//     goroutine. The stage has no goroutine of its own.
//   - [Stage.Look] returns pixels and nodes of the same moment.
//   - Every tap, whether of a finger, of the workbench or of a test, goes through
//     scene.UI.Pointer against the screen as it is then.
//   - Config.OnTap and Config.OnType are called on the goroutine that brought the
//     input, in its order, with no lock held.
//
// It refuses to know what a tap means and to time anything out.
//
// Start with [New], hand every flow.View to Show, wait on [Stage.Changed], and
// bring a [Mirror] up to date with [Stage.Update]. A Stage is safe for
// concurrent use; it must be the only user of its Painter.
package stage
