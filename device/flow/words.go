package flow

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// All words a person reads on the device are in this file: plain English, as a
// shop assistant would say it to a colleague.
const (
	wordAnswerFirst  = "Answer the question on the screen first. The scan was not taken."
	wordNotReady     = "The items are not loaded yet. The scan was not taken."
	wordPayFirst     = "Finish or leave the payment first. The scan was not taken."
	wordNumberFirst  = "Finish typing the number first. The scan was not taken."
	wordScanTrouble  = "That could not be read. Hold the code still and scan again."
	wordBadItem      = "This item's record is damaged. Tell the office; it cannot be sold until then."
	wordSaleKept     = "The open sale was kept."
	wordAutoParked   = "The sale was parked because nobody touched the screen. Find it under Parked."
	wordParkedNow    = "The sale is parked."
	wordSwapped      = "The other sale was parked."
	wordVoided       = "The sale was voided."
	wordWhoSells     = "Choose who is selling first."
	wordTypeNumber   = "Type a number first."
	wordUseRemove    = "The quantity must be 1 or more. To take the line out, go back and tap Remove."
	wordWholeSale    = "the whole sale"
	wordDrawerAsked  = "Opening the drawer."
	wordNoLines      = "Scan an item first."
	wordTypeCash     = "Type what the customer gives, or tap an amount."
	wordNothingUndo  = "There is nothing to undo."
	wordNoParked     = "No sale is parked."
	wordParkedFull   = "Too many sales are parked. Finish one of them first."
	wordQtyOne       = "To take the last one out, tap Remove."
	wordQtyMost      = "A line has at most 10000 pieces."
	wordQtySerial    = "Each one has its own serial number, so it is sold one by one."
	wordJobWaiting   = "This receipt is already waiting for the printer."
	wordStillPrints  = "The printer is still at it."
	wordNoSearch     = "The items are not loaded yet."
	whyCashSale      = protocol.WhyCashSale
	whyUnconfirmed   = " (not confirmed by the drawer)"
	wordTooOld       = "it waited too long for the printer"
	wordWaitedLong   = "It has waited more than 10 minutes. Print it now?"
	wordPrintStops   = "Printing goes on when the printer is ready."
	wordPrinting     = "Printing…"
	wordNotPrinted   = "Not printed yet"
	wordSkipped      = "No receipt printed"
	wordQueued       = "Waiting for the receipt before it"
	wordCopiesEnough = "This receipt was copied too often."

	wordPrinterBack     = "Not printed yet. The printer is ready: tap Print it."
	wordStoppedPrinting = "the till stopped while printing"
)

