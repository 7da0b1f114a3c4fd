package main_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// counter is the number in a slip, C1-000012.
func counter(t *testing.T, slip string) int64 {
	t.Helper()
	_, digits, _ := strings.Cut(slip, "-")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil {
		t.Fatalf("slip %q: %v", slip, err)
	}
	return n
}

// highest is the highest slip counter the hub has of counter-1.
func (s *shop) highest() int64 {
	s.t.Helper()
	return s.count("SELECT coalesce(max(CAST(substr(slip, 4) AS INTEGER)), 0) AS n FROM sales WHERE device = 'counter-1'")
}

// TestDamagedJournal spoils the file of a till that has sales to send. They
// arrive once, slip numbers go on, and screen, office and books say what was.
func TestDamagedJournal(t *testing.T) {
	for name, spoil := range map[string]string{
		"in the list of items": "Degreaser", // sold in none of the sales below; every copy of the words, so that one that counts is hit
		"in the till's state":  `"slips":`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openShop(t)
			k := s.till("counter-1", "counter", "C1")
			a := s.articles()
			k.ring(a[0].Code)
			k.settled()
			k.network("down")
			slips := map[string]bool{}
			for i := range 3 {
				slips[k.ring(a[i+1].Code)] = true // never the same code twice in a row: the scanner takes that for one scan
			}
			k.kill()
			s.spoil(t, filepath.Join(s.dir, "counter-1", "journal.db"), spoil)

			k.start()
			k.awaitReady()
			k.shows("memory was damaged and begun anew (the file is damaged).")
			k.settled()
			for slip := range slips {
				if n := s.count("SELECT count(*) AS n FROM sales WHERE slip = '" + slip + "'"); n != 1 {
					t.Errorf("sale %s of the damaged journal is %d times at the hub", slip, n)
				}
			}
			before := s.highest()
			k.settleAfterKill(map[string]bool{})
			if slip := k.ring(a[4].Code); counter(t, slip) <= before {
				t.Errorf("slip %s after the damage, the hub has %d", slip, before)
			}
			k.settled()
			if n := s.sold(); n != 5 {
				t.Errorf("%d sales, want 5", n)
			}
			if n := s.count("SELECT count(*) AS n FROM audit_events WHERE kind = 'journal.reset' AND body LIKE '%damaged%'"); n != 1 {
				t.Errorf("%d resets say that the file was damaged, want 1", n)
			}
			if kept, err := filepath.Glob(filepath.Join(s.dir, "counter-1", "*.damaged-1")); err != nil || len(kept) != 1 {
				t.Errorf("the damaged file: %v, %v", kept, err)
			}
			s.books(t)
		})
	}
}

// spoil changes every copy of some words in a file.
func (s *shop) spoil(t *testing.T, path, words string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(b, []byte(words)) {
		t.Fatalf("%s does not contain %q", path, words)
	}
	b = bytes.ReplaceAll(b, []byte(words), bytes.Repeat([]byte("?"), len(words)))
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// TestLostJournal removes all of a till's memory, as a new card does. Its next
// receipt goes on after the highest number that the hub has.
func TestLostJournal(t *testing.T) {
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	for i := range 3 {
		k.ring(a[i].Code)
	}
	k.settled()
	k.stop()
	if err := os.RemoveAll(filepath.Join(s.dir, "counter-1")); err != nil {
		t.Fatal(err)
	}
	k.start()
	k.awaitReady()
	if slip := k.ring(a[3].Code); counter(t, slip) != 4 {
		t.Errorf("slip %s with a new card, want number 4", slip)
	}
	k.settled()
	s.books(t)
}

// smallDisk mounts a disk of its own size over a directory.
func smallDisk(t *testing.T, dir, size string) {
	t.Helper()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("kickstand", dir, "tmpfs", 0, "size="+size); err != nil {
		t.Skipf("a full disk needs the right to mount one: run as root in a container that may mount, or on a machine (mount: %v)", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Errorf("unmount %s: %v", dir, err)
		}
	})
}

// fillDisk writes a file until the disk is full, and returns its name.
func fillDisk(t *testing.T, dir string) string {
	t.Helper()
	path := filepath.Join(dir, "filler")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for block := make([]byte, 4096); ; {
		_, err := f.Write(block)
		if errors.Is(err, syscall.ENOSPC) {
			return path
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestFullDiskOfTheTill lets the till's disk run full: it refuses the payment in
// plain words, keeps the sale open, and takes it once there is room.
func TestFullDiskOfTheTill(t *testing.T) {
	s := openShop(t)
	dir := filepath.Join(s.dir, "counter-1")
	smallDisk(t, dir, "6m") // too small for the journal to reserve its room
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	k.ring(a[0].Code)
	k.settled()
	k.network("down")
	filler := fillDisk(t, dir)

	rung, refused := 0, false
	for i := 0; !refused && i < 400; i++ { // pages it has already are used first
		if refused = k.refusedPayment(a[(i+1)%len(a)].Code); !refused {
			rung++
		}
	}
	if !refused {
		t.Fatal("the till sold 400 times on a full disk")
	}
	k.shows("call a technician")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	k.payAgain()
	k.network("up")
	k.settled()
	if n := s.sold(); n != int64(rung+2) {
		t.Errorf("%d sales at the hub, want %d", n, rung+2)
	}
	s.books(t)
}

// refusedPayment rings up one article and reports whether its payment was
// refused.
func (k *till) refusedPayment(code string) bool {
	k.t.Helper()
	before := k.lines()
	k.scan(code)
	await(k.t, "the item is in the cart or refused", func() bool { return k.lines() > before || k.memoryFails() })
	if k.memoryFails() {
		return true
	}
	k.tap("pay")
	quick, ok := k.scene().first("cash:")
	if !ok {
		k.t.Fatalf("no quick cash button: %+v", k.scene())
	}
	k.tap(quick.ID)
	await(k.t, "paid or refused", func() bool { return k.scene().Screen == "done" || k.memoryFails() })
	return k.scene().Screen != "done"
}

// memoryFails reports whether the screen says that nothing can be kept.
func (k *till) memoryFails() bool {
	for _, n := range k.scene().Nodes {
		if strings.Contains(n.Label, "was not saved") {
			return true
		}
	}
	return false
}

// payAgain takes the payment that was refused.
func (k *till) payAgain() {
	k.t.Helper()
	await(k.t, "the payment is taken", func() bool {
		sc := k.scene()
		if sc.Screen == "done" {
			return true
		}
		if n, ok := sc.node("pay"); ok && n.Enabled {
			_ = k.post("/tap", map[string]string{"id": "pay"})
			return false
		}
		if n, ok := sc.first("cash:"); ok {
			_ = k.post("/tap", map[string]string{"id": n.ID})
		}
		return false
	})
}
