package receipt

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/sale"
	"kickstand/hub/store"
	"kickstand/protocol"
	"kickstand/protocol/slip"
)

// Rows is what the keeper reads and writes in the shop's database.
// *store.Store provides it.
type Rows interface {
	SaleDocument(ctx context.Context, saleID string) (s *protocol.Sale, number int64, err error)
	Receipt(ctx context.Context, saleID string) (store.Receipt, error)
	DueReceipts(ctx context.Context, limit int) ([]store.Receipt, error)
	ReceiptsStored(ctx context.Context, all []store.Receipt) error
	ReceiptFailed(ctx context.Context, saleID, why string, nextMS int64) error
}

// Config is what a Keeper needs.
type Config struct {
	Rows    Rows            // required
	Objects Objects         // required
	Due     <-chan struct{} // yields when receipts may be due, see store.ReceiptsReady; may be nil
	Log     *slog.Logger    // nil discards
	Now     func() time.Time
}

// Keeper stores receipts and finds them again.
type Keeper struct {
	rows    Rows
	objects Objects
	due     <-chan struct{}
	log     *slog.Logger
	now     func() time.Time
}

// New returns a keeper. It starts nothing.
func New(cfg Config) *Keeper {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Keeper{rows: cfg.Rows, objects: cfg.Objects, due: cfg.Due, log: cfg.Log, now: cfg.Now}
}

// The pauses of Run.
const (
	lookAgain = 10 * time.Second // between looks for receipts whose pause is over
	firstWait = 5 * time.Second  // after the first failure; doubled by each further one
	longWait  = time.Hour        // and never longer than this
)

// Run stores receipts as they become due until ctx ends.
func (k *Keeper) Run(ctx context.Context) error {
	k.check(ctx)
	again := time.NewTicker(lookAgain)
	defer again.Stop()
	for {
		if err := k.StoreDue(ctx); err != nil && ctx.Err() == nil {
			k.log.Error("store receipts", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-k.due:
		case <-again.C:
		}
	}
}

// check says at the start what is wrong with the object store, rather than
// after the first sale.
func (k *Keeper) check(ctx context.Context) {
	c, ok := k.objects.(interface{ Check(context.Context) error })
	if !ok {
		return
	}
	if err := c.Check(ctx); err != nil && ctx.Err() == nil {
		k.log.Warn("receipts cannot be stored now; sales go on", "error", err)
	}
}

// StoreDue stores every receipt that is due now. A receipt that cannot be
// stored is noted and tried again later; only the database's own errors are
// returned.
func (k *Keeper) StoreDue(ctx context.Context) error {
	for {
		due, err := k.rows.DueReceipts(ctx, 100)
		if err != nil || len(due) == 0 {
			return err
		}
		stored, err := k.putAll(ctx, due)
		if err != nil {
			return err
		}
		if err := k.rows.ReceiptsStored(ctx, stored); err != nil {
			return err
		}
	}
}

// putAll stores receipts and returns those that are. One that cannot be is put off.
func (k *Keeper) putAll(ctx context.Context, due []store.Receipt) (stored []store.Receipt, err error) {
	for _, r := range due {
		r.Digest, err = k.put(ctx, r)
		switch {
		case ctx.Err() != nil:
			return nil, ctx.Err()
		case err == nil:
			stored = append(stored, r)
			continue
		}
		if err := k.failed(ctx, r, err); err != nil {
			return nil, err
		}
	}
	return stored, nil
}

// put builds a receipt and stores it, and then removes the one whose place it takes.
func (k *Keeper) put(ctx context.Context, r store.Receipt) (digest string, err error) {
	data, err := k.build(ctx, r)
	if err != nil {
		return "", err
	}
	if err := k.objects.Put(ctx, r.Key, data); err != nil {
		return "", err
	}
	if r.Stale != "" {
		err = k.objects.Remove(ctx, r.Stale)
	}
	return audit.Digest(data), err
}

func (k *Keeper) failed(ctx context.Context, r store.Receipt, cause error) error {
	wait := min(firstWait<<min(r.Tries, 10), longWait)
	k.log.Warn("receipt not stored", "sale", r.Sale, "error", cause, "again_in", wait)
	return k.rows.ReceiptFailed(ctx, r.Sale, cause.Error(), k.now().Add(wait).UnixMilli())
}

// build makes the receipt from the sale's row. A receipt that was stored once
// must come out the same.
func (k *Keeper) build(ctx context.Context, r store.Receipt) ([]byte, error) {
	s, number, err := k.rows.SaleDocument(ctx, r.Sale)
	if err != nil {
		return nil, err
	}
	data, err := Encode(slip.Build(s, 0, sale.Number(number)))
	if err != nil {
		return nil, err
	}
	if got := audit.Digest(data); r.Digest != "" && r.Digest != got {
		return nil, fmt.Errorf("receipt of %s: rebuilt as %.12s, but it was stored as %.12s", r.Sale, got, r.Digest)
	}
	return data, nil
}

// Open returns the receipt of a sale. One that is missing from the object
// store, or damaged there, is rebuilt and put back; when the store is down it
// is only rebuilt.
func (k *Keeper) Open(ctx context.Context, saleID string) (slip.Doc, error) {
	r, err := k.rows.Receipt(ctx, saleID)
	if err != nil {
		return slip.Doc{}, err
	}
	data, err := k.objects.Get(ctx, r.Key)
	if err != nil || !r.Stored || audit.Digest(data) != r.Digest {
		if data, err = k.restore(ctx, r, err); err != nil {
			return slip.Doc{}, err
		}
	}
	var d slip.Doc
	if err := json.Unmarshal(data, &d); err != nil {
		return d, fmt.Errorf("receipt of %s: %w", saleID, err)
	}
	return d, nil
}

// restore rebuilds a receipt and tries to put it back.
func (k *Keeper) restore(ctx context.Context, r store.Receipt, cause error) ([]byte, error) {
	data, err := k.build(ctx, r)
	if err != nil {
		return nil, err
	}
	if !r.Stored {
		return data, nil // Run has it on its list
	}
	k.log.Warn("receipt rebuilt", "sale", r.Sale, "cause", cause)
	if err := k.objects.Put(ctx, r.Key, data); err != nil {
		return data, k.failed(ctx, r, err)
	}
	if now, err := k.rows.Receipt(ctx, r.Sale); err != nil || now.Key != r.Key {
		return data, errors.Join(err, k.objects.Remove(ctx, r.Key)) // a name was erased meanwhile
	}
	return data, nil
}

// Encode returns the bytes under which a receipt is stored: JSON with fields
// in the order of slip.Doc, no insignificant space, and one newline at the end.
func Encode(d slip.Doc) ([]byte, error) {
	b, err := json.Marshal(d)
	if err != nil {
		return nil, fmt.Errorf("encode receipt: %w", err)
	}
	return append(b, '\n'), nil
}
