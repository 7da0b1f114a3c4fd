package tender

import (
	"crypto/hmac"
	"crypto/sha256"
	"strings"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// crockford are the signs of a code: no I, L, O or U, which people misread.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

const (
	codeStart = "KS" // of every code that a hub has made
	codeSigns = 12   // chosen by chance: 60 bits
)

// mint makes a code: codeStart, signs of chance and one to check them
// with, which tells every single wrong sign and every two that were swapped.
// Codes whose check would need a thirty-third sign are left out.
func mint(random func([]byte)) string {
	for {
		var b [codeSigns]byte
		random(b[:])
		signs := make([]byte, codeSigns)
		for i := range b {
			signs[i] = crockford[b[i]%32]
		}
		if c := check(string(signs)); c < 32 {
			return codeStart + string(signs) + crockford[c:c+1]
		}
	}
}

// creditCode is what the codes of store credits are made for.
const creditCode = "credit"

// codeNew marks the tender that made a new store credit.
const codeNew = "new"

// made is the code that belongs to an id: always the same one, and nobody who does
// not have the hub's key can tell it.
func (d *Desk) made(what, id string) string {
	round := byte(0)
	return mint(func(b []byte) {
		m := hmac.New(sha256.New, d.key)
		m.Write(append([]byte(what+"\x00"+id+"\x00"), round))
		copy(b, m.Sum(nil))
		round++
	})
}

// told is the code of a store credit whose sale is not here yet; empty for all else.
func (d *Desk) told(x store.Tender) string {
	switch {
	case x.Secret != "" || x.Phase != protocol.TenderTaken || x.Tender != protocol.Credit || x.Code != codeNew || x.Matched != "":
		return x.Secret
	case len(d.key) == 0:
		return ""
	}
	if code := d.made(creditCode, x.ID); protocol.MaskCode(code) == x.Ref {
		return code
	}
	return "" // it was made with another key
}

// check is the value of a code's signs modulo 37, as Crockford's base 32 has it.
// -1 stands for a sign that is none.
func check(signs string) int {
	sum := 0
	for _, r := range signs {
		v := strings.IndexRune(crockford, r)
		if v < 0 {
			return -1
		}
		sum = (sum*32 + v) % 37
	}
	return sum
}

// mistyped reports whether a code looks like one of ours and cannot be.
func mistyped(code string) bool {
	rest, ours := strings.CutPrefix(protocol.PlainCode(code), codeStart)
	if !ours || len(rest) != codeSigns+1 {
		return false
	}
	c := check(rest[:codeSigns])
	return c < 0 || c > 31 || crockford[c] != rest[codeSigns]
}
