package staff_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kickstand/hub/staff"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

func Example() {
	ctx := context.Background()
	dir, err := os.MkdirTemp("", "staff")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	db, err := store.Open(ctx, store.Config{Path: filepath.Join(dir, "shop.db"), Shop: "demo"})
	if err != nil {
		panic(err)
	}
	defer db.Close()
	_ = db.PutOperator(ctx, protocol.Operator{ID: "op-ada", Name: "Ada", Role: "owner"})
	_ = staff.SetPassword(ctx, db, "op-ada", "three small words", "")
	desk := staff.New(db, nil)
	_, err = desk.SignIn(ctx, "op-ada", "three large words", "127.0.0.1")
	fmt.Println(err)
	secret, _ := desk.SignIn(ctx, "op-ada", "three small words", "127.0.0.1")
	who, _ := desk.Who(ctx, secret)
	fmt.Println(who.Name, who.Role)
	// Output:
	// the password is wrong
	// Ada owner
}

const good = "three small words"

// desk is a shop with a moving clock, which can be restarted.
type desk struct {
	*staff.Desk
	t   *testing.T
	cfg store.Config
	db  *store.Store
	now atomic.Int64 // Unix seconds
}

func open(t *testing.T) *desk {
	t.Helper()
	d := &desk{t: t}
	d.now.Store(1_800_000_000)
	d.cfg = storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: d.clock})
	d.start()
	t.Cleanup(func() { _ = d.db.Close() })
	if err := d.db.PutOperator(t.Context(), protocol.Operator{ID: "op-ada", Name: "Ada", Role: "owner"}); err != nil {
		t.Fatal(err)
	}
	if err := staff.SetPassword(t.Context(), d.db, "op-ada", good, ""); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *desk) clock() time.Time { return time.Unix(d.now.Load(), 0) }

func (d *desk) start() {
	d.t.Helper()
	var err error
	if d.db, err = store.Open(d.t.Context(), d.cfg); err != nil {
		d.t.Fatal(err)
	}
	d.Desk = staff.New(d.db, d.clock)
}

func (d *desk) pass(t time.Duration) { d.now.Add(int64(t / time.Second)) }

func (d *desk) wrong(address string) error {
	_, err := d.SignIn(d.t.Context(), "op-ada", "wrong wrong wrong", address)
	return err
}

func (d *desk) in() string {
	d.t.Helper()
	secret, err := d.SignIn(d.t.Context(), "op-ada", good, "10.0.0.9")
	if err != nil {
		d.t.Fatal(err)
	}
	return secret
}

func TestWrongPasswordsCostTimeAlsoAfterARestart(t *testing.T) {
	d := open(t)
	for range 3 {
		if err := d.wrong("10.0.0.1"); !errors.Is(err, staff.ErrWrong) {
			t.Fatal(err)
		}
	}
	var wait *staff.WaitError
	if err := d.wrong("10.0.0.2"); !errors.As(err, &wait) || wait.Wait != 2*time.Second {
		t.Fatalf("the fourth try from elsewhere: %v", err)
	}
	if err := d.db.Close(); err != nil {
		t.Fatal(err)
	}
	cfg := d.cfg
	d.cfg = storetest.Again(cfg)
	d.cfg.Now = d.clock
	d.start()
	if _, err := d.SignIn(t.Context(), "op-ada", good, "10.0.0.3"); !errors.As(err, &wait) {
		t.Fatalf("a restart forgave: %v", err)
	}
	d.pass(2 * time.Second)
	if err := d.wrong("10.0.0.1"); !errors.Is(err, staff.ErrWrong) {
		t.Fatal(err)
	}
	d.pass(2 * time.Second)
	if err := d.wrong("10.0.0.1"); !errors.As(err, &wait) || wait.Wait != 2*time.Second {
		t.Fatalf("the wait does not grow: %v", err)
	}
	d.pass(2 * time.Second)
	d.in()
	if err := d.wrong("10.0.0.1"); !errors.Is(err, staff.ErrWrong) {
		t.Errorf("a good sign-in forgives: %v", err)
	}
}

