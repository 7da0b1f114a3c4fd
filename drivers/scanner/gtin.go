package scanner

import "strings"

// checkOK reports whether the last of at least two digits is the check digit of
// those before it: modulo 10 with weights 3 and 1 from the right (GS1 General
// Specifications, 7.9.1).
func checkOK(digits string) bool {
	if len(digits) < 2 || !allDigits(digits) {
		return false
	}
	sum, weight := 0, 1
	for i := len(digits) - 1; i >= 0; i-- {
		sum += weight * int(digits[i]-'0')
		weight = 4 - weight
	}
	return sum%10 == 0
}

func checkState(digits string) CheckDigit {
	if checkOK(digits) {
		return CheckOK
	}
	return CheckWrong
}

func pad14(digits string) string {
	return strings.Repeat("0", max(0, 14-len(digits))) + digits
}

// expandUPCE turns the eight digits of a UPC-E code (number system, six digits,
// check digit) into the twelve of its UPC-A code. The number system must be 0 or
// 1. The check digit is carried over, not verified. (GS1 General Specifications,
// 5.2.2.4.)
func expandUPCE(e string) (string, bool) {
	if len(e) != 8 || !allDigits(e) || e[0] > '1' {
		return "", false
	}
	head, body, last, check := e[:1], e[1:6], e[6:7], e[7:]
	switch last[0] {
	case '0', '1', '2':
		return head + body[:2] + last + "0000" + body[2:] + check, true
	case '3':
		return head + body[:3] + "00000" + body[3:] + check, true
	case '4':
		return head + body[:4] + "00000" + body[4:] + check, true
	default:
		return head + body + "0000" + last + check, true
	}
}

// findAI01 walks a GS1 element string to the value of AI 01, a GTIN of 14
// digits. It skips elements of predefined length by their length and all others
// to the next separator (GS1 General Specifications, 7.8.5).
func findAI01(data string) (string, bool) {
	for len(data) >= 2 {
		n := elementLength(data[:2])
		if n == 0 {
			_, rest, found := strings.Cut(data, "\x1d")
			if !found {
				return "", false
			}
			data = rest
			continue
		}
		if len(data) < n {
			return "", false
		}
		if data[:2] == "01" {
			return data[2:n], allDigits(data[2:n])
		}
		data = strings.TrimPrefix(data[n:], "\x1d")
	}
	return "", false
}

// elementLength is the predefined length of an element, Application Identifier
// included, by the first two digits; 0 when the element ends with a separator.
func elementLength(prefix string) int {
	switch prefix {
	case "00":
		return 20
	case "01", "02", "03", "41":
		return 16
	case "04":
		return 18
	case "11", "12", "13", "14", "15", "16", "17", "18", "19":
		return 8
	case "20":
		return 4
	case "31", "32", "33", "34", "35", "36":
		return 10
	}
	return 0
}

func allDigits(s string) bool {
	for i := range len(s) {
		if !isDigit(s[i]) {
			return false
		}
	}
	return s != ""
}

func isDigit(b byte) bool { return '0' <= b && b <= '9' }

func isLetter(b byte) bool { return 'a' <= b|0x20 && b|0x20 <= 'z' }
