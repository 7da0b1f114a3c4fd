package hub

import (
	"encoding/json"

	"kickstand/protocol"
)

// keptDocument is the sale as it is stored. Who served stands in columns of its
// own, which change when that person is erased; the document never does. The
// codes of gift cards and deposits are masked, since whoever knows one can spend
// it, and the token that opens the receipt is left out.
func keptDocument(s *protocol.Sale) ([]byte, error) {
	kept := *s
	kept.Operator, kept.Name, kept.Token, kept.Lines = "", "", "", nil
	for _, l := range s.Lines {
		if l.Loads != "" {
			l.Loads = protocol.MaskCode(l.Loads)
		}
		kept.Lines = append(kept.Lines, l)
	}
	return json.Marshal(&kept)
}

// keptReport is a Z report as it is stored: who closed the till and what that
// person wrote stand in columns of their own.
func keptReport(c *protocol.TillClosed) ([]byte, error) {
	kept := *c
	kept.Operator, kept.Name, kept.Why = "", "", ""
	return json.Marshal(&kept)
}