// Titles and labels.
const (
	wordInvite           = "Scan an item to begin"
	wordInviteKiosk      = "Scan an item to see its price"
	wordStart            = "Start a sale"
	wordFindByName       = "Find an item by name"
	wordHelp             = "Help"
	wordHelpTitle        = "Check a price"
	wordHelpText         = "Hold the barcode of an item under the scanner, or type its name. To buy it, tap Buy it here, or take it to the counter."
	wordSale             = "Sale"
	wordSaleEmpty        = "Scan an item, or type its name"
	wordSearch           = "Search"
	wordSearchTitle      = "What are you looking for?"
	wordSearchKiosk      = "Type the name of an item, or its maker."
	wordSearchEmpty      = "Type a name, a maker, an SKU or a barcode number."
	wordNoItems          = "The shop's list of items is empty. Items are added in the office."
	wordDiscount         = "Discount"
	wordUndo             = "Undo"
	wordPark             = "Park"
	wordParked           = "Parked"
	wordParkedTitle      = "Parked sales"
	wordParkedHint       = "Tap a sale to go on with it."
	wordShowTotal        = "Show total"
	wordVoid             = "Void"
	wordMore             = "More"
	wordPay              = "Pay"
	wordTake             = "Take cash"
	wordBack             = "Back"
	wordOK               = "OK"
	wordPieces           = "pieces"
	wordQuantity         = "How many?"
	wordNoDiscount       = "No discount"
	wordInPercent        = "In percent"
	wordInMoney          = "As an amount"
	wordDoneTitle        = "Sale finished"
	wordNext             = "Next sale"
	wordCopy             = "Print a copy"
	wordPrint            = "Print it"
	wordPrintAgain       = "Print again"
	wordSkip             = "Do not print"
	wordReceipts         = "Receipts"
	wordReceiptsEmpty    = "Receipts of finished sales appear here."
	wordOperators        = "Who is selling?"
	wordOperatorsEmpty   = "No people are set up for this till. The office adds them."
	wordChangePerson     = "Change person"
	wordTotal            = "Your total"
	wordDevice           = "This till"
	wordRead             = "I have read the notices"
	wordNoNotices        = "There are no notices."
	wordDrawer           = "Open drawer"
	wordDrawerTitle      = "Why is the drawer opened?"
	wordDrawerText       = "The reason is written down with your name."
	wordPrice            = "Price"
	wordDone             = "Done"
	wordClose            = "Close"
	wordCancel           = "Cancel"
	wordSearchName       = "Search by name"
	wordUnknownTitle     = "Unknown barcode"
	wordUnknownKiosk     = "We do not know this code"
	wordUnknownKioskText = "Please ask at the counter, or search for the item by its name."
	wordMisreadTitle     = "Scan it again"
	wordMisreadKiosk     = "The code was not read well. If that happens again, search for the item by its name."
	wordChooseTitle      = "Which one is it?"
	wordReceiptText      = "Print it again, or take something of it back."
	wordVoidTitle        = "Void this sale?"
	wordVoidSale         = "Void the sale"
	wordKeepSale         = "Keep the sale"
	wordIdleTitle        = "Are you still there?"
	wordIdleText         = "The screen starts over in 20 seconds. Touch it to go on."
	wordIdleEnd          = "Start over"
	wordIdleStay         = "I am still here"
	wordLess             = "One less"
	wordPlus             = "One more"
	wordQty              = "Quantity"
	wordRemove           = "Remove"
	wordExactly          = "exactly"
	wordPlusTax          = "plus tax"
	wordTaxIncluded      = "tax included"
	wordSetUp            = "This till is not set up yet"
	wordSetUpHint        = "It is waiting for the office to send the shop's settings. Check the network, and that this till is listed in the office."
	wordLoading          = "Loading the items"
	wordLoadingHint      = "The till is ready as soon as the list of items is here."
	wordLoadingOffline   = "The list of items cannot be fetched without a connection to the office. Check the network cable."
)

// The device screen.
const (
	wordNotice         = "Notice"
	wordNetwork        = "Connection to the office"
	wordOutbox         = "Reports to the office"
	wordItems          = "Items"
	wordSettings       = "Settings"
	wordProgram        = "Program"
	wordLastSlip       = "Last slip number"
	wordWorks          = "works"
	wordNone           = "none yet"
	wordUnknownVersion = "version not known"
)

func wordVersion(v int64) string { return fmt.Sprintf("version %d", v) }

func wordItemsVersion(n int, v int64) string {
	return fmt.Sprintf("%s, version %d", plural(n, "item", "items"), v)
}

// Trouble that lasts.
const (
	wordOutboxFull   = "The till's memory is almost full of unsent sales. Cash sales go on. Bring the connection back today and call a technician."
	wordOutboxFilled = "Many sales wait to be sent to the office. Bring the connection back soon."
	wordConnecting   = "Connecting to the office"
	wordOffline      = "Offline"
	wordScannerDown  = "The scanner does not answer. Type the name instead, and check its cable."
	wordScannerOther = "One scanner does not answer. Use the other one, and check its cable."
	wordScannerKiosk = "The scanner is not working. Type the name of the item instead."
)

func drawerReasons() []string {
	return []string{"Change for a customer", "Counting the till", "Cash put in or taken out", "Checking the drawer"}
}

func wordSerialTwice(name string) string {
	return name + " is already in the sale. Each one has its own serial number and is sold once."
}
func wordAdded(name string) string   { return "adding " + name }
func wordRemoved(name string) string { return "Removed " + name }
func wordUndone(what string) string  { return "Undone: " + what }

func wordQtySet(name string, qty int64) string { return fmt.Sprintf("%d × %s", qty, name) }

func wordDiscountSet(d money.Discount, what string) string {
	if d == (money.Discount{}) {
		return "no discount on " + what
	}
	return discountText(d) + " on " + what
}

// wordMayDiscount says how much a person may give.
func wordMayDiscount(op protocol.Operator) string {
	switch {
	case op.Name == "":
		return wordWhoSells
	case op.MaxDiscount <= 0:
		return op.Name + " may not give discounts. Ask someone who may."
	}
	return fmt.Sprintf("%s may give up to %s. Ask someone who may give more.", op.Name, percent(op.MaxDiscount))
}

