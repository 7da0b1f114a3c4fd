package store_test

import (
	"context"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
	"kickstand/protocol/money"
)

// clocked is an open shop whose clock the test moves.
func clocked(t *testing.T) (*store.Store, *time.Time) {
	t.Helper()
	now := time.UnixMilli(1_790_000_000_000)
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: func() time.Time { return now }}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	set := store.ShopSettings{Shop: protocol.Letterhead{Name: "Test Cycles"}, Rules: money.Rules{Currency: "CAD"}}
	if err := s.PutSettings(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	return s, &now
}

func wrote(t *testing.T, s *store.Store, do func(*store.Tx) error) {
	t.Helper()
	if err := s.Write(context.Background(), do); err != nil {
		t.Fatal(err)
	}
}

// TestMailIsTakenOnce hands a mail to one attempt at a time, under the Message-ID of
// the first, and takes it back from one that died.
func TestMailIsTakenOnce(t *testing.T) {
	s, now := clocked(t)
	asked := &protocol.ReceiptMail{ID: "m-1", Sale: "sale-1", Address: "anna@mail.example"}
	for _, want := range []bool{false, true} {
		wrote(t, s, func(tx *store.Tx) error {
			known, err := tx.QueueMail("kiosk-1", asked)
			if known != want {
				t.Errorf("known %v, want %v", known, want)
			}
			return err
		})
	}
	first, err := s.TakeMail(t.Context(), "one@shop.example", 60_000)
	if err != nil || first.MessageID != "one@shop.example" || first.Tries != 1 || first.Address != asked.Address {
		t.Fatalf("%+v, %v", first, err)
	}
	if _, err := s.TakeMail(t.Context(), "two@shop.example", 60_000); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("a mail under way was taken again: %v", err)
	}
	*now = now.Add(time.Minute)
	second, err := s.TakeMail(t.Context(), "two@shop.example", 60_000)
	if err != nil || second.MessageID != "one@shop.example" || second.Tries != 2 {
		t.Fatalf("after the lease: %+v, %v", second, err)
	}
	wrote(t, s, func(tx *store.Tx) error { return tx.MailLater("m-1", "no answer", tx.AtMS()+5000) })
	if _, err := s.TakeMail(t.Context(), "x@y", 60_000); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("taken before it was due: %v", err)
	}
	*now = now.Add(5 * time.Second)
	if _, err := s.TakeMail(t.Context(), "x@y", 60_000); err != nil {
		t.Error(err)
	}
	wrote(t, s, func(tx *store.Tx) error { return tx.MailEnded("m-1", store.MailSent, "") })
	*now = now.Add(time.Hour)
	if _, err := s.TakeMail(t.Context(), "x@y", 60_000); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("sent again: %v", err)
	}
}

// TestMailIsForgotten empties the address of a mail that ended, and of no other.
func TestMailIsForgotten(t *testing.T) {
	s, now := clocked(t)
	for _, id := range []string{"m-sent", "m-failed", "m-waits"} {
		wrote(t, s, func(tx *store.Tx) error {
			_, err := tx.QueueMail("kiosk-1", &protocol.ReceiptMail{ID: id, Sale: "s", Address: "anna@mail.example"})
			return err
		})
	}
	wrote(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.MailEnded("m-sent", store.MailSent, ""), tx.MailEnded("m-failed", store.MailFailed, "no such box"))
	})
	if n, err := s.FailedMails(t.Context()); n != 1 || err != nil {
		t.Errorf("%d failed, %v", n, err)
	}
	*now = now.Add(time.Hour)
	wrote(t, s, func(tx *store.Tx) error { return tx.ForgetMails(tx.AtMS()) })
	all, err := s.Mails(t.Context(), 10)
	if err != nil || len(all) != 3 || all[0].ID != "m-failed" {
		t.Fatalf("%+v, %v", all, err)
	}
	for _, m := range all {
		if (m.Address == "") != (m.State != store.MailWaiting) {
			t.Errorf("%s is %s and goes to %q", m.ID, m.State, m.Address)
		}
	}
	wrote(t, s, func(tx *store.Tx) error {
		if again, err := tx.MailAgain("m-failed"); again || err != nil {
			t.Errorf("again %v, %v: nobody knows where to", again, err)
		}
		return tx.SeeMails()
	})
	if n, err := s.FailedMails(t.Context()); n != 0 || err != nil {
		t.Errorf("%d failed that nobody has seen, %v", n, err)
	}
}

