// Package sale judges sales: given what the shop knows and the sale a device
// says it made, it says what must be written down.
//
// It promises that what the customer paid is never altered. A sale that can
// have happened is accepted whatever the hub would have computed, and every
// disagreement becomes a [Difference] for a person to settle. Only a sale that
// cannot have happened, such as one whose payments do not cover its total, is
// refused, with an [*ImpossibleError] in plain words.
//
// It refuses to look anything up: the caller puts what is known into [State].
// The package is PURE. Start with [Decide].
package sale
