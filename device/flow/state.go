package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"reflect"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// State is all a device knows. It is plain data: copy it freely, compare it,
// print it. Step never changes what an older State refers to, so an old State
// stays valid for ever.
type State struct {
	Role    protocol.Role
	Prefix  string // of slip numbers, 1 to 8 of A-Z and 0-9
	Device  string // id at the hub; empty: parked sales are not shared
	Program string // version of the device program, shown on the device screen; may be empty
	Durable Durable
	World   World
	Visit   Visit
	Clock   Clock
}

// schema is the version of Durable's JSON.
const schema = 1

// Durable is the part of the State that survives a restart. The runtime stores
// it as JSON in the same commit as the effects of the step that made it.
type Durable struct {
	Schema   int               `json:"schema"`
	Slips    int64             `json:"slips"`    // counter of the last slip number given out
	Operator string            `json:"operator"` // id of who is selling, empty when nobody is
	Cart     Basket            `json:"cart"`     // the sale being rung up; its ID is empty when there is none
	Parked   []Basket          `json:"parked"`   // oldest first
	Recent   []Recent          `json:"recent"`   // finished sales, newest first, at most maxRecent
	Finished bool              `json:"finished"` // the change of Recent[0] is still on the screen
	Jobs     []Job             `json:"jobs"`     // receipts on their way to paper, oldest first
	Kicks    []Kick            `json:"kicks"`    // drawer pulses without a result
	Notices  []Notice          `json:"notices"`  // what a person still has to read, oldest first
	Settings protocol.Settings `json:"settings"` // Version 0: never received
	Seal     Seal              `json:"seal"`
	Till     Till              `json:"till"`  // the drawer's session
	Claim    Claim             `json:"claim"` // of a sale that is parked elsewhere
}

// Basket is a sale before it is paid.
type Basket struct {
	ID       string         `json:"id"` // becomes the sale's
	OpenedMS int64          `json:"opened_ms"`
	ParkedMS int64          `json:"parked_ms"` // wall clock, 0 when not parked
	Rules    money.Rules    `json:"rules"`     // the shop's at the first line
	Lines    []Line         `json:"lines"`
	Discount money.Discount `json:"discount"` // on the whole order

	Shared   bool               `json:"shared,omitempty"`   // the hub lists it for other counters
	Locked   bool               `json:"locked,omitempty"`   // being paid: its lines, prices and taxes stay as they are
	Paid     []protocol.Payment `json:"paid,omitempty"`     // money that was taken, and given back, so far
	Back     *Returning         `json:"back,omitempty"`     // the sale that something is given back of
	Customer string             `json:"customer,omitempty"` // id of who buys; empty: nobody was named
	Order    *Ordering          `json:"order,omitempty"`    // the customer's order that it takes the deposit of, or picks up; never changed
	Help     bool               `json:"help,omitempty"`     // a customer at the kiosk called for staff
	Open     *Open              `json:"open,omitempty"`     // the tender under way, or the last one if it was declined
}

// Line is one line of a Basket with what the catalogue said when it was added.
type Line struct {
	Item        string           `json:"item"`
	SKU         string           `json:"sku"`
	Name        string           `json:"name"`
	Detail      string           `json:"detail"`  // for the screen: maker and SKU
	Barcode     string           `json:"barcode"` // as scanned, empty when typed
	TaxCategory string           `json:"tax_category"`
	Serialised  bool             `json:"serialised"`
	OnHand      int64            `json:"on_hand"`
	Catalogue   int64            `json:"catalogue"` // version the price came from
	Money       money.Line       `json:"money"`
	Of          *protocol.Origin `json:"of,omitempty"`       // the line gives this back
	Loads       string           `json:"loads,omitempty"`    // code of the gift card or deposit that its price is put on
	LoadsAs     protocol.Tender  `json:"loads_as,omitempty"` // as that of a protocol.SaleLine
	Fresh       bool             `json:"fresh,omitempty"`    // the code was made up for this sale and is to be printed
}

// Recent is a finished sale that can be printed again.
type Recent struct {
	Sale    *protocol.Sale `json:"sale"` // never changed once here
	Copies  int            `json:"copies"`
	Receipt string         `json:"receipt"`         // what became of the last receipt, in words
	Mails   int            `json:"mails,omitempty"` // times it was sent by e-mail
}

