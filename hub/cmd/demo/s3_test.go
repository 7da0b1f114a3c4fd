package main_test

import (
	"os"
	"path/filepath"
	"testing"

	"kickstand/hub/receipt/s3test"
)

// TestObjectStoreDownUnderTheShop sells with the receipts' S3 server up, down
// and up again. No sale waits for it, the office shows every receipt, and what
// is stored in the end has the same bytes, also after an object was lost.
func TestObjectStoreDownUnderTheShop(t *testing.T) {
	t.Parallel()
	server := s3test.Start(t)
	keys := filepath.Join(t.TempDir(), "keys")
	if err := os.WriteFile(keys, []byte(server.Access+"\n"+server.Secret+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := openShopOn(t, "", "--s3", server.Endpoint, "--s3-bucket", "shop", "--s3-keys", keys)
	k := s.till("counter-1", "counter", "C1")
	a := s.articles()
	forgotten := k.ring(a[0].Code)
	k.settled()
	s.hub.logs("receipts cannot be stored now; sales go on", "there is no bucket")
	s.says("/sales/"+forgotten+"/receipt.svg", forgotten)
	server.MakeBucket("shop")
	first := s.storedAt(server, forgotten) // by itself, after a pause

	server.Stop()
	late := k.ring(a[1].Code)
	k.settled()
	s.hub.logs("receipt not stored", "cannot be reached")
	s.says("/sales/"+late+"/receipt.svg", late)
	s.says("/sales/"+forgotten+"/receipt.svg", forgotten)
	server.Restart()
	s.storedAt(server, late)

	lost := server.File("shop", filepath.Join("demo", s.receiptKey(forgotten)))
	if err := os.Remove(lost); err != nil {
		t.Fatal(err)
	}
	s.says("/sales/"+forgotten+"/receipt.svg", forgotten)
	if again, err := os.ReadFile(lost); err != nil || string(again) != first {
		t.Errorf("rebuilt as %q, %v; it was %q", again, err, first)
	}
	s.books(t)
}

// storedAt waits until the receipt of a slip is in the bucket, and returns it.
func (s *shop) storedAt(server *s3test.Server, slip string) string {
	s.t.Helper()
	path := server.File("shop", filepath.Join("demo", s.receiptKey(slip)))
	await(s.t, "the receipt of "+slip+" is in the bucket", func() bool { _, err := os.Stat(path); return err == nil })
	await(s.t, "the books know it", func() bool {
		return s.count("SELECT count(*) AS n FROM receipts r JOIN sales s ON s.id = r.sale WHERE r.state = 'stored' AND s.slip = '"+slip+"'") == 1
	})
	b, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	return string(b)
}
