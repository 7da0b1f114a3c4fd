package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"syscall"

	"golang.org/x/sync/errgroup"

	"kickstand/hub"
	"kickstand/hub/broker"
	"kickstand/hub/bundle"
	"kickstand/hub/cart"
	"kickstand/hub/customer"
	"kickstand/hub/erase"
	"kickstand/hub/intake"
	"kickstand/hub/picture"
	"kickstand/hub/price"
	"kickstand/hub/receipt"
	"kickstand/hub/refund"
	"kickstand/hub/special"
	"kickstand/hub/staff"
	"kickstand/hub/stock"
	"kickstand/hub/store"
	"kickstand/hub/web"
	"kickstand/hub/witness"
	"kickstand/hub/zone"
	"kickstand/protocol"
)

func serveCommand(ctx context.Context, args []string) error {
	var c Config
	fs := c.flags("serve")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	fs.StringVar(&c.Web, "web", "127.0.0.1:8080", "`address` of the office pages; anything but loopback needs passwords")
	fs.BoolVar(&c.Locked, "locked", false, "reading the office needs a password on loopback too: for a proxy on this machine")
	fs.StringVar(&c.MQTT, "mqtt", "127.0.0.1:1883", "`address` of the embedded MQTT broker")
	fs.StringVar(&c.Broker, "broker", "", "`url` of an outside MQTT broker instead of the embedded one")
	c.cardFlags(fs)
	c.paperlessFlags(fs)
	c.S3.flags(fs)
	if err := c.parse(fs, args); err != nil {
		return err
	}
	return serve(ctx, c)
}

// serve runs the hub until ctx ends or a part of it cannot go on.
func serve(ctx context.Context, c Config) (err error) {
	held, err := take(c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, held.release()) }()
	log := c.logger()
	db, err := store.Open(ctx, c.store())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	keeper, err := openKeeper(c, db, log)
	if err != nil {
		return err
	}
	seal, err := openSeal(ctx, c, db, log)
	if err != nil {
		return err
	}
	return serveShop(ctx, c, db, keeper, seal, log)
}

// serveShop opens the ports and runs everything that runs, under one owner.
func serveShop(ctx context.Context, c Config, db *store.Store, keeper *receipt.Keeper, seal seal, log *slog.Logger) error {
	desk, books, err := openDesk(c, db, seal.codes, log)
	if err != nil {
		return err
	}
	shelf := stock.New(db, nil, log)
	seen := witness.New(db, seal.key, log)
	h := hub.New(hub.Config{Store: db, Log: log, Journeys: []hub.Journey{refund.New(db), special.New(db), cart.New(db), customer.New(db), picture.New(db), shelf, desk, seen}})
	office, open, err := openOffice(ctx, c, db)
	if err != nil {
		return err
	}
	maker, err := c.maker(db)
	if err != nil {
		return errors.Join(err, office.Close())
	}
	bundles, files := bundle.NewKeeper(maker, log), intake.New(db, log)
	pages, err := web.New(web.Config{Bundles: bundles, Imports: files, Store: db, Live: h, Receipts: keeper, AuditKey: seal.key, Log: log, Version: version(), Closed: open, Reconcile: books.Soon})
	if err != nil {
		return errors.Join(err, office.Close())
	}
	transport, where, err := openTransport(c, log)
	if err != nil {
		return errors.Join(err, office.Close())
	}
	if c.Broker == "" {
		if err := h.AllLost(ctx); err != nil {
			return errors.Join(err, office.Close())
		}
	}
	receipts, err := openPaperless(ctx, c, db, keeper, log)
	if err != nil {
		return errors.Join(err, office.Close())
	}
	log.Info("serving", "shop", c.Shop, "data", c.Data, "database", c.store().Where(), "office", "http://"+office.Addr().String(), "mqtt", where, "version", version())
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return web.Serve(ctx, office, receipts.beside(withWebhook(desk, pages)), log) })
	g.Go(func() error { return receipts.serve(ctx) })
	g.Go(func() error { return receipts.sender.Run(ctx) })
	g.Go(func() error { return broker.Serve(ctx, transport, h, log) })
	g.Go(func() error { return h.Run(ctx, transport) })
	g.Go(func() error { return shelf.Run(ctx) })
	g.Go(func() error { return desk.Run(ctx) })
	g.Go(func() error {
		return seen.Run(ctx, func(ctx context.Context, device string, body protocol.Body) error {
			return h.Say(ctx, transport, device, body)
		})
	})
	g.Go(func() error { return books.Run(ctx) })
	g.Go(func() error { return bundles.Run(ctx) })
	g.Go(func() error { return files.Run(ctx) })
	g.Go(func() error { return keeper.Run(ctx) })
	g.Go(func() error { return price.New(db, nil, log).Run(ctx) })
	g.Go(func() error { return zone.New(db, nil, log).Run(ctx) })
	g.Go(func() error { return seal.run(ctx) })
	g.Go(func() error { return erase.New(db, log, bundles.Soon).Run(ctx) })
	err = g.Wait()
	log.Info("stopped", "shop", c.Shop)
	return err
}

// openTransport opens the embedded broker, or prepares the way to an outside
// one. where names it for people.
func openTransport(c Config, log *slog.Logger) (tr broker.Transport, where string, err error) {
	if c.Broker != "" {
		return broker.Dial(broker.ClientConfig{URL: c.Broker, Shop: c.Shop, Log: log}), c.Broker, nil
	}
	e, err := broker.Listen(broker.Config{Address: c.MQTT, Log: log})
	if err != nil {
		return nil, "", explainPort(err, "--mqtt", c.MQTT)
	}
	return e, "tcp://" + e.Addr().String(), nil
}

// explainPort says what to do about an address that cannot be opened.
func explainPort(err error, name, address string) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("%s is in use by another program: stop that program, or choose another address with %s", address, name)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("no right to open %s: choose a port above 1023 with %s", address, name)
	}
	return fmt.Errorf("open %s %s: %w", name, address, err)
}

// openOffice opens the address of the office pages, and says whether others can
// reach it. Then the pages must be behind real passwords.
func openOffice(ctx context.Context, c Config, db *store.Store) (l net.Listener, open bool, err error) {
	if l, err = net.Listen("tcp", c.Web); err != nil {
		return nil, false, explainPort(err, "--web", c.Web)
	}
	tcp, ok := l.Addr().(*net.TCPAddr)
	if ok && tcp.IP.IsLoopback() && !c.Locked {
		return l, false, nil
	}
	st, err := staff.StateOf(ctx, db)
	switch {
	case err != nil:
	case st.Set == 0:
		err = fmt.Errorf("others can reach --web %s, and nobody has a password: set one with hub operator password ID, or serve on 127.0.0.1 without --locked", c.Web)
	case st.Demo:
		err = fmt.Errorf("others can reach --web %s, and somebody still has the demo shop's password: hub operator list names them, hub operator password ID sets a new one", c.Web)
	}
	if err != nil {
		return nil, true, errors.Join(err, l.Close())
	}
	return l, true, nil
}