// TestACrowdGetsNoMoreTries sends many tries at once.
func TestACrowdGetsNoMoreTries(t *testing.T) {
	d := open(t)
	var tried atomic.Int64
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if errors.Is(d.wrong("10.0.0.1"), staff.ErrWrong) {
				tried.Add(1)
			}
		})
	}
	wg.Wait()
	if tried.Load() != 3 {
		t.Errorf("%d passwords were tried, want 3", tried.Load())
	}
}

func TestAnAddressThatGuessesManyWaits(t *testing.T) {
	d := open(t)
	for i := range 40 {
		id := fmt.Sprintf("op-%d", i)
		if err := d.db.PutOperator(t.Context(), protocol.Operator{ID: id, Name: id, Role: "sales"}); err != nil {
			t.Fatal(err)
		}
		err := d.db.Write(t.Context(), func(tx *store.Tx) error {
			return tx.SetPassword(store.Password{Operator: id, Hash: staff.DemoHash, Demo: true})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range 20 {
		if _, err := d.SignIn(t.Context(), fmt.Sprintf("op-%d", i), "guess guess", fmt.Sprintf("2001:db8::%d", i)); !errors.Is(err, staff.ErrWrong) {
			t.Fatal(err)
		}
	}
	var wait *staff.WaitError
	if _, err := d.SignIn(t.Context(), "op-30", "guess guess", "2001:db8::ffff"); !errors.As(err, &wait) {
		t.Errorf("one network may guess on: %v", err)
	}
	if _, err := d.SignIn(t.Context(), "op-30", staff.DemoPassword, "2001:db8:1::1"); err != nil {
		t.Errorf("others must wait too: %v", err)
	}
}

func TestASessionEnds(t *testing.T) {
	d := open(t)
	secret := d.in()
	there := func(s string) bool {
		t.Helper()
		_, err := d.Who(t.Context(), s)
		if err != nil && !errors.Is(err, staff.ErrSignedOut) {
			t.Fatal(err)
		}
		return err == nil
	}
	d.pass(staff.IdleTime - time.Second)
	if !there(secret) {
		t.Fatal("it ended too early")
	}
	d.pass(staff.IdleTime)
	if there(secret) {
		t.Error("an idle session goes on")
	}
	secret = d.in()
	for range 25 { // busy all day
		if !there(secret) {
			break
		}
		d.pass(staff.IdleTime - time.Minute)
	}
	if there(secret) {
		t.Error("a session outlives its day")
	}
	secret, other := d.in(), d.in()
	if err := d.SignOut(t.Context(), secret); err != nil || there(secret) || !there(other) {
		t.Error("signing out ends this session and no other", err)
	}
	if err := d.Change(t.Context(), "op-ada", good, "quite another one", "10.0.0.1"); err != nil || there(other) {
		t.Error("a new password leaves old sessions", err)
	}
	if there("") || there("00000000000000000000000000000000") {
		t.Error("anybody is signed in")
	}
	other, err := d.SignIn(t.Context(), "op-ada", "quite another one", "10.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if err := d.db.RetireOperator(t.Context(), "op-ada"); err != nil || there(other) {
		t.Error("who has left is still signed in", err)
	}
}

func TestPasswordsThatAreRefused(t *testing.T) {
	d := open(t)
	for _, p := range []string{"", "short", "aaaaaaaaaaaa", string(make([]byte, 300)), "\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff\xfe\xff"} {
		if err := staff.SetPassword(t.Context(), d.db, "op-ada", p, ""); err == nil {
			t.Errorf("%q is a password", p)
		}
	}
	if err := staff.SetPassword(t.Context(), d.db, "op-nobody", good, ""); !errors.Is(err, store.ErrNotFound) {
		t.Error(err)
	}
	if _, err := d.SignIn(t.Context(), "op-nobody", good, "10.0.0.1"); !errors.Is(err, staff.ErrNoPassword) {
		t.Error(err)
	}
	if st, err := staff.StateOf(t.Context(), d.db); err != nil || st.Demo || st.Set != 1 {
		t.Error(st, err)
	}
	if err := staff.SetPassword(t.Context(), d.db, "op-ada", staff.DemoPassword, ""); err != nil {
		t.Fatal(err)
	}
	if st, err := staff.StateOf(t.Context(), d.db); err != nil || !st.Demo {
		t.Error("the demo password is not noticed", st, err)
	}
}