func TestMailIsSentAgainWhenAPersonSaysSo(t *testing.T) {
	s, _ := clocked(t)
	wrote(t, s, func(tx *store.Tx) error {
		_, err := tx.QueueMail("kiosk-1", &protocol.ReceiptMail{ID: "m-1", Sale: "s", Address: "anna@mail.example"})
		return errors.Join(err, tx.MailEnded("m-1", store.MailFailed, "no such box"))
	})
	wrote(t, s, func(tx *store.Tx) error {
		again, err := tx.MailAgain("m-1")
		if !again {
			t.Error("it does not go again")
		}
		return err
	})
	if m, err := s.TakeMail(t.Context(), "x@y", 1); err != nil || m.ID != "m-1" {
		t.Errorf("%+v, %v", m, err)
	}
}

// TestReceiptRulesReachTheDevices tells devices what the shop decided, and whether
// the hub can send mail, and no more often than it changes.
func TestReceiptRulesReachTheDevices(t *testing.T) {
	s, _ := clocked(t)
	wrote(t, s, func(tx *store.Tx) error {
		return tx.PutReceiptRules(store.ReceiptRules{URL: "https://shop.example", Print: true, Days: 30})
	})
	versions := map[int64]bool{}
	for _, ready := range []bool{false, true, true} {
		if err := s.PutMailReady(t.Context(), ready); err != nil {
			t.Fatal(err)
		}
		set, err := s.Settings(t.Context())
		if want := (protocol.ReceiptWays{URL: "https://shop.example", Print: true, Mail: ready}); err != nil || set.Receipts != want {
			t.Errorf("devices hear %+v, want %+v (%v)", set.Receipts, want, err)
		}
		versions[set.Version] = true
	}
	if len(versions) != 2 {
		t.Errorf("%d versions of the settings for one change", len(versions))
	}
	rules, err := s.ReceiptRules(t.Context())
	if err != nil || rules.Kept() != 30 || (store.ReceiptRules{}).Kept() != store.KeepReceipts {
		t.Errorf("%+v, %v", rules, err)
	}
	for _, bad := range []store.ReceiptRules{{URL: "shop"}, {Days: -1}, {Days: 4000}} {
		if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.PutReceiptRules(bad) }); err == nil {
			t.Errorf("%+v was taken", bad)
		}
	}
}

// TestReceiptLinkEnds opens a receipt until its days are over.
func TestReceiptLinkEnds(t *testing.T) {
	s, now := clocked(t)
	digest := protocol.TokenDigest(strings.Repeat("a", 32))
	wrote(t, s, func(tx *store.Tx) error {
		return errors.Join(tx.LinkReceipt(digest, "sale-1"), tx.LinkReceipt(digest, "sale-2"))
	})
	at := now.UnixMilli()
	if sale, err := s.LinkedReceipt(t.Context(), digest, at); sale != "sale-1" || err != nil {
		t.Errorf("%s, %v", sale, err)
	}
	if _, err := s.LinkedReceipt(t.Context(), digest, at+1); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it opens after its days: %v", err)
	}
	wrote(t, s, func(tx *store.Tx) error { return tx.ForgetLinks(at + 1) })
	if _, err := s.LinkedReceipt(t.Context(), digest, 0); !errors.Is(err, store.ErrNotFound) {
		t.Errorf("it is still there: %v", err)
	}
}
