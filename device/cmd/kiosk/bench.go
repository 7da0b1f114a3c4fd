package main

import (
	"context"
	"image"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/device/link"
	"kickstand/device/workbench"
	"kickstand/display/stage"
	"kickstand/drivers/scanner"
	"kickstand/drivers/scanner/scannertest"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// bench puts the workbench of a simulated device together.
func (k *kiosk) bench(hub *link.Link) workbench.Config {
	c := workbench.Config{
		Title:   k.cfg.Device,
		Screen:  glass{k.stage},
		Network: cable{hub, k.watch},
		State:   k.snapshot,
		Items:   func() []workbench.DemoItem { return demoItems(k.watch.items()) },
		Settle:  k.dev.Settle,
		Scanner: &gun{Scanner: k.virtual.scanner, heard: &k.heard},
	}
	if k.virtual.printer != nil {
		c.Paper = paper{k.virtual.printer}
	}
	return c
}

// glass shows the stage on the workbench.
type glass struct{ *stage.Stage }

// Frame is what the screen shows.
func (g glass) Frame() (image.Image, error) { return g.Stage.Frame(), nil }

// Scene is what the screen shows, as named nodes.
func (g glass) Scene() any { return g.Stage.Scene() }

// cable is the network switch of the workbench.
type cable struct {
	hub   *link.Link
	watch *watch
}

// SetNetwork plugs the cable in or pulls it out.
func (c cable) SetNetwork(up bool) {
	c.watch.mu.Lock()
	c.watch.network = up
	c.watch.mu.Unlock()
	c.hub.SetNetwork(up)
}

// NetworkUp reports whether the cable is in.
func (c cable) NetworkUp() bool {
	c.watch.mu.Lock()
	defer c.watch.mu.Unlock()
	return c.watch.network
}

// gun is the virtual scanner. Its calls return once the driver has told the
// device what it read, or a moment has passed without a word: silence is an
// answer too, when a frame has no end yet.
type gun struct {
	*scannertest.Scanner
	heard *atomic.Uint64
}

const silence = 300 * time.Millisecond

// Scan sends a code.
func (g *gun) Scan(code string) error {
	return g.await(func() error { return g.Scanner.Scan(code) })
}

// Raw sends bytes.
func (g *gun) Raw(p []byte) error {
	return g.await(func() error { return g.Scanner.Raw(p) })
}

func (g *gun) await(send func() error) error {
	before := g.heard.Load()
	if err := send(); err != nil {
		return err
	}
	deadline := time.NewTimer(silence)
	defer deadline.Stop()
	look := time.NewTicker(time.Millisecond)
	defer look.Stop()
	for g.heard.Load() == before {
		select {
		case <-deadline.C:
			return nil
		case <-look.C:
		}
	}
	return nil
}

// scanned is the sink of a scanner: it counts what came, after handing it on.
func (k *kiosk) scanned(ctx context.Context) func(scanner.Event) {
	tell := scanned(ctx, k.dev.Post)
	return func(ev scanner.Event) {
		tell(ev)
		k.heard.Add(1)
	}
}

// snapshot is the device's state as the workbench reports it.
func (k *kiosk) snapshot() workbench.State {
	w := k.watch
	w.mu.Lock()
	defer w.mu.Unlock()
	s := workbench.State{
		Device: k.cfg.Device, Role: k.cfg.Role, Online: w.online, Network: "down", Outbox: k.journal.Waiting(),
		AckedSeq: acked(k.journal), ClockOffsetMS: w.offset, ClockKnown: w.clock, Program: program(), Items: w.index.Len(),
		Versions: map[string]int64{"catalogue": w.index.Version(), "settings": w.settings, "protocol": protocol.Version},
	}
	if w.network {
		s.Network = "up"
	}
	return s
}

// acked is the number of the last event of the stream hi that the hub has.
func acked(j *journal.Journal) uint64 {
	if rows, err := j.Pending(journal.Hi, 0, 1); err == nil && len(rows) > 0 {
		return rows[0].Seq - 1
	}
	return j.Next()[string(flow.Hi)] - 1
}

// demoItems picks items for the workbench's scan buttons, spread over the
// catalogue, and codes that go wrong.
func demoItems(x *catalogue.Index) []workbench.DemoItem {
	const most = 14
	var coded []catalogue.Item
	for it := range x.All() {
		if len(it.Barcodes) > 0 && len(x.ByCode(it.Barcodes[0])) == 1 {
			coded = append(coded, it)
		}
	}
	slices.SortFunc(coded, func(a, b catalogue.Item) int { return strings.Compare(a.ID, b.ID) })
	var all []workbench.DemoItem
	step := max(1, len(coded)/most)
	for i := 0; i < len(coded) && len(all) < most; i += step {
		it := coded[i]
		all = append(all, workbench.DemoItem{Name: it.Name + " " + it.Variant, Code: it.Barcodes[0], Note: it.Price.String()})
	}
	return append(all,
		workbench.DemoItem{Name: "A code nobody knows", Code: "2000000000008", Note: "unknown"},
		workbench.DemoItem{Name: "A misread code", Code: "4006381333932", Note: "wrong check digit"},
	)
}