// Job is one receipt on its way to paper.
type Job struct {
	ID     string    `json:"id"`
	Sale   string    `json:"sale"`
	Slip   string    `json:"slip"`
	Copy   int       `json:"copy"` // 0 the original
	Phase  JobPhase  `json:"phase"`
	Why    string    `json:"why"`             // of Held, in words
	WallMS int64     `json:"wall_ms"`         // when it was asked for
	Paper  *slip.Doc `json:"paper,omitempty"` // what to print when it is no receipt
	MonoMS int64     `json:"mono_ms"`         // the same by the monotonic clock of this process; once Begun, when it began
}

// JobPhase is how far a Job is.
type JobPhase string

// The phases of a job.
const (
	Queued JobPhase = "queued" // waits for the job before it
	Begun  JobPhase = "begun"  // its Print effect went out; bytes may be on paper
	Held   JobPhase = "held"   // waits for a person
)

// Kick is a drawer pulse that was asked for.
type Kick struct {
	ID   string `json:"id"`
	Sale string `json:"sale"`
	By   string `json:"by"`
	Why  string `json:"why"`
}

// Notice is something a person has to know about, kept until it was read.
type Notice struct {
	WallMS int64  `json:"wall_ms"`
	Text   string `json:"text"`
}

// World is what the device has been told of the things around it. It is
// learned again after a restart.
type World struct {
	Items    *catalogue.Index `json:"-"` // nil until the first CatalogueChanged
	Have     int              // of a first download
	Total    int
	Parts    []Part // sorted by name
	Linked   bool   // LinkChanged came at least once
	Online   bool
	Why      string               // why not Online
	Waiting  int                  // events the hub does not have yet
	Filled   int                  // percent of the outbox
	OffsetMS int64                // hub time less device time
	SealAsk  string               // the question for a checkpoint that is out
	SignMS   int64                // monotonic clock of the last signature, 0: none
	Calls    []Call               // about open tenders
	Ways     []protocol.TenderWay // what the hub can carry out; nil until it has said so
	Album    Album                // pictures of items that were looked at
	Helped   bool                 // the counters' list has shown the basket of the customer who called
	Inquiry  Inquiry              // about a receipt
	Copying  Inquiry              // about a receipt of another device that is to be printed
	Others   Others               // last sales of the whole shop
	Gift     GiftTalk             // about a card
	Special  string               // id of the Ask about customers' orders
	Lookup   Lookup               // about customers
	Buyer    protocol.Buyer       // the cart's customer; without a name: it could not be had
	Carts    []protocol.CartInfo  // parked anywhere, as the hub told last
	CartsN   int64
	Claiming string // id of the Ask that takes a sale over
	Reserve  string // id of the Ask that reserves stock
	Wait     string // the same at a kiosk, until it has ended: the card waits for it
}

// Part is the health of one peripheral.
type Part struct {
	Name   string
	State  PartState
	Detail string
}

// Visit is what the person at the screen is in the middle of. A reset throws
// all of it away, so nothing of one customer reaches the next.
type Visit struct {
	Screen   Screen
	Trail    []Screen               // where back leads, nearest last
	Chosen   int                    // line number from 1, 0 when none is chosen
	Fresh    int                    // line number of what was just added
	Entry    string                 // digits typed on a keypad
	Percent  bool                   // the discount keypad takes percent, not money
	Error    string                 // what is wrong with Entry
	Paying   bool                   // choosing the operator leads on to the payment
	Part     Cents                  // what the next tender takes, 0 for all that is due
	Way      protocol.Tender        // the tender whose code or reference is typed
	Who      string                 // an order is for
	Ordering protocol.SpecialKind   // what is ordered as
	Specials []protocol.SpecialInfo // open orders, never changed once here
	Card     string                 // code of the gift card that is loaded; empty: a new one
	Move     string                 // what the till's keypad is for: the id of the button that asked
	Coin     Cents                  // whose pieces are typed
	Query    string                 // typed into the search, or as an e-mail address
	Mailed   string                 // where the receipt goes by e-mail, in words
	Found    *protocol.SaleFound    // the sale of a receipt, never changed once here
	Take     []int64                // pieces of its lines that come back
	Hits     []catalogue.Item
	Buyers   []protocol.Buyer // customers that were found
	Asked    string           // the text that they were found for
	Meeting  Meeting          // a customer who is being added
	Price    catalogue.Item   // of the price check
	Undo     []Undo
	Ask      Question
	Toast    Note
}

// Undo is how the cart was before a change.
type Undo struct {
	Cart  Basket
	Words string // what would be undone
}

