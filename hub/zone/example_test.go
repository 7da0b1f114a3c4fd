package zone_test

import (
	"fmt"
	"time"

	"kickstand/hub/zone"
	"kickstand/protocol"
)

func ExampleOf() {
	shop := protocol.Letterhead{Zone: "America/Vancouver", UTCOffset: -8 * 3600}
	summer := time.Date(2026, 7, 1, 19, 0, 0, 0, time.UTC)
	fmt.Println(summer.In(zone.Of(shop)).Format("15:04"), zone.Offset(shop, summer)/3600)
	// Output:
	// 12:00 -7
}
