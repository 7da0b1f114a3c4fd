package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"time"

	"kickstand/device"
	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/device/link"
	"kickstand/device/witness"
	"kickstand/device/workbench"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
	"kickstand/protocol"
)

// kiosk is one device put together.
type kiosk struct {
	cfg     Config
	log     *slog.Logger
	boot    string
	start   time.Time
	virtual *virtual // nil beside real hardware
	journal *journal.Journal
	report  journal.Report
	stage   *stage.Stage
	paper   receipts
	dev     *device.Device
	hub     *link.Link // set before the device runs
	watch   *watch
	heard   atomic.Uint64 // events of all scanners
	// settingsVersion is that of the settings the device continues with.
	settingsVersion int64
}

// crew runs goroutines that live and end together: the first that fails stops
// the others.
type crew struct {
	stop context.CancelFunc
	wg   sync.WaitGroup
	mu   sync.Mutex
	errs []error
}

func (c *crew) start(what string, f func() error) {
	c.wg.Go(func() {
		if err := f(); err != nil {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.errs = append(c.errs, fmt.Errorf("%s: %w", what, err))
			c.stop()
		}
	})
}

func (c *crew) wait() error {
	c.wg.Wait()
	return errors.Join(c.errs...)
}

// run puts a device together and runs it until ctx ends.
func run(ctx context.Context, cfg Config) error {
	k := &kiosk{cfg: cfg, boot: device.NewID(), start: time.Now(), log: logger(cfg)}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	if err := k.open(); err != nil {
		return errors.Join(err, k.close())
	}
	return errors.Join(k.serve(ctx), k.close())
}

func logger(cfg Config) *slog.Logger {
	level := slog.LevelInfo
	if cfg.Verbose {
		level = slog.LevelDebug
	}
	h := slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level})
	return slog.New(h).With("device", cfg.Device)
}

// open makes everything that must be there before anything runs.
func (k *kiosk) open() error {
	var err error
	k.watch = newWatch()
	k.journal, k.report, err = journal.Open(filepath.Join(k.cfg.Data, "journal.db"), journal.Options{
		Device: k.cfg.Device, Stamp: k.stamp, Watch: k.filled,
	})
	if err != nil {
		return fmt.Errorf("open the journal: %w", err)
	}
	if k.cfg.Sim {
		if k.virtual, err = openVirtual(&k.cfg); err != nil {
			return err
		}
	}
	if k.paper, err = openPrinter(k); err != nil {
		return err
	}
	state, err := k.state()
	if err != nil {
		return err
	}
	if err := k.openStage(); err != nil {
		return err
	}
	k.settingsVersion = state.Durable.Settings.Version
	own, err := witness.Open(filepath.Join(k.cfg.Data, "witness-key"), k.cfg.Shop, k.cfg.Device)
	if err != nil {
		return err
	}
	k.log.Info("signs the hub's journal with its own key", "key", own.Public().String(), "code", own.Public().Code())
	k.dev = device.New(device.Config{
		ID: k.cfg.Device, Journal: k.journal, Screen: k.stage, Printer: k.paper, Drawer: k.paper, Hub: k, Witness: own,
		Now: k.now, BootID: k.boot,
	}, state, k.log)
	return nil
}

// state is where the device continues: what the journal has.
func (k *kiosk) state() (flow.State, error) {
	s := flow.New(protocol.Role(k.cfg.Role), k.cfg.Slip)
	s.Program, s.Device = program(), k.cfg.Device
	stored, err := k.journal.State()
	if err != nil {
		return s, fmt.Errorf("read the state: %w", err)
	}
	if stored == nil {
		return s, nil
	}
	restored, err := flow.Restore(s, stored)
	if err != nil {
		return s, fmt.Errorf("continue from the journal: %w", err)
	}
	return restored, nil
}

