package web

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// whatWords names what is in quarantine.
func whatWords(q store.Quarantined) string {
	if q.Reason == missing {
		return "Missing events"
	}
	return kindWords(q.Kind)
}

// kindWords names what a message is about.
func kindWords(k protocol.Kind) string {
	switch k {
	case protocol.KindSale:
		return "A sale"
	case protocol.KindDrawer:
		return "A drawer opening"
	case protocol.KindPrinted:
		return "A printed receipt"
	case protocol.KindReset:
		return "A new journal"
	case protocol.KindGap:
		return "A gap in a journal"
	case protocol.KindFault:
		return "A device fault"
	case "":
		return "A message that could not be read"
	}
	return "A message of kind " + string(k)
}

// missing is the hub's own reason, for rows that stand for events which never
// came.
const missing protocol.Reason = "missing"

// reasonWords says why a message was not accepted and what a person can do.
func reasonWords(r protocol.Reason) (why, help string) {
	switch r {
	case protocol.Oversize:
		return "It is larger than any message may be.", "Ask a technician to look at the device; the message was cut."
	case protocol.Malformed:
		return "It is not a message of ours; it was damaged or something else sent it.", "If it repeats, check what is connected to the shop's network."
	case protocol.UnknownVersion:
		return "It comes from a device program of another age than this hub.", "Update the hub or the device, whichever is older."
	case protocol.UnknownKind:
		return "It tells of something this hub does not know.", "Update the hub."
	case protocol.ForeignDevice:
		return "The device named in it is not the one that sent it.", "Two devices may share a name. Check how they were enrolled."
	case protocol.BadBody:
		return "Its content cannot be true.", "Compare it with the paper receipt; if money changed hands, enter it by hand."
	case protocol.Conflict:
		return "The device used the same number for two different events.", "Its storage card was copied or restored. Nothing is lost: compare both, then enrol the device afresh."
	case protocol.Clone:
		return "It comes from a journal this device should not have.", "Another device may run a copy of its storage card. Switch one of them off."
	case missing:
		return "Events that came before it never reached the hub.", "The device no longer has them: its storage card was changed, or the hub went back to an older backup. Compare the paper receipts of that time with the sales here and enter what is missing by hand."
	}
	return "The hub could not accept it (" + string(r) + ").", "Show it to a technician."
}

// shown is the beginning of a message as text, or how it looks to a machine
// when it is not text.
func shown(raw []byte) string {
	cut := raw[:min(len(raw), shownBytes)]
	for len(cut) > 0 && len(cut) < len(raw) && !utf8.Valid(cut) && len(raw)-len(cut) < utf8.UTFMax {
		cut = cut[:len(cut)-1]
	}
	text := strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) && r != '\n' {
			return '·'
		}
		return r
	}, string(cut))
	if len(cut) < len(raw) {
		text += " …"
	}
	return text
}
