package main

import (
	"context"
	"fmt"
	"log/slog"
	"net"

	"golang.org/x/sync/errgroup"

	"kickstand/hub/mail/mailtest"
	"kickstand/hub/web"
)

// post is the mail catcher of the demo shop: a mail server that delivers nothing
// and shows what it was given.
type post struct {
	smtp string // address that mail is sent to
	page string // address of its page
}

// serve runs the mail catcher until ctx ends.
func (p post) serve(ctx context.Context) error {
	in, err := net.Listen("tcp", p.smtp)
	if err != nil {
		return fmt.Errorf("open the mail catcher at %s: %w; is another one running there?", p.smtp, err)
	}
	page, err := net.Listen("tcp", p.page)
	if err != nil {
		_ = in.Close() // nothing was begun
		return fmt.Errorf("open the page of the mail catcher at %s: %w", p.page, err)
	}
	server := mailtest.New()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return server.Serve(ctx, in) })
	g.Go(func() error { return web.Serve(ctx, page, server.Handler(), slog.New(slog.DiscardHandler)) })
	return g.Wait()
}
