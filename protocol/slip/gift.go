package slip

import (
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Gift returns the paper of a new gift card: whoever has it can spend it.
func Gift(shop protocol.Letterhead, currency string, amount money.Cents, code string, atMS int64) Doc {
	d := Doc{Title: "Gift card"}
	d.letterhead(shop)
	d.add(Line{Left: "GIFT CARD", Style: Head}, Line{Left: currency, Right: amount.String(), Style: Total})
	d.pair("Date", local(atMS, shop))
	d.add(Line{Rule: true},
		Line{Left: "Whoever has this paper can spend it.", Style: Center},
		Line{Left: "Keep it like cash. It does not expire.", Style: Center},
		Line{Left: protocol.SpaceCode(code), Style: Strong},
		Line{Code: protocol.PlainCode(code)})
	return d
}
