package picture

import (
	"context"
	"errors"

	"kickstand/hub/store"
	"kickstand/protocol"
)

// None is the reason of a refusal: the item has no picture, or not any more.
const None protocol.Reason = "no-picture"

// Desk answers what devices ask about pictures.
type Desk struct{ store *store.Store }

// New returns the desk of a shop.
func New(s *store.Store) *Desk { return &Desk{store: s} }

// Answer answers protocol.PictureAsk.
func (d *Desk) Answer(ctx context.Context, _ store.Device, body protocol.Body) (protocol.Body, bool, error) {
	ask, ok := body.(*protocol.PictureAsk)
	if !ok {
		return nil, false, nil
	}
	p, err := d.store.Picture(ctx, ask.Item)
	if errors.Is(err, store.ErrNotFound) {
		return nil, true, protocol.Refuse(None, "this item has no picture")
	}
	return &p, true, err
}