func wordOverDiscount(op protocol.Operator, off int64) string {
	const tenth = percentMillionth / 10
	return fmt.Sprintf("The discounts would come to %s. %s", percent((off+tenth/2)/tenth*tenth), wordMayDiscount(op))
}

// wordLimit says what money refuses to calculate with.
func wordLimit(e *money.LimitError) string {
	field := map[string]string{
		"qty": "The quantity", "unit": "The price", "lines": "The number of lines", "discount": "The discount",
		"discount.amount": "The discount", "discount.ppm": "The discount", "taxes": "The tax", "weights": "The discount",
	}[e.Field]
	if field == "" {
		field = "The shop's setting " + e.Field
	}
	return fmt.Sprintf("%s cannot be %s: %s.", field, e.Value, e.Hint)
}

func wordTooMuch(c Cents) string {
	return fmt.Sprintf("The sale would come to %s. Check the quantity; one sale goes up to %s.", amount(c), amount(maxTotal))
}

func wordNegative(c Cents) string {
	return fmt.Sprintf("The sale would come to %s. This till does not pay money out; ask the office.", amount(c))
}

// amount is c to be read in a sentence, "1,234.50".
func amount(c Cents) string {
	text := c.String()
	for at := len(text) - len(".00") - 3; at > 0 && text[at-1] != '-'; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

func wordShort(c Cents) string { return amount(c) + " is missing." }

func wordCashStep(step Cents) string { return fmt.Sprintf("Cash goes in steps of %v.", step) }

func wordMuchChange(c Cents) string {
	return "The change would be " + amount(c) + ". Check the amount."
}

func wordCannotClose(err error) string {
	return "The sale could not be finished: " + err.Error() + ". Void it and tell the office."
}

func wordPrinterDown(detail string) string {
	return "Not printed. " + sentence(orElse(phrase(detail), "the printer does not answer")) + " Then tap Print it."
}

func wordNothingPrinted(fault string) string {
	return "Nothing was printed. " + sentence(fault) + " Then tap Print it."
}

func wordMaybePrinted(fault string) string {
	return "It may be on paper. " + sentence(fault) + " Look at the printer before you print again."
}

func wordPrinted(copy int) string {
	if copy > 0 {
		return fmt.Sprintf("Copy %d printed", copy)
	}
	return "Receipt printed"
}

func wordSkippedBy(operator string) string {
	return "skipped by " + orElse(operator, "nobody signed on")
}

func wordCopyAsked(n int, slipNo string) string { return fmt.Sprintf("Copy %d of %s", n, slipNo) }

func wordDrawerFault(fault string) string {
	return "The drawer did not open: " + fault + ". Open it with the key."
}

func wordRejected(h HubRejected) string {
	return fmt.Sprintf("The office set report %d of this till aside (%s: %s). Nothing is lost; tell the manager.", h.Seq, h.Reason, h.Detail)
}

func wordRecovered(why string) string {
	return "The till's memory was damaged and begun anew (" + why + "). Sales not yet sent may be missing; call a technician. Slip numbers continue higher up."
}

func wordClockOff(offsetMS int64) string {
	way := "slow"
	if offsetMS < 0 {
		way, offsetMS = "fast", -offsetMS
	}
	d := time.Duration(offsetMS) * time.Millisecond
	switch {
	case d >= 48*time.Hour:
		return fmt.Sprintf("The till's clock is %d days %s. Receipts show the wrong time; call a technician.", int(d.Hours())/24, way)
	case d >= 2*time.Hour:
		return fmt.Sprintf("The till's clock is %d hours %s. Receipts show the wrong time; call a technician.", int(d.Hours()), way)
	}
	return fmt.Sprintf("The till's clock is %d minutes %s. Receipts show the wrong time; call a technician.", int(d.Minutes()), way)
}

func wordUnknownText(code string) string {
	return "No item has the code “" + short(code) + "”. Search for the item by its name."
}

func wordMisreadText(code string) string {
	return "The code was misread: the last digit of " + short(code) + " does not fit the others. If it happens again, search for the item by its name."
}

func wordChooseText(code string) string {
	return "Several items have the code “" + short(code) + "”."
}

func wordReceiptTitle(slipNo string) string { return "This is receipt " + short(slipNo) }

func wordVoidText(lines int) string {
	return plural(lines, "line is", "lines are") + " thrown away. This cannot be undone."
}

func wordHits(query string, kiosk bool) string {
	if kiosk {
		return "Nothing is called “" + query + "”. Try fewer letters, or ask at the counter."
	}
	return "Nothing is called “" + query + "”. Try fewer letters, the maker, or the SKU."
}

func wordStock(left, onHand int64) string {
	switch {
	case onHand <= 0:
		return "none left in stock"
	case left < 0:
		return fmt.Sprintf("only %d in stock", onHand)
	case left == 0:
		return "last one"
	}
	return ""
}

func wordStockKiosk(onHand int64) string {
	switch {
	case onHand <= 0:
		return "Not in the shop right now. Ask at the counter."
	case onHand == 1:
		return "The last one"
	}
	return "In stock"
}

// wordPart is the name of a peripheral for people.
func wordPart(name string) string {
	kind, n, _ := strings.Cut(name, ":")
	words := map[string]string{"printer": "Printer", "scanner": "Scanner", "journal": "Memory", "clock": "Clock", "drawer": "Drawer", sealPart: "Hub's journal"}
	return strings.TrimSpace(orElse(words[kind], kind) + " " + n)
}

func wordOfflineBanner(why string, ready bool) string {
	text := "No connection to the office (" + orElse(why, "no network") + ")."
	if !ready {
		return text
	}
	return text + " Cash sales go on and are sent later."
}

func wordPrinterBanner(p Part) string {
	if p.State == PartWarning {
		return "Printer: " + orElse(phrase(p.Detail), "it needs attention") + "."
	}
	return "Printer: " + orElse(phrase(p.Detail), "it does not answer") + ". Sales go on; receipts wait until you print them."
}

func wordJournalDown(detail string) string {
	return "The last step was not saved (" + orElse(detail, "the disk does not answer") + "). Hand out nothing; try again, and call a technician if it stays."
}

func wordHeld(n int) string {
	return plural(n, "receipt waits", "receipts wait") + " to be printed."
}

func wordWaitingEvents(n int) string { return plural(n, "report", "reports") + " not sent yet" }

func wordLoaded(have, total int) string { return fmt.Sprintf("%d of %d items", have, total) }

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return strconv.Itoa(n) + " " + many
}

