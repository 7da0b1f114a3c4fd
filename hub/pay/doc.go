// Package pay is the shop's one door to card money: Stripe with server-driven
// Terminal readers (API version 2023-10-16), holds, saved cards, pages to pay on,
// refunds, lists for reconciliation and webhooks.
//
// # Promises
//
// A payment is charged at most once. It has one PaymentIntent for its whole
// life, and is over only when Stripe says that this intent has succeeded or is
// canceled, or that it was never made. A decline leaves the intent open: the
// next try is the same intent with the next attempt number, and another tender
// may be taken only after [Client.Cancel] has answered [Canceled]. A cancel that
// meets a success answers [Captured]: it is a sale, not an error.
//
// Each request is written to [Attempts] with its idempotency key and the hash
// of its content before it is sent for the first time. The key follows from
// shop, payment, step and attempt number alone, so two processes that decide
// the same thing ask for it with the same key. When the answer to a request is
// not known, only a replay under the same key with the same content, or a
// reading of the intent, settles it; a new key never does. Keys are forgotten
// after a day, so nothing older than [MaxReplay] is replayed: such a payment is
// looked up, and handed to a person when that does not settle it
// ([Status].Person).
//
// A process may end between any two steps: a new [Client] over the same Attempts
// goes on where the old one stopped.
//
// A hold ([Client.Hold]) is authorised like a payment and captured later, in part
// or whole, by [Client.Capture]. It is the shop's money only when the Status says
// Captured. Until then it is Held, or CaptureDue when a capture is wanted and not
// yet known to have happened; Lapsed says that its time ran out. How long that is,
// Stripe says with each hold (Status.HeldUntil).
//
// Debit cards of Interac get their money back with the card at a reader only:
// [Refund] with a Reader. [Client.CheckRefund] finds refunds that a bank sends back
// days later.
//
// A card is saved at a reader ([Client.SaveCard]) or on a page ([Client.Checkout]
// without an amount), and charged with nobody present by [Client.ChargeSaved] and
// by Hold. Of a customer, Stripe is told the shop's id and nothing else.
//
// Reconciliation lists what moved at Stripe with [Client.List], completes it
// with [Client.Complete], and names every difference from the books in both
// directions with [Compare], which is pure.
//
// # What it refuses
//
// It takes no card payment without the internet, holds no card number, and never
// writes a key to a log. It changes neither sales nor stock. An amount that
// differs under one payment id is refused with [ErrChanged]. Webhooks are hints
// that something can be read: no money follows from their content, so late,
// doubled and reordered ones do no harm.
//
// It does not share out readers: two sales that use one reader take it from each
// other, which costs a try and no money. The hub gives each reader to one sale
// at a time.
//
// # From memory
//
// Nothing here was run against Stripe itself yet; the test with -live-test is for
// that. Names and types of all parameters are checked with stripe-mock. These are
// believed, and the simulated Stripe behaves so: a hold that lapses is a canceled
// intent with the reason "automatic"; what a partial capture leaves is released
// at once; an intent can be raised only when its card was at a reader; a saved
// card that is declined answers 402, which its key remembers; a card saved at a
// reader is kept as the generated_card of the setup attempt, attached to the
// customer of the SetupIntent; the metadata of a refund at a reader reach the
// refund; a page makes its PaymentIntent when the customer first pays, and may
// last from 30 minutes to 24 hours; forgetting a card twice is refused; a capture
// has its balance transaction at once.
//
// # Start
//
// [New] with a [Config] and an Attempts, then [Client.Collect] and
// [Client.Advance] as long as the [Status] is open, or [Client.Follow], which
// does so. The decisions are in [Next], [NextRefund], [NextCustomer] and
// [NextForget], which are pure.
// The package paytest beside this one is a Stripe to test against.
package pay
