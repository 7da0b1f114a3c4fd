package web

import "strings"

// auditWord names the kinds of rows of the journal for people.
var auditWord = map[string]string{
	"sale.completed":    "Sale",
	"drawer.opened":     "Drawer opened",
	"receipt.printed":   "Receipt printed",
	"receipt.mail":      "Receipt asked for by e-mail",
	"mail.seen":         "Failed e-mails noted",
	"mail.again":        "E-mail tried again",
	"journal.reset":     "New memory of a device",
	"journal.gap":       "Events dropped by a device",
	"device.fault":      "Device fault",
	"device.key":        "Key of a device",
	"event.quarantined": "Event set aside",
	"events.missing":    "Events that never came",
	"seal.accepted":     "New start of the journal accepted",
	"till.opened":       "Till opened",
	"till.moved":        "Cash in or out",
	"till.closed":       "Till closed",
	"cart.parked":       "Sale parked",
	"cart.gone":         "Parked sale gone",
	"tender.taken":      "Payment taken",
	"tender.undone":     "Payment given back",
	"tender.settled":    "Payment looked up",
	"finding.opened":    "Difference found",
	"finding.gone":      "Difference gone",
	"finding.settled":   "Difference settled",
	"reconcile.asked":   "Comparison asked for",
	"customer.added":    "Customer added",
	"customer.changed":  "Customer changed",
	"customer.consent":  "Consent of a customer",
	"customer.merged":   "Customers merged",
	"customer.exported": "Customer's data exported",
	"customer.erased":   "Customer erased",
	"item.added":        "Item added",
	"item.changed":      "Item changed",
	"item.pictured":     "Picture of an item changed",
	"items.importing":   "Import begun",
	"items.imported":    "Items imported",
	"items.undoing":     "Undoing of an import begun",
	"items.unimported":  "Import undone",
	"category.renamed":  "Category renamed",
	"taxes.changed":     "Taxes changed",
	"price.planned":     "Price planned",
	"price.changed":     "Price changed",
	"price.dropped":     "Planned price dropped",
	"special.placed":    "Customer's order made",
	"special.arrive":    "Customer's order arrived",
	"special.keep":      "Customer's order cancelled, deposit kept",
	"codes.guessed":     "Wrong codes of gift cards",
	"order.made":        "Purchase order made",
	"order.changed":     "Purchase order changed",
	"order.closed":      "Purchase order closed",
	"stock.received":    "Goods received",
	"stock.adjusted":    "Stock adjusted",
	"stock.counted":     "Stock counted",
	"stocktake.opened":  "Stocktake opened",
	"stocktake.dropped": "Stocktake dropped",
	"stocktake.booked":  "Stocktake booked",
	"operator.erased":   "Person of the staff erased",
	"staff.password":    "Password changed",
	"settings.shop":     "Letterhead changed",
	"settings.rules":    "Shop rules changed",
	"settings.receipts": "Ways to a receipt changed",
	"settings.kiosk":    "Limits of the kiosk changed",
	"bundle.asked":      "Bundle of all data asked for",
	"bundle.made":       "Bundle of all data made",
	"bundle.failed":     "Bundle of all data not made",
	"bundle.fetched":    "Bundle of all data downloaded",
}

// auditWords names what happened; a kind nobody named stays as it is.
func auditWords(kind string) string {
	kind, again := strings.CutSuffix(kind, ".repeated")
	words, ok := auditWord[kind]
	if !ok {
		words = kind
	}
	if again {
		words += ", reported again"
	}
	return words
}