// Question is what a dialog asks. The zero Question is no dialog.
type Question struct {
	Kind  string           // one of the ask constants
	Code  string           // the scanned code it is about
	Items []catalogue.Item // to choose from
	AtMS  int64            // monotonic clock when it was put
}

// Note is a toast and when it goes away.
type Note struct {
	State   PartState
	Text    string
	Undo    bool  // has an undo button
	UntilMS int64 // monotonic clock
}

// Clock is when the last event happened and what the device waits for.
type Clock struct {
	WallMS   int64
	MonoMS   int64
	TouchMS  int64 // monotonic clock of the last touch, key or scan
	MinuteMS int64 // monotonic clock at the next full minute of wall time
	WakeMS   int64 // the Wake that is out, 0 when none is
}

// Limits that keep a State small and a mistake visible.
const (
	maxRecent  = 20
	maxParked  = 20
	maxUndo    = 20
	maxNotices = 10
	maxKicks   = 20
	maxHits    = 20
	maxQuery   = 40
	maxTrail   = 8
)

// New returns the State of a device that was never started. Prefix is that of
// its slip numbers, 1 to 8 of A-Z and 0-9.
func New(role protocol.Role, prefix string) State {
	s := State{Role: role, Prefix: prefix}
	s.Durable.Schema = schema
	s.Visit.Screen = ScreenAttract
	return s
}

// ErrSchema is wrapped by Restore's error when the stored state was written by
// a program with another layout of Durable.
var ErrSchema = errors.New("stored state has another layout")

// Restore returns s with the durable part read from JSON. Empty JSON leaves s
// as it is. On an error s is returned unchanged.
func Restore(s State, durable []byte) (State, error) {
	if len(durable) == 0 {
		return s, nil
	}
	var d Durable
	if err := json.Unmarshal(durable, &d); err != nil {
		return s, fmt.Errorf("read stored state: %w", err)
	}
	if d.Schema != schema {
		return s, fmt.Errorf("%w: %d, this program reads %d", ErrSchema, d.Schema, schema)
	}
	for _, r := range d.Recent {
		if r.Sale == nil {
			return s, errors.New("read stored state: a recent sale is missing")
		}
	}
	s.Durable = d
	return s, nil
}

// Same reports whether two durable parts are equal. It is cheap for a State
// and the one Step made of it, because they share what did not change.
func (d Durable) Same(other Durable) bool { return reflect.DeepEqual(d, other) }

// operator returns who is selling.
func (s State) operator() (protocol.Operator, bool) {
	for _, o := range s.Durable.Settings.Operators {
		if o.ID == s.Durable.Operator {
			return o, true
		}
	}
	return protocol.Operator{}, false
}

// ready reports whether the device has what it needs to sell or show prices.
func (s State) ready() bool { return s.Durable.Settings.Version > 0 && s.World.Items != nil }

// part returns the health of a peripheral; one never heard of is fine.
func (s State) part(name string) Part {
	for _, p := range s.World.Parts {
		if p.Name == name {
			return p
		}
	}
	return Part{Name: name, State: PartOK}
}

// recent returns the position in Recent of a sale by id or slip, or -1.
func (s State) recent(key string) int {
	for i, r := range s.Durable.Recent {
		if r.Sale.ID == key || r.Sale.Slip == key {
			return i
		}
	}
	return -1
}

// job returns the position in Jobs of the job of a slip, or -1.
func (s State) job(slip string) int {
	for i, j := range s.Durable.Jobs {
		if j.Slip == slip {
			return i
		}
	}
	return -1
}

// document is what money computes the cart from.
func (c Basket) document() money.Document {
	d := money.Document{Rules: c.Rules, Discount: c.Discount, Lines: make([]money.Line, len(c.Lines))}
	for i, l := range c.Lines {
		d.Lines[i] = l.Money
	}
	return d
}

// totals computes the cart. A cart only ever changes through turn.change,
// which refuses what does not compute, so there is no error to hand on.
func (c Basket) totals() money.Totals {
	t, err := money.Compute(c.document())
	if err != nil {
		return money.Totals{Lines: make([]money.LineTotal, len(c.Lines))}
	}
	return t
}

// pieces returns how many of an item are in the cart.
func (c Basket) pieces(item string) int64 {
	var n int64
	for _, l := range c.Lines {
		if l.Item == item {
			n += l.Money.Qty
		}
	}
	return n
}
