package seed_test

import (
	"errors"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kickstand/hub/seed"
	"kickstand/hub/store"
	"kickstand/hub/store/storetest"
)

var small = seed.Size{Items: 600, Customers: 50, Sales: 90}

// volumeShop seeds a small shop with a past.
func volumeShop(t *testing.T) (*store.Store, *seed.Clock) {
	t.Helper()
	clock := seed.NewClock(summer)
	s, err := store.Open(t.Context(), storetest.On(t, store.Config{Path: filepath.Join(t.TempDir(), "demo.db"), Shop: "demo", Now: clock.Now}))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	r, err := seed.Volume(t.Context(), s, clock, summer, small, func(string, int, int) {})
	if want := (seed.Report{Items: 600, Customers: 50, Sales: 90}); err != nil || r != want {
		t.Fatalf("seeded %+v, %v; want %+v", r, err, want)
	}
	return s, clock
}

func TestVolumeHolds(t *testing.T) {
	s, _ := volumeShop(t)
	head, err := s.VerifyAudit(t.Context())
	if err != nil {
		t.Errorf("the chain does not verify: %v", err)
	}
	if want := int64(90*3 + 2 + 50); head.N != want {
		t.Errorf("%d audit rows; 90 sales with drawer and print, two journals and 50 customers make %d", head.N, want)
	}
	taken, err := s.Takings(t.Context(), 0, summer.UnixMilli())
	if err != nil {
		t.Fatal(err)
	}
	if taken.Sales != 90 || taken.Paid != taken.Total+taken.Rounding {
		t.Errorf("takings of the past: %+v; want 90 sales, paid to the cent", taken)
	}
	if taken.Differences > taken.Sales/10 {
		t.Errorf("%d of %d sales have differences", taken.Differences, taken.Sales)
	}
	if n, err := s.QuarantineSize(t.Context()); n != 0 || err != nil {
		t.Errorf("%d messages in quarantine, %v", n, err)
	}
	if n, err := s.ItemCount(t.Context()); n != 600 || err != nil {
		t.Errorf("%d items, %v", n, err)
	}
}

func TestVolumeIsTheSameEveryTime(t *testing.T) {
	var slips [2][]string
	for i := range slips {
		s, _ := volumeShop(t)
		rows, err := s.Sales(t.Context(), 0, summer.UnixMilli(), 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows {
			slips[i] = append(slips[i], r.Slip+" "+r.Paid.String())
		}
	}
	if diff := cmp.Diff(slips[0], slips[1]); diff != "" {
		t.Errorf("two seeds differ (-first +second):\n%s", diff)
	}
}

func TestVolumeTwice(t *testing.T) {
	s, clock := volumeShop(t)
	r, err := seed.Volume(t.Context(), s, clock, summer, small, func(string, int, int) {})
	if err != nil || !r.Already {
		t.Errorf("second seed: %+v, %v; want that it was done already", r, err)
	}
	more := small
	more.Sales = 200
	if _, err := seed.Volume(t.Context(), s, clock, summer, more, func(string, int, int) {}); !errors.Is(err, seed.ErrHalf) {
		t.Errorf("a half full shop gives %v, want ErrHalf", err)
	}
	if !clock.Now().Equal(summer) {
		t.Errorf("the clock is left at %v", clock.Now())
	}
}

// TestVolumeItems wants as many different items and barcodes as are asked for.
func TestVolumeItems(t *testing.T) {
	s, _ := volumeShop(t)
	rows, err := s.Items(t.Context(), "", 10_000)
	if err != nil {
		t.Fatal(err)
	}
	skus := map[string]bool{}
	for _, r := range rows {
		if skus[r.SKU] {
			t.Errorf("two items are called %s", r.SKU)
		}
		skus[r.SKU] = true
		checkBarcodes(t, r)
	}
	if len(skus) != 600 {
		t.Errorf("%d items, want 600", len(skus))
	}
}
