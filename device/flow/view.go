package flow

// View is everything a screen shows, derived from the State and nothing else.
// Exactly the part named by Screen is set. Every thing a person can tap has an
// ID, which comes back as Tapped{ID}.
type View struct {
	Screen   Screen
	Kiosk    bool   // a customer stands here: larger targets, no staff functions
	Currency string // ISO 4217, of all amounts; empty before the settings came
	Title    string
	Hint     string // one quiet sentence under the title, may be empty
	Strip    Strip
	Banner   *Banner // trouble that lasts
	Toast    *Toast  // something that just happened
	Dialog   *Dialog // lies over the screen and takes all taps
	Buttons  []Button

	Attract *Attract
	Loading *Loading
	Cart    *Cart
	Search  *Search
	Keypad  *Keypad
	Self    *Self
	Ways    *Ways
	Pay     *Pay
	Code    *Code
	Tender  *Tending
	Done    *Done
	QR      *QR
	Mail    *Mail
	List    *List
	Price   *Price
	Total   *Total
}

// Screen names a screen; it is the "screen" of the workbench's scene.json.
type Screen string

// The screens.
const (
	ScreenAttract   Screen = "attract"   // nothing going on
	ScreenSale      Screen = "sale"      // cart and actions
	ScreenSearch    Screen = "search"    // type a name, SKU or barcode
	ScreenQuantity  Screen = "quantity"  // keypad for the chosen line
	ScreenDiscount  Screen = "discount"  // percent or amount, line or order
	ScreenPay       Screen = "pay"       // what is due, what was paid, and the ways to pay
	ScreenBasket    Screen = "basket"    // kiosk: what a customer buys
	ScreenCash      Screen = "cash"      // cash: quick buttons and keypad
	ScreenPart      Screen = "part"      // keypad for what the next tender takes
	ScreenCode      Screen = "code"      // code of a gift card, or reference of a terminal's slip
	ScreenTender    Screen = "tender"    // a tender that the hub carries out, while it does
	ScreenDone      Screen = "done"      // change, and how the receipt fares
	ScreenQR        Screen = "qr"        // the receipt as a code for a telephone
	ScreenMail      Screen = "mail"      // e-mail address that the receipt goes to
	ScreenParked    Screen = "parked"    // parked sales
	ScreenOperators Screen = "operators" // who is selling
	ScreenTotal     Screen = "total"     // turned to the customer: lines and total, large
	ScreenReceipts  Screen = "receipts"  // receipts waiting for paper, and reprints of recent ones
	ScreenDevice    Screen = "device"    // what works, what does not, versions, outbox
	ScreenPrice     Screen = "price"     // kiosk: price of the scanned item
	ScreenLoading   Screen = "loading"   // first download of the catalogue
)

// Kind is a button's weight on the screen.
type Kind string

// The weights of a button. At most one enabled Primary per screen.
const (
	Primary Kind = "primary"
	Normal  Kind = ""
	Quiet   Kind = "quiet"
	Danger  Kind = "danger"
)

// Button is something to tap.
type Button struct {
	ID      string
	Label   string
	Icon    string // name from scene's icon set, may be empty
	Kind    Kind
	Enabled bool
	Why     string // why it is not enabled, shown when it is tapped all the same
}

// Tone of Banner, Toast and Strip items reuses PartState.

// Strip is the quiet line of status. Words appear only when something is wrong.
type Strip struct {
	Shop     string
	Operator string // button id "operator"; empty when nobody is chosen
	Time     string // "14:05"
	Items    []StripItem
}

// StripItem is one peripheral or connection: icon always, words when not ok.
type StripItem struct {
	Icon  string // "network", "printer", "scanner", "outbox"
	State PartState
	Text  string // empty when ok
}

// Banner is trouble that lasts: what is wrong and what to do.
type Banner struct {
	State  PartState
	Text   string
	Button *Button
}

// Toast is something that just happened; Button may undo it.
type Toast struct {
	State  PartState
	Text   string
	Button *Button
}

// Dialog asks one question.
type Dialog struct {
	State   PartState
	Title   string
	Text    string
	Buttons []Button
}

// Attract is the resting screen.
type Attract struct {
	Shop   string
	Invite string // "Scan an item to begin"
}

// Loading is the first download of the items. Total 0 means that nothing is
// known of its length.
type Loading struct {
	Have, Total int
	Words       string // "300 of 20000 items", may be empty
}

// Cart is the sale being rung up.
type Cart struct {
	Number   string // number of the sale in words for people, may be empty
	Lines    []CartLine
	Subtotal Cents // sum of the lines' prices
	Discount Cents // on the whole sale
	Taxes    []TaxRow
	Total    Cents
	Included bool   // prices include tax
	Count    int64  // pieces
	Empty    string // what to do while there is no line
}

