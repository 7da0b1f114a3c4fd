package main_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kickstand/hub/store/storetest"
)

// TestHubGoneAndKilledWhileItCatchesUp sells 300 times at two tills with the hub
// gone, and then kills the hub again and again in the middle of what it catches
// up with. How long it is gone changes nothing: no part of a till counts time
// until a sale expires.
func TestHubGoneAndKilledWhileItCatchesUp(t *testing.T) {
	const sales, kills = 300, 8
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	s := openShop(t)
	a := s.articles()
	tills := []*till{s.till("counter-1", "counter", "C1"), s.till("counter-2", "counter", "C2")}
	s.hub.kill()
	slips := map[string]bool{}
	for i := range sales {
		slips[tills[i%2].ring(a[i%len(a)].Code)] = true
	}
	tills[0].shows("No connection to the office")
	waiting := func() int { return tills[0].state().Outbox + tills[1].state().Outbox }
	for range kills {
		s.hub.start()
		goal := s.sold() + 1 + r.Int64N(sales/kills)
		await(t, "the hub catches up", func() bool { return s.sold() >= goal || waiting() == 0 })
		s.hub.kill()
	}
	s.hub.start()
	await(t, "the hub has everything", func() bool { return waiting() == 0 })
	for slip := range slips {
		if n := s.count("SELECT count(*) AS n FROM sales WHERE slip = '" + slip + "'"); n != 1 {
			t.Errorf("sale %s is %d times at the hub", slip, n)
		}
	}
	if n := s.sold(); n != sales || len(slips) != sales {
		t.Errorf("%d sales at the hub and %d slips, want %d", n, len(slips), sales)
	}
	s.books(t)
}

// TestFullDiskOfTheHub lets the hub's disk run full. Sales wait at the till, the
// log says why, and they arrive once there is room.
func TestFullDiskOfTheHub(t *testing.T) {
	storetest.OnlySQLite(t, "the disk is a server's own")
	s := openShop(t)
	s.hub.stop()
	data := filepath.Join(s.dir, "hub")
	if err := os.Rename(data, data+"-before"); err != nil {
		t.Fatal(err)
	}
	smallDisk(t, data, "12m")
	copyTree(t, data+"-before", data)
	s.hub.start()
	k := s.till("counter-1", "counter", "C1")
	filler := fillDisk(t, data)
	a := s.articles()
	const most = 400
	rung := 0
	for full := false; !full && rung < most; rung++ { // room the database has already is used first
		k.ring(a[rung%len(a)].Code)
		full = s.hub.logged("messages not handled")
	}
	s.hub.logs("messages not handled, trying again", "the disk of the database is full")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	k.settled()
	if n := s.sold(); n != int64(rung) {
		t.Errorf("%d sales at the hub, want %d", n, rung)
	}
	s.books(t)
	s.hub.stop()
	k.stop()
}

// TestLockedDatabase holds the hub's database with another program for longer
// than the hub waits at once.
func TestLockedDatabase(t *testing.T) {
	storetest.OnlySQLite(t, "locks the file")
	t.Parallel()
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	k.ring(a[0].Code)
	k.settled()
	other := exec.Command("sqlite3", s.database())
	in, err := other.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := other.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Start(); err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(in, ".timeout 10000\nBEGIN EXCLUSIVE;\nSELECT 'held';\n"); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadFull(out, make([]byte, len("held"))); err != nil {
		t.Fatal(err)
	}
	k.ring(a[1].Code)
	s.hub.logs("the database is locked by another program")
	if st := k.state(); st.Outbox == 0 {
		t.Error("a sale was acknowledged that cannot have been written")
	}
	if err := in.Close(); err != nil {
		t.Fatal(err)
	}
	if err := other.Wait(); err != nil {
		t.Fatal(err)
	}
	k.settled()
	if n := s.sold(); n != 2 {
		t.Errorf("%d sales, want 2", n)
	}
	s.books(t)
}

