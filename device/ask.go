package device

import (
	"context"
	"errors"
	"sync"

	"kickstand/device/flow"
	"kickstand/protocol"
)

// maxAsking is how many questions may be with the hub at once.
const maxAsking = 16

// mintsID reports whether a question carries an id under which the hub moves money
// or hands something over: it must be on the disk first, so that the same is asked
// again after a power cut.
func mintsID(b protocol.Body) bool {
	switch b.(type) {
	case *protocol.TenderBegin, *protocol.CartClaim:
		return true
	}
	return false
}

// runAsks puts questions to the hub, several at once, until asks is closed and
// all have ended. When ctx has ended none is begun any more.
func (d *Device) runAsks(ctx context.Context) {
	var all sync.WaitGroup
	defer all.Wait()
	free := make(chan struct{}, maxAsking)
	for a := range d.asks {
		if ctx.Err() != nil {
			continue
		}
		free <- struct{}{}
		all.Go(func() {
			defer func() { <-free }()
			d.Post(ctx, d.ask(ctx, a))
		})
	}
}

// ask is one question and its end.
func (d *Device) ask(ctx context.Context, a flow.Ask) flow.Happening {
	if d.cfg.Hub == nil {
		return flow.AskFailed{ID: a.ID, Why: "this device has no hub"}
	}
	body, err := d.cfg.Hub.Ask(ctx, a.Body)
	var no *protocol.RefusedError
	switch {
	case errors.As(err, &no) && no.Reason != protocol.Unavailable:
		return flow.AskFailed{ID: a.ID, Refused: true, Why: no.Detail}
	case err != nil:
		d.log.Warn("no answer from the hub", "kind", a.Body.Kind(), "err", err)
		return flow.AskFailed{ID: a.ID, Why: "the hub does not answer"}
	}
	return flow.Answered{ID: a.ID, Body: body}
}
