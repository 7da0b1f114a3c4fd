package tender

import (
	"strings"

	"kickstand/hub/pay"
	"kickstand/protocol"
)

// What devices show while a tender is under way.
const (
	wordsStopping  = "Stopping the card reader."
	wordsRefunding = "Giving the money back to the card."
	wordsNobody    = "Nobody showed a card for a long time."
	wordsLong      = "The hub was away for a while, so the card was not asked for again. No money was taken."
	wordsNoKey     = "This shop has not set up card payments. Take another way to pay."
	wordsNoReader  = "This device has no card reader. Take another way to pay."
	wordsFirst     = "The card service is being called. Try again in a moment."
	wordsDown      = "The card service cannot be reached. Take another way to pay, and try cards again later."
)

// noun names a tender in a sentence.
func noun(t protocol.Tender) string {
	switch t {
	case protocol.Card:
		return "card"
	case protocol.Gift:
		return "gift card"
	case protocol.Credit:
		return "store credit"
	case protocol.Deposit:
		return "deposit"
	}
	return string(t)
}

// title names a tender at the beginning of a line.
func title(t protocol.Tender) string {
	n := noun(t)
	return strings.ToUpper(n[:1]) + n[1:]
}

// cardWords are what a receipt says of a card.
func cardWords(c pay.Card) string {
	brand := c.Brand
	switch brand {
	case "":
		return "Card"
	case "amex":
		brand = "American Express"
	case "eftpos_au":
		brand = "eftpos"
	default:
		brand = strings.ToUpper(brand[:1]) + brand[1:]
	}
	return strings.TrimSpace(brand + " " + c.Last4)
}
