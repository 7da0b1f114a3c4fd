package mail

import (
	"context"
	"errors"
	"fmt"
	"net"
	netmail "net/mail"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// Security is how a connection to the mail server is encrypted.
type Security string

// The kinds of encryption.
const (
	StartTLS Security = "starttls" // on the usual port, before anything is said
	TLS      Security = "tls"      // from the first byte
	Plain    Security = "none"     // not at all: for a server on this machine
)

// usualPatience is how long one attempt may take when nothing is said.
const usualPatience = 60 * time.Second

// Server is the mail server that the shop sends by.
type Server struct {
	Address  string   // host:port; empty: the shop sends no mail
	User     string   // empty: the server asks for nobody
	Password string   // of User
	From     string   // "Demo Cycles <receipts@shop.example>"
	Security Security // empty is StartTLS

	Patience time.Duration // how long one attempt may take; 0 is a minute
}

func (s Server) patience() time.Duration {
	if s.Patience == 0 {
		return usualPatience
	}
	return s.Patience
}

// Check reports in plain words what is wrong or missing.
func (s Server) Check() error {
	if s.Address == "" {
		return nil
	}
	host, port, err := net.SplitHostPort(s.Address)
	if _, bad := strconv.ParseUint(port, 10, 16); err != nil || host == "" || bad != nil {
		return fmt.Errorf("the mail server %q needs a name and a port, such as mail.example.com:587", s.Address)
	}
	from, err := netmail.ParseAddress(s.From)
	if err != nil || checkHeader(s.From) != nil {
		return fmt.Errorf("the sender %q is no address: say \"Shop name <receipts@example.com>\"", s.From)
	}
	switch s.Security {
	case "", StartTLS, TLS, Plain:
	default:
		return fmt.Errorf("encryption %q: say starttls, tls or none", s.Security)
	}
	if s.User != "" && s.Security == Plain {
		return errors.New("the password of the mail server would travel without encryption: say starttls or tls")
	}
	if !strings.Contains(from.Address, "@") || s.User != "" && s.Password == "" {
		return fmt.Errorf("the user %s of the mail server needs a password", s.User)
	}
	return nil
}

// domain is the right side of Message-IDs.
func (s Server) domain() string {
	from, err := netmail.ParseAddress(s.From)
	if err != nil {
		return "localhost"
	}
	return from.Address[strings.LastIndexByte(from.Address, '@')+1:]
}

// client makes a client for one attempt.
func (s Server) client() (*gomail.Client, error) {
	host, port, err := net.SplitHostPort(s.Address)
	if err != nil {
		return nil, err
	}
	n, err := strconv.Atoi(port)
	if err != nil {
		return nil, err
	}
	o := []gomail.Option{gomail.WithPort(n), gomail.WithTimeout(s.patience()), gomail.WithHELO(s.domain()), gomail.WithoutNoop()}
	switch s.Security {
	case Plain:
		o = append(o, gomail.WithTLSPolicy(gomail.NoTLS))
	case TLS:
		o = append(o, gomail.WithSSL())
	default:
		o = append(o, gomail.WithTLSPolicy(gomail.TLSMandatory))
	}
	if s.User != "" {
		o = append(o, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(s.User), gomail.WithPassword(s.Password))
	}
	return gomail.NewClient(host, o...)
}

// errNoServer is what an attempt ends with in a shop without a mail server.
var errNoServer = errors.New("the hub has no mail server set up")

// send makes one attempt.
func (s Server) send(ctx context.Context, m *gomail.Msg) error {
	if s.Address == "" {
		return errNoServer
	}
	c, err := s.client()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, s.patience())
	defer cancel()
	if err := c.DialAndSendWithContext(ctx, m); err != nil && !m.IsDelivered() { // a goodbye that fails undoes nothing
		return err
	}
	return nil
}

// hopeless reports whether the server said for good that it does not take this
// mail: there is no such address, or it refuses the content.
func hopeless(err error) bool {
	var e *gomail.SendError
	if errors.Is(err, ErrHeader) {
		return true
	}
	if !errors.As(err, &e) || e.IsTemp() || e.ErrorCode() < 500 {
		return false
	}
	return e.Reason == gomail.ErrSMTPRcptTo || e.Reason == gomail.ErrSMTPDataClose
}
