package tender

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// Config is what a Desk needs.
type Config struct {
	Store *store.Store // required
	// Cards is the door to card money; nil: the shop takes no cards.
	Cards *pay.Client
	// Now is the hub's wall clock; nil means time.Now.
	Now func() time.Time
	// Key is known to the hub alone: codes are made with it. Without one no new store
	// credits and gift cards get a code.
	Key []byte
	Log *slog.Logger // nil discards
}

// Desk takes and gives back money for the devices of one shop. Its methods are
// safe for concurrent use.
type Desk struct {
	store *store.Store
	cards *pay.Client
	now   func() time.Time
	key   []byte
	log   *slog.Logger

	wake chan struct{} // one token: a tender wants to be looked at

	mu      sync.Mutex           // guards what follows
	due     map[string]time.Time // open tender to when it is looked at next
	working map[string]bool      // tenders that a goroutine looks at
	seen    map[string]bool      // open tenders that this process has looked at
	health  health
}

// New returns a desk. It starts nothing.
func New(cfg Config) *Desk {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	return &Desk{
		store: cfg.Store, cards: cfg.Cards, now: cfg.Now, key: cfg.Key, log: cfg.Log,
		wake: make(chan struct{}, 1), due: map[string]time.Time{}, working: map[string]bool{}, seen: map[string]bool{},
		health: unchecked(cfg.Cards != nil),
	}
}

// Reasons of refusals, beside those of package hub.
const (
	noCards     protocol.Reason = "no-cards"       // this shop or device takes no cards
	cardsDown   protocol.Reason = "cards-down"     // the card service cannot be reached
	readerBusy  protocol.Reason = "reader-busy"    // it works for another sale
	saleClosed  protocol.Reason = "sale-finished"  // the sale is in the books, or another card is at work for it
	changed     protocol.Reason = "changed"        // the id was used for something else
	unknown     protocol.Reason = "unknown-tender" // nothing was begun under this id
	wrongMoney  protocol.Reason = "wrong-currency"
	wrongTender protocol.Reason = "wrong-tender"
)

// Answer carries out what a device asks of tenders. See hub.Journey.
func (d *Desk) Answer(ctx context.Context, dev store.Device, body protocol.Body) (protocol.Body, bool, error) {
	var x store.Tender
	var err error
	switch b := body.(type) {
	case *protocol.TenderBegin:
		x, err = d.begin(ctx, dev, b)
	case *protocol.TenderAsk:
		x, err = d.ask(ctx, b.ID)
	case *protocol.TenderCancel:
		x, err = d.cancel(ctx, b.ID)
	case *protocol.GiftAsk:
		told, err := d.gift(ctx, dev, b)
		return told, true, err
	default:
		return nil, false, nil
	}
	if err != nil {
		return nil, true, err
	}
	if !x.Phase.Final() {
		d.poke(x.ID)
	}
	s := state(x)
	s.Code = d.told(x)
	return s, true, nil
}

// state is what a device hears of a tender. What a person must look up counts as
// money only once that is done.
func state(x store.Tender) *protocol.TenderState {
	s := &protocol.TenderState{
		ID: x.ID, Sale: x.Sale, Tender: x.Tender, Phase: x.Phase, N: x.N, Amount: x.Amount,
		Left: x.Left, Ref: x.Ref, Words: x.Words, Why: x.Why,
	}
	if x.Phase == protocol.TenderTaken {
		s.Taken = x.Taken
	}
	return s
}

func (d *Desk) ask(ctx context.Context, id string) (store.Tender, error) {
	x, err := d.store.Tender(ctx, id)
	if errors.Is(err, store.ErrNotFound) || err == nil && x.Sale == "" {
		return x, protocol.Refuse(unknown, "The hub knows nothing of this payment. No money was taken.")
	}
	return x, err
}

// begin takes up a tender, or finds it as it stands.
func (d *Desk) begin(ctx context.Context, dev store.Device, b *protocol.TenderBegin) (x store.Tender, err error) {
	fresh := false
	err = d.store.Write(ctx, func(t *store.Tx) error {
		x, err = t.Tender(b.ID)
		if fresh = errors.Is(err, store.ErrNotFound); fresh {
			x, err = d.take(t, dev, b)
			return err
		}
		if err != nil {
			return err
		}
		return again(t, &x, b)
	})
	var no *protocol.RefusedError
	if fresh && errors.As(err, &no) {
		return d.never(ctx, b, err)
	}
	return x, err
}

