package protocol

import (
	"maps"
	"slices"
)

// Kind names what an envelope says.
type Kind string

// Body is the content of one kind of message.
type Body interface {
	Kind() Kind
	Check() error // nil, or which rule of the kind is broken, in plain words
}

// The kinds. The word before the dot is the area that owns it.
const (
	KindSale     Kind = "sale.completed"
	KindDrawer   Kind = "drawer.opened"
	KindPrinted  Kind = "receipt.printed"
	KindMail     Kind = "receipt.mail"
	KindReset    Kind = "journal.reset"
	KindGap      Kind = "journal.gap"
	KindFault    Kind = "device.fault"
	KindBirth    Kind = "device.birth"
	KindWill     Kind = "device.will"
	KindReported Kind = "device.reported"
	KindMetric   Kind = "device.metric"
	KindAck      Kind = "hub.ack"
	KindDesired  Kind = "hub.desired"
	KindRefused  Kind = "hub.refused"
	KindClockAsk Kind = "clock.ask"
	KindClock    Kind = "clock.reading"
	KindItemsAsk Kind = "catalogue.ask"
	KindItems    Kind = "catalogue.page"

	KindPictureAsk Kind = "picture.ask"
	KindPicture    Kind = "picture.told"

	KindSaleFind   Kind = "refund.find"
	KindSaleFound  Kind = "refund.found"
	KindSalesAsk   Kind = "sales.ask"
	KindSalesLast  Kind = "sales.last"
	KindRefundHold Kind = "refund.hold"
	KindRefundHeld Kind = "refund.held"

	KindStockAsk      Kind = "stock.ask"
	KindStockLevels   Kind = "stock.levels"
	KindStockReserve  Kind = "stock.reserve"
	KindStockReserved Kind = "stock.reserved"

	KindTillOpened Kind = "till.opened"
	KindTillMoved  Kind = "till.moved"
	KindTillClosed Kind = "till.closed"

	KindCartParked  Kind = "cart.parked"
	KindCartGone    Kind = "cart.gone"
	KindCartAsk     Kind = "cart.ask"
	KindCartList    Kind = "cart.list"
	KindCartClaim   Kind = "cart.claim"
	KindCartClaimed Kind = "cart.claimed"

	KindCustomerFind   Kind = "customer.find"
	KindCustomerAdd    Kind = "customer.add"
	KindCustomersFound Kind = "customer.found"

	KindSealAsk      Kind = "seal.ask"
	KindSealTold     Kind = "seal.told"
	KindSealSigned   Kind = "seal.signed"
	KindSealKept     Kind = "seal.kept"
	KindSealAccepted Kind = "seal.accepted"

	KindTenderBegin  Kind = "tender.begin"
	KindTenderAsk    Kind = "tender.ask"
	KindTenderCancel Kind = "tender.cancel"
	KindTenderState  Kind = "tender.state"
	KindTenderWays   Kind = "tender.ways"

	KindSpecialPlaced Kind = "special.placed"
	KindSpecialAsk    Kind = "special.ask"
	KindSpecialList   Kind = "special.list"
	KindSpecialOpen   Kind = "special.open"
	KindSpecialOpened Kind = "special.opened"

	KindGiftAsk  Kind = "gift.ask"
	KindGiftTold Kind = "gift.told"
)

// bodies is the closed list of what can be said. It is read, never written.
var bodies = map[Kind]func() Body{
	KindSale:     func() Body { return new(Sale) },
	KindDrawer:   func() Body { return new(DrawerOpened) },
	KindPrinted:  func() Body { return new(ReceiptPrinted) },
	KindMail:     func() Body { return new(ReceiptMail) },
	KindReset:    func() Body { return new(JournalReset) },
	KindGap:      func() Body { return new(JournalGap) },
	KindFault:    func() Body { return new(DeviceFault) },
	KindBirth:    func() Body { return new(DeviceBirth) },
	KindWill:     func() Body { return new(DeviceWill) },
	KindReported: func() Body { return new(DeviceReported) },
	KindMetric:   func() Body { return new(DeviceMetric) },
	KindAck:      func() Body { return new(HubAck) },
	KindDesired:  func() Body { return new(HubDesired) },
	KindRefused:  func() Body { return new(HubRefused) },
	KindClockAsk: func() Body { return new(ClockAsk) },
	KindClock:    func() Body { return new(ClockReading) },
	KindItemsAsk: func() Body { return new(CatalogueAsk) },
	KindItems:    func() Body { return new(CataloguePage) },

	KindPictureAsk: func() Body { return new(PictureAsk) },
	KindPicture:    func() Body { return new(Picture) },

	KindSaleFind:   func() Body { return new(SaleFind) },
	KindSaleFound:  func() Body { return new(SaleFound) },
	KindSalesAsk:   func() Body { return new(SalesAsk) },
	KindSalesLast:  func() Body { return new(SalesLast) },
	KindRefundHold: func() Body { return new(RefundHold) },
	KindRefundHeld: func() Body { return new(RefundHeld) },

	KindStockAsk:      func() Body { return new(StockAsk) },
	KindStockLevels:   func() Body { return new(StockLevels) },
	KindStockReserve:  func() Body { return new(StockReserve) },
	KindStockReserved: func() Body { return new(StockReserved) },

	KindTillOpened: func() Body { return new(TillOpened) },
	KindTillMoved:  func() Body { return new(TillMoved) },
	KindTillClosed: func() Body { return new(TillClosed) },

	KindCartParked:  func() Body { return new(CartParked) },
	KindCartGone:    func() Body { return new(CartGone) },
	KindCartAsk:     func() Body { return new(CartAsk) },
	KindCartList:    func() Body { return new(CartList) },
	KindCartClaim:   func() Body { return new(CartClaim) },
	KindCartClaimed: func() Body { return new(CartClaimed) },

	KindCustomerFind:   func() Body { return new(CustomerFind) },
	KindCustomerAdd:    func() Body { return new(CustomerAdd) },
	KindCustomersFound: func() Body { return new(CustomersFound) },

	KindSealAsk:      func() Body { return new(SealAsk) },
	KindSealTold:     func() Body { return new(SealTold) },
	KindSealSigned:   func() Body { return new(SealSigned) },
	KindSealKept:     func() Body { return new(SealKept) },
	KindSealAccepted: func() Body { return new(SealAccepted) },

	KindTenderBegin:  func() Body { return new(TenderBegin) },
	KindTenderAsk:    func() Body { return new(TenderAsk) },
	KindTenderCancel: func() Body { return new(TenderCancel) },
	KindTenderState:  func() Body { return new(TenderState) },
	KindTenderWays:   func() Body { return new(TenderWays) },

	KindSpecialPlaced: func() Body { return new(SpecialPlaced) },
	KindSpecialAsk:    func() Body { return new(SpecialAsk) },
	KindSpecialList:   func() Body { return new(SpecialList) },
	KindSpecialOpen:   func() Body { return new(SpecialOpen) },
	KindSpecialOpened: func() Body { return new(SpecialOpened) },

	KindGiftAsk:  func() Body { return new(GiftAsk) },
	KindGiftTold: func() Body { return new(GiftTold) },
}

// Kinds returns every kind with a fresh zero body, sorted by kind.
func Kinds() []Body {
	var all []Body
	for _, k := range slices.Sorted(maps.Keys(bodies)) {
		all = append(all, bodies[k]())
	}
	return all
}
