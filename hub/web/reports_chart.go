package web

import (
	"fmt"

	"kickstand/protocol/money"
)

// columnChart shows amounts over time, ready to draw. Widths are shares of
// its own, so that it fits any screen; heights are pixels.
type columnChart struct {
	Words string // the same for people who do not see it
	Bars  []columnBar
	Lines []gridLine
	Zero  int
}

// columnBar is one amount. X and Width are per cent.
type columnBar struct {
	Words     string
	Label     string // empty: none
	X, LabelX string
	Width     string
	Y, Height int
}

// gridLine is a round amount to compare with.
type gridLine struct {
	Y    int
	Text string
}

const (
	chartTop    = 8   // pixels above the highest bar
	chartHeight = 160 // pixels of the bars
	mostLabels  = 5   // below the bars, so that they fit on a telephone
	gridLines   = 4   // at most, from 0 to the highest
)

// point is one amount of a chart.
type point struct {
	short  string // below the bar
	long   string // when it is pointed at
	sales  int64
	amount money.Cents
}

// newColumns draws points in order of time.
func newColumns(what, currency string, points []point) columnChart {
	low, high := money.Cents(0), money.Cents(0)
	best := 0
	for i, p := range points {
		low, high = min(low, p.amount), max(high, p.amount)
		if p.amount > points[best].amount {
			best = i
		}
	}
	step := roundStep(max(high, -low))
	low, high = -up(-low, step), max(up(high, step), step)
	height := func(c money.Cents) int { return int(chartHeight * float64(c) / float64(high-low)) }
	c := columnChart{Zero: chartTop + height(high)}
	for at := low; at <= high; at += step {
		c.Lines = append(c.Lines, gridLine{Y: c.Zero - height(at), Text: wholeAmount(currency, at)})
	}
	every := (len(points) + mostLabels - 1) / mostLabels
	for i, p := range points {
		b := newBar(i, len(points), p, currency)
		if b.Height = max(height(p.amount), -height(p.amount)); b.Height == 0 && p.sales > 0 {
			b.Height = 1
		}
		if b.Y = c.Zero; p.amount > 0 {
			b.Y -= b.Height
		}
		if i%every == 0 {
			b.Label = p.short
		}
		c.Bars = append(c.Bars, b)
	}
	if len(points) > 0 {
		c.Words = fmt.Sprintf("%s: from %s to %s, the most in %s with %s. The table below has every number.",
			what, points[0].long, points[len(points)-1].long, points[best].long, priced(currency, points[best].amount))
	}
	return c
}

// newBar places the i-th of n bars from left to right.
func newBar(i, n int, p point, currency string) columnBar {
	slot := 100 / float64(n)
	x := float64(i) * slot
	return columnBar{
		X: fmt.Sprintf("%.3f%%", x+slot*0.12), Width: fmt.Sprintf("%.3f%%", slot*0.76),
		LabelX: fmt.Sprintf("%.3f%%", x+slot/2),
		Words:  fmt.Sprintf("%s: %s, %s", p.long, count(p.sales, "sale", "sales"), priced(currency, p.amount)),
	}
}

// roundStep is the smallest of 1, 2, 5, 10 and so on, in whole units of the
// currency, that reaches an amount in gridLines steps.
func roundStep(most money.Cents) money.Cents {
	for step := money.Cents(100); ; step *= 10 {
		for _, n := range []money.Cents{1, 2, 5} {
			if step*n*gridLines >= most {
				return step * n
			}
		}
	}
}

// up rounds an amount that is not negative up to whole steps.
func up(c, step money.Cents) money.Cents { return (c + step - 1) / step * step }

// wholeAmount writes a round amount without its cents.
func wholeAmount(currency string, c money.Cents) string {
	text := priced(currency, c)
	return text[:len(text)-len(".00")]
}
