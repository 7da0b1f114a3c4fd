package money

import (
	"cmp"
	"slices"
)

// Spread divides amount in proportion to the weights so that the parts sum to it
// exactly. Every part is first cut off towards zero; the cents left over go one
// each to the parts with the largest remainder, earlier ones first when equal.
//
// Weights must not be negative, and at least one must be more than zero unless
// amount is zero. Anything else, and sums beyond [MaxAmount], give a [*LimitError].
// Spread of a negated amount is the negated Spread.
func Spread(amount Cents, weights []Cents) ([]Cents, error) {
	if err := checkAmount("amount", amount); err != nil {
		return nil, err
	}
	sum, err := sumWeights(weights)
	if err != nil {
		return nil, err
	}
	parts := make([]Cents, len(weights))
	if amount == 0 {
		return parts, nil
	}
	if sum == 0 {
		return nil, limit("weights", sum, "there is nothing to spread the amount over")
	}
	left := amount
	rests := make([]part, len(weights))
	for i, weight := range weights {
		whole, rest := mulDiv(amount, int64(weight), int64(sum))
		parts[i] = whole
		left -= whole
		rests[i] = part{index: i, rest: rest, den: 1}
	}
	handOut(left, rests, func(i int, cent Cents) { parts[i] += cent })
	return parts, nil
}

func sumWeights(weights []Cents) (Cents, error) {
	var sum Cents
	for i, weight := range weights {
		if weight < 0 || weight > MaxAmount {
			return 0, &LimitError{Field: "weights", Line: i + 1, Value: weight.String(), Hint: "a weight must be zero or more"}
		}
		if sum += weight; sum > MaxAmount {
			return 0, limit("weights", sum, "the weights are too large")
		}
	}
	return sum, nil
}

// part is what cutting off took from one share: rest/den of a cent, den > 0.
type part struct {
	index     int
	rest, den int64
}

// handOut gives left, a small number of cents of either sign, one by one to the
// parts that lost most in its direction. It reorders parts.
func handOut(left Cents, parts []part, give func(index int, cent Cents)) {
	if left == 0 {
		return
	}
	cent := Cents(1)
	if left < 0 {
		cent = -1
	}
	slices.SortStableFunc(parts, func(a, b part) int {
		return int(cent) * b.compare(a)
	})
	for i := range int(left * cent) {
		give(parts[i].index, cent)
	}
}

// compare orders by rest/den. Denominators are equal, or those of taxes, which are
// below 2^24, so that the products fit.
func (p part) compare(q part) int {
	if p.den == q.den {
		return cmp.Compare(p.rest, q.rest)
	}
	return cmp.Compare(p.rest*q.den, q.rest*p.den)
}
