package money

import (
	"errors"
	"fmt"
)

// LimitError says which value of a document, of its rules or of an argument this
// package does not calculate with. Every refusal of [Compute], [Spread] and the
// Validate methods is one.
type LimitError struct {
	Field string // the JSON name, "qty", "discount.ppm", "rules.mode"
	Line  int    // counted from 1; 0 when the field is not of one line
	Value string // the refused value
	Hint  string // what is allowed, in words for a person
}

// Error gives line, field, value and hint.
func (e *LimitError) Error() string {
	if e.Line > 0 {
		return fmt.Sprintf("line %d: %s %s: %s", e.Line, e.Field, e.Value, e.Hint)
	}
	return fmt.Sprintf("%s %s: %s", e.Field, e.Value, e.Hint)
}

// limit builds a LimitError that is not about one line.
func limit(field string, value any, hint string) *LimitError {
	return &LimitError{Field: field, Value: fmt.Sprint(value), Hint: hint}
}

// checkAmount refuses what is beyond MaxAmount.
func checkAmount(field string, c Cents) error {
	if c > MaxAmount || c < -MaxAmount {
		return limit(field, c, "the amount is too large")
	}
	return nil
}

// ErrShort is what a [*ShortError] matches with errors.Is: [Change] was asked with
// less money than is due. Nothing was taken; ask for the rest.
var ErrShort = errors.New("not enough money")

// ShortError holds how much is missing.
type ShortError struct {
	Missing Cents // more than zero
}

// Error says how much is missing.
func (e *ShortError) Error() string {
	return fmt.Sprintf("not enough money: %s is missing", e.Missing)
}

// Is makes errors.Is(err, ErrShort) true.
func (e *ShortError) Is(target error) bool { return target == ErrShort }

// ErrOver is what an [*OverError] matches with errors.Is: [Split] was told of more
// money than the sale costs. Only cash may be overpaid, through [Change].
var ErrOver = errors.New("more than is due")

// OverError holds how much too much was taken.
type OverError struct {
	Extra Cents // more than zero
}

// Error says how much too much was taken.
func (e *OverError) Error() string {
	return fmt.Sprintf("more than is due: %s too much", e.Extra)
}

// Is makes errors.Is(err, ErrOver) true.
func (e *OverError) Is(target error) bool { return target == ErrOver }
