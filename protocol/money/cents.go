package money

import (
	"fmt"
	"strconv"
	"strings"
)

// Cents is an amount in the minor unit of the sale's currency, hundredths of a
// dollar, euro, pound or franc. It may be negative.
type Cents int64

// MaxAmount is the largest amount, of either sign, that this package calculates
// with. The largest document that passes [Document.Validate] stays below it.
const MaxAmount Cents = 100_000_000_000_000_000

// String gives the amount with two decimals and no grouping: "12.34", "-0.05".
func (c Cents) String() string {
	magnitude, sign := c.magnitude(), ""
	if c < 0 {
		sign = "-"
	}
	return fmt.Sprintf("%s%d.%02d", sign, magnitude/100, magnitude%100)
}

// magnitude is the distance from zero; it holds for every int64.
func (c Cents) magnitude() uint64 {
	if c < 0 {
		return -uint64(c)
	}
	return uint64(c)
}

// signed puts the sign of c on an amount that is not negative.
func (c Cents) signed(amount Cents) Cents {
	if c < 0 {
		return -amount
	}
	return amount
}

// ParseError says why a text is not an amount.
type ParseError struct {
	Input string // the text as it was given
	Hint  string // what to type instead, for a person
}

// Error names the text and the hint.
func (e *ParseError) Error() string {
	return fmt.Sprintf("amount %.40q: %s", e.Input, e.Hint)
}

// Parse reads an amount as a person types it: "12", "12.3", "12.34", ".5",
// "-4.00", "$1,234.50". One leading sign and one leading currency sign ($, €, £)
// are allowed. Commas may group thousands, and a comma followed by one or two last
// digits is a decimal comma ("12,34"). Anything else, and anything beyond
// [MaxAmount], gives a [*ParseError].
func Parse(s string) (Cents, error) {
	fail := func(hint string) (Cents, error) { return 0, &ParseError{Input: s, Hint: hint} }
	text, negative := cutSign(strings.TrimSpace(s))
	whole, fraction := cutDecimals(cutSymbol(text))
	if whole == "" && fraction == "" {
		return fail("type an amount such as 12.34")
	}
	if len(fraction) > 2 {
		return fail("use at most two digits after the point")
	}
	digits, ok := ungroup(whole)
	if !ok || !allDigits(fraction) {
		return fail("use digits, with a point before the cents, such as 1234.50")
	}
	for len(fraction) < 2 {
		fraction += "0"
	}
	amount, err := strconv.ParseInt(digits+fraction, 10, 64)
	if err != nil || amount > int64(MaxAmount) {
		return fail("the amount is too large")
	}
	if negative {
		amount = -amount
	}
	return Cents(amount), nil
}

func cutSign(s string) (rest string, negative bool) {
	for _, minus := range []string{"-", "\u2212"} {
		if after, ok := strings.CutPrefix(s, minus); ok {
			return after, true
		}
	}
	return strings.TrimPrefix(s, "+"), false
}

func cutSymbol(s string) string {
	for _, symbol := range []string{"$", "€", "£"} {
		if after, ok := strings.CutPrefix(s, symbol); ok {
			return strings.TrimLeft(after, " ")
		}
	}
	return s
}

// cutDecimals splits at the point or, without a point, at a single comma that is
// followed by one or two characters.
func cutDecimals(s string) (whole, fraction string) {
	if before, after, ok := strings.Cut(s, "."); ok {
		return before, after
	}
	before, after, ok := strings.Cut(s, ",")
	if ok && (len(after) == 1 || len(after) == 2) {
		return before, after
	}
	return s, ""
}

// ungroup removes the commas between groups of three digits.
func ungroup(s string) (digits string, ok bool) {
	groups := strings.Split(s, ",")
	for i, group := range groups {
		if !allDigits(group) {
			return "", false
		}
		first := i == 0 && len(group) >= 1 && len(group) <= 3
		if len(groups) > 1 && len(group) != 3 && !first {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
