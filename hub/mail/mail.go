package mail

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"log/slog"
	"strings"
	"time"

	"kickstand/hub/store"
	"kickstand/protocol/slip"
)

// The times of a mail.
const (
	lookAgain = 5 * time.Second  // between looks for mails that are due
	firstWait = 10 * time.Second // after the first attempt; doubled by each further one
	longWait  = time.Hour        // and never longer than this
	giveUp    = 24 * time.Hour   // after it was asked for
	keepDays  = 3                // that an address is kept once its mail has ended
	sweepTime = 10 * time.Minute // between looks for what is to be forgotten
)

// Receipts finds the document of a sale. *receipt.Keeper does.
type Receipts interface {
	Open(ctx context.Context, saleID string) (slip.Doc, error)
}

// Config is what a Sender needs. Log and Now may be nil.
type Config struct {
	Server
	Store    *store.Store
	Receipts Receipts
	Log      *slog.Logger
	Now      func() time.Time
}

// Sender sends what is due.
type Sender struct{ cfg Config }

// New returns the sender of a shop. It starts nothing. A shop without a mail server
// has one too: what was asked for before is told to a person in time.
func New(cfg Config) *Sender {
	if cfg.Log == nil {
		cfg.Log = slog.New(slog.DiscardHandler)
	}
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	return &Sender{cfg: cfg}
}

// Run sends mails as they become due, and forgets what is old, until ctx ends.
func (s *Sender) Run(ctx context.Context) error {
	look, sweep := time.NewTicker(lookAgain), time.NewTicker(sweepTime)
	defer look.Stop()
	defer sweep.Stop()
	s.note(ctx, "forget", s.Forget(ctx))
	for {
		s.note(ctx, "send mail", s.SendDue(ctx))
		select {
		case <-ctx.Done():
			return nil
		case <-look.C:
		case <-sweep.C:
			s.note(ctx, "forget", s.Forget(ctx))
		}
	}
}

func (s *Sender) note(ctx context.Context, what string, err error) {
	if err != nil && ctx.Err() == nil {
		s.cfg.Log.Error(what, "err", err)
	}
}

// SendDue makes one attempt for every mail that is due now. Only the database's own
// errors are returned.
func (s *Sender) SendDue(ctx context.Context) error {
	for ctx.Err() == nil {
		m, err := s.cfg.Store.TakeMail(ctx, random()+"@"+s.cfg.domain(), 2*s.cfg.patience().Milliseconds())
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := s.settle(ctx, m, s.attempt(ctx, m)); err != nil {
			return err
		}
	}
	return nil
}

func random() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	return hex.EncodeToString(b[:])
}

// attempt tries to send a mail.
func (s *Sender) attempt(ctx context.Context, m store.Mail) error {
	d, err := s.cfg.Receipts.Open(ctx, m.Sale)
	if errors.Is(err, store.ErrNotFound) {
		return errors.New("the sale is not here; is it in quarantine?")
	}
	if err != nil {
		return err
	}
	letter, err := s.compose(m.Address, m.MessageID, d, time.UnixMilli(m.AskedMS))
	if err != nil {
		return err
	}
	return s.cfg.send(ctx, letter)
}

// settle notes how an attempt ended. Its error names no address.
func (s *Sender) settle(ctx context.Context, m store.Mail, cause error) error {
	// A stop must not leave it open whether a mail that was taken is sent again.
	ctx = context.WithoutCancel(ctx)
	log := s.cfg.Log.With("mail", m.ID, "sale", m.Sale, "tries", m.Tries)
	if cause == nil {
		log.Info("receipt sent by e-mail")
		return s.cfg.Store.Write(ctx, func(t *store.Tx) error { return t.MailEnded(m.ID, store.MailSent, "") })
	}
	why := strings.ReplaceAll(cause.Error(), m.Address, "the address")
	now := s.cfg.Now()
	if hopeless(cause) || now.Sub(time.UnixMilli(m.AskedMS)) >= giveUp {
		log.Warn("receipt not sent by e-mail, given up", "error", why)
		return s.cfg.Store.Write(ctx, func(t *store.Tx) error { return t.MailEnded(m.ID, store.MailFailed, why) })
	}
	wait := min(firstWait<<min(m.Tries-1, 10), longWait)
	log.Warn("receipt not sent by e-mail", "error", why, "again_in", wait)
	return s.cfg.Store.Write(ctx, func(t *store.Tx) error { return t.MailLater(m.ID, why, now.Add(wait).UnixMilli()) })
}

// Forget empties the addresses of mails that ended some days ago and takes receipts
// off the public page whose days are over.
func (s *Sender) Forget(ctx context.Context) error {
	rules, err := s.cfg.Store.ReceiptRules(ctx)
	if err != nil {
		return err
	}
	now := s.cfg.Now()
	return s.cfg.Store.Write(ctx, func(t *store.Tx) error {
		return errors.Join(t.ForgetMails(now.AddDate(0, 0, -keepDays).UnixMilli()), t.ForgetLinks(now.AddDate(0, 0, -rules.Kept()).UnixMilli()))
	})
}
