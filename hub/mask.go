package hub

import (
	"encoding/json"
	"regexp"

	"kickstand/protocol"
)

// loadsField is the code that a line puts money on, wherever it stands in a message,
// also in one that is cut or damaged.
var loadsField = regexp.MustCompile(`("loads"\s*:\s*)"((?:[^"\\]|\\.)*)("?)`)

// tokenField is the token that opens a receipt, mailField an e-mail address; they
// stand as loadsField does.
var (
	tokenField = regexp.MustCompile(`("token"\s*:\s*)"[a-z2-7]*("?)`)
	mailField  = regexp.MustCompile(`("address"\s*:\s*)"[^"@]*@([^"@]*)("?)`)
)

// maskedRaw is a message as it may be kept for people: the codes of gift cards are
// masked, since whoever knows one can spend it, tokens of receipts are left out, and
// e-mail addresses keep their provider only. Everything else stays byte by byte.
func maskedRaw(raw []byte) []byte {
	raw = tokenField.ReplaceAll(raw, []byte(`$1"$2`))
	raw = mailField.ReplaceAll(raw, []byte(`$1"•••@$2$3`))
	return loadsField.ReplaceAllFunc(raw, func(found []byte) []byte {
		part := loadsField.FindSubmatch(found)
		code := string(part[2])
		var plain string
		if json.Unmarshal([]byte(`"`+code+`"`), &plain) == nil {
			code = plain
		}
		masked, err := json.Marshal(protocol.MaskCode(code))
		if err != nil { // never: a text can be written
			return part[1]
		}
		if len(part[3]) == 0 {
			masked = masked[:len(masked)-1] // the message ends within the code
		}
		return append(append([]byte{}, part[1]...), masked...)
	})
}
