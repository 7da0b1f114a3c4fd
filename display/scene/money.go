package scene

import (
	"strconv"
	"strings"

	"kickstand/device/flow"
)

// Money writes an amount as a person in the shop reads it: "$1,234.50",
// "−€5.00", "CHF 12.00". The currency is an ISO 4217 code, CAD when empty; a
// code without a sign of its own is written before the amount.
func Money(currency string, c flow.Cents) string {
	digits := strings.TrimPrefix(strconv.FormatInt(int64(c), 10), "-")
	for len(digits) < 3 {
		digits = "0" + digits
	}
	whole, cents := digits[:len(digits)-2], digits[len(digits)-2:]
	sign := ""
	if c < 0 {
		sign = "−"
	}
	return sign + symbol(currency) + thousands(whole) + "." + cents
}

func symbol(currency string) string {
	switch currency {
	case "", "CAD", "USD", "AUD", "NZD":
		return "$"
	case "EUR":
		return "€"
	case "GBP":
		return "£"
	}
	return currency + " "
}

// thousands sets a comma before every third figure from the right.
func thousands(figures string) string {
	var b strings.Builder
	for i, d := range figures {
		if i > 0 && (len(figures)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// cents reads an amount as money writes it, "1234.50", and whether it is one.
func cents(text string) (flow.Cents, bool) {
	whole, part, ok := strings.Cut(text, ".")
	if !ok || len(part) != 2 || len(whole) > 16 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+part, 10, 64)
	return flow.Cents(n), err == nil
}
