package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net"
	"net/http"

	"kickstand/hub/mail"
	"kickstand/hub/public"
	"kickstand/hub/receipt"
	"kickstand/hub/store"
	"kickstand/hub/web"
)

// paperlessFlags are the flags of receipts that are not on paper.
func (c *Config) paperlessFlags(fs *flag.FlagSet) {
	fs.StringVar(&c.Public, "public-addr", "", "`address` of its own for the receipts that customers open, which knows nothing of the office; without it they are beside the office")
	fs.StringVar(&c.Mail.Address, "smtp", "", "`host:port` of the mail server that sends receipts; without it no e-mail is offered")
	fs.StringVar(&c.Mail.From, "mail-from", "", "`sender` of these mails, \"Shop name <receipts@example.com>\"")
	fs.StringVar(&c.Mail.User, "smtp-user", "", "`name` that the mail server asks for")
	fs.StringVar(&c.MailPassword, "smtp-password", "", "`file` with the password of this user")
	fs.StringVar((*string)(&c.Mail.Security), "smtp-security", string(mail.StartTLS), "`how` the connection is encrypted: starttls, tls or none")
}

// readMail reads the password of the mail server, and checks what is set.
func (c *Config) readMail() error {
	if c.MailPassword != "" {
		lines, err := readSecret(c.MailPassword)
		if err != nil {
			return fmt.Errorf("--smtp-password: %w", err)
		}
		if len(lines) != 1 {
			return fmt.Errorf("--smtp-password %s must hold the password and nothing else", c.MailPassword)
		}
		c.Mail.Password = lines[0]
	}
	if err := c.Mail.Check(); err != nil {
		return fmt.Errorf("--smtp, --mail-from: %w", err)
	}
	return nil
}

// paperless is what sends receipts and shows them to customers.
type paperless struct {
	pages  http.Handler
	own    net.Listener // nil: beside the office
	sender *mail.Sender
	log    *slog.Logger
}

// openPaperless opens the public address, and tells the devices whether the hub can
// send mail.
func openPaperless(ctx context.Context, c Config, db *store.Store, keeper *receipt.Keeper, log *slog.Logger) (*paperless, error) {
	if err := c.readMail(); err != nil {
		return nil, err
	}
	if err := db.PutMailReady(ctx, c.Mail.Address != ""); err != nil {
		return nil, err
	}
	p := &paperless{
		pages:  public.New(public.Config{Links: db, Receipts: keeper, Log: log}),
		sender: mail.New(mail.Config{Server: c.Mail, Store: db, Receipts: keeper, Log: log}),
		log:    log,
	}
	if c.Public == "" {
		return p, nil
	}
	l, err := net.Listen("tcp", c.Public)
	if err != nil {
		return nil, explainPort(err, "--public-addr", c.Public)
	}
	p.own = l
	log.Info("receipts for customers", "public", "http://"+l.Addr().String())
	return p, nil
}

// serve shows receipts on an address of their own, if there is one.
func (p *paperless) serve(ctx context.Context) error {
	if p.own == nil {
		return nil
	}
	return web.Serve(ctx, p.own, p.pages, p.log)
}

// beside puts the receipts beside the office where they have no address of their own.
func (p *paperless) beside(office http.Handler) http.Handler {
	if p.own != nil {
		return office
	}
	mux := http.NewServeMux()
	mux.Handle("/r/", p.pages)
	mux.Handle("/", office)
	return mux
}

// receiptsCommand says how customers may have their receipt besides on paper. The
// hub must not be running; the office does the same while it is.
func receiptsCommand(ctx context.Context, args []string) error {
	var c Config
	fs := c.flags("receipts")
	fs.StringVar(&c.Shop, "shop", "", "shop `id`; required")
	address := fs.String("url", "", "`address` that customers reach the receipts at, https://receipts.example.com; off: no QR codes")
	paper := fs.String("on-paper", "", "`on`: the QR code stands on paper receipts, too")
	days := fs.Int("days", 0, "`number` of days that a receipt can be opened")
	if err := c.parse(fs, args); err != nil {
		return err
	}
	return withShop(ctx, c, func(db *store.Store) error {
		rules, err := db.ReceiptRules(ctx)
		if err != nil {
			return err
		}
		if *address != "" {
			rules.URL = *address
		}
		if *address == "off" {
			rules.URL = ""
		}
		switch *paper {
		case "on", "off":
			rules.Print = *paper == "on"
		case "":
		default:
			return errors.New("--on-paper: say on or off")
		}
		if *days != 0 {
			rules.Days = *days
		}
		if err := db.Write(ctx, func(t *store.Tx) error { return t.PutReceiptRules(rules) }); err != nil {
			return err
		}
		where := rules.URL
		if where == "" {
			where = "nowhere, so no QR code is offered"
		}
		fmt.Printf("receipts are opened at %s, for %d days; QR code on paper %s\n", where, rules.Kept(), onOff(rules.Print))
		return nil
	})
}
