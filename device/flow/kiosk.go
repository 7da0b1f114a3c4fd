package flow

import "kickstand/protocol/catalogue"

// showPrice answers a customer's price check.
func (t *turn) showPrice(item catalogue.Item) {
	t.show(ScreenPrice)
	t.Visit = Visit{Screen: ScreenPrice, Price: item}
	t.sound(Accepted)
}