// never keeps in mind that a tender was refused. The device takes that as an end
// and goes on with another one, so the same question must not be carried out when
// it arrives once more, late.
func (d *Desk) never(ctx context.Context, b *protocol.TenderBegin, refused error) (x store.Tender, err error) {
	err = d.store.Write(ctx, func(t *store.Tx) error {
		x, err = t.Tender(b.ID)
		switch {
		case errors.Is(err, store.ErrNotFound):
			_, err = t.BeginTender(store.Tender{ID: b.ID, Phase: protocol.TenderCanceled})
			return err
		case err != nil, x.Sale == "":
			return err
		}
		refused = nil // it was carried out in between
		return again(t, &x, b)
	})
	if err == nil {
		err = refused
	}
	return x, err
}

// again checks that a tender that is asked for again is the same. One that was
// canceled before it was begun is told as that.
func again(t *store.Tx, x *store.Tender, b *protocol.TenderBegin) error {
	if x.Sale == "" {
		x.Sale, x.Tender, x.Amount = b.Sale, b.Tender, b.Amount
		return nil
	}
	same := x.Sale == b.Sale && x.Tender == b.Tender && x.Amount == b.Amount && x.Currency == b.Currency && x.Of == b.Of
	if same && b.Code != "" && b.Amount > 0 {
		account, err := t.CodeDigest(b.Code)
		if err != nil {
			return err
		}
		same = x.Account == account
	}
	if !same {
		return protocol.Refuse(changed, "This payment was begun before with another amount or another way to pay. Cancel it and begin again.")
	}
	return nil
}

// take decides upon a tender that is new.
func (d *Desk) take(t *store.Tx, dev store.Device, b *protocol.TenderBegin) (store.Tender, error) {
	x := store.Tender{
		ID: b.ID, Sale: b.Sale, Device: dev.ID, Operator: b.Operator, Tender: b.Tender, Amount: b.Amount, Currency: b.Currency, Of: b.Of, N: 1,
	}
	shop, err := t.Shop()
	if err != nil {
		return x, err
	}
	if shop.Rules.Currency != b.Currency {
		return x, protocol.Refuse(wrongMoney, "This shop takes %s, not %s.", shop.Rules.Currency, b.Currency)
	}
	switch {
	case b.Amount < 0:
		err = d.giveBack(t, &x)
	case b.Tender == protocol.Card:
		err = d.charge(t, dev, &x)
	default:
		err = spend(t, &x, b.Code)
	}
	if err != nil {
		return x, err
	}
	first, err := t.BeginTender(x)
	if err == nil && !first {
		err = protocol.Refuse(saleClosed, "This sale is finished, or another card is being taken for it. Look at the sale before taking more money.")
	}
	if err == nil && x.Phase == protocol.TenderTaken {
		err = note(t, "tender.taken", x)
	}
	return x, err
}

// charge prepares a card payment; the worker does the rest.
func (d *Desk) charge(t *store.Tx, dev store.Device, x *store.Tender) error {
	if w := d.cardWay(dev.Reader); !w.OK {
		reason := cardsDown
		if d.cards == nil || dev.Reader == "" {
			reason = noCards
		}
		return protocol.Refuse(reason, "%s", w.Why)
	}
	x.Reader, x.Phase = dev.Reader, protocol.TenderWaiting
	free, err := t.ClaimReader(dev.Reader, *x)
	if err == nil && !free {
		err = protocol.Refuse(readerBusy, "The card reader is busy with another sale. Wait until it is free, or take another way to pay.")
	}
	return err
}

// cancel ends a tender that can still end without money.
func (d *Desk) cancel(ctx context.Context, id string) (x store.Tender, err error) {
	never := false
	err = d.store.Write(ctx, func(t *store.Tx) error {
		x, err = t.Tender(id)
		switch {
		case errors.Is(err, store.ErrNotFound):
			never = true
			_, err = t.BeginTender(store.Tender{ID: id, Phase: protocol.TenderCanceled})
			return err
		case err != nil:
			return err
		case x.Sale == "":
			never = true
			return nil
		case x.Tender != protocol.Card:
			return undo(t, &x)
		case x.Phase.Final() || x.Amount < 0 || x.Stop:
			return nil
		}
		x.Stop, x.Phase, x.Why = true, protocol.TenderChecking, wordsStopping
		x, err = t.PutTender(x)
		return err
	})
	if err == nil && never {
		err = protocol.Refuse(unknown, "The hub knows nothing of this payment. No money was taken, and none will be.")
	}
	return x, err
}
