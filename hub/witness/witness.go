// Package witness shows devices what the hub signs of its journal, and keeps what
// they sign beside it.
//
// It promises that a device which asks gets the latest checkpoint with the proof
// that it continues the one the device has, if it does; that connected devices are
// told of a new one within moments, best effort, and nothing is stored for that;
// and that a device's signature is kept only on a checkpoint that is the hub's own.
//
// It refuses to judge for a device: whether to go on is the device's decision.
//
// A [Desk] is a hub.Journey; give it to the hub and keep [Desk.Run] going.
package witness

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/protocol"
)

// Reasons of refusals.
const (
	Unsealed protocol.Reason = "unsealed"       // nothing is signed yet, or the key is missing
	Foreign  protocol.Reason = "not-this-hub's" // a checkpoint that this hub does not have
)

// every is how often the desk looks for a new checkpoint.
const every = time.Second

// Desk answers what devices ask of the journal.
type Desk struct {
	store *store.Store
	key   audit.Public
	log   *slog.Logger
	told  audit.Checkpoint // the last one that Tell told; Tell's alone
}

// New returns the desk of a shop with the public half of its audit key; the zero
// key tells nothing. A nil log discards.
func New(s *store.Store, key audit.Public, log *slog.Logger) *Desk {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return &Desk{store: s, key: key, log: log}
}

// Answer answers protocol.SealAsk and protocol.SealSigned.
func (d *Desk) Answer(ctx context.Context, from store.Device, body protocol.Body) (protocol.Body, bool, error) {
	switch b := body.(type) {
	case *protocol.SealAsk:
		_, told, err := d.latest(ctx, b.Have)
		if err == nil && told == nil {
			err = protocol.Refuse(Unsealed, "the hub's journal is not sealed yet")
		}
		return told, true, err
	case *protocol.SealSigned:
		kept, err := d.keep(ctx, from, b)
		return kept, true, err
	}
	return nil, false, nil
}

// latest returns the latest checkpoint as it is told to a device that has one of
// so many rows; nil when there is none.
func (d *Desk) latest(ctx context.Context, have int64) (audit.Checkpoint, *protocol.SealTold, error) {
	signed, err := d.store.LatestCheckpoint(ctx)
	if err != nil || signed == "" || d.key.String() == "" {
		return audit.Checkpoint{}, nil, err
	}
	c, err := audit.ParseCheckpoint(signed)
	if err != nil {
		return c, nil, err
	}
	told := &protocol.SealTold{Key: d.key.String(), Checkpoint: signed}
	if have < 1 || have > c.Size {
		return c, told, nil
	}
	proof, err := audit.ProveGrowth(ctx, d.store, audit.Checkpoint{Size: have}, c)
	if err != nil {
		d.log.Error("no proof for a device; run hub audit verify", "from", have, "to", c.Size, "err", err)
		return c, told, nil // without a proof the device keeps what it has, and says so
	}
	told.From = have
	for _, h := range proof {
		told.Proof = append(told.Proof, append([]byte{}, h[:]...))
	}
	return c, told, nil
}

// keep keeps a device's signature on one of this hub's checkpoints.
func (d *Desk) keep(ctx context.Context, from store.Device, b *protocol.SealSigned) (*protocol.SealKept, error) {
	c, err := d.key.Check(b.Checkpoint)
	if err != nil {
		return nil, protocol.Refuse(Foreign, "%v", err)
	}
	own, err := d.store.CheckpointAt(ctx, c.Size)
	if errors.Is(err, store.ErrNotFound) || err == nil && own != b.Checkpoint {
		d.log.Error("a device holds a checkpoint that is signed and not part of this journal: history was rewritten", "device", from.ID, "checkpoint", c.Code())
		return nil, protocol.Refuse(Foreign, "the checkpoint %s is not part of this hub's journal", c.Code())
	}
	if err != nil {
		return nil, err
	}
	signed := audit.Cosigned{Device: from.ID, Size: c.Size, Key: b.Key, Line: b.Line}
	if err := signed.Check(c); err != nil {
		return nil, protocol.Refuse(protocol.BadBody, "%v", err)
	}
	if err := d.store.PutCosigned(ctx, signed); err != nil {
		return nil, err
	}
	return &protocol.SealKept{Size: c.Size}, nil
}

// Say hands a body to a device, best effort.
type Say func(ctx context.Context, device string, body protocol.Body) error

// Tell tells the connected devices of a checkpoint that is newer than the last one
// told.
func (d *Desk) Tell(ctx context.Context, say Say) error {
	c, told, err := d.latest(ctx, d.told.Size)
	if err != nil || told == nil || c.Note == d.told.Note {
		return err
	}
	devices, err := d.store.Devices(ctx)
	if err != nil {
		return err
	}
	d.told = c
	for _, to := range devices {
		if to.Online && to.State == store.Enrolled {
			err = errors.Join(err, say(ctx, to.ID, told))
		}
	}
	return err
}

// Run tells devices of new checkpoints until ctx ends.
func (d *Desk) Run(ctx context.Context, say Say) error {
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		if err := d.Tell(ctx, say); err != nil && ctx.Err() == nil {
			d.log.Warn("tell devices of the journal", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}
