// Package scene lays out the screens of the counter and the kiosk.
//
// [Layout] turns a flow.View into a [List]: drawing operations in painting
// order and the nodes that a finger, a test or a screen reader can find. It is
// a pure function: the same view, panel, preferences, fonts and touch state
// give the same list, on every machine. [UI] is the little that lives on the
// glass only (what is pressed, how far a list is scrolled); [UI.Pointer] moves
// it on and says what was tapped.
//
// Promises:
//   - Sizes are millimetres on the panel's glass, never pixels: targets are at
//     least 20 mm for customers (Colle and Hiszem, Ergonomics 47(13), 2004) and
//     12 mm for staff, capital letters at least 3.5 mm and 2.5 mm high. The
//     exceptions are keys of the on-screen keyboard, which are as wide as ten
//     in a row allow and 12 mm high on the smallest panel, what shares a row
//     with them or with the query above, and rows cut by a list's edge.
//   - Text is shortened or set in two lines, never clipped and never painted
//     over other text. The whole text stays in the node.
//   - Text has a contrast of at least 4.5:1 against what lies beneath it, 7:1
//     in the contrast theme; outlines of controls have 3:1 (WCAG 2.2, 1.4.3,
//     1.4.6 and 1.4.11), save quiet buttons, which are known by their words.
//   - Interactive nodes do not overlap and lie within the panel. The primary
//     action is bottom right at one place for every screen, back bottom left.
//   - A state is never shown by colour alone.
//   - What a list hides is among the nodes, with an empty rectangle; what a
//     dialog covers can be read but not tapped.
//   - A toast never covers anything that can be tapped.
//
// It refuses to decide anything: it computes no price, keeps no copy of the
// cart and enables no button. Package raster paints a List; package stage ties
// view, list and touch together.
package scene
