package flow

import (
	"fmt"

	"kickstand/protocol"
)

// ScreenGift asks how much is put on a gift card.
const ScreenGift Screen = "gift"

// askCardTop is askCard with the way to put more on it.
const askCardTop = "card-top"

// showGift is the keypad with the usual amounts.
func (s State) showGift(v *View) {
	v.Title, v.Hint = wordGiftTitle, wordGiftNew
	other := button("gift-code", wordGiftCode, "tag", Quiet, "")
	if s.Visit.Card != "" {
		v.Hint = wordGiftOn(s.Visit.Card)
		other = button("gift-new", wordGiftFresh, "plus", Quiet, "")
	}
	pad := &Keypad{Label: v.Hint, Value: s.entryText(), Unit: s.Durable.Settings.Rules.Currency, Error: s.Visit.Error}
	least, most := s.Durable.Settings.Gift.Bounds()
	why := s.cannotGift()
	for _, c := range s.giftAmounts() {
		if c >= least && c <= most {
			pad.Presets = append(pad.Presets, button("gift-amount:"+itoa(int(c)), amount(c), "", Normal, why))
		}
	}
	pad.Presets = append(pad.Presets, other, button("gift-balance", wordBalance, "search", Quiet, why))
	v.Keypad = pad
	v.Buttons = []Button{backButton(), button("ok", wordOK, "check", Primary, why)}
}

// giftAmounts are the amounts of the quick buttons.
func (s State) giftAmounts() []Cents {
	if all := s.Durable.Settings.Gift.Amounts; len(all) > 0 {
		return all[:min(len(all), 5)]
	}
	return []Cents{25_00, 50_00, 100_00}
}

// The words of gift cards.
const (
	wordGift        = "Gift card"
	wordGiftTitle   = "Gift card: how much?"
	wordGiftNew     = "A new gift card, printed with its code"
	wordGiftFresh   = "A new card instead"
	wordGiftCode    = "A card with a code"
	wordGiftOffline = "Gift cards need the connection to the office, which is away. Cash and the other terminal work for everything else."
	wordGiftFixed   = "The amount of a gift card stays as it is, and it takes no discount. Remove the line to change it."
	wordGiftTwice   = "This card is in the sale already. Remove its line to change the amount."
	wordGiftNotGift = "A gift card is not paid for with gift cards or store credit. Take another way to pay."
	wordTopUp       = "Put more on it"
	wordBalance     = "What is on a card?"
	wordIsCard      = "It is a gift card"
	wordLookUp      = "Look it up"
	wordTakeCard    = "Take this card"
	wordCodeBalance = "Scan the card or the paper, or type its code."
	wordCodeLoad    = "Scan the card that the customer takes, or type its code."
)

func wordGiftLine(code string) string { return wordGift + " " + protocol.MaskCode(code) }

func wordGiftDetail(fresh bool) string {
	if fresh {
		return "printed when the sale is finished"
	}
	return "loaded when the sale is finished"
}

func wordGiftOn(code string) string { return "On gift card " + protocol.MaskCode(code) }

func wordGiftLeast(c Cents) string {
	return "At least " + amount(c) + " is put on a gift card."
}

func wordGiftMost(c Cents) string { return "A gift card holds at most " + amount(c) + "." }

// wordHolds is what is on a card: title and text of a dialog.
func wordHolds(g *protocol.GiftTold) string {
	name := wordTender(g.Account) + " " + clean(g.Ref)
	if g.Balance == 0 {
		return name + " is empty\nNothing is left on it."
	}
	return fmt.Sprintf("%s holds %s\nIt pays for anything in the shop.", name, amount(g.Balance))
}
