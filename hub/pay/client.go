package pay

import (
	"context"
	"errors"
	"fmt"

	"github.com/stripe/stripe-go/v76"
)

// maxMoves is how many moves one turn may take. The longest turn that the tests
// have seen takes 12.
const maxMoves = 40

// Client asks Stripe for money on behalf of one shop. Its methods may be called
// from several goroutines, also for the same payment: whoever decides the same
// uses the same key.
type Client struct {
	cfg      Config
	attempts Attempts
	backend  stripe.Backend
}

// New returns a client that keeps its attempts in a. It calls nobody.
func New(cfg Config, a Attempts) (*Client, error) {
	cfg, err := cfg.complete()
	if err != nil {
		return nil, fmt.Errorf("set up card payments: %w", err)
	}
	return &Client{cfg: cfg, attempts: a, backend: backend(cfg)}, nil
}

// Collect begins a payment, or goes on with it, up to where somebody must wait:
// usually until the reader asks for a card. It returns ErrChanged when the
// payment was begun with other content. Any other error comes from the Attempts;
// trouble with Stripe is part of the Status.
func (c *Client) Collect(ctx context.Context, ch Charge) (Status, error) {
	if err := ch.check(); err != nil {
		return Status{}, err
	}
	methods := "card_present"
	if c.cfg.Interac {
		methods += ",interac_present"
	}
	r := Request{
		Step: StepCreate, Shop: c.cfg.Shop, Payment: ch.Payment, Sale: ch.Sale, Device: ch.Device,
		Amount: ch.Amount, Currency: ch.Currency, Methods: methods, Reader: ch.Reader,
	}
	return c.begin(ctx, r, Next)
}

// Advance goes on with a payment after a pause or a restart, as far as it can
// go without waiting. Look may have the reader ask for a card when it is not
// known whether it was asked to: after a long pause, when the customer may be
// gone, use Stop. Advance returns ErrNoPayment for a payment that was never
// begun.
func (c *Client) Advance(ctx context.Context, payment string, w Want) (Status, error) {
	all, err := c.attempts.Of(ctx, c.cfg.Shop, payment)
	if err != nil {
		return Status{}, fmt.Errorf("payment %s: %w", payment, err)
	}
	if _, ok := last(all, StepCreate); !ok {
		return Status{}, fmt.Errorf("payment %s: %w", payment, ErrNoPayment)
	}
	return c.turn(ctx, payment, w, Next)
}

// Cancel ends a payment unless it is captured already, which the Status then
// says. While it answers Unknown, call it again.
func (c *Client) Cancel(ctx context.Context, payment string) (Status, error) {
	return c.Advance(ctx, payment, Stop)
}

// Refund gives money back, or goes on with a refund that was begun. While it
// answers Unknown, or Waiting for a card at the reader, call it again with the
// same content.
func (c *Client) Refund(ctx context.Context, r Refund) (Status, error) {
	if err := r.check(); err != nil {
		return Status{}, err
	}
	mode := Direct
	if r.Reader != "" {
		mode = Present
	}
	return c.begin(ctx, Request{
		Step: StepRefund, Shop: c.cfg.Shop, Payment: r.ID, Sale: r.Sale, Device: r.Device,
		Amount: r.Amount, Currency: r.Currency, Intent: r.Intent, Reader: r.Reader, Mode: mode,
	}, NextRefund)
}

// CheckRefund looks again at a refund that was given back, since a bank may send
// it back days later: the Status is then Declined with the code refund_failed,
// and the money is the shop's again.
func (c *Client) CheckRefund(ctx context.Context, id string) (Status, error) {
	return c.onRefund(ctx, id, Again)
}

// CancelRefund stops a refund that waits for a card at a reader, unless it was
// given back already, which the Status then says; Declined says that it was not.
// A refund without a reader cannot be stopped. While it answers Unknown or
// Waiting, call it again.
func (c *Client) CancelRefund(ctx context.Context, id string) (Status, error) {
	return c.onRefund(ctx, id, Stop)
}

func (c *Client) onRefund(ctx context.Context, id string, w Want) (Status, error) {
	all, err := c.attempts.Of(ctx, c.cfg.Shop, id)
	if err != nil {
		return Status{}, fmt.Errorf("refund %s: %w", id, err)
	}
	if _, ok := last(all, StepRefund); !ok {
		return Status{}, fmt.Errorf("refund %s: %w", id, ErrNoPayment)
	}
	return c.turn(ctx, id, w, NextRefund)
}

// Follow collects a payment until it is captured, declined, canceled or in need
// of a person, and calls show with every status on the way. When ctx ends it
// returns its error; the payment goes on at the reader and must be advanced or
// canceled later.
func (c *Client) Follow(ctx context.Context, ch Charge, show func(Status)) (Status, error) {
	s, err := c.Collect(ctx, ch)
	for err == nil {
		show(s)
		if s.After == 0 {
			return s, nil
		}
		if err = c.cfg.Pause(ctx, s.After); err == nil {
			s, err = c.Advance(ctx, ch.Payment, Look)
		}
	}
	return s, err
}