// TestWrongClock has tills whose clocks are a year fast and a year slow. Money is
// ordered by the hub's time; the screens, the office and the sale say it.
func TestWrongClock(t *testing.T) {
	t.Parallel()
	const year = (365*24 + 12) * time.Hour // and half a day, because the screen counts whole days
	s := openShop(t)
	fast := s.till("counter-1", "counter", "C1", "--skew", year.String())
	slow := s.till("counter-2", "counter", "C2", "--skew", (-year).String())
	fast.shows("clock is 365 days fast")
	slow.shows("clock is 365 days slow")
	a := s.articles()
	slip := fast.ring(a[0].Code)
	slow.ring(a[1].Code)
	fast.settled()
	slow.settled()
	now, day := time.Now().UnixMilli(), (24 * time.Hour).Milliseconds()
	for what, sql := range map[string]string{
		"sales by the hub's clock":   fmt.Sprintf("SELECT count(*) AS n FROM sales WHERE abs(at_ms - %d) < %d", now, day),
		"sales that claim otherwise": fmt.Sprintf("SELECT count(*) AS n FROM sales WHERE abs(closed_ms - %d) > %d", now, 300*day),
	} {
		if n := s.count(sql); n != 2 {
			t.Errorf("%s: %d, want 2", what, n)
		}
	}
	if n := s.count("SELECT count(*) AS n FROM differences WHERE code = 'DEVICE_CLOCK_AHEAD'"); n != 1 {
		t.Errorf("%d sales of the future are noted, want 1", n)
	}
	s.says("/sales/"+slip, "clock")
	await(t, "the office says it of both", func() bool {
		text, err := s.office("/devices")
		return err == nil && strings.Contains(text, "ahead. Set it") && strings.Contains(text, "behind. Set it")
	})
	s.verifyAudit(t)
}

// TestReceiptsTakenAway removes the stored receipts under a running hub, and
// then makes their directory read-only. Sales do not notice; a receipt comes
// back with the same bytes.
func TestReceiptsTakenAway(t *testing.T) {
	t.Parallel()
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	slip := k.ring(a[0].Code)
	dir := filepath.Join(s.dir, "hub", "receipts")
	var before []byte
	await(t, "the receipt is stored", func() bool { before = onlyFile(t, dir); return before != nil })
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	k.ring(a[1].Code)
	k.settled()
	s.says("/sales/"+slip+"/receipt.svg", slip)
	key := s.receiptKey(slip)
	after, err := os.ReadFile(filepath.Join(dir, key))
	if err != nil || string(after) != string(before) {
		t.Errorf("rebuilt as %q, %v; it was %q", after, err, before)
	}

	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	smallDisk(t, dir, "1m")
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	late := k.ring(a[2].Code)
	k.settled()
	s.hub.logs("receipt not stored", "read-only file system")
	s.says("/sales/"+late+"/receipt.svg", late)
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT, ""); err != nil {
		t.Fatal(err)
	}
	await(t, "the receipt is stored after all", func() bool {
		_, err := os.Stat(filepath.Join(dir, s.receiptKey(late)))
		return err == nil
	})
	s.books(t)
}

// receiptKey is where the receipt of a slip is stored, below the directory.
func (s *shop) receiptKey(slip string) string {
	s.t.Helper()
	var rows []struct {
		Key string `json:"key"`
	}
	s.query("SELECT r.key FROM receipts r JOIN sales s ON s.id = r.sale WHERE s.slip = '"+slip+"'", &rows)
	if len(rows) != 1 {
		s.t.Fatalf("%d receipts of %s", len(rows), slip)
	}
	return filepath.FromSlash(rows[0].Key)
}

// onlyFile returns the content of the one finished file below a directory, nil
// if there is none.
func onlyFile(t *testing.T, dir string) []byte {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "receipts", "*.json"))
	if err != nil || len(found) != 1 {
		return nil
	}
	b, err := os.ReadFile(found[0])
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestOlderBackup puts an older copy of the books back. What the tills deleted
// since cannot come again: the hub goes on, and tells a person what is missing.
func TestOlderBackup(t *testing.T) {
	storetest.OnlySQLite(t, "copies the file")
	t.Parallel()
	s := openShop(t)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	k.ring(a[0].Code)
	k.settled()
	db := s.database()
	if out, err := exec.Command("sqlite3", db, ".backup '"+db+".backup'").CombinedOutput(); err != nil {
		t.Fatalf("backup: %v\n%s", err, out)
	}
	for i := range 3 {
		k.ring(a[1+i].Code)
	}
	k.settled()
	s.hub.kill()
	for _, name := range []string{db + "-wal", db + "-shm"} {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Rename(db+".backup", db); err != nil {
		t.Fatal(err)
	}
	s.hub.start()
	await(t, "the hub notices", func() bool { return s.reasons()["missing"] == 1 })
	s.hub.logs("was an older backup restored?")
	s.says("/quarantine", "Missing events", "never reached the hub", "went back to an older backup", "never came")
	if slip := k.ring(a[5].Code); counter(t, slip) != 5 {
		t.Errorf("slip %s after the restore, want number 5", slip)
	}
	k.settled()
	if n := s.sold(); n != 2 {
		t.Errorf("%d sales, want the one of the backup and the one after it", n)
	}
	s.verifyAudit(t)
}
