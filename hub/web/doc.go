// Package web is the shop's office in a browser: the sales of a day, a sale
// with its receipt, the stock, the devices, the messages the hub could not
// accept, the journal with its seals, reports of any period, also as CSV, and
// the pages on which signed-in staff change items, prices and stock, and see and
// change customers.
//
// It promises pages that work without scripts, in any browser, on a telephone
// and in the dark; that everything shown is read from committed rows; and that
// a page says in plain words what is wrong and what to do about it. Times are
// the shop's own. Every change is one transaction with an audit row that names
// who, and happens once however often its form is sent.
//
// It refuses to change anything for somebody who is not signed in or whose role
// has no right to it (hub/right). Reading needs nobody on a loopback listener;
// elsewhere set Config.Closed. It asks no other server for anything: fonts and
// style come from the program itself.
//
// Start with [New] for the handler and [Serve] to run it.
//
// # A page that changes something
//
// It is a value of type change, registered in office.changes with one line for
// GET and POST; adjust.go with templates/adjust.html is the smallest example.
//
//   - Right is the action of hub/right it needs. Who may not gets a page that
//     says who may; who is not signed in signs in first and comes back, with what
//     was typed. On other pages draw its link with {{template "action" (action $
//     "change stock" "/there" "Words")}}, which explains itself to who may not.
//   - Show gathers the page. It runs for GET, and after a POST that was wrong.
//     f.Default fills fields that nobody has typed into yet.
//   - Do judges and writes in the one transaction it is given. It reads fields
//     with f.Get, says f.Fail(field, "words") for what is wrong (then nothing is
//     written and the page comes back with everything typed), uses exported
//     methods of *store.Tx, and ends with v.audit(t, "thing.changed", id, facts).
//     It may run twice: it keeps nothing but what it returns.
//   - done.Leads is the page that comes next, done.Says what it says on top.
//   - The template begins its form with {{template "token" .Form}}, which makes a
//     second click or the back button lead to the same page without doing it
//     again, and draws fields with {{template "field" (field .Form "name" "Label"
//     "hint" "")}}; choice is a list, tick a box. The kind "money" or "number"
//     chooses the keyboard of a telephone.
//   - A page that only reads may carry small forms for other addresses: every page
//     has a token in .Form.
package web
