// Package flow is everything a counter or kiosk decides: which screen comes
// next, what a scan means, when a sale is finished, what to print and what to
// tell the hub. It is a function of values: [Step] turns a [State] and an
// [Event] into the next State and the [Effect] values to carry out, and
// [State.View] says what the screen shows.
//
// It promises:
//
//   - The same State and Event always give the same result. Step reads no
//     clock, no chance and no file; time and fresh ids arrive in the Event.
//   - An old State is never changed by a later Step.
//   - A slip number is given out once, together with its sale, and the counter
//     is part of what the runtime stores in the same commit.
//   - A finished sale is sent once, and no tap or scan can close a sale twice: a
//     tap on what is not on the screen does nothing.
//   - A receipt is printed unasked only while it is younger than ten minutes;
//     one that may be on paper already comes again as a marked copy.
//   - Nothing of one customer is left after a kiosk's reset.
//
// It refuses to do arithmetic of its own (that is protocol/money), to lay out
// screens (display/scene), and to touch printers, drawers, files or networks:
// it asks for those with effects.
//
// Start with [New], [Restore] what was stored, and Step a [Booted] event.
//
// # Ids
//
// A tap arrives as the id of a button, row or key of the View. Ids are stable;
// tests and the workbench use them. A tap on an id that is not on the View does
// nothing, on a disabled one says why. The second half of a double tap is kept
// off the next screen by the glass (scene.UI). While a dialog is open only its
// buttons count.
//
//	start next search more             attract, done, sale
//	discount undo park parked void     sale
//	show-total pay                     sale
//	line:<n>                           choose line n, counted from 1
//	line:<n>:plus|minus|qty            the chosen line
//	line:<n>:discount|remove           the chosen line
//	hit:<item-id>                      search: take this item
//	key:<character>                    search, mail: any one printable character
//	key:space|backspace|clear|enter    search, mail
//	way:<tender> cash:<cents> settle   pay: a way to pay, a quick amount, the end
//	part all aside paid:<n>:back       pay: a part only, put aside, give back
//	code-ok                            code: take what was scanned or typed
//	gift-amount:<cents> gift-code      gift: a usual amount, a card with a code
//	gift-new gift-balance              gift: a new card instead, what is on one
//	who-ok deposit:<cents>             code: who an order is for; deposit: a usual share
//	special:<id> special-back:<slip>   specials: sell an order, give its deposit back
//	cancel-tender again other          tender: while the hub carries it out
//	ask-again aside                    tender: and when it came to nothing
//	buy empty staff                    kiosk: buy the item, start over, call staff
//	key:0 … key:9, key:00              quantity, discount, pay
//	key:backspace|clear                quantity, discount, pay
//	ok                                 quantity, discount: take the number
//	percent:<n>                        discount presets; percent:0 takes it away
//	unit:percent|amount                discount: what the number means
//	cash:<cents> cash-ok               pay: a quick amount, the typed amount
//	reprint reprint:<slip>             a copy: done, receipts
//	copy:<slip>                        receipts: of another device
//	by-qr by-mail                      done: the receipt without paper
//	mail-ok                            mail: send it to what is typed
//	job:<slip>:print|skip              a waiting receipt: done, receipts
//	resume:<n>                         parked: the n-th sale
//	operator operator:<id>             strip, operators
//	receipts device drawer notices     attract, device
//	help                               every screen of a kiosk
//	back                               wherever a screen was opened from
//	till till-open till-close          the drawer's session
//	till-in till-out till-x till-z     cash in and out, X report, the last Z again
//	count:<coin>[:plus|minus]          counting: pieces of a coin or note
//	till-amount till-ok                a sum instead of pieces, take the number
//	till-counted till-again            the count is done, once more
//	till-finish till-resume            close it, or go on selling
//	banner:receipts|device|parked      the banner's button
//	toast:undo                         the toast's button
//	dialog:dismiss                     close a dialog and do nothing
//	dialog:search                      unknown or misread code
//	dialog:item:<item-id>              several items share a code
//	dialog:void|keep                   void the sale?
//	dialog:receipts|device|operators   more
//	dialog:refund|copy                 a receipt was scanned or typed
//	dialog:order dialog:orders         more: order or lay away, open orders
//	dialog:order-kind:<kind>           which of both
//	dialog:order-of                    the order of a receipt
//	dialog:gift                        more: gift cards
//	dialog:is-card dialog:top-up       unknown code; what a card holds
//	dialog:drawer, dialog:why:<n>      more; why the drawer is opened
//	dialog:stay|end                    kiosk: are you still there?
package flow
