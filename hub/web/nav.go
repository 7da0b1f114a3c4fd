package web

// chapter is a word of the navigation's first row, with the pages below it.
type chapter struct {
	Word  string
	Pages []place
}

// place is a page of the second row. Its word is what the pages it stands for
// give as their section, so no two places share one.
type place struct {
	Word string
	Path string
}

// chapters is the navigation in the order it is shown. A chapter is shown once it has
// a page, and its second row once it has two: a new page is one line here.
func chapters() []chapter {
	return []chapter{
		{"Sales", []place{{"Sales", "/"}, {"Tills", "/tills"}, {"E-mails", "/mails"}}},
		// Who a customer is, and what the shop still owes them: orders, service
		// tickets, rentals.
		{"Customers", []place{{"Customers", "/customers"}, {"Customers' orders", "/specials"}}},
		{"Stock", []place{{"Stock", "/stock"}, {"Items", "/items"}, {"Categories", "/items/categories"}, {"Purchase orders", "/orders"}, {"Stocktakes", "/counts"}, {"Import, export", "/items/import"}}},
		{"Money", []place{{"Reconciliation", "/money"}}},
		{"Reports", []place{{"Takings", "/reports"}, {"Stock value", "/reports/stock"}, {"Journal", "/audit"}}},
		{"Devices", []place{{"Devices", "/devices"}, {"Quarantine", "/quarantine"}}},
		{"Settings", []place{{"Letterhead", "/settings/letterhead"}, {"Shop rules", "/settings/rules"}, {"Kiosk", "/settings/kiosk"}, {"Receipts", "/settings/receipts"}, {"Taxes", "/items/taxes"}, {"Bundle", "/settings/bundle"}}},
	}
}

// menu is the navigation as one page shows it.
type menu struct {
	First  []entry
	Second []entry // empty where there is nothing to choose
	Of     string  // the chapter that Second belongs to
}

// entry is one link of a menu.
type entry struct {
	place
	Current string // aria-current: "page", "true" for its chapter, or ""
	Waiting int64  // messages or payments that need a person
}

// newMenu marks the place that a section names. What waits for a person is told
// at its place and at its chapter, so that it is seen from everywhere.
func newMenu(section string, waiting map[string]int64) menu {
	var m menu
	for _, g := range chapters() {
		if len(g.Pages) == 0 {
			continue
		}
		head := entry{place: place{g.Word, g.Pages[0].Path}}
		var rows []entry
		for _, p := range g.Pages {
			e := entry{place: p, Waiting: waiting[p.Word]}
			head.Waiting += e.Waiting
			if p.Word == section {
				e.Current, head.Current = "page", "true"
			}
			rows = append(rows, e)
		}
		switch {
		case head.Current != "" && len(rows) > 1:
			m.Second, m.Of = rows, g.Word
		case head.Current != "":
			head.Current = "page"
		}
		m.First = append(m.First, head)
	}
	return m
}
