package sale

import (
	"fmt"

	"kickstand/protocol"
	"kickstand/protocol/money"
)

// State is what the shop knows that a sale is judged against.
type State struct {
	Items     map[string]Item     // what is known of the sold items, by id
	Catalogue int64               // the hub's catalogue version
	Rules     money.Rules         // how the shop calculates now
	Operators map[string]bool     // ids of the people who may sell
	Prefix    string              // of the device's slip numbers, empty when it has none
	Sold      map[string]Sold     // the sales that something is given back of, by id
	SlipUsed  string              // id of another sale that carries the same slip number
	NowMS     int64               // hub wall clock, Unix ms
	Tenders   []Tender            // what the hub itself took or gave for this sale, or under the ids of its payments
	OnCard    map[int]money.Cents // by line that takes money off a gift card or deposit: what is left on it
	PaidFor   map[string]string   // payment ids of this sale that another sale has already, to that sale's id
}

// Tender is money that the hub itself took or gave back.
type Tender struct {
	ID      string
	Sale    string // it was begun for
	Tender  protocol.Tender
	Moved   money.Cents // below zero was given back; 0 while it is open or when it came to nothing
	Kept    money.Cents // of it, what was not given back since
	Matched string      // another sale that has it as a payment
	Phase   protocol.TenderPhase
}

// Item is what the hub knows of an item.
type Item struct {
	Unknown bool         // only devices ever named it; OnHand alone is set
	Price   money.Cents  // of one, now
	Taxes   []money.Rate // of its tax category, now
	Stocked bool         // whether stock is kept of it
	OnHand  int64        // pieces, may be negative
}

// Command is a sale a device reports.
type Command struct {
	Sale *protocol.Sale // has passed its own Check
}

// Facts is what must be written down for an accepted sale.
type Facts struct {
	Totals      money.Totals // as the hub computes them
	Paid        money.Cents  // sum of the payments, as the device took them
	Rounding    money.Cents  // cash rounding by the sale's rules
	Off         money.Cents  // Paid - (Totals.Total + Rounding); not 0 has a Difference
	Moves       []Move       // one per line of a stocked item, in order
	Oversold    bool         // a move went below zero
	Differences []Difference
}

// Move is a change of stock by one line.
type Move struct {
	Line   int
	Item   string
	Delta  int64 // pieces; negative for a sale
	OnHand int64 // afterwards
	Short  bool  // went below zero
}

// Code names a kind of difference.
type Code string

// The kinds of differences.
const (
	StockShort       Code = "STOCK_SHORT"        // more was sold than was on hand
	UnknownItem      Code = "UNKNOWN_ITEM"       // the hub has no such item
	PriceStale       Code = "PRICE_STALE"        // the device had an older catalogue with another price
	PriceDiffers     Code = "PRICE_DIFFERS"      // another price although the catalogue was the same
	TaxDiffers       Code = "TAX_DIFFERS"        // other tax rates than the item's
	RulesDiffer      Code = "RULES_DIFFER"       // calculated by other rules than the shop's
	TotalDiffers     Code = "TOTAL_DIFFERS"      // the device computed another total
	TaxSumDiffers    Code = "TAX_SUM_DIFFERS"    // the device computed another tax sum
	PaidDiffers      Code = "PAID_DIFFERS"       // paid is not total and rounding
	UnknownOperator  Code = "UNKNOWN_OPERATOR"   // nobody of that id may sell
	SlipForeign      Code = "SLIP_FOREIGN"       // the slip number has another device's prefix
	SlipTwice        Code = "SLIP_TWICE"         // another sale has the same slip number
	DeviceClockAhead Code = "DEVICE_CLOCK_AHEAD" // the device dates the sale in the future
	PaymentUnknown   Code = "PAYMENT_UNKNOWN"    // a payment of the hub's that the hub never took
	PaymentDiffers   Code = "PAYMENT_DIFFERS"    // the hub took another amount, or by another tender, or nothing
	PaymentTwice     Code = "PAYMENT_TWICE"      // the payment belongs to another sale already
	PaymentLeft      Code = "PAYMENT_LEFT"       // the hub took money for the sale that the sale does not name
)

// Difference is one disagreement between device and hub.
type Difference struct {
	Code    Code
	Line    int    // 0: the whole sale
	Claimed string // what the device said
	Ours    string // what the hub says
	Note    string // in words a shop owner understands
}

// ImpossibleError says why a sale cannot have happened as reported.
type ImpossibleError struct{ Detail string }

// Error returns the reason in plain words.
func (e *ImpossibleError) Error() string { return e.Detail }

func impossible(format string, args ...any) error {
	return &ImpossibleError{Detail: fmt.Sprintf(format, args...)}
}

// Number is the shop number as printed: S-000001.
func Number(n int64) string { return fmt.Sprintf("S-%06d", n) }
