package seed

import (
	"fmt"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// staffOf is who works in the demo shop. Discounts are in parts per million.
func staffOf() []protocol.Operator {
	return []protocol.Operator{
		{ID: "op-maren", Name: "Maren", Role: "owner", MaxDiscount: 1_000_000},
		{ID: "op-tomas", Name: "Tomas", Role: "service lead", MaxDiscount: 250_000},
		{ID: "op-priya", Name: "Priya", Role: "mechanic", MaxDiscount: 100_000},
		{ID: "op-jules", Name: "Jules", Role: "sales", MaxDiscount: 150_000},
		{ID: "op-kai", Name: "Kai", Role: "junior", MaxDiscount: 50_000},
	}
}

// devices are the shop's two counters and its kiosk.
func devices() []store.Device {
	return []store.Device{
		{ID: "counter-1", Role: protocol.Counter, Name: "Front counter", Prefix: "C1", Reader: "tmr_counter1"},
		{ID: "counter-2", Role: protocol.Counter, Name: "Workshop counter", Prefix: "C2", Reader: "tmr_counter2"},
		{ID: "kiosk-1", Role: protocol.Kiosk, Name: "Kiosk at the door", Prefix: "K1", Reader: "tmr_kiosk1"},
	}
}

var (
	firstNames = [...]string{
		"Ada", "Bram", "Celia", "Dmitri", "Esme", "Farid", "Greta", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mina",
		"Noor", "Odette", "Pavel", "Quinn", "Rosa", "Stellan", "Tamsin", "Uma", "Viktor", "Wren", "Xenia", "Yusuf", "Zora",
	}
	lastNames = [...]string{
		"Abernathy", "Birchall", "Castellane", "Dunmore", "Eklund", "Fairweather", "Ganzorig", "Hollis", "Ibarra", "Jessop",
		"Kowalczyk", "Lachance", "Moriarty-Lum", "Nakagawa", "Okonkwo", "Pemberton", "Quaife", "Rasmussen", "Singh", "Thibodeau",
		"Underhill", "Vancea", "Whitlock", "Xu", "Yelland", "Zabriskie", "Ó Faoláin", "van der Meer", "Cheung", "Brightwater",
	}
	// areas are area codes of Canada, the shop's own first.
	areas = [...]int{
		250, 604, 778, 236, 672, 403, 587, 780, 825, 306, 639, 204, 431, 416, 437, 647, 905, 289, 365, 519, 226, 548, 705, 249, 613, 343, 807, 514, 438, 450, 579,
	}
	notes = [...]string{
		"", "", "", "", "Commutes all year, two bikes.", "Prefers a text message.", "Touring in summer, wants a check in May.",
		"Rides a cargo bike with two children.", "", "", "Member of a cycling club.",
	}
)

// customerID is the id of the i-th of the invented customers.
func customerID(i int) string { return fmt.Sprintf("cus-%06d", i+1) }

// customers invents n people. Telephone numbers are of the range kept for
// fiction, addresses of the domain kept for examples.
func customers(n int) []store.Customer {
	all := make([]store.Customer, n)
	for i := range all {
		first, last := firstNames[i%len(firstNames)], lastNames[(i*7+i/len(firstNames))%len(lastNames)]
		all[i] = store.Customer{
			ID:       customerID(i),
			Name:     first + " " + last,
			Email:    fmt.Sprintf("customer%d@example.com", i+1),
			Phone:    fmt.Sprintf("%d-555-01%02d", areas[i/100%len(areas)], i%100),
			Notes:    notes[i%len(notes)],
			AIOptout: i%9 == 4,
		}
	}
	return all
}
