package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"kickstand/hub/contact"
	"kickstand/hub/right"
	"kickstand/hub/sale"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

// formats are the functions the templates may use.
func formats() template.FuncMap {
	return template.FuncMap{
		"amount":      amount,
		"priced":      priced,
		"tender":      slip.Tender,
		"owedwords":   owedWords,
		"clock":       func(t time.Time) string { return t.Format("15:04") },
		"moment":      func(t time.Time) string { return t.Format("2 January 2006, 15:04:05") },
		"longday":     func(t time.Time) string { return t.Format("Monday, 2 January 2006") },
		"iso":         func(t time.Time) string { return t.Format(time.RFC3339) },
		"number":      sale.Number,
		"account":     contact.Number,
		"percent":     slip.Percent,
		"pieces":      func(n int64) string { return count(n, "piece", "pieces") },
		"count":       count,
		"plus":        plus,
		"thin":        thousands[int64],
		"wide":        func(n int) int64 { return int64(n) },
		"field":       fieldOf,
		"verdicts":    verdicts,
		"asking":      asking,
		"list":        func(all ...string) []string { return all },
		"choice":      choiceOf,
		"tick":        tickOf,
		"action":      actionOf,
		"whomay":      func(a string) string { return right.Who(right.Action(a)) },
		"differences": func(n int) string { return count(int64(n), "difference", "differences") },
	}
}

// minus is the sign people read best; a hyphen is too short beside digits.
const minus = "\u2212"

// amount writes money with grouped thousands: 1,234.50.
func amount(c money.Cents) string {
	text, negative := strings.CutPrefix(c.String(), "-")
	whole, cents, _ := strings.Cut(text, ".")
	sign := ""
	if negative {
		sign = minus
	}
	return sign + group(whole) + "." + cents
}

// symbols of currencies whose sign everybody knows where they are used.
var symbols = [...][2]string{{"CAD", "$"}, {"USD", "$"}, {"AUD", "$"}, {"NZD", "$"}, {"EUR", "€"}, {"GBP", "£"}}

// priced writes money with its currency: $1,234.50 or CHF 1,234.50.
func priced(currency string, c money.Cents) string {
	sign, text := "", amount(c)
	if rest, ok := strings.CutPrefix(text, minus); ok {
		sign, text = minus, rest
	}
	for _, s := range symbols {
		if s[0] == currency {
			return sign + s[1] + text
		}
	}
	if currency == "" {
		return sign + text
	}
	return sign + currency + "\u00a0" + text
}

// thousands writes a whole number with grouped thousands.
func thousands[N int | int64](n N) string {
	text, negative := strings.CutPrefix(fmt.Sprint(n), "-")
	if negative {
		return minus + group(text)
	}
	return group(text)
}

func group(digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b.WriteByte(',')
		}
		b.WriteRune(d)
	}
	return b.String()
}

// plus writes a change with its sign.
func plus(n int64) string {
	if n > 0 {
		return "+" + thousands(n)
	}
	return thousands(n)
}

// count writes a number with the right word: "1 sale", "12 sales".
func count(n int64, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return thousands(n) + " " + many
}

// ago says how long ago a moment was, as a person would.
func ago(now, then time.Time) string {
	d := now.Sub(then)
	switch {
	case d < 5*time.Second:
		return "just now"
	case d < time.Minute:
		return fmt.Sprintf("%d seconds ago", int(d.Seconds()))
	case d < 2*time.Hour:
		return count(int64(d.Minutes()), "minute", "minutes") + " ago"
	case d < 48*time.Hour:
		return count(int64(d.Hours()), "hour", "hours") + " ago"
	}
	return count(int64(d.Hours()/24), "day", "days") + " ago"
}

// lasting says how long something took or is off: "1.4 s", "3 min", "8,760 h".
func lasting(d time.Duration) string {
	d = d.Abs()
	switch {
	case d < time.Second:
		return fmt.Sprintf("%d ms", d.Milliseconds())
	case d < 10*time.Second:
		return fmt.Sprintf("%.1f s", d.Seconds())
	case d < 2*time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < 2*time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return thousands(int64(d.Hours())) + " h"
}

// size writes bytes as people read them.
func size(n int) string {
	if n < 1024 {
		return count(int64(n), "byte", "bytes")
	}
	if n < 1<<20 {
		return fmt.Sprintf("%.1f KiB", float64(n)/1024)
	}
	return fmt.Sprintf("%.1f MiB", float64(n)/(1<<20))
}