// CartLine is one line. Tapping it (ID) chooses it; the chosen line shows its
// Buttons (minus, plus, quantity, discount, remove).
type CartLine struct {
	ID       string
	Name     string
	Detail   string // SKU, size
	Qty      int64
	Unit     Cents
	Discount string // "−10 %", empty when none
	Price    Cents
	Chosen   bool
	Fresh    bool   // just added: drawn marked
	Stock    string // "last one", "none left in stock", empty when fine
	Buttons  []Button
}

// Self is the basket of a customer at the kiosk. Its lines have their buttons
// always, and are not tapped themselves.
type Self struct {
	Lines    []CartLine
	Taxes    []TaxRow
	Total    Cents
	Included bool  // prices include tax
	Count    int64 // pieces
}

// TaxRow is one tax of a document.
type TaxRow struct {
	Label  string // "GST 5 %"
	Amount Cents
}

// Search is typed search with results. Keyboard keys are tapped as "key:a",
// "key:space", "key:backspace", "key:clear".
type Search struct {
	Query string
	Hits  []Row
	Empty string // nothing typed or nothing found: what to do
}

// Row is a row of a list.
type Row struct {
	ID      string // empty: the row itself cannot be tapped, its Buttons can
	Title   string
	Detail  string
	Value   string // right aligned: a price, an amount, a time
	State   PartState
	Buttons []Button
}

// Keypad enters a number. Keys are tapped as "key:0" … "key:9", "key:00",
// "key:backspace", "key:clear".
type Keypad struct {
	Label   string
	Value   string // as typed so far, formatted
	Unit    string // "pieces", "%", "$"
	Error   string // what is wrong with Value
	Presets []Button
}

// Ways is the payment as it stands, and the ways to go on.
type Ways struct {
	Total Cents    // of the sale
	Due   Cents    // still to be paid, 0 when everything is
	Cash  Cents    // the same in cash
	Part  Cents    // what the next tender takes, 0 for all that is due
	Paid  []Row    // payments so far, each with what can be done about it
	Ways  []Button // "way:card" and so on
	Quick []Button // "cash:2000" and so on, ascending; the first is the exact amount
}

// Code is typed or scanned: of a gift card, or what a terminal's slip says. Keys
// are tapped as those of a Search.
type Code struct {
	Amount Cents // to be taken
	Value  string
	Error  string
}

// Tending is a tender that the hub carries out.
type Tending struct {
	Words   string    // "Card"
	Icon    string    // of the tender
	Amount  Cents     // below 0 when it is given back
	Due     Cents     // of the sale, this tender included
	State   PartState // ok: the customer's turn; warning: wait; down: it came to nothing
	Text    string    // what to do
	Detail  string    // for whoever looks it up, may be empty
	Seconds int       // it has been under way, 0 when it is not
}

// Pay takes cash.
type Pay struct {
	Total    Cents
	Rounding Cents
	Due      Cents    // Total + Rounding
	Entered  string   // as typed so far, formatted "20.00"; empty when nothing typed
	Change   Cents    // of Entered, when enough
	Short    Cents    // still missing, when Entered is not enough
	Quick    []Button // "cash:2000" and so on, ascending; the first is the exact amount
	Error    string
}

// Done is a finished sale.
type Done struct {
	Slip     string
	Total    Cents
	Rounding Cents // of cash: Paid less Change is Total and this
	Paid     Cents
	Change   Cents
	By       string    // how it was paid when there was no cash: "Visa 4242"
	Receipt  PartState // ok printed, warning printing or unknown, down not printed
	Words    string    // "Receipt printed", "Printing…", "Paper is out: put in a roll …"
	Synced   bool      // the hub has it
	Mailed   string    // where the receipt goes by e-mail, in words; may be empty
}

// QR is a receipt to be opened on a customer's telephone.
type QR struct {
	Slip string
	Link string // what the code says
	Text string // what to do
	Note string // that the page is not there yet, may be empty
}

// Mail is an e-mail address while it is typed. Keys are tapped as those of a Search.
type Mail struct {
	Value string
	Error string // what is wrong with Value
}

// List is a plain list of rows.
type List struct {
	Rows  []Row
	Empty string
}

// Price answers a price check at the kiosk.
type Price struct {
	Name, Detail string
	Price        Cents
	Tax          string // "plus tax" or "tax included"
	Icon         string // stands for the item
	Picture      string // a JPEG; empty: there is none, or not yet
	Stock        string
}

// Total is the sale turned to the customer.
type Total struct {
	Lines    []CartLine
	Discount Cents // on the whole sale
	Taxes    []TaxRow
	Total    Cents
	Shop     string
}