func (k *kiosk) openStage() error {
	panel, ok := scene.PanelNamed(k.cfg.Panel)
	if !ok {
		return fmt.Errorf("-panel %q must be 7, 10.1 or 15.6", k.cfg.Panel)
	}
	painter, err := raster.New(raster.Options{System: os.DirFS("/usr/share/fonts")})
	if err != nil {
		return fmt.Errorf("fonts: %w", err)
	}
	k.stage, err = stage.New(stage.Config{
		Panel: panel, Prefs: scene.Prefs{Theme: scene.Theme(k.cfg.Theme), Large: k.cfg.Large}, Painter: painter,
		OnTap:  func(id string) { k.dev.Post(context.Background(), flow.Tapped{ID: id}) },
		OnType: func(text string) { k.dev.Post(context.Background(), flow.Typed{Text: text}) },
	})
	return err
}

// serve runs everything. The journal and the printer outlive the device, which
// needs both for its last steps.
func (k *kiosk) serve(ctx context.Context) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	late, stopLate := context.WithCancel(context.WithoutCancel(ctx))
	defer stopLate()
	front, back := &crew{stop: stop}, &crew{stop: stop}
	back.start("journal", func() error { return k.journal.Run(late) })
	if k.paper.driver != nil {
		back.start("printer", func() error { return k.paper.driver.Run(late) })
	}
	err := k.serveFront(ctx, front)
	if err == nil {
		err = showWindow(ctx, k)
	}
	stop()
	err = errors.Join(err, front.wait())
	stopLate()
	return errors.Join(err, back.wait())
}

func (k *kiosk) serveFront(ctx context.Context, front *crew) error {
	hub, err := k.openLink()
	if err != nil {
		return err
	}
	k.hub = hub
	scanners, err := openScanners(k.cfg.Scanners)
	if err != nil {
		return err
	}
	front.start("device", func() error { return k.dev.Run(ctx) })
	k.tellStart(ctx)
	front.start("link", func() error { return hub.Run(ctx) })
	for _, s := range scanners {
		front.start("scanner", func() error { return s.Run(ctx, k.scanned(ctx)) })
	}
	if k.cfg.Workbench == "" {
		return nil
	}
	l, err := workbench.Listen(k.cfg.Workbench)
	if err != nil {
		return fmt.Errorf("open the workbench: %w; is another one running there?", err)
	}
	page := workbench.New(k.bench(hub))
	front.start("workbench", func() error { return page.Serve(ctx, l) })
	return nil
}

// tellStart hands over what the device should know from the beginning.
func (k *kiosk) tellStart(ctx context.Context) {
	if k.report.Fresh && k.report.Kept != "" {
		k.log.Warn("the journal was damaged: begun anew", "damage", k.report.Detail, "kept", k.report.Kept, "events saved", k.report.Salvaged)
		k.dev.Post(ctx, flow.JournalRecovered{Why: k.report.Why})
	}
	if items := k.watch.items(); items != nil {
		k.dev.Post(ctx, flow.CatalogueChanged{Index: items})
	}
	if k.cfg.AcceptHistory != "" {
		k.dev.Post(ctx, flow.HistoryAccepted{Code: k.cfg.AcceptHistory})
	}
	k.dev.Post(ctx, flow.HubAcked{Waiting: k.journal.Waiting()})
}

func (k *kiosk) close() error {
	err := k.virtual.close()
	if k.journal != nil {
		err = errors.Join(err, k.journal.Close())
	}
	return err
}

// Ask puts a question of the device to the hub.
func (k *kiosk) Ask(ctx context.Context, b protocol.Body) (protocol.Body, error) {
	return k.hub.Ask(ctx, b)
}

func (k *kiosk) now() time.Time { return time.Now().Add(k.cfg.Skew) }

func (k *kiosk) stamp() protocol.Stamp {
	now := k.now()
	return protocol.Stamp{WallMS: now.UnixMilli(), MonoMS: now.Sub(k.start.Add(k.cfg.Skew)).Milliseconds(), BootID: k.boot}
}

// filled tells the device how full its outbox is.
func (k *kiosk) filled(s journal.Status) {
	if k.dev == nil {
		return
	}
	percent := s.Percent
	if s.Full {
		percent = 100
	}
	go k.dev.Post(context.Background(), flow.OutboxFilled{Percent: percent}) // the journal must not wait for the device, which may wait for it
}

// program is the version of this binary, as far as it was built with one.
func program() string {
	if b, ok := debug.ReadBuildInfo(); ok && b.Main.Version != "" {
		return b.Main.Version
	}
	return "unknown"
}
