package flow

import "strings"

// The words for receipts that are not on paper.
const (
	wordByQR         = "Receipt by QR"
	wordByMail       = "Receipt by e-mail"
	wordQRTitle      = "Your receipt"
	wordQRText       = "Point the camera of your phone at the code and open the page."
	wordQRSoon       = "The page is there in a moment."
	wordQRLater      = "No network just now: the page is there later."
	wordMailTitle    = "Your e-mail address"
	wordMailHint     = "Only this receipt goes there, nothing else."
	wordMailLater    = "No network just now: the receipt is sent when it is back."
	wordMailSend     = "Send"
	wordCopyOffline  = "The office knows this receipt, and it is away just now. Try again when the network is back."
	wordMailsEnough  = "This receipt was sent often enough. Please ask at the counter."
	wordNoPaper      = "No paper here now. The counter can print your receipt."
	wordNoPaperShort = "No paper here now."
	wordNoPaperOther = "No paper here now. Take the receipt on your phone, or ask at the counter."
)

func wordBadAddress(err error) string {
	s := err.Error()
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

func wordMailed(to string, online bool) string {
	if online {
		return "E-mail to " + to
	}
	return "E-mail to " + to + " when the network is back"
}
