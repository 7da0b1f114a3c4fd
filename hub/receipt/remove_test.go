package receipt_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"kickstand/hub/receipt"
	"kickstand/hub/receipt/s3test"
)

// TestWhatIsRemovedIsGone removes what is there, what never was, and what an
// unfinished Put left, from both kinds of store.
func TestWhatIsRemovedIsGone(t *testing.T) {
	server := s3test.Start(t)
	server.MakeBucket("shop")
	dir, path := openDir(t)
	for name, objects := range map[string]receipt.Objects{"directory": dir, "bucket": newBucket(t, bucketOf(server, "shop"))} {
		t.Run(name, func(t *testing.T) {
			for _, key := range []string{"receipts/s1.json", "receipts/s2.json"} {
				if err := objects.Put(t.Context(), key, []byte("Served by Ada")); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if err := objects.Remove(t.Context(), "receipts/s1.json"); err != nil {
					t.Fatal(err)
				}
			}
			if _, err := objects.Get(t.Context(), "receipts/s1.json"); !errors.Is(err, receipt.ErrNoObject) {
				t.Errorf("still there: %v", err)
			}
			if _, err := objects.Get(t.Context(), "receipts/s2.json"); err != nil {
				t.Errorf("another one went too: %v", err)
			}
		})
	}
	unfinished := filepath.Join(path, "receipts", "s3.json.part")
	if err := os.WriteFile(unfinished, []byte("Served by Ada"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := dir.Remove(t.Context(), "receipts/s3.json"); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(unfinished); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("what an unfinished Put left is still there: %v", err)
	}
	if err := dir.Remove(t.Context(), "never/made.json"); err != nil {
		t.Errorf("nothing there: %v", err)
	}
	if err := dir.Remove(t.Context(), "../outside.json"); err == nil {
		t.Error("a key led outside of the directory")
	}
}
