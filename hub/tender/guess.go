package tender

import (
	"encoding/json"
	"fmt"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// How wrong codes are counted, device by device.
const (
	freeCodes   = 5               // wrong codes in a row, each within guessPause of the one before
	freeCards   = 30              // fresh cards in a row that are to be loaded
	guessPause  = time.Minute     // after which a few wrong codes are forgotten
	firstWait   = time.Minute     // after the fifth; each further one doubles it
	longestWait = time.Hour       // it grows to
	forgetAfter = 3 * time.Hour   // without a wrong code after a wait, all is forgotten
	guessPart   = "codes"         // of the device's faults
	guessKey    = "codes:"        // of the tries, before the device's id
	freshKey    = "cards:"        // the same for codes that are to be loaded, and that nobody has yet
	guessKind   = "codes.guessed" // of the audit row
)

// guess judges one more wrong code by what is known of those before. It is pure.
func guess(v store.Try, free, nowMS int64) store.Try {
	quiet := time.Duration(nowMS-v.AtMS) * time.Millisecond
	if v.Failed < free && quiet >= guessPause || quiet >= forgetAfter {
		v.Failed = 0
	}
	v.Failed, v.AtMS, v.NextMS = v.Failed+1, nowMS, 0
	if over := v.Failed - free; over >= 0 {
		v.NextMS = nowMS + min(firstWait<<min(over, 10), longestWait).Milliseconds()
	}
	return v
}

// locked says why a device may ask for no code now; empty when it may. It holds over
// a restart of the device and of the hub.
func locked(t *store.Tx, device string) (string, error) {
	until := int64(0)
	for _, key := range []string{guessKey, freshKey} {
		v, err := t.Tries(key + device)
		if err != nil {
			return "", err
		}
		until = max(until, v.NextMS)
	}
	if until <= t.AtMS() {
		return "", nil
	}
	wait := time.Duration(until-t.AtMS())*time.Millisecond + time.Minute - time.Nanosecond
	return fmt.Sprintf("Too many wrong codes came from this device. It takes no codes for %d min. Take another way to pay, or ask the office.",
		int(wait.Minutes())), nil
}

// wrongCode counts a code that nobody has. When that locks the device, the journal
// and the office hear of it.
func wrongCode(t *store.Tx, device string) error { return counted(t, guessKey, device, freeCodes) }

// freshCode counts a code that nobody has yet and that is to be loaded: asked often
// enough, that too would tell which cards there are.
func freshCode(t *store.Tx, device string) error { return counted(t, freshKey, device, freeCards) }

func counted(t *store.Tx, key, device string, free int64) error {
	v, err := t.Tries(key + device)
	if err != nil {
		return err
	}
	v = guess(v, free, t.AtMS())
	if err := t.PutTry(key+device, v); err != nil || v.NextMS == 0 {
		return err
	}
	body, err := json.Marshal(map[string]int64{"wrong": v.Failed, "until_ms": v.NextMS})
	if err != nil {
		return err
	}
	if _, err := t.Audit(audit.Row{Kind: guessKind, Device: device, Subject: device, Digest: audit.Digest(body), Body: string(body)}); err != nil {
		return err
	}
	return t.Fault(device, &protocol.DeviceFault{
		Part: guessPart, State: "warning",
		Detail: fmt.Sprintf("%d wrong codes of gift cards in a row: somebody may be guessing. It takes no codes for a while.", v.Failed),
	})
}

// rightCode ends the alarm of a device once it has waited and names a code that is
// right. Wrong codes are still counted, so that one's own card is no way to go on
// guessing.
func rightCode(t *store.Tx, device string) error {
	v, err := t.Tries(guessKey + device)
	if err != nil || v.Failed < freeCodes {
		return err
	}
	return t.Fault(device, &protocol.DeviceFault{Part: guessPart, State: "ok"})
}
