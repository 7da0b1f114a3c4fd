package bundle_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub/bundle"
	"kickstand/hub/store"
)

// clock is set by a test.
type clock struct{ now time.Time }

// asked asks for a bundle as the office does.
func (s *shop) asked(token string) bool {
	s.t.Helper()
	var fresh bool
	err := s.store.Write(s.t.Context(), func(t *store.Tx) (err error) {
		fresh, err = t.AskBundle(token, "op-1")
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return fresh
}

func (s *shop) keeper(c *clock) *bundle.Keeper {
	m := s.maker()
	m.Now = func() time.Time { return c.now }
	return bundle.NewKeeper(m, nil)
}

// turn lets the keeper work and returns what became of a bundle.
func (s *shop) turn(k *bundle.Keeper, token string) store.Bundle {
	s.t.Helper()
	if err := k.Turn(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
	return s.row(token)
}

func (s *shop) row(token string) store.Bundle {
	s.t.Helper()
	b, err := s.store.Bundle(s.t.Context(), token)
	if err != nil {
		s.t.Fatal(err)
	}
	return b
}

func TestABundleThatIsAskedForIsKeptForAWeek(t *testing.T) {
	s, c := openShop(t, t.TempDir()), &clock{now: time.Now()}
	k := s.keeper(c)
	if err := k.Turn(t.Context()); err != nil {
		t.Errorf("with nothing to do: %v", err)
	}
	if !s.asked("a1") || s.asked("b1") {
		t.Error("two bundles were asked for at once")
	}
	b := s.turn(k, "a1")
	f, err := k.Open("a1")
	if err != nil || b.State != "ready" || len(b.Digest) != 64 || b.EndedMS == 0 {
		t.Fatalf("got %+v, %v", b, err)
	}
	info, err := f.Stat()
	if err != nil || info.Size() != b.Bytes || info.Mode().Perm() != 0o600 {
		t.Errorf("the file has %d bytes and mode %v, %v; noted %d", info.Size(), info.Mode(), err, b.Bytes)
	}
	if err := f.Close(); err != nil {
		t.Error(err)
	}
	for _, token := range []string{"a2", "a3"} {
		s.asked(token)
		s.turn(k, token)
	}
	if got := s.row("a1"); got.State != "removed" {
		t.Errorf("the oldest of three is %s, want removed", got.State)
	}
	if _, err := k.Open("a1"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("its file: %v", err)
	}
	c.now = c.now.Add(8 * 24 * time.Hour)
	if got := s.turn(k, "a3"); got.State != "removed" || len(left(t, s.dir)) > 0 {
		t.Errorf("after eight days: %s, %v", got.State, left(t, s.dir))
	}
	for _, bad := range []string{"", "../demo", "a1/../../x"} {
		if _, err := k.Open(bad); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("open %q: %v", bad, err)
		}
	}
}

// TestAHubThatEndsMakesItAgain ends while a bundle is being made: in order, then
// by a power cut, then with the database of a bundle on another computer.
func TestAHubThatEndsMakesItAgain(t *testing.T) {
	s, c := openShop(t, t.TempDir()), &clock{now: time.Now()}
	s.asked("a1")
	ctx, stop := context.WithCancel(t.Context())
	m := s.maker()
	m.Now = func() time.Time { stop(); return c.now } // within Write
	if err := bundle.NewKeeper(m, nil).Turn(ctx); err != nil && !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if b := s.row("a1"); b.State != "asked" || len(left(t, filepath.Join(s.dir, "bundles"), s.dir)) > 1 {
		t.Fatalf("after a stop: %+v, %v", b, left(t, s.dir))
	}
	s.taken()
	work, part := filepath.Join(s.dir, ".bundle-work"), filepath.Join(s.dir, "bundles", "a1.zip.part")
	if err := errors.Join(os.Mkdir(work, 0o700), os.WriteFile(filepath.Join(work, "part"), []byte(part), 0o600), os.WriteFile(part, []byte("half"), 0o600)); err != nil {
		t.Fatal(err)
	}
	k := s.keeper(c)
	if err := k.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b := s.turn(k, "a1"); b.State != "ready" {
		t.Fatalf("after a power cut: %+v", b)
	}
	s.asked("a2")
	s.taken()
	if err := k.Begin(t.Context()); err != nil {
		t.Fatal(err)
	}
	if b := s.turn(k, "a2"); b.State != "failed" || b.Words == "" || b.EndedMS == 0 {
		t.Errorf("in a database from elsewhere: %+v", b)
	}
}

// taken is what a process notes before it is killed.
func (s *shop) taken() {
	s.t.Helper()
	err := s.store.Write(s.t.Context(), func(t *store.Tx) error {
		_, err := t.TakeBundle()
		return err
	})
	if err != nil {
		s.t.Fatal(err)
	}
}

// TestABundleThatCannotBeMadeSaysWhy has a disk that is full.
func TestABundleThatCannotBeMadeSaysWhy(t *testing.T) {
	s, c := openShop(t, t.TempDir()), &clock{now: time.Now()}
	m := s.maker()
	m.Dir, m.Now = smallDisk(t, 64), func() time.Time { return c.now }
	k := bundle.NewKeeper(m, nil)
	s.asked("a1")
	b := s.turn(k, "a1")
	if b.State != "failed" || !strings.Contains(b.Words, "Make room") {
		t.Errorf("got %+v", b)
	}
	if !s.asked("a2") {
		t.Error("no other can be asked for")
	}
}

func ExampleKeeper() {
	run := func(ctx context.Context, m bundle.Maker) error {
		k := bundle.NewKeeper(m, nil)
		k.Soon() // the office does, once it has noted that somebody asked
		return k.Run(ctx)
	}
	_ = run // kept going by the hub
}

// TestABundleGoesWithWhoIsErased keeps no bundle from before an erasure.
func TestABundleGoesWithWhoIsErased(t *testing.T) {
	s, c := openShop(t, t.TempDir()), &clock{now: time.Now()}
	k := s.keeper(c)
	if err := s.store.PutCustomers(t.Context(), []store.Customer{{ID: "cus-1", Name: "Ada Quill"}}); err != nil {
		t.Fatal(err)
	}
	s.asked("a1")
	if b := s.turn(k, "a1"); b.State != "ready" {
		t.Fatalf("got %+v", b)
	}
	if _, err := s.store.EraseCustomer(t.Context(), "cus-1", ""); err != nil {
		t.Fatal(err)
	}
	b := s.turn(k, "a1")
	if _, err := k.Open("a1"); b.State != "removed" || !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("still there: %+v, %v", b, err)
	}
}
