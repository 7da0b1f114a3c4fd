package flow

import (
	"fmt"

	"kickstand/protocol"
)

// The words of the payment.
const (
	wordPayTitle      = "How is it paid?"
	wordCashTitle     = "Pay cash"
	wordPaidTitle     = "Everything is paid"
	wordSettle        = "Finish the sale"
	wordPart1         = "Only a part"
	wordAll           = "All that is due"
	wordPartTitle     = "How much this way?"
	wordAside         = "Set aside"
	wordGiveBack      = "Give back"
	wordGiveBackFirst = "Money was taken for this sale. Give it back first, or finish the sale."
	wordManyPayments  = "There are too many payments in this sale. Give one back first."
	wordExternal      = "Other terminal"
	wordCodeOdd       = "That is no code of a gift card. Scan the code on the card."
	wordTenderDiffers = "The office has other figures for this payment than the till. Take no more money; a manager looks it up in the office."
	wordNothingTaken  = "There is nothing on it. Take another way to pay."
	wordCanceled      = "No money was taken."

	wordAsking         = "Calling the office"
	wordAskingText     = "The till asks for this payment. Wait a moment."
	wordTenderAway     = "The connection is away"
	wordTenderAwayText = "It is not known whether this payment went through. Do not take the card again. The till asks as soon as the connection is back."
	wordWaitCard       = "Ask the customer to tap, insert or swipe"
	wordWaitCardText   = "The card reader shows the amount."
	wordCanceling      = "Stopping the card reader"
	wordCancelingText  = "Wait until it is certain that no money was taken."
	wordChecking       = "Checking with the bank"
	wordCheckingText   = "Do not take the card again. This screen says how it ended."
	wordCannotCancel   = "It is being checked and cannot be stopped now. Wait until its end is known."
	wordGivingBack     = "Giving the money back"
	wordGivingBackText = "Wait until it is certain that the money went back."
	wordDeclined       = "Declined"
	wordDeclinedText   = "No money was taken. Try again, or take another way to pay."
	wordCanceledTitle  = "Stopped"
	wordBackFailed     = "Not given back"
	wordPersonTitle    = "A manager has to look it up"
	wordPersonText     = "It is not known whether money was taken. Take no more money for this sale. Set it aside; a manager finds out in the office."
	wordAskAgain       = "Ask again"
	wordTryAgain       = "Try again"
	wordOtherWay       = "Other way to pay"
	wordGiveBackTitle  = "Give this payment back?"
	wordKeepPayment    = "Keep it"

	whyCashBack = "cash given back"
)

// wordTender is the name of a tender on a button and on the screen.
func wordTender(t protocol.Tender) string {
	switch t {
	case protocol.Cash:
		return "Cash"
	case protocol.Card:
		return "Card"
	case protocol.Gift:
		return "Gift card"
	case protocol.Credit:
		return "Store credit"
	case protocol.Deposit:
		return "Deposit"
	}
	return wordExternal
}

func iconTender(t protocol.Tender) string {
	switch t {
	case protocol.Cash:
		return "cash"
	case protocol.Card:
		return "card"
	case protocol.External:
		return "keyboard"
	}
	return "tag"
}

// wordPayment is a payment in a list.
func wordPayment(p protocol.Payment) string { return orElse(p.Words, wordTender(p.Tender)) }

func wordOfCash(p protocol.Payment) string {
	return amount(p.Tendered) + " given, " + amount(p.Change) + " change"
}

// wordTook is what the receipt says of a payment by the hub.
func wordTook(s *protocol.TenderState) string {
	words := orElse(clean(s.Words), wordTender(s.Tender))
	if s.Tender != protocol.Card && s.Taken > 0 {
		words += ", left " + amount(s.Left)
	}
	return words
}

func wordNeedsHub(t protocol.Tender) string {
	if t == protocol.Card {
		return "Cards need the connection to the office, which is away. Cash and the other terminal work."
	}
	return wordTender(t) + "s need the connection to the office, which is away. Cash and the other terminal work."
}

func wordNoWay(t protocol.Tender) string {
	return wordTender(t) + " cannot be taken here now. Take another way to pay."
}

func wordGaveBack(c Cents, t protocol.Tender) string {
	switch t {
	case protocol.Cash:
		return "Hand back " + amount(c) + " in cash."
	case protocol.External:
		return amount(c) + " is no longer in this sale. Give it back on the other terminal."
	}
	return amount(c) + " went back."
}

func wordGiveBackText(p protocol.Payment) string {
	switch p.Tender {
	case protocol.Cash:
		return amount(p.Amount) + " in cash goes back to the customer. The drawer opens."
	case protocol.External:
		return amount(p.Amount) + " is taken out of this sale. Give it back on the other terminal yourself."
	}
	return fmt.Sprintf("%s goes back to: %s.", amount(p.Amount), wordPayment(p))
}

func wordPartTooMuch(left Cents) string { return "Only " + amount(left) + " is still due." }

func wordPartHint(left Cents) string { return "Of " + amount(left) + " still due" }

func wordTakeAmount(c Cents) string { return "Take " + amount(c) }

func wordCodeTitle(t protocol.Tender) string {
	if t == protocol.External {
		return "What does the terminal's slip say?"
	}
	if t == wayWho {
		return wordWhoTitle
	}
	return "Scan or type the code"
}

func wordCodeHint(t protocol.Tender) string {
	if t == protocol.External {
		return "Take the money on the other terminal first, then type the number on its slip."
	}
	switch t {
	case wayBalance:
		return wordCodeBalance
	case wayLoad:
		return wordCodeLoad
	case wayWho:
		return wordWhoHint
	}
	return wordTender(t) + ": the code is on the card or on the paper."
}

func wordCodeEmpty(t protocol.Tender) string {
	if t == protocol.External {
		return "Type the number on the terminal's slip first."
	}
	if t == wayWho {
		return wordWhoEmpty
	}
	return "Scan or type the code first."
}

func wordTenderID(id string) string { return "Payment " + id }

func wordParkedPaid(sale string, c Cents) string {
	return fmt.Sprintf("%s was taken for the sale that was set aside (%s). Open it under Parked to finish it.", amount(c), sale)
}
