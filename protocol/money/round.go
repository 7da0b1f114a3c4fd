package money

import (
	"math/big"
	"math/bits"
	"strconv"
)

func quoted(s string) string { return strconv.QuoteToGraphic(s) }

// away decides whether a magnitude that was cut off moves one step further from
// zero. half compares the part cut off, which is not zero, with a half.
func (m Mode) away(half int, odd bool) bool {
	switch m {
	case Up:
		return true
	case Down:
		return false
	case HalfEven:
		return half > 0 || half == 0 && odd
	default:
		return half >= 0
	}
}

// mulDiv is amount*num/den cut off towards zero, and the remainder in units of
// 1/den with the sign of amount. The caller keeps 0 <= num, 0 < den and the
// quotient within int64.
func mulDiv(amount Cents, num, den int64) (quotient Cents, rest int64) {
	hi, lo := bits.Mul64(amount.magnitude(), uint64(num))
	q, r := bits.Div64(hi, lo, uint64(den))
	if amount < 0 {
		return -Cents(q), -int64(r)
	}
	return Cents(q), int64(r)
}

// share is amount*num/den, rounded.
func (m Mode) share(amount Cents, num, den int64) Cents {
	whole, rest := mulDiv(amount, num, den)
	return m.settle(whole, rest, den)
}

// settle rounds whole + rest/den. The two parts have the same sign or one of them
// is zero, and |rest| < den.
func (m Mode) settle(whole Cents, rest, den int64) Cents {
	if rest == 0 {
		return whole
	}
	magnitude, step := rest, Cents(1)
	if rest < 0 {
		magnitude, step = -rest, -1
	}
	// magnitude against den-magnitude compares with a half and cannot overflow.
	half := compare(magnitude, den-magnitude)
	if m.away(half, whole&1 == 1) {
		return whole + step
	}
	return whole
}

func compare(a, b int64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	default:
		return 0
	}
}

// maxDenominator keeps num of an exactSum within int64: a document adds at most
// 8,000 fractions below one, so |num| < 8,000 * 2^50 < 2^63.
const maxDenominator = 1 << 50

// exactSum adds fractions without rounding. Tax rates of real shops share
// small denominators and stay in num/den; anything else moves to wide.
type exactSum struct {
	whole    Cents
	num, den int64
	wide     *big.Rat
}

// add adds whole + rest/den.
func (s *exactSum) add(whole Cents, rest, den int64) {
	s.whole += whole
	switch {
	case rest == 0:
	case s.wide != nil:
		s.wide.Add(s.wide, big.NewRat(rest, den))
	case s.den == 0:
		s.num, s.den = rest, den
	case s.den == den:
		s.num += rest
	default:
		s.addUnlike(rest, den)
	}
}

func (s *exactSum) addUnlike(rest, den int64) {
	scale := den / gcd(s.den, den)
	hi, common := bits.Mul64(uint64(s.den), uint64(scale))
	if hi != 0 || common > maxDenominator {
		s.wide = big.NewRat(s.num, s.den)
		s.wide.Add(s.wide, big.NewRat(rest, den))
		return
	}
	s.num = s.num*scale + rest*(int64(common)/den)
	s.den = int64(common)
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// round is the sum rounded once.
func (s *exactSum) round(m Mode) Cents {
	if s.wide != nil {
		return s.roundWide(m)
	}
	if s.den == 0 {
		return s.whole
	}
	whole, rest := s.whole+Cents(s.num/s.den), s.num%s.den
	switch {
	case whole > 0 && rest < 0:
		whole, rest = whole-1, rest+s.den
	case whole < 0 && rest > 0:
		whole, rest = whole+1, rest-s.den
	}
	return m.settle(whole, rest, s.den)
}

// roundWide does what round does when the common denominator is too large.
func (s *exactSum) roundWide(m Mode) Cents {
	total := new(big.Rat).Add(s.wide, new(big.Rat).SetInt64(int64(s.whole)))
	quotient, rest := new(big.Int).QuoRem(total.Num(), total.Denom(), new(big.Int))
	whole := Cents(quotient.Int64())
	if rest.Sign() == 0 {
		return whole
	}
	step := Cents(rest.Sign())
	half := new(big.Int).Lsh(rest.Abs(rest), 1).Cmp(total.Denom())
	if m.away(half, whole&1 == 1) {
		return whole + step
	}
	return whole
}