// begin stores the first attempt of a payment or refund, refuses changed
// content, and takes the first turn.
func (c *Client) begin(ctx context.Context, r Request, next func(Known) Move) (Status, error) {
	all, err := c.attempts.Of(ctx, r.Shop, r.Payment)
	if err != nil {
		return Status{}, fmt.Errorf("payment %s: %w", r.Payment, err)
	}
	if len(all) > 0 && all[0].Request != r {
		return Status{}, fmt.Errorf("payment %s: %w", r.Payment, ErrChanged)
	}
	if err := c.store(ctx, r, 1); err != nil {
		return Status{}, err
	}
	return c.turn(ctx, r.Payment, Look, next)
}

func (c *Client) store(ctx context.Context, r Request, n int) error {
	a := Attempt{
		Key: Key(r.Shop, r.Payment, r.Step, n), Hash: Hash(r), N: n,
		Request: r, Begun: c.cfg.Now(), State: Open,
	}
	if err := c.attempts.Begin(ctx, a); err != nil {
		return fmt.Errorf("begin %s: %w", a.Key, err)
	}
	return nil
}

// turn makes moves until there is something to wait for.
func (c *Client) turn(ctx context.Context, payment string, w Want, next func(Known) Move) (Status, error) {
	k := Known{Want: w}
	for range maxMoves {
		var err error
		k.Now = c.cfg.Now()
		if k.Attempts, err = c.attempts.Of(ctx, c.cfg.Shop, payment); err != nil {
			return Status{}, fmt.Errorf("payment %s: %w", payment, err)
		}
		m := next(k)
		if m.Kind == Rest {
			return m.Status, nil
		}
		err = c.move(ctx, &k, m)
		var u *unclearError
		if errors.As(err, &u) {
			c.cfg.Log.Warn("no clear answer from Stripe", "payment", payment, "move", string(m.Kind), "code", u.code, "err", u.err)
			return k.unclear(payment, u.code), nil
		}
		if err != nil {
			return Status{}, fmt.Errorf("payment %s: %w", payment, err)
		}
	}
	return Status{}, fmt.Errorf("payment %s: no end after %d moves", payment, maxMoves)
}

// unclear is the status after an answer that proves nothing.
func (k Known) unclear(payment, code string) Status {
	s := Status{Outcome: Unknown, Code: code, After: pollUnknown}
	if code == CodeClash { // asking again brings the same
		s.Person, s.After = true, 0
	}
	if c, ok := last(k.Attempts, StepCapture); ok && c.State != Done {
		s.Outcome = CaptureDue
	}
	s = k.rest(s).Status
	s.Payment = payment
	return s
}

// move does what Next decided and adds what was learnt to k.
func (c *Client) move(ctx context.Context, k *Known, m Move) (err error) {
	switch m.Kind {
	case Send:
		if err := c.store(ctx, m.Request, m.N); err != nil {
			return err
		}
		k.Want = afterSend(k.Want)
		return c.call(ctx, k, m.Request, Key(m.Request.Shop, m.Request.Payment, m.Request.Step, m.N))
	case Replay:
		return c.replay(ctx, k, m.Key)
	case Find:
		a := keyed(k.Attempts, m.Key)
		k.Found, err = c.find(ctx, a)
		k.Looked = err == nil
		return err
	case ReadReader:
		k.Action, err = c.readReader(ctx, m.Object)
		return err
	case ReadIntent:
		k.Intent, err = c.readIntent(ctx, m.Object)
		return err
	case ReadPage:
		k.Session, err = c.readSession(ctx, m.Object)
		return err
	case ReadBack:
		k.Back, err = c.readRefund(ctx, m.Object)
		return err
	case ReadMethod:
		k.Method, err = c.readMethod(ctx, m.Object)
		return err
	case Mark:
		k.forget()
		return c.attempts.Settle(ctx, m.Key, m.State, m.Object, m.Code)
	}
	return fmt.Errorf("move %q is not known", m.Kind)
}

// afterSend uses up a wish for one more try.
func afterSend(w Want) Want {
	if w == Again {
		return Look
	}
	return w
}

// replay sends a stored attempt again, provided that this program would still
// send the same bytes.
func (c *Client) replay(ctx context.Context, k *Known, key string) error {
	a := keyed(k.Attempts, key)
	if Hash(a.Request) != a.Hash {
		return &unclearError{code: CodeClash, err: errors.New("this version of the program would send other content under " + key)}
	}
	return c.call(ctx, k, a.Request, key)
}

// call sends a request whose attempt is stored and notes a definite answer.
func (c *Client) call(ctx context.Context, k *Known, r Request, key string) error {
	k.forget()
	k.Tried = append(k.Tried, r.Step)
	object, err := c.post(ctx, r, key)
	v := judge(err)
	switch v.kind {
	case did:
		return c.attempts.Settle(ctx, key, Done, object, "")
	case refused:
		return c.attempts.Settle(ctx, key, Refused, "", v.code)
	case storedFailure:
		k.Failed = key
		return nil
	}
	return &unclearError{code: v.code, err: err}
}

// forget drops what was read before something changed.
func (k *Known) forget() {
	k.Action, k.Intent, k.Session, k.Method, k.Back, k.Looked, k.Found = nil, nil, nil, nil, nil, false, ""
}

func keyed(all []Attempt, key string) Attempt {
	for _, a := range all {
		if a.Key == key {
			return a
		}
	}
	return Attempt{}
}
