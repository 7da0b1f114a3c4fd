package slip

import (
	"fmt"

	"kickstand/protocol"
)

// Order returns the paper that a customer gets for an order or a layaway: what was
// ordered, what was paid and what remains. Its code is the receipt of the deposit.
func Order(shop protocol.Letterhead, o *protocol.SpecialInfo) Doc {
	word := "ORDER"
	if o.Order == protocol.Layaway {
		word = "LAYAWAY"
	}
	d := Doc{Title: word}
	d.letterhead(shop)
	d.add(Line{Left: word, Style: Head})
	d.pair("For", o.Who)
	d.pair("Date", local(o.PlacedMS, shop))
	d.pair("Receipt", o.Slip)
	d.add(Line{Rule: true})
	for _, l := range o.Lines {
		d.pair(l.Name, fmt.Sprintf("%d x", l.Qty))
	}
	d.add(Line{Rule: true})
	d.pair("Total "+o.Currency, o.Total.String())
	d.pair("Deposit paid", takenOff(o.Deposit))
	d.add(Line{Left: "Remains to be paid", Right: (o.Total - o.Deposit).String(), Style: Total},
		Line{Left: "Bring this paper when you pick it up.", Style: Center},
		Line{Code: o.Slip})
	return d
}
