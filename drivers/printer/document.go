package printer

// Doc is one document to print: a receipt, a ticket, a test page. It is a plain
// value that survives a round trip through JSON.
type Doc struct {
	// ID names the print job, for instance "sale-1042" or "sale-1042-copy-1".
	// Proof of printing is tied to it, so give every copy an ID of its own.
	ID string `json:"id"`
	// Blocks are printed from first to last.
	Blocks []Block `json:"blocks"`
}

// Kind says what a [Block] is.
type Kind string

// The kinds of block. The comment names the fields of [Block] each one uses.
const (
	KindText    Kind = "text"    // Text, Style: a paragraph, wrapped at words
	KindRow     Kind = "row"     // Text, Right, Style: left text wraps, right text stays whole
	KindColumns Kind = "columns" // Columns, Style: side by side, each wrapped in its width
	KindRule    Kind = "rule"    // a line of dashes across the paper
	KindFeed    Kind = "feed"    // N: blank lines
	KindQR      Kind = "qr"      // Text, N: dots a module, 0 picks a size; Style.Align
	KindBarcode Kind = "barcode" // Symbology, Text, N: height in dots, ShowText; Style.Align
	KindImage   Kind = "image"   // Image; Style.Align
	KindDrawer  Kind = "drawer"  // kicks the cash drawer
	KindCut     Kind = "cut"     // feeds to the knife and cuts
)

// Align places a line on the paper.
type Align string

// The alignments. The zero value is left.
const (
	Left   Align = ""
	Center Align = "center"
	Right  Align = "right"
)

// Style is how a block's text looks. The zero value is plain text in font A.
type Style struct {
	Align     Align `json:"align,omitempty"`
	Bold      bool  `json:"bold,omitempty"`
	Wide      bool  `json:"wide,omitempty"`      // double width
	Tall      bool  `json:"tall,omitempty"`      // double height
	Underline bool  `json:"underline,omitempty"` // one dot thick
	Inverse   bool  `json:"inverse,omitempty"`   // white on black
	Small     bool  `json:"small,omitempty"`     // font B, for small print
}

// Symbology names a kind of barcode.
type Symbology string

// The barcodes the driver can print.
const (
	EAN13   Symbology = "ean13"   // 12 or 13 digits
	Code128 Symbology = "code128" // printable ASCII, up to 60 characters
)

// Column is one cell of a [KindColumns] block.
type Column struct {
	Text string `json:"text"`
	// Width is in characters; 0 takes an equal share of what the others leave.
	// Widths that do not fit the paper together shrink in proportion.
	Width int   `json:"width,omitempty"`
	Align Align `json:"align,omitempty"`
}

// Block is one piece of a document. Kind says which fields count; build blocks
// with [Text], [Row], [Table], [Rule], [Feed], [QR], [Barcode], [Image],
// [Drawer] and [Cut].
type Block struct {
	Kind      Kind      `json:"kind"`
	Text      string    `json:"text,omitempty"`
	Right     string    `json:"right,omitempty"`
	Columns   []Column  `json:"columns,omitempty"`
	Style     Style     `json:"style,omitzero"`
	N         int       `json:"n,omitempty"`
	Symbology Symbology `json:"symbology,omitempty"`
	ShowText  bool      `json:"show_text,omitempty"`
	Image     *Bitmap   `json:"image,omitempty"`
}

// Text is a paragraph of text in the given style. "\n" starts a new line.
func Text(text string, style Style) Block {
	return Block{Kind: KindText, Text: text, Style: style}
}

// Row is text on the left that wraps and a short text, usually an amount, at
// the right edge of its first line.
func Row(left, right string, style Style) Block {
	return Block{Kind: KindRow, Text: left, Right: right, Style: style}
}

// Table is one row of several columns side by side.
func Table(style Style, columns ...Column) Block {
	return Block{Kind: KindColumns, Columns: columns, Style: style}
}

// Rule is a line across the paper.
func Rule() Block { return Block{Kind: KindRule} }

// Feed is n blank lines.
func Feed(n int) Block { return Block{Kind: KindFeed, N: n} }

// QR is a centred QR code of data with error correction level M. Module is the
// size of one module in dots, 1 to 16; 0 picks a size that reads well. A code
// too wide for the paper gets smaller modules.
func QR(data string, module int) Block {
	return Block{Kind: KindQR, Text: data, N: module, Style: Style{Align: Center}}
}

// Barcode is a centred barcode of data. With text, the data stands in plain
// characters beneath it.
func Barcode(symbology Symbology, data string, text bool) Block {
	return Block{Kind: KindBarcode, Symbology: symbology, Text: data, ShowText: text, Style: Style{Align: Center}}
}

// Image is a centred picture such as the shop's logo; see [NewBitmap]. A
// picture wider than the paper is scaled down. Reuse one Bitmap for all
// receipts: the encoder keeps its printed form.
func Image(b *Bitmap) Block {
	return Block{Kind: KindImage, Image: b, Style: Style{Align: Center}}
}

// Drawer kicks the cash drawer with the pulse of the profile.
func Drawer() Block { return Block{Kind: KindDrawer} }

// Cut feeds the paper to the knife and cuts it as the profile can: through,
// all but a corner, or, with no knife, only feeds to the tear bar.
func Cut() Block { return Block{Kind: KindCut} }
