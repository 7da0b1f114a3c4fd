package money

import "slices"

// CashDue rounds an amount to the smallest coin of the rules and says by how much:
// due = amount + rounding. Rounding is symmetric, so an amount to pay out, which is
// negative, rounds as its sale did. Without a step due is amount.
func CashDue(amount Cents, r Rules) (due, rounding Cents) {
	step := r.CashStep
	if step <= 1 || amount > MaxAmount || amount < -MaxAmount {
		return amount, 0
	}
	due = r.CashMode.settle(amount/step, int64(amount%step), int64(step)) * step
	return due, due - amount
}

// Remainder is what a sale still asks for after some of it was paid, for both ways
// of paying the rest. In each, total + rounding = paid + rest.
type Remainder struct {
	Other         Cents `json:"other"`          // to take by card, voucher or any tender but cash
	OtherRounding Cents `json:"other_rounding"` // the sale's rounding line when Other settles it
	Cash          Cents `json:"cash"`           // to take in cash
	CashRounding  Cents `json:"cash_rounding"`  // the sale's rounding line when Cash settles it
}

// Split says what is left of total once paid, the sum of all tenders so far, was
// taken. With [Rules.CashOnly] only the rest paid in cash is rounded: of 15.72 with
// 0.68 by card 15.04 is left, or 15.05 in cash with a step of 0.05. Without CashOnly
// the total itself is rounded first, to 15.70, and 15.02 is left either way.
//
// For a refund total and paid are negative. Paying more than the total gives an
// [*OverError], an amount beyond [MaxAmount] a [*LimitError].
func Split(total, paid Cents, r Rules) (Remainder, error) {
	if err := checkAmount("total", total); err != nil {
		return Remainder{}, err
	}
	if err := checkAmount("paid", paid); err != nil {
		return Remainder{}, err
	}
	due, rounding := total, Cents(0)
	if !r.CashOnly {
		due, rounding = CashDue(total, r)
	}
	left := due - paid
	if extra := due.signed(-left); extra > 0 {
		return Remainder{}, &OverError{Extra: extra}
	}
	rest := Remainder{Other: left, OtherRounding: rounding, Cash: left, CashRounding: rounding}
	if r.CashOnly {
		rest.Cash, rest.CashRounding = CashDue(left, r)
	}
	return rest, nil
}

// Change is what to hand back when tendered is given for due. Less than due gives a
// [*ShortError], which matches [ErrShort]; an amount beyond [MaxAmount] gives a
// [*LimitError].
func Change(due, tendered Cents) (Cents, error) {
	if err := checkAmount("due", due); err != nil {
		return 0, err
	}
	if err := checkAmount("tendered", tendered); err != nil {
		return 0, err
	}
	if tendered < due {
		return 0, &ShortError{Missing: due - tendered}
	}
	return tendered - due, nil
}

// maxQuick is how many quick buttons fit beside the keypad.
const maxQuick = 5

// QuickCash suggests what a customer is likely to hand over for due: the exact
// amount, then the next multiple of each note, ascending, at most five in all.
// For 23.45 these are 23.45, 25, 30, 40 and 50. Without notes it uses 5, 10, 20,
// 50 and 100. Nothing due, or an amount beyond [MaxAmount], suggests nothing.
func QuickCash(due Cents, notes []Cents) []Cents {
	if due <= 0 || due > MaxAmount {
		return nil
	}
	if len(notes) == 0 {
		notes = []Cents{5_00, 10_00, 20_00, 50_00, 100_00}
	}
	quick := []Cents{due}
	for _, note := range notes {
		if note <= 0 || note > MaxAmount {
			continue
		}
		quick = append(quick, (due+note-1)/note*note)
	}
	slices.Sort(quick)
	quick = slices.Compact(quick)
	return quick[:min(len(quick), maxQuick)]
}
