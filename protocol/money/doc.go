// Package money is the arithmetic of a sale: prices, discounts, taxes, cash
// rounding and change, in whole cents.
//
// The kiosk uses it with no network to tell a customer what to pay, and the hub
// uses the same code to judge what the kiosk did, so both sides always agree to
// the cent.
//
// It promises:
//
//   - Every amount is a whole number of cents. Nothing passes through a
//     floating-point number, and a tax is rounded from its exact fraction.
//   - Everything adds up: the lines to the totals, untaxed amount and taxes to
//     the total, spread discounts to the discount.
//   - With prices that include tax the customer pays the sum of the price tags.
//   - A document of negated quantities gives the negated totals. The one exception
//     is an exchange with an order discount, which is on what is sold only.
//   - Bad input gives a [*LimitError] in plain words. Nothing overflows or panics.
//
// It refuses to know about clocks, storage, who may give a discount, and
// currencies whose minor unit is not a hundredth.
//
// Start with [Compute] for the total of a [Document], [Split] or [CashDue] for
// what to take in cash, and [Change] for what to hand back. [TableByName] has tax
// tables for some places to start from.
package money
