package staff

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"kickstand/hub/audit"
	"kickstand/hub/store"
)

const (
	// IdleTime ends a session without requests.
	IdleTime = 30 * time.Minute
	// HardTime ends every session.
	HardTime = 12 * time.Hour

	seenStep = time.Minute // how exactly the last request is known
)

var (
	// ErrWrong is returned for a wrong password.
	ErrWrong = errors.New("the password is wrong")
	// ErrNoPassword is returned for somebody who has none.
	ErrNoPassword = errors.New("no password is set for this person")
	// ErrSignedOut is returned for a session that is over or never was.
	ErrSignedOut = errors.New("nobody is signed in")
)

// Desk signs people in and out. It is safe for concurrent use.
type Desk struct {
	store *store.Store
	now   func() time.Time
	hash  sync.Mutex // one hash at a time: each takes memory
}

// New returns the desk of a shop. A nil now is time.Now.
func New(s *store.Store, now func() time.Time) *Desk {
	if now == nil {
		now = time.Now
	}
	return &Desk{store: s, now: now}
}

// Person is somebody signed in. The zero Person is nobody.
type Person struct {
	ID   string
	Name string
	Role string
}

// SignIn checks a password and returns the secret of a new session. It returns
// ErrWrong, ErrNoPassword or a [*WaitError] when the person must not be let in.
func (d *Desk) SignIn(ctx context.Context, who, password, address string) (secret string, err error) {
	kept, err := d.password(ctx, who)
	if err != nil {
		return "", err
	}
	if err := d.beginTry(ctx, who, address); err != nil {
		return "", err
	}
	ok, err := d.check(kept, password)
	if err != nil {
		return "", err
	}
	if !ok {
		return "", ErrWrong
	}
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails, see crypto/rand
	secret = hex.EncodeToString(b[:])
	return secret, d.store.Write(ctx, func(t *store.Tx) error {
		if err := t.ForgiveTries(personKey+who, t.AtMS()-forgetTime.Milliseconds()); err != nil {
			return err
		}
		if err := t.ForgiveTries(addressKey(address), t.AtMS()-forgetTime.Milliseconds()); err != nil {
			return err
		}
		return t.BeginSession(digest(secret), who)
	})
}

func (d *Desk) password(ctx context.Context, who string) (string, error) {
	all, err := d.store.Passwords(ctx)
	if err != nil {
		return "", fmt.Errorf("sign in: %w", err)
	}
	for _, p := range all {
		if p.Operator == who {
			return p.Hash, nil
		}
	}
	return "", ErrNoPassword
}

func (d *Desk) check(kept, password string) (bool, error) {
	if len(password) > maxPassword {
		return false, nil
	}
	d.hash.Lock()
	defer d.hash.Unlock()
	return matches(kept, password)
}

// digest is what is kept of a secret. The secret is random, so one round is
// enough.
func digest(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// Who returns who holds a secret, or ErrSignedOut.
func (d *Desk) Who(ctx context.Context, secret string) (Person, error) {
	if secret == "" {
		return Person{}, ErrSignedOut
	}
	s, err := d.store.Session(ctx, digest(secret))
	if errors.Is(err, store.ErrNotFound) {
		return Person{}, ErrSignedOut
	}
	if err != nil {
		return Person{}, fmt.Errorf("session: %w", err)
	}
	now := d.now().UnixMilli()
	if now-s.SeenMS >= IdleTime.Milliseconds() || now-s.BeganMS >= HardTime.Milliseconds() {
		return Person{}, ErrSignedOut
	}
	if now-s.SeenMS >= seenStep.Milliseconds() {
		err = d.store.Write(ctx, func(t *store.Tx) error { return t.SeeSession(s.Digest, t.AtMS()-HardTime.Milliseconds()) })
	}
	return Person{ID: s.Operator, Name: s.Name, Role: s.Role}, err
}

// SignOut ends a session.
func (d *Desk) SignOut(ctx context.Context, secret string) error {
	return d.store.Write(ctx, func(t *store.Tx) error { return t.EndSession(digest(secret)) })
}

// Change checks a person's old password and sets a new one.
func (d *Desk) Change(ctx context.Context, who, old, password, address string) error {
	kept, err := d.password(ctx, who)
	if err != nil {
		return err
	}
	if err := d.beginTry(ctx, who, address); err != nil {
		return err
	}
	ok, err := d.check(kept, old)
	if err != nil {
		return err
	}
	if !ok {
		return ErrWrong
	}
	return SetPassword(ctx, d.store, who, password, who)
}

// SetPassword gives a person a password and signs the person out everywhere. by
// is who does it, empty for the hub's own command. It returns
// store.ErrNotFound for somebody who is not on the staff.
func SetPassword(ctx context.Context, s *store.Store, who, password, by string) error {
	if err := CheckPassword(password); err != nil {
		return err
	}
	kept := Hash(password)
	row, err := audit.Act("staff.password", "", by, struct{}{})
	if err != nil {
		return err
	}
	return s.Write(ctx, func(t *store.Tx) error {
		if err := t.SetPassword(store.Password{Operator: who, Hash: kept, Demo: password == DemoPassword}); err != nil {
			return err
		}
		if err := t.ForgiveTries(personKey+who, t.AtMS()-forgetTime.Milliseconds()); err != nil {
			return err
		}
		_, err := t.Audit(row)
		return err
	})
}

// State is whether a shop's office is safe to show to others.
type State struct {
	Set  int  // how many people have a password
	Demo bool // one of them is the demo shop's
}

// StateOf looks at the passwords of a shop.
func StateOf(ctx context.Context, s *store.Store) (State, error) {
	all, err := s.Passwords(ctx)
	st := State{Set: len(all)}
	for _, p := range all {
		st.Demo = st.Demo || p.Demo
	}
	return st, err
}
