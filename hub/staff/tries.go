package staff

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"kickstand/hub/store"
)

const (
	personKey = "person:"

	freePerson  = 3  // wrong passwords of a person that cost nothing
	freeAddress = 20 // of an address, which a whole shop may share
	longestWait = 15 * time.Minute
	forgetTime  = 24 * time.Hour
)

// WaitError says that too many wrong passwords came before.
type WaitError struct {
	Wait time.Duration // until the next try counts
}

// Error says how long to wait.
func (e *WaitError) Error() string {
	return fmt.Sprintf("too many wrong passwords: wait %v", e.Wait.Round(time.Second))
}

// beginTry counts a try as failed before it is made, so that a crowd of tries at
// once is no way around the waiting, or says how long to wait.
func (d *Desk) beginTry(ctx context.Context, who, address string) error {
	return d.store.Write(ctx, func(t *store.Tx) error {
		person, err := waited(t, personKey+who, freePerson)
		if err != nil {
			return err
		}
		from, err := waited(t, addressKey(address), freeAddress)
		if err != nil {
			return err
		}
		if err := t.PutTry(personKey+who, person); err != nil {
			return err
		}
		return t.PutTry(addressKey(address), from)
	})
}

// waited judges one more try and returns what it leaves behind.
func waited(t *store.Tx, whose string, free int64) (store.Try, error) {
	v, err := t.Tries(whose)
	if err != nil {
		return v, err
	}
	now := t.AtMS()
	if v.NextMS > now {
		return v, &WaitError{Wait: time.Duration(v.NextMS-now) * time.Millisecond}
	}
	if now-v.AtMS >= forgetTime.Milliseconds() {
		v.Failed = 0
	}
	v.Failed++
	v.AtMS, v.NextMS = now, now+delay(v.Failed-free).Milliseconds()
	return v, nil
}

// delay is how long to wait after a number of failures too many: 2 s, 4 s, 8 s
// and so on.
func delay(over int64) time.Duration {
	if over < 0 {
		return 0
	}
	if over > 9 {
		return longestWait
	}
	return min(2*time.Second<<over, longestWait)
}

// addressKey names an address; those of one IPv6 network count as one, as one
// machine has as many of them as it likes.
func addressKey(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return "address:" + address[:min(len(address), 60)]
	}
	a = a.Unmap().WithZone("")
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return "address:" + p.String()
		}
	}
	return "address:" + a.String()
}
