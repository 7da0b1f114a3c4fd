package zone_test

import (
	"testing"
	"time"

	"kickstand/hub/hubtest"
	"kickstand/hub/store"
	"kickstand/hub/zone"
	"kickstand/protocol"
)

// TestSummerTimeComesAndGoes follows a year of Vancouver, told to devices when it
// changes and not otherwise.
func TestSummerTimeComesAndGoes(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	set := store.ShopSettings{Shop: protocol.Letterhead{Name: "Test Cycles", Zone: "Europe/Berlin", UTCOffset: 3600}, Rules: hubtest.Rules()}
	if err := s.PutSettings(t.Context(), set); err != nil {
		t.Fatal(err)
	}
	var now time.Time
	k := zone.New(s, func() time.Time { return now }, nil)
	for _, c := range []struct {
		at      string
		changed bool
		offset  int
	}{
		{"2026-01-15T12:00:00Z", false, 3600},
		{"2026-03-29T00:59:59Z", false, 3600},
		{"2026-03-29T01:00:00Z", true, 7200},
		{"2026-07-01T00:00:00Z", false, 7200},
		{"2026-12-01T00:00:00Z", true, 3600}, // the hub was off in October
	} {
		now, _ = time.Parse(time.RFC3339, c.at)
		before, err := s.Settings(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		changed, err := k.Keep(t.Context())
		if err != nil || changed != c.changed {
			t.Errorf("%s: changed %v, %v", c.at, changed, err)
		}
		after, err := s.Settings(t.Context())
		if err != nil || after.Shop.UTCOffset != c.offset || (after.Version != before.Version) != c.changed {
			t.Errorf("%s: %+v, version %d after %d, %v", c.at, after.Shop, after.Version, before.Version, err)
		}
	}
}

func TestAShopWithoutAZoneKeepsItsOffset(t *testing.T) {
	s := hubtest.Open(t, t.TempDir(), 1, "counter-1")
	if changed, err := zone.New(s, nil, nil).Keep(t.Context()); changed || err != nil {
		t.Errorf("changed %v, %v", changed, err)
	}
	for _, name := range []string{"", "Local", "Mars/Olympus", "../etc/passwd"} {
		if _, err := zone.Parse(name); err == nil {
			t.Errorf("%q is a zone", name)
		}
		if got := zone.Offset(protocol.Letterhead{Zone: name, UTCOffset: -25200}, time.Now()); got != -25200 {
			t.Errorf("%q: %d", name, got)
		}
	}
}
