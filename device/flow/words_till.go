package flow

import "fmt"

// What the till says.
const (
	wordTill          = "Till session"
	wordTillIsShut    = "The till is closed"
	wordTillShutText  = "Count the float and open it before the first sale."
	wordTillIsOpen    = "The till is open"
	wordReceiptsSoFar = "So far"
	wordCashPutIn     = "Cash put in"
	wordCashTakenOut  = "Cash taken out"
	wordOpenTill      = "Open the till"
	wordCloseTill     = "Close the till"
	wordCashIn        = "Cash in"
	wordCashOut       = "Cash out"
	wordXReport       = "X report"
	wordXPrinting     = "The X report is printing. The till stays open."
	wordZAgain        = "Print Z again"
	wordCountHint     = "Count what is in the drawer"
	wordNoneCounted   = "None of these are counted yet."
	wordCountDone     = "Counted"
	wordGoOnSelling   = "Go on selling"
	wordTypeSum       = "Type the sum"
	wordReviewTitle   = "Close the till?"
	wordCounted       = "Counted"
	wordShouldBe      = "Should be there"
	wordDifference    = "Difference"
	wordAgrees        = "The drawer agrees."
	wordCountAgain    = "Count again"
	wordSaleFirst     = "Finish, park or void the sale first. Then close the till."
	wordCountFirst    = "Finish counting the till first. The scan was not taken."
	wordOpenFirst     = "The till is closed. Open it before taking money."
	wordManyPieces    = "That is more than 9999 pieces. Check the number."
	wordTypeAmount    = "Type an amount."
	wordUnsolvedTitle = "Something is not settled"
	wordCloseLater    = "Close later"
	wordCloseAnyway   = "Close all the same"
	wordManagerCloses = "The owner or the service lead may close the till all the same; it is named on the Z report."
	wordVarianceText  = "Choose what fits best. It is printed on the Z report."
	wordCashWhyText   = "It is printed on the slip, which somebody signs."
)

func varianceReasons() []string {
	return []string{"Change was given wrong", "The float was wrong", "Cash was moved without a slip", "Cause not known"}
}

func cashReasons(kind string) []string {
	if kind == askCashIn {
		return []string{"More change", "Money from the bank", "Correction", "Something else"}
	}
	return []string{"To the bank or safe", "Paid a supplier", "Petty cash", "Something else"}
}

func wordZ(n int64) string { return "Z report " + itoa(int(n)) }

func wordOpenSince(clock string) string { return "since " + clock + ", float" }

func wordCountTitle(sum Cents) string { return "Counted so far: " + sum.String() }

func wordPiecesOf(coin Cents) string { return "How many of " + coin.String() + "?" }

func wordTillAmount(what string) string {
	switch what {
	case "till-in":
		return "Cash in: how much?"
	case "till-out":
		return "Cash out: how much?"
	}
	return "How much is in the drawer?"
}

func wordTooMuchOut(there Cents) string {
	return "There should be only " + there.String() + " in the drawer. Type less."
}

func wordTillOpened(float Cents) string {
	return "The till is open with " + float.String() + "."
}

func wordTillClosed(n int64) string {
	return "The till is closed. Z report " + itoa(int(n)) + " is printing."
}

func wordCashMoved(amount Cents) string {
	if amount < 0 {
		return (-amount).String() + " taken out. Sign the slip and put it in the drawer."
	}
	return amount.String() + " put in. Sign the slip and put it in the drawer."
}

func wordNotAtHub(n int) string {
	return fmt.Sprintf("%s not yet with the hub.", plural(n, "receipt or event is", "receipts and events are"))
}

func wordVarianceTitle(v Cents) string {
	if v < 0 {
		return "Why is " + (-v).String() + " missing?"
	}
	return "Why is " + v.String() + " too much?"
}

func wordDiffers(v Cents) string {
	if v < 0 {
		return "missing"
	}
	return "too much"
}

func wordCountN(n int) string {
	if n == 1 {
		return "first count"
	}
	return "count " + itoa(n)
}

func wordCashWhy(in bool, amount Cents) string {
	if in {
		return "Why do you put " + amount.String() + " in?"
	}
	return "Why do you take " + amount.String() + " out?"
}

func wordOpenTender(o *Open, sale string) string {
	return wordTender(o.Tender) + " " + o.Amount.String() + " is not settled (" + sale + ")."
}

func wordPaidParked(c Cents, sale string) string {
	return c.String() + " was taken for a sale that is set aside (" + sale + ")."
}
