package pay

// Codes of this package, beside those of Stripe.
const (
	CodeNotExecuted = "not_executed"       // Stripe failed inside and did nothing, which a reading has proven
	CodeInterrupted = "reader_interrupted" // the reader no longer works for this payment
	CodeTooOld      = "too_old"            // too old to be replayed, and no reading settles it
	CodeAmount      = "amount_differs"     // Stripe captured another amount than was asked for
	CodeHeld        = "authorised_only"    // authorised but not captured, though no hold was asked for
	CodeAuthorised  = "authorised"         // note on a process attempt: the reader is done with this hold
	CodeLapsing     = "hold_lapsing"       // a hold lapses within HoldWarning
	CodeLapsed      = "hold_lapsed"        // a hold has lapsed
	CodePageExpired = "page_expired"       // nobody paid on Stripe's page in time
	codeReturned    = "refund_failed"      // Stripe's: the bank did not take a refund
	CodeOffline     = "no_answer"          // no answer from Stripe
	CodeKey         = "key_refused"        // Stripe refuses the shop's key
	CodeClash       = "key_clash"          // Stripe knows another request under this key
)

// Reason returns plain words for a code: what happened, and what to do now. It
// never tells a customer's bank secrets (a stolen card is just declined), and
// has words for codes it does not know.
func Reason(code string) string {
	switch code {
	case "":
		return ""
	case "insufficient_funds":
		return "There is not enough money on the card. Try another card."
	case "expired_card":
		return "The card has expired. Try another card."
	case "incorrect_pin", "invalid_pin":
		return "The PIN was wrong. Try again."
	case "pin_try_exceeded":
		return "The PIN was wrong too often. Try another card."
	case "offline_pin_required", "online_or_offline_pin_required":
		return "The bank asks for the PIN. Insert the card instead of tapping it."
	case "authentication_required":
		return "The bank wants the customer to confirm. Let the customer insert the card, or pay on the web page."
	case "card_not_supported", "currency_not_supported":
		return "This card cannot be used here. Try another card."
	case "card_velocity_exceeded", "withdrawal_count_limit_exceeded":
		return "The card has reached its limit for now. Try another card."
	case "issuer_not_available", "processing_error", "reenter_transaction", "try_again_later":
		return "The bank could not be reached. Try the card again."
	case "invalid_amount":
		return "The bank does not take this amount. Try another card."
	}
	return readerReason(code)
}

func readerReason(code string) string {
	switch code {
	case "customer_canceled":
		return "The customer stopped the payment at the reader."
	case "terminal_reader_offline":
		return "The card reader is not connected. Check its power and network, then try again."
	case "terminal_reader_busy":
		return "The card reader is busy with another payment. Wait until it is free, then try again."
	case "terminal_reader_timeout":
		return "The card reader did not answer. Try again."
	case "terminal_reader_hardware_fault":
		return "The card reader has a fault. Restart it, or use another reader."
	case CodeInterrupted:
		return "The card reader was interrupted. Nothing was charged. Try again."
	}
	return serviceReason(code)
}

func serviceReason(code string) string {
	switch code {
	case CodeNotExecuted:
		return "The card service did not carry this out. No money moved. Try again."
	case CodeTooOld:
		return "It is not known how this ended. Look it up in the Stripe dashboard before doing anything else."
	case CodeAmount:
		return "Stripe took another amount than was asked for. Look it up in the Stripe dashboard."
	case CodeHeld:
		return "The card is authorised but not charged. Look it up in the Stripe dashboard."
	case CodeLapsing:
		return "The hold on the card ends soon. Charge it or release it before."
	case CodeLapsed:
		return "The hold on the card has ended. Nothing was charged. Ask for another payment if money is due."
	case CodePageExpired:
		return "The page to pay on has expired. Nothing was charged. Make a new one."
	case CodeOffline:
		return "Checking with the card service. Do not take another payment yet."
	case CodeKey:
		return "The card service refuses the shop's key. Ask whoever set up the shop to enter it again."
	case CodeClash:
		return "The card service knows this payment with other content. Look it up in the Stripe dashboard."
	case "charge_already_refunded", "amount_too_large":
		return "This is more than what is left of the payment. Nothing was given back."
	case "refund_disputed_payment", "charge_disputed":
		return "The customer's bank has taken this payment back already. Nothing was given back."
	case codeReturned:
		return "The bank did not take the refund. Give the money back another way."
	case "amount_too_small":
		return "The amount is too small for a card."
	case "resource_missing":
		return "Stripe does not know this payment or reader. Check the settings."
	case "card_declined", "generic_decline", "do_not_honor", "lost_card", "stolen_card", "fraudulent":
		return "The bank declined the card. Try another card."
	}
	return "It was declined (" + code + "). Try another card, or another way to pay."
}
