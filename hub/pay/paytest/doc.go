// Package paytest is a Stripe to test against: it speaks the HTTP API for every
// call that package pay makes, keeps state between calls, and keeps a ledger of
// its own that judges whoever charges cards.
//
// It promises the real state table of PaymentIntents (2023-10-16, card_present
// and saved cards, captured at once or later), holds that lapse by its clock,
// readers with a simulated customer, SetupIntents, pages of Checkout, refunds that
// never exceed the charge and may fail later, balance transactions, and idempotency keys as Stripe keeps them: for 24
// hours, with a check of the parameters, repeating stored 500s, and not storing
// errors of validation. Parameters that it does not know are refused. It can
// fail on purpose at every call: see [Fault]. Webhooks are signed, and come
// repeated, reordered and late.
//
// It refuses everything that pay does not ask for, and is no judge of spelling
// beyond the names of parameters: stripe-mock is. Its fees are made up.
//
// A [Stripe] is an http.Handler. [Stripe.Start] serves it on loopback;
// [Stripe.Client] reaches it without a socket, where a hang costs no time and
// one seed gives one run. [Open] keeps the ledger in a file, so that it outlives
// the process; [Stripe.Serve] runs everything that a shop to try needs: the API,
// [Stripe.Page] to play the customers, and the delivery of webhooks. [Book] is a
// pay.Attempts in memory that can crash.
package paytest
