package tender

import (
	"context"
	"errors"

	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// Reasons of refusals about codes.
const (
	noSuchCode protocol.Reason = "no-such-code"
	codeWait   protocol.Reason = "codes-locked" // too many wrong ones came before
	noLoad     protocol.Reason = "no-load"      // this amount cannot be put on this card
	noKey      protocol.Reason = "no-key"       // no code can be made
)

const (
	wordsMistyped = "This code has a wrong sign. Compare it with the card or the paper and type it again."
	wordsNoCodes  = "The hub cannot make up codes now, because its key is missing. Give the money back another way, and tell the office."
)

// gift answers what is on a card, or whether an amount may be put on one. Wrong
// codes are counted even though the answer is a refusal.
func (d *Desk) gift(ctx context.Context, dev store.Device, b *protocol.GiftAsk) (*protocol.GiftTold, error) {
	var told *protocol.GiftTold
	var refused *protocol.RefusedError
	err := d.store.Write(ctx, func(t *store.Tx) (err error) {
		if b.Load > 0 {
			told, err = d.load(t, dev.ID, b)
		} else {
			told, err = balance(t, dev.ID, b)
		}
		if refused = nil; errors.As(err, &refused) {
			return nil
		}
		return err
	})
	if err == nil && refused != nil {
		return nil, refused
	}
	return told, err
}

// balance finds what a code is worth.
func balance(t *store.Tx, device string, b *protocol.GiftAsk) (*protocol.GiftTold, error) {
	a, code, why, err := accountOf(t, device, b.Code)
	switch {
	case err != nil:
		return nil, err
	case why != "" && code == codeLocked:
		return nil, protocol.Refuse(codeWait, "%s", why)
	case why != "":
		return nil, protocol.Refuse(noSuchCode, "%s", why)
	}
	return &protocol.GiftTold{ID: b.ID, Account: a.Kind, Ref: protocol.MaskCode(b.Code), Balance: a.Balance}, nil
}

// Why no account is found for a code, for the program.
const (
	codeLocked   = "too_many"
	codeMistyped = "mistyped"
	codeUnknown  = "unknown_code"
)

// accountOf finds the account of a code, or says why there is none. A code that could
// be one and is not is counted.
func accountOf(t *store.Tx, device, code string) (a store.Account, reason, why string, err error) {
	if why, err = locked(t, device); why != "" || err != nil {
		return a, codeLocked, why, err
	}
	if mistyped(code) {
		return a, codeMistyped, wordsMistyped, nil
	}
	digest, err := t.CodeDigest(code)
	if err != nil {
		return a, "", "", err
	}
	a, err = t.Account(digest)
	if errors.Is(err, store.ErrNotFound) {
		return a, codeUnknown, "Nothing is known of this code. Compare it with the card or the paper and type it again.", wrongCode(t, device)
	}
	if err == nil {
		err = rightCode(t, device)
	}
	return a, "", "", err
}

// load judges an amount that is to be put on a gift card, and makes up the code of a
// new one.
func (d *Desk) load(t *store.Tx, device string, b *protocol.GiftAsk) (*protocol.GiftTold, error) {
	set, err := t.Settings()
	if err != nil {
		return nil, err
	}
	told := &protocol.GiftTold{ID: b.ID, Account: protocol.Gift, Load: b.Load}
	code, on := b.Code, money.Cents(0)
	switch {
	case code == "" && len(d.key) == 0:
		return nil, protocol.Refuse(noKey, wordsNoCodes)
	case code == "":
		code = d.made("gift", b.ID)
		told.Code = code
	case mistyped(code):
		return nil, protocol.Refuse(noSuchCode, wordsMistyped)
	default:
		if on, err = giftOn(t, device, code); err != nil {
			return nil, err
		}
	}
	told.Ref = protocol.MaskCode(code)
	least, most := set.Gift.Bounds()
	switch {
	case b.Load < least:
		return nil, protocol.Refuse(noLoad, "At least %v is put on a gift card.", least)
	case on+b.Load > most && on > 0:
		return nil, protocol.Refuse(noLoad, "A gift card holds at most %v. On this one there is room for %v.", most, max(0, most-on))
	case on+b.Load > most:
		return nil, protocol.Refuse(noLoad, "A gift card holds at most %v.", most)
	}
	return told, nil
}

// giftOn is what is on a gift card; a code that nobody has yet is a fresh card. Other
// accounts are not loaded.
func giftOn(t *store.Tx, device, code string) (money.Cents, error) {
	why, err := locked(t, device)
	if err != nil {
		return 0, err
	}
	if why != "" {
		return 0, protocol.Refuse(codeWait, "%s", why)
	}
	digest, err := t.CodeDigest(code)
	if err != nil {
		return 0, err
	}
	a, err := t.Account(digest)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return 0, freshCode(t, device)
	case err == nil && a.Kind != protocol.Gift:
		err = protocol.Refuse(noLoad, "This is a %s. Only a gift card can be loaded.", noun(a.Kind))
	}
	return a.Balance, err
}
