package main

import (
	"context"
	"fmt"
	"sync"

	"kickstand/device/flow"
	"kickstand/device/link"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
)

// watch remembers what the link said last, for the workbench and the birth.
type watch struct {
	mu       sync.Mutex
	online   bool
	network  bool
	offset   int64
	clock    bool
	settings int64
	index    *catalogue.Index
}

func newWatch() *watch { return &watch{network: true} }

func (w *watch) items() *catalogue.Index {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.index
}

// see notes a link event and returns what flow should know of it.
func (w *watch) see(e link.Event) []flow.Happening {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := e.(type) {
	case link.Online:
		w.online = true
		return []flow.Happening{flow.LinkChanged{Online: true}}
	case link.Offline:
		w.online = false
		return []flow.Happening{flow.LinkChanged{Why: e.Why}}
	case link.Acked:
		return []flow.Happening{flow.HubAcked{Waiting: e.Waiting}}
	case link.Rejected:
		return []flow.Happening{flow.HubRejected{Seq: e.Seq, Reason: e.Reason, Detail: e.Detail}}
	case link.Clock:
		w.offset, w.clock = e.OffsetMS, true
		return []flow.Happening{flow.ClockChecked{OffsetMS: e.OffsetMS}}
	case link.Loading:
		return []flow.Happening{flow.CatalogueLoading{Have: e.Have, Total: e.Total}}
	case link.Told:
		return []flow.Happening{flow.Told{Body: e.Body}}
	case link.Catalogue:
		w.index = e.Index
		return []flow.Happening{flow.CatalogueChanged{Index: e.Index}}
	case link.Desired:
		return w.desired(e.HubDesired)
	}
	return nil
}

func (w *watch) desired(d *protocol.HubDesired) []flow.Happening {
	all := []flow.Happening{flow.SlipsSeen{Last: d.Slips, Reports: d.Reports}}
	if d.Settings.Version != w.settings {
		w.settings = d.Settings.Version
		all = append(all, flow.SettingsChanged{Settings: d.Settings})
	}
	return all
}

// openLink makes the line to the hub.
func (k *kiosk) openLink() (*link.Link, error) {
	version, items, err := k.journal.Catalogue()
	if err != nil {
		return nil, fmt.Errorf("read the catalogue: %w", err)
	}
	if version > 0 {
		k.watch.index = catalogue.Build(version, items)
	}
	k.watch.settings = k.settingsVersion
	p := k.stage.Panel()
	return link.New(link.Config{
		Broker: k.cfg.Hub, Address: protocol.Address{Shop: k.cfg.Shop, Device: k.cfg.Device},
		Role: protocol.Role(k.cfg.Role), Program: program(), Panel: fmt.Sprintf("%sin %dx%d", p.Name, p.W, p.H),
		Settings: k.watch.settings, Index: k.watch.index,
		Outbox: k.journal, Cache: k.journal, Stamp: k.stamp, Now: k.now, Log: k.log,
		Events: func(ctx context.Context, e link.Event) {
			for _, h := range k.watch.see(e) {
				k.dev.Post(ctx, h)
			}
		},
	})
}
