package slip

import (
	"strings"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Credit returns the paper that carries a new store credit: whoever has it can
// spend it.
func Credit(shop protocol.Letterhead, currency string, amount money.Cents, code string, atMS int64) Doc {
	d := Doc{Title: "Store credit"}
	d.letterhead(shop)
	d.add(Line{Left: "STORE CREDIT", Style: Head}, Line{Left: currency, Right: amount.String(), Style: Total})
	d.pair("Date", local(atMS, shop))
	d.add(Line{Rule: true},
		Line{Left: "Keep this paper. Its code is the money.", Style: Center},
		Line{Left: code, Style: Strong},
		Line{Code: strings.ReplaceAll(code, "-", "")})
	return d
}
