package paytest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"time"
)

// Server is a Stripe that listens on loopback.
type Server struct {
	URL  string // for pay.Config.URL
	http *http.Server
	done chan error // closed by the serving goroutine after its one error
}

// Start serves s on a free port of the loopback interface until Close.
func (s *Stripe) Start() (*Server, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("start the simulated Stripe: %w", err)
	}
	srv := &Server{
		URL:  "http://" + ln.Addr().String(),
		http: &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second},
		done: make(chan error, 1),
	}
	go func() {
		defer close(srv.done)
		srv.done <- srv.http.Serve(ln)
	}()
	return srv, nil
}

// Close breaks all connections, hanging ones too, and waits for the end.
func (s *Server) Close() error {
	err := s.http.Close()
	if served := <-s.done; !errors.Is(served, http.ErrServerClosed) {
		return fmt.Errorf("serve the simulated Stripe: %w", served)
	}
	return err
}

// Client returns an HTTP client that reaches s without a socket, whatever host
// is asked. A hang ends at once with the error of a time-out.
func (s *Stripe) Client() *http.Client { return &http.Client{Transport: direct{s}} }

// direct is a transport into a handler.
type direct struct{ s *Stripe }

// RoundTrip carries out one call.
func (d direct) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r = r.Clone(context.WithoutCancel(r.Context()))
		r.Body = http.NoBody
	}
	defer r.Body.Close() //nolint:errcheck // a buffer
	a, err := d.s.handle(r)
	switch {
	case err != nil:
		return nil, err
	case a.hang:
		return nil, os.ErrDeadlineExceeded
	case a.drop:
		return nil, io.ErrUnexpectedEOF
	}
	w := &recorder{header: http.Header{}}
	a.write(w)
	return &http.Response{
		StatusCode: w.status, Header: w.header, Request: r, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Body: io.NopCloser(&w.body), ContentLength: int64(w.body.Len()),
	}, nil
}

// recorder keeps an answer for direct.
type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

// Header is where the handler puts its header.
func (r *recorder) Header() http.Header { return r.header }

// WriteHeader keeps the status.
func (r *recorder) WriteHeader(status int) { r.status = status }

// Write keeps the body.
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
