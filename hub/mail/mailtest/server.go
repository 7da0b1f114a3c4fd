// Package mailtest is a mail server for tests and for trying out: it takes every
// mail, delivers it nowhere, and shows what it took on a page.
//
// It promises to speak SMTP by a library that the sender does not use, to show a
// mail that came twice under one Message-ID once, as mail programs do, and to count
// how often it came. It can fail on purpose, see [Fault].
//
// It refuses to be a mail server: nothing is stored, nobody is asked who they are.
//
// Start with [New] and [Server.Serve].
package mailtest

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

// Fault is what the server does wrong with one mail.
type Fault string

// The faults.
const (
	NoSuchBox Fault = "no such box" // 550 to the address
	Busy      Fault = "busy"        // 451 to the address
	Refused   Fault = "refused"     // 554 to the content
	Full      Fault = "full"        // 452 to the content
	Dropped   Fault = "dropped"     // the connection ends before the mail is taken
	Unsaid    Fault = "unsaid"      // the mail is taken, the connection ends before it says so
	Hangs     Fault = "hangs"       // no answer to the content until the other side gives up
)

// Server is one mail server. Its methods are safe for concurrent use.
type Server struct {
	mu     sync.Mutex
	faults []Fault
	mails  []Mail
	tried  int
}

// New returns a server that works.
func New() *Server { return &Server{} }

// Fail has the next mails go wrong, one fault each. An empty fault is none.
func (s *Server) Fail(next ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, next...)
}

// Mails returns what was taken, the oldest first.
func (s *Server) Mails() []Mail {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Mail(nil), s.mails...)
}

// Tried is how many mails somebody began to send.
func (s *Server) Tried() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tried
}

// Serve speaks SMTP on l until ctx ends. It closes l.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	srv := smtp.NewServer(smtp.BackendFunc(func(c *smtp.Conn) (smtp.Session, error) {
		return &session{server: s, conn: c, ended: ctx.Done()}, nil
	}))
	srv.Domain, srv.ReadTimeout, srv.WriteTimeout, srv.MaxMessageBytes = "mailtest.example", time.Minute, time.Minute, 10<<20
	srv.ErrorLog = log.New(io.Discard, "", 0)
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() { stopped <- srv.Close() })
	err := srv.Serve(l)
	if stop() {
		return fmt.Errorf("serve mail on %s: %w", l.Addr(), err)
	}
	return <-stopped
}

// next is the fault of the mail that begins now.
func (s *Server) next() Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tried++
	if len(s.faults) == 0 {
		return ""
	}
	f := s.faults[0]
	s.faults = s.faults[1:]
	return f
}

// take keeps a mail, once a Message-ID.
func (s *Server) take(m Mail) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := range s.mails {
		if s.mails[i].MessageID == m.MessageID && m.MessageID != "" {
			s.mails[i].Came++
			return
		}
	}
	m.Came = 1
	s.mails = append(s.mails, m)
}

// session is one connection.
type session struct {
	server *Server
	conn   *smtp.Conn
	ended  <-chan struct{} // the server stops
	fault  Fault
	from   string
	to     []string
}

// Reset forgets the mail under way.
func (s *session) Reset() { s.from, s.to, s.fault = "", nil, "" }

// Logout has nothing to free.
func (s *session) Logout() error { return nil }

// Mail begins a mail.
func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	s.from, s.fault = from, s.server.next()
	return nil
}

// Rcpt takes an address.
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	switch s.fault {
	case NoSuchBox:
		return &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "there is no box " + to}
	case Busy:
		return &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 2}, Message: "try again later"}
	}
	s.to = append(s.to, to)
	return nil
}

var errGone = errors.New("the connection was cut on purpose")

// Data takes the content.
func (s *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	switch s.fault {
	case Refused:
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "this looks like an advertisement"}
	case Full:
		return &smtp.SMTPError{Code: 452, EnhancedCode: smtp.EnhancedCode{4, 2, 2}, Message: "the box is full"}
	case Hangs:
		<-s.ended
		return errGone
	case Dropped:
		return errors.Join(errGone, s.conn.Conn().Close())
	}
	m, err := read(raw)
	if err != nil {
		return &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 6, 0}, Message: err.Error()}
	}
	m.From, m.To = s.from, s.to
	s.server.take(m)
	if s.fault == Unsaid {
		return errors.Join(errGone, s.conn.Conn().Close())
	}
	return nil
}
