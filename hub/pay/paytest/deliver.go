package paytest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"
)

const (
	// lookout is how often Serve lets customers, banks and webhooks act.
	lookout = 250 * time.Millisecond
	// firstRetry is how long a webhook waits after its first failure; each
	// further one doubles it, up to lastRetry.
	firstRetry = time.Second
	lastRetry  = 10 * time.Minute
	// giveUp is after how many failures a webhook is dropped: about three days.
	giveUp = 450
)

// Service says where a Stripe is to be reached, and where its webhooks go.
type Service struct {
	API  net.Listener // answers below /v1/; also shows the page at / when Page is nil
	Page net.Listener // shows the page at /; may be nil
	Hook string       // URL that webhooks are posted to; empty for nowhere
	// HTTP posts the webhooks. [a client with a time-out of ten seconds]
	HTTP *http.Client
}

// Serve answers at the listeners of sv, lets time pass for customers and banks,
// and delivers webhooks until ctx ends: signed, repeated, reordered and late, and
// again with growing pauses to whoever does not answer with 2xx. It closes the
// listeners, and returns nil when ctx has ended.
func (s *Stripe) Serve(ctx context.Context, sv Service) error {
	if sv.HTTP == nil {
		sv.HTTP = &http.Client{Timeout: 10 * time.Second}
	}
	mux := http.NewServeMux()
	mux.Handle("/v1/", s)
	if sv.Page == nil {
		mux.Handle("/", s.Page())
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	ends := make(chan error, 3) // one for each goroutine; nobody closes it
	running := 2
	go func() { ends <- answerAt(ctx, sv.API, mux) }()
	go func() { ends <- s.live(ctx, sv) }()
	if sv.Page != nil {
		running++
		go func() { ends <- answerAt(ctx, sv.Page, s.Page()) }()
	}
	err := <-ends
	stop()
	for range running - 1 {
		if e := <-ends; err == nil {
			err = e
		}
	}
	return err
}

// answerAt serves one listener until ctx ends, and breaks calls that hang.
func answerAt(ctx context.Context, ln net.Listener, h http.Handler) error {
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	closed := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { closed <- srv.Close() })
	err := srv.Serve(ln)
	if stop() { // it ended by itself
		return fmt.Errorf("serve the simulated Stripe at %s: %w", ln.Addr(), err)
	}
	return <-closed
}

// live lets time pass until ctx ends.
func (s *Stripe) live(ctx context.Context, sv Service) error {
	t := time.NewTicker(lookout)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-t.C:
		}
		for _, e := range s.dueEvents() {
			if sv.Hook == "" {
				continue
			}
			if err := s.deliver(ctx, sv, e); err != nil {
				s.putBack(e)
			}
		}
	}
}

// deliver posts one webhook.
func (s *Stripe) deliver(ctx context.Context, sv Service, e delivery) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, sv.Hook, bytes.NewReader([]byte(e.Body)))
	if err != nil {
		return fmt.Errorf("deliver webhook: %w", err)
	}
	req.Header.Set("Content-Type", "application/json; charset=utf-8")
	req.Header.Set("Stripe-Signature", Sign([]byte(e.Body), s.cfg.Webhook, s.cfg.Now()))
	res, err := sv.HTTP.Do(req)
	if err != nil {
		return fmt.Errorf("deliver webhook: %w", err)
	}
	defer res.Body.Close()                                      //nolint:errcheck // read to its end
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 1<<16)) // only its status counts
	if res.StatusCode/100 != 2 {
		return fmt.Errorf("deliver webhook: it was answered with %s", res.Status)
	}
	return nil
}

// putBack queues a webhook again that could not be delivered.
func (s *Stripe) putBack(e delivery) {
	s.mu.Lock()
	defer s.leave()
	e.Tries++
	if e.Tries >= giveUp {
		return
	}
	e.Due = s.cfg.Now().Add(min(firstRetry<<min(e.Tries-1, 20), lastRetry))
	s.Events = append(s.Events, e)
	s.touch()
}
