package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/audit"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

func auditKey(t testing.TB) *audit.Key {
	t.Helper()
	k, err := audit.NewKey("demo")
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func sealer(s *store.Store, key *audit.Key, batch int) *audit.Sealer {
	return audit.NewSealer(audit.SealerConfig{Shop: s.Shop(), Ledger: s, Key: key, Batch: batch})
}

// notes appends rows to the journal.
func notes(t testing.TB, s *store.Store, n int) {
	t.Helper()
	err := s.Write(context.Background(), func(tx *store.Tx) error {
		for i := range n {
			if _, err := tx.Audit(note(i)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func note(i int) audit.Row {
	body := fmt.Sprintf(`{"note":%d}`, i)
	return audit.Row{
		Kind: "note", Device: "counter-1", Subject: fmt.Sprintf("s%d", i), Digest: audit.Digest([]byte(body)), Body: body,
		Actor: audit.Commit("aabb", "Ada"), Salt: "aabb",
	}
}

func seal(t testing.TB, s *store.Store, key *audit.Key, batch int) {
	t.Helper()
	if err := sealer(s, key, batch).SealAll(context.Background()); err != nil {
		t.Fatal(err)
	}
}

func TestASealedJournalVerifies(t *testing.T) {
	s, key := open(t), auditKey(t)
	if r, err := s.VerifySealed(t.Context(), key.Public(), ""); err != nil || !cmp.Equal(r, audit.Report{Hash: audit.Genesis("demo").Hash}) {
		t.Errorf("an empty journal: %+v, %v", r, err)
	}
	notes(t, s, 5000) // more than a page
	seal(t, s, key, 37)
	notes(t, s, 3)
	r, err := s.VerifySealed(t.Context(), key.Public(), "")
	if err != nil || r.Rows != 5003 || r.Checkpoints != 136 || r.Unsealed() != 3 {
		t.Errorf("%+v, %v; want 5003 rows, 136 checkpoints, 3 rows not sealed yet", r, err)
	}
	if _, err := s.VerifySealed(t.Context(), key.Public(), r.Latest.Code()); err != nil {
		t.Errorf("with its own code: %v", err)
	}
	if _, err := s.VerifySealed(t.Context(), key.Public(), "5000-00000-00000"); !errors.Is(err, audit.ErrCodeUnknown) {
		t.Errorf("with a code of something else: %v", err)
	}
	var bad *audit.BadCheckpointError
	if _, err := s.VerifySealed(t.Context(), auditKey(t).Public(), ""); !errors.As(err, &bad) || bad.Size != 37 {
		t.Errorf("with another key: %v, want the checkpoint of 37 rows named", err)
	}
}

// TestTamperingWithTheDatabaseIsFound changes the file behind the store's back.
func TestTamperingWithTheDatabaseIsFound(t *testing.T) {
	for _, c := range []struct{ name, sql, want string }{
		{"a row altered", `UPDATE audit_events SET body = '{}' WHERE n = 31`, "row 31: was altered"},
		{"a time altered", `UPDATE audit_events SET at_ms = at_ms + 1 WHERE n = 100`, "row 100: was altered"},
		{"a row deleted", `DELETE FROM audit_events WHERE n = 55`, "row 55: is missing"},
		{"the last row deleted", `DELETE FROM audit_events WHERE n = 100`, "row 100: is missing"},
		{"the end deleted with its checkpoints", `DELETE FROM audit_events WHERE n > 60; DELETE FROM audit_checkpoints WHERE size > 60`, "goes on in tile 0/0"},
		{"two rows swapped", `UPDATE audit_events SET n = -1 WHERE n = 7; UPDATE audit_events SET n = 7 WHERE n = 8; UPDATE audit_events SET n = 8 WHERE n = -1`, "row 7: does not follow"},
		{"a person's digest emptied", `UPDATE audit_events SET actor = '', salt = '' WHERE n = 12`, "row 12: was altered"},
		{"a checkpoint's root replaced", `UPDATE audit_checkpoints SET note = replace(note, 'time 1', 'time 2') WHERE size = 50`, "checkpoint of 50 rows: not signed"},
		{"checkpoints exchanged", `UPDATE audit_checkpoints SET size = 20 - size WHERE size = 10; UPDATE audit_checkpoints SET note = (SELECT note FROM audit_checkpoints WHERE size = 90) WHERE size = 80`, "checkpoint of 90 rows: stands before row 81"},
		{"a tile altered", `UPDATE audit_tiles SET hashes = substr(hashes, 33) WHERE level = 0`, "tile 0/0 is wrong"},
		{"the tiles deleted", `DELETE FROM audit_tiles`, "tile 0/0 is wrong"},
	} {
		t.Run(c.name, func(t *testing.T) {
			counter, key := newCounter(t, t.TempDir()), auditKey(t)
			notes(t, counter.store, 99) // the reset of the journal is the first row
			seal(t, counter.store, key, 10)
			if _, err := counter.store.VerifySealed(t.Context(), key.Public(), ""); err != nil {
				t.Fatal(err)
			}
			counter.tamper(c.sql)
			if _, err := counter.store.VerifySealed(t.Context(), key.Public(), ""); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func TestASaleAlteredBesideTheJournalIsFound(t *testing.T) {
	c, key := newCounter(t, t.TempDir()), auditKey(t)
	for range 3 {
		if err := c.sell(); err != nil {
			t.Fatal(err)
		}
	}
	seal(t, c.store, key, 2)
	c.tamper(`UPDATE sales SET paid = paid - 100 WHERE number = 2`)
	if _, err := c.store.VerifySealed(t.Context(), key.Public(), ""); err == nil || !strings.Contains(err.Error(), "sale S-000002 was altered") {
		t.Errorf("got %v", err)
	}
}

func TestErasingAPersonLeavesEverythingValid(t *testing.T) {
	c, key := newCounter(t, t.TempDir()), auditKey(t)
	notes(t, c.store, 700)
	seal(t, c.store, key, 60)
	want, err := c.store.VerifySealed(t.Context(), key.Public(), "")
	if err != nil {
		t.Fatal(err)
	}
	c.tamper(`UPDATE audit_events SET salt = ''`)
	if _, err := c.store.VerifySealed(t.Context(), key.Public(), ""); err == nil {
		t.Error("nobody missed the salts")
	}
	told, err := audit.Act(audit.KindOperatorErased, "op-7", "", audit.Erased{Actors: 700})
	if err != nil {
		t.Fatal(err)
	}
	if err := c.store.Write(t.Context(), func(tx *store.Tx) error { _, err := tx.Audit(told); return err }); err != nil {
		t.Fatal(err)
	}
	got, err := c.store.VerifySealed(t.Context(), key.Public(), want.Latest.Code())
	if err != nil || got.Rows != want.Rows+1 || got.Checkpoints != want.Checkpoints {
		t.Errorf("after erasure: %+v, %v; want %+v and a row", got, err, want)
	}
	notes(t, c.store, 5)
	seal(t, c.store, key, 60)
	if r, err := c.store.VerifySealed(t.Context(), key.Public(), want.Latest.Code()); err != nil || r.Unsealed() != 0 {
		t.Errorf("sealing on after erasure: %+v, %v", r, err)
	}
}

// TestTwoSealersMakeOneHistory lets two sealers race, of which each checkpoint
// can have one winner only, while rows are written and verified.
func TestTwoSealersMakeOneHistory(t *testing.T) {
	s, key := open(t), auditKey(t)
	ctx, stop := context.WithCancel(t.Context())
	var racing sync.WaitGroup
	for range 2 {
		racing.Go(func() {
			mine := sealer(s, key, 7)
			for ctx.Err() == nil {
				_ = mine.SealAll(ctx) // the loser is refused and looks again
			}
		})
	}
	for range 40 {
		notes(t, s, 5)
		if r, err := s.VerifySealed(t.Context(), key.Public(), ""); err != nil {
			t.Errorf("while it grows: %+v, %v", r, err)
		}
	}
	stop()
	racing.Wait()
	seal(t, s, key, 7)
	if r, err := s.VerifySealed(t.Context(), key.Public(), ""); err != nil || r.Rows != 200 || r.Unsealed() != 0 {
		t.Errorf("in the end: %+v, %v", r, err)
	}
}

// TestALateSealerIsRefused puts a checkpoint on one that is not the latest any
// more.
func TestALateSealerIsRefused(t *testing.T) {
	s, key := open(t), auditKey(t)
	notes(t, s, 9)
	seal(t, s, key, 5)
	before, err := s.LatestCheckpoint(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	late, err := key.Sign(audit.Checkpoint{Shop: "demo", Size: 12, Root: audit.Hash{1}})
	if err != nil {
		t.Fatal(err)
	}
	err = s.PutSealed(t.Context(), audit.Sealed{From: 5, Checkpoint: late, Tiles: []audit.Tile{{Hashes: make([]byte, 32)}}})
	if err == nil || !strings.Contains(err.Error(), "not that of 5 rows any more") {
		t.Errorf("got %v", err)
	}
	after, err := s.LatestCheckpoint(t.Context())
	if err != nil || after != before {
		t.Errorf("the latest checkpoint is now %q, %v", after, err)
	}
	if r, err := s.VerifySealed(t.Context(), key.Public(), ""); err != nil || r.Latest.Size != 9 {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestAuditReadyTellsOfNewRows(t *testing.T) {
	s := open(t)
	told := func() bool {
		select {
		case <-s.AuditReady():
			return true
		default:
			return false
		}
	}
	if told() {
		t.Error("told of an empty journal")
	}
	notes(t, s, 1)
	if !told() {
		t.Error("not told of a new row")
	}
	seal(t, s, auditKey(t), 0)
	if told() {
		t.Error("a checkpoint calls for the next one")
	}
}

func TestProofsFromTheDatabase(t *testing.T) {
	s, key := open(t), auditKey(t)
	var all []audit.Checkpoint
	for _, n := range []int{1, 254, 1, 700} {
		notes(t, s, n)
		seal(t, s, key, 0)
		signed, err := s.LatestCheckpoint(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		c, err := key.Public().Check(signed)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, c)
	}
	for i, later := range all {
		for _, earlier := range all[:i+1] {
			p, err := audit.ProveGrowth(t.Context(), s, earlier, later)
			if err == nil {
				err = audit.CheckGrowth(p, earlier, later)
			}
			if err != nil {
				t.Errorf("from %d to %d rows: %v", earlier.Size, later.Size, err)
			}
		}
	}
	rows, err := s.RowsBefore(t.Context(), 300, 10)
	if err != nil || len(rows) != 10 || rows[0].N != 299 {
		t.Fatalf("rows before 300: %v, %v", rows, err)
	}
	p, err := audit.ProveRow(t.Context(), s, all[3], 299)
	if err == nil {
		err = audit.CheckRow(p, all[3], rows[0])
	}
	if err != nil {
		t.Error(err)
	}
}

func TestTheExportedFileNeedsNothingElse(t *testing.T) {
	s, key := open(t), auditKey(t)
	notes(t, s, 300)
	seal(t, s, key, 40)
	var file bytes.Buffer
	err := s.AuditBook(t.Context(), key.Public(), func(b audit.Book) error { return audit.Export(&file, b) })
	if err != nil {
		t.Fatal(err)
	}
	b, err := audit.ReadExport(&file)
	if err != nil {
		t.Fatal(err)
	}
	got, err := audit.VerifyBook(t.Context(), b)
	want, err2 := s.VerifySealed(t.Context(), key.Public(), "")
	if err != nil || err2 != nil || !cmp.Equal(got, want) {
		t.Errorf("file: %+v, %v; database: %+v, %v", got, err, want, err2)
	}
}

// BenchmarkVerifySealed checks a year of rows in a database, 1,000 a day.
func BenchmarkVerifySealed(b *testing.B) {
	const year = 365_000
	s, key := open(b), auditKey(b)
	for range year / 5000 {
		notes(b, s, 5000)
	}
	seal(b, s, key, 365)
	for b.Loop() {
		if r, err := s.VerifySealed(b.Context(), key.Public(), ""); err != nil || r.Rows != year || r.Unsealed() != 0 {
			b.Fatal(r, err)
		}
	}
	b.ReportMetric(float64(b.N)*year/b.Elapsed().Seconds(), "rows/s")
}

// sealingEnv names the directory when the test binary plays a hub that writes
// and seals until it is killed.
const sealingEnv = "KICKSTAND_SEALING_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(sealingEnv); dir != "" {
		fmt.Fprintln(os.Stderr, writeAndSeal(dir))
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// writeAndSeal prints the size of each checkpoint it was told is kept.
func writeAndSeal(dir string) error {
	ctx := context.Background()
	key, err := audit.OpenKey(filepath.Join(dir, "key"), "demo")
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, storetest.Again(store.Config{Path: filepath.Join(dir, "demo.db"), Shop: "demo"}))
	if err != nil {
		return err
	}
	go func() { // the journal grows while it is sealed, until the process dies
		for i := 0; ; i++ {
			_ = s.Write(ctx, func(t *store.Tx) error { _, err := t.Audit(note(i)); return err })
		}
	}()
	mine := sealer(s, key, 1+rand.IntN(50))
	for {
		if _, err := mine.Seal(ctx); err != nil {
			return err
		}
		signed, err := s.LatestCheckpoint(ctx)
		if err != nil {
			return err
		}
		if c, err := audit.ParseCheckpoint(signed); err == nil {
			fmt.Println(c.Size)
		}
	}
}