func percent(ppm int64) string { return strings.Replace(slip.Percent(ppm), "%", " %", 1) }

func discountText(d money.Discount) string {
	switch {
	case d.PPM != 0:
		return "−" + percent(d.PPM)
	case d.Amount != 0:
		return "−" + d.Amount.String()
	}
	return ""
}

// itemName is what an item is called on screen and paper.
func itemName(i catalogue.Item) string {
	if i.Variant == "" {
		return clean(i.Name)
	}
	return clean(i.Name + ", " + i.Variant)
}

// itemDetail is the quiet line under it.
func itemDetail(i catalogue.Item) string {
	if i.Brand == "" {
		return clean(i.SKU)
	}
	return clean(i.Brand + " · " + i.SKU)
}

func orElse(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

// short makes a scanned code fit a sentence.
func short(code string) string { return clip(code, 40) }

// maxText is the longest text, in bytes, taken from outside.
const maxText = 200

// clean makes text from outside fit to show and to send: valid, in one line,
// not too long.
func clean(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
	return clip(strings.TrimSpace(s), maxText)
}

// phrase is a clean text without its full stop, to be set into a sentence.
func phrase(s string) string { return strings.TrimRight(clean(s), ". ") }

// sentence is a phrase as a sentence of its own.
func sentence(phrase string) string {
	first, n := utf8.DecodeRuneInString(phrase)
	return string(unicode.ToUpper(first)) + phrase[n:] + "."
}

// clip cuts a text to at most n bytes between two runes and marks the cut.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	cut := n - len("…")
	for cut > 0 && !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}

// slipNumber is a slip number as printed, "K3-000123".
func slipNumber(prefix string, n int64) string { return fmt.Sprintf("%s-%06d", prefix, n) }

func itoa(n int) string { return strconv.Itoa(n) }

// clockText is a device wall clock time at the shop.
func clockText(wallMS int64, offset int) string {
	return time.UnixMilli(wallMS).UTC().Add(time.Duration(offset) * time.Second).Format("15:04")
}
