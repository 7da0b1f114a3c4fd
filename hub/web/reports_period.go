package web

import (
	"fmt"
	"html/template"
	"strings"
	"time"
	"unicode"

	"kickstand/hub/store"
)

// span is how a period is counted.
type span string

const (
	daySpan   span = "day"
	weekSpan  span = "week" // from Monday, as ISO 8601 has it
	monthSpan span = "month"
	yearSpan  span = "year"
	freeSpan  span = ""
)

// maxDays is the longest period of a report, a little over ten years.
const maxDays = 3660

// period is whole days in the shop's zone.
type period struct {
	First, Last time.Time // midnights; both days belong to it
	Span        span
}

// hour is the time on the shop's wall when an hour of a report begins.
func (p period) hour(h store.HourSales) time.Time { return p.First.Add(time.Duration(h.N) * time.Hour) }

// newPeriod tells by its borders what a period is.
func newPeriod(first, last time.Time) period {
	for _, s := range []span{daySpan, weekSpan, monthSpan, yearSpan} {
		if p := s.around(first); p.First.Equal(first) && p.Last.Equal(last) {
			return p
		}
	}
	return period{First: first, Last: last}
}

// around is the day, week, month or year that a day is in.
func (s span) around(day time.Time) period {
	p := period{First: day, Last: day, Span: s}
	switch s {
	case weekSpan:
		p.First = day.AddDate(0, 0, -(int(day.Weekday())+6)%7)
		p.Last = p.First.AddDate(0, 0, 6)
	case monthSpan:
		p.First = day.AddDate(0, 0, 1-day.Day())
		p.Last = p.First.AddDate(0, 1, -1)
	case yearSpan:
		p.First = day.AddDate(0, 0, 1-day.YearDay())
		p.Last = p.First.AddDate(1, 0, -1)
	}
	return p
}

// Days is how many days the period has.
func (p period) Days() int { return int(p.Last.Sub(p.First)/(24*time.Hour)) + 1 }

// bounds are the period in hub time, the end not in it.
func (p period) bounds() (fromMS, toMS int64) {
	return p.First.UnixMilli(), p.Last.AddDate(0, 0, 1).UnixMilli()
}

// moved is the period of the same kind n before or after.
func (p period) moved(n int) period {
	switch p.Span {
	case monthSpan:
		return monthSpan.around(p.First.AddDate(0, n, 0))
	case yearSpan:
		return yearSpan.around(p.First.AddDate(n, 0, 0))
	}
	return period{First: p.First.AddDate(0, 0, n*p.Days()), Last: p.Last.AddDate(0, 0, n*p.Days()), Span: p.Span}
}

// Query is the period as a page's address has it. It is made of dates only, so
// templates need not escape it.
func (p period) Query() template.URL {
	return template.URL("from=" + p.First.Format(time.DateOnly) + "&to=" + p.Last.Format(time.DateOnly))
}

// Words names the period as a heading does.
func (p period) Words() string {
	switch p.Span {
	case daySpan:
		return p.First.Format("Monday, 2 January 2006")
	case monthSpan:
		return p.First.Format("January 2006")
	case yearSpan:
		return p.First.Format("2006")
	}
	first := "2 January"
	switch {
	case p.First.Year() != p.Last.Year():
		first = "2 January 2006"
	case p.First.Month() == p.Last.Month():
		first = "2"
	}
	return p.First.Format(first) + " to " + p.Last.Format("2 January 2006")
}

// asked is the period a request asks for.
type asked struct {
	period
	From, To string // as entered, so that nothing has to be typed twice
	Wrong    string // what is wrong with it, in words; then there is no period
}

// periodAsked reads the period of a request; without one it is this month.
func periodAsked(v visit) asked {
	today := midnight(v.now)
	a := asked{From: entered(v, "from"), To: entered(v, "to")}
	if a.From == "" && a.To == "" {
		a.period = monthSpan.around(today)
		a.From, a.To = a.First.Format(time.DateOnly), a.Last.Format(time.DateOnly)
		return a
	}
	var first, last time.Time
	if first, a.Wrong = readDay(v, "first", a.From); a.Wrong != "" {
		return a
	}
	if last, a.Wrong = readDay(v, "last", a.To); a.Wrong != "" {
		return a
	}
	switch {
	case last.Before(first):
		a.Wrong = fmt.Sprintf("The last day, %s, is before the first, %s. Change one of them.", last.Format("2 January 2006"), first.Format("2 January 2006"))
	case first.After(today):
		a.Wrong = fmt.Sprintf("That is still to come: today is %s. Choose an earlier first day.", today.Format("2 January 2006"))
	case (period{First: first, Last: last}).Days() > maxDays:
		a.Wrong = "That is more than ten years, too much for one report. Choose a shorter time."
	default:
		a.period = newPeriod(first, last)
	}
	return a
}

// entered is a field of the form as it can be shown again.
func entered(v visit, name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, v.FormValue(name)) // what is not UTF-8 is replaced too
}

// readDay reads one end of a period.
func readDay(v visit, which, text string) (day time.Time, wrong string) {
	example := v.now.Format(time.DateOnly)
	if text == "" {
		return day, fmt.Sprintf("The %s day is missing; write it as %s.", which, example)
	}
	day, err := time.ParseInLocation(time.DateOnly, text, v.zone)
	if err != nil {
		return day, fmt.Sprintf("%.20q is not a day. Write the %s day as %s.", text, which, example)
	}
	return day, ""
}
