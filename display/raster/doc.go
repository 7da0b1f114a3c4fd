// Package raster paints a scene.List into pixels, in Go and nothing else.
//
// The window, the workbench's live screen, remote screenshots and the golden
// tests all use it, so what a test saw is what a customer sees. It promises:
//
//   - the same list gives the same bytes on every machine: curves are flattened
//     in whole numbers, and no multiply-and-add of floats decides a pixel;
//   - what [Painter.Width] measured is what is drawn, since both read one cache
//     of shaped runs;
//   - [Painter.PaintRects] repaints everything under a rectangle from the full
//     list, so pixels of an earlier screen never survive inside it;
//   - the caches are bounded (see [Options]).
//
// It refuses to lay out, to break lines, and to know what a screen means.
// Fonts come from Go modules. Scripts these lack (Arabic, Hebrew, Chinese,
// Devanagari and others) are taken from the Noto files in [Options.System],
// each opened when the first rune needs it.
//
// Start with [New], then [Painter.Paint] for a first frame, and [Diff] with
// PaintRects for the following ones. A Painter is not safe for concurrent use;
// one display/stage owns one.
package raster
