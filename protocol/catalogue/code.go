package catalogue

import "strings"

// MaxCode is the longest code, in bytes, that [Index.ByCode] looks for.
const MaxCode = 128

// gtinDigits is the length to which shorter GTINs are filled with zeros
// (GS1 General Specifications, "Global Trade Item Number").
const gtinDigits = 14

// Checksum checks the last digit of a GTIN of 8, 12, 13 or 14 digits by the GS1
// rule: from the right, digits weigh 1 and 3 in turn, and the sum is a multiple of
// ten. known is false, and ok with it, for anything else, which may still be a
// shop's own code.
func Checksum(code string) (ok, known bool) {
	if !isGTIN(code) {
		return false, false
	}
	sum := 0
	for i := range len(code) {
		weight := 1
		if (len(code)-i)%2 == 0 {
			weight = 3
		}
		sum += weight * int(code[i]-'0')
	}
	return sum%10 == 0, true
}

// isGTIN says whether code has the form of a GTIN.
func isGTIN(code string) bool {
	switch len(code) {
	case 8, 12, 13, 14:
	default:
		return false
	}
	for i := range len(code) {
		if code[i] < '0' || code[i] > '9' {
			return false
		}
	}
	return true
}

// appendCode appends the form of a code in which equal codes are equal bytes: GTINs
// filled to 14 digits, anything else without outer spaces and in small letters. A
// code that is empty or too long appends nothing.
func appendCode(dst []byte, code string) []byte {
	code = strings.TrimSpace(code)
	if len(code) > MaxCode {
		return dst
	}
	if isGTIN(code) {
		for range gtinDigits - len(code) {
			dst = append(dst, '0')
		}
		return append(dst, code...)
	}
	for i := range len(code) {
		c := code[i]
		if c >= 'A' && c <= 'Z' {
			c += 'a' - 'A'
		}
		dst = append(dst, c)
	}
	return dst
}

// hasCode says whether one of the item's codes has the given form.
func (it *Item) hasCode(form []byte) bool {
	var room [MaxCode]byte
	if string(appendCode(room[:0], it.SKU)) == string(form) {
		return true
	}
	for _, barcode := range it.Barcodes {
		if string(appendCode(room[:0], barcode)) == string(form) {
			return true
		}
	}
	return false
}
