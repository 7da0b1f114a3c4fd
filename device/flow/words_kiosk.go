package flow

import "fmt"

// The words for customers who buy at the kiosk.
const (
	wordBuy              = "Buy it here"
	wordBasketTitle      = "Your basket"
	wordPayCard          = "Pay by card"
	wordStaff            = "Call staff"
	wordStaffTitle       = "Somebody is coming"
	wordStaffText        = "The counter sees your basket and can go on with it there, too."
	wordStaffAway        = "The counter cannot be called from here now. Please go there."
	wordAtCounter        = "The counter goes on with your basket."
	wordSelfCheckout     = "Self-checkout"
	wordSelfSerial       = "Bicycles are sold at the counter. Please ask there."
	wordSelfCounter      = "This is sold at the counter. Please ask there."
	wordSelfPaying       = "You are paying. Finish or stop that first."
	wordSelfNoCards      = "Cards do not work here now. Please pay at the counter; it takes cash."
	wordSelfDeclined     = "The card was not accepted"
	wordSelfDeclinedText = "No money was taken. Try again, use another card, or pay at the counter."
	wordSelfPerson       = "Please ask at the counter"
	wordSelfPersonText   = "It is not known yet whether your card was charged. Please do not pay again; the staff will find out."
	wordSelfWait         = "Hold your card to the reader"
	wordSelfWaitText     = "Or insert it, or use your phone."
	wordSelfChecking     = "Please wait, and do not use your card again. This screen says how it ended."
	wordSelfAway         = "The connection was lost. Please do not pay again; wait here or call the staff."
	wordToBasket         = "Back to my basket"
	wordThanks           = "Thank you"
	wordCustomerLeft     = "the customer has left"
)

func wordSelfItems(n int64) string {
	return fmt.Sprintf("You can buy up to %d things here. Please take more than that to the counter.", n)
}

func wordSelfMax(c Cents) string {
	return "You can pay up to " + amount(c) + " here. Please take more than that to the counter."
}
