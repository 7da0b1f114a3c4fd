package link_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"kickstand/device/link"
	"kickstand/device/link/linktest"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

func items(n int, price money.Cents) []catalogue.Item {
	out := make([]catalogue.Item, n)
	for i := range out {
		out[i] = catalogue.Item{
			ID: fmt.Sprintf("itm-%06d", i), SKU: fmt.Sprintf("SKU-%d", i), Name: fmt.Sprintf("Inner tube %d", i),
			Barcodes: []string{fmt.Sprintf("%013d", i)}, Price: price, TaxCategory: "standard",
		}
	}
	return out
}

func wish(version, settings int64) *protocol.HubDesired {
	return &protocol.HubDesired{Catalogue: version, Settings: protocol.Settings{Version: settings, Rules: money.Rules{Currency: "CAD"}}}
}

func (r *rig) catalogueIs(version int64) *catalogue.Index {
	r.t.Helper()
	var last *catalogue.Index
	r.until(fmt.Sprintf("catalogue %d", version), func() bool {
		if got := heardOf[link.Catalogue](r); len(got) > 0 {
			last = got[len(got)-1].Index
		}
		return last.Version() == version
	})
	return last
}

func TestCatalogueComesInPagesAndThenInChanges(t *testing.T) {
	r := newRig(t, func(c *link.Config) { c.RetryAfter = 20 * time.Millisecond })
	r.delivered() // after the birth, which the hub answers with its wish too
	r.hub.SetCatalogue(5, items(1000, 100), nil)
	r.hub.Fail(linktest.Faults{FailPage: 3, PageLimit: 150}) // the third page fails once: the download begins again
	must(t, r.hub.SetDesired(here, wish(5, 1)))
	if index := r.catalogueIs(5); index.Len() != 1000 {
		t.Errorf("%d items, want 1000", index.Len())
	}
	loading := heardOf[link.Loading](r)
	if last := loading[len(loading)-1]; last != (link.Loading{Have: 1000, Total: 1000}) {
		t.Errorf("progress ends at %+v", last)
	}

	change := items(2, 250)
	change[1].Retired = true
	now := append(slices.Clone(change[:1]), items(1000, 100)[2:]...)
	r.hub.SetCatalogue(6, now, change)
	must(t, r.hub.SetDesired(here, wish(6, 2)))
	index := r.catalogueIs(6)
	if it, ok := index.Item("itm-000000"); !ok || it.Price != 250 || index.Len() != 999 {
		t.Errorf("after the change: %+v, %d items", it, index.Len())
	}
	version, kept, err := r.j.Catalogue()
	if err != nil || version != 6 {
		t.Fatalf("stored catalogue %d, %v", version, err)
	}
	if diff := cmp.Diff(now, kept); diff != "" {
		t.Errorf("stored (-want +got):\n%s", diff)
	}
	r.until("the report", func() bool {
		said := saidOf[*protocol.DeviceReported](r)
		return len(said) > 0 && said[len(said)-1].Catalogue == 6 && said[len(said)-1].Settings == 2
	})
	if got := heardOf[link.Desired](r); len(got) != 2 || got[1].Settings.Version != 2 {
		t.Errorf("desired %+v", got)
	}
}

func TestHubRestoredFromABackupServesAnOlderCatalogue(t *testing.T) {
	r := newRig(t, func(c *link.Config) { c.Index = catalogue.Build(9, items(10, 100)) })
	r.hub.SetCatalogue(4, items(20, 100), nil)
	must(t, r.hub.SetDesired(here, wish(4, 1)))
	if index := r.catalogueIs(4); index.Len() != 20 {
		t.Errorf("%d items, want 20", index.Len())
	}
}

func TestChangeOnTopOfAnUnstoredCatalogueIsStoredWhole(t *testing.T) {
	// The device runs version 3, which never reached the journal.
	r := newRig(t, func(c *link.Config) { c.Index = catalogue.Build(3, items(10, 100)) })
	r.hub.SetCatalogue(3, items(10, 100), nil)
	r.hub.SetCatalogue(4, items(10, 200), items(10, 200))
	must(t, r.hub.SetDesired(here, wish(4, 1)))
	r.catalogueIs(4)
	if version, kept, err := r.j.Catalogue(); version != 4 || len(kept) != 10 || err != nil {
		t.Errorf("stored version %d with %d items, %v", version, len(kept), err)
	}
}

func TestLevelsReachTheCatalogue(t *testing.T) {
	r := newRig(t, nil)
	id := func(n int) string { return fmt.Sprintf("itm-%06d", n) }
	r.hub.SetCatalogue(1, items(4, 100), nil)
	r.hub.SetLevels(
		protocol.StockLevels{N: 10, Levels: []protocol.StockLevel{{Item: id(0), Left: 7}}, Next: id(0)},
		protocol.StockLevels{N: 11, Levels: []protocol.StockLevel{{Item: id(1), Left: 8}, {Item: "sold-elsewhere", Left: 1}}},
	)
	must(t, r.hub.SetDesired(here, wish(1, 1)))
	r.levelsAre(7, 8, 0, 0)
	say := func(n int64, item int, left int64) {
		must(t, r.hub.Say(here, protocol.Tell, &protocol.StockLevels{N: n, Levels: []protocol.StockLevel{{Item: id(item), Left: left}}}))
	}
	say(12, 0, 6)
	say(11, 0, 99) // late
	say(13, 2, -1)
	r.levelsAre(6, 8, -1, 0)
	r.hub.SetCatalogue(2, items(4, 250), nil)
	must(t, r.hub.SetDesired(here, wish(2, 1)))
	r.catalogueIs(2)
	r.levelsAre(6, 8, -1, 0)

	must(t, r.hub.Stop()) // what changes meanwhile is told to nobody
	r.hub.SetLevels(protocol.StockLevels{N: 20, Levels: []protocol.StockLevel{{Item: id(3), Left: 5}}})
	must(t, r.hub.Start())
	r.levelsAre(6, 8, -1, 5)
}

// levelsAre waits until the catalogue that was handed over last has these levels.
func (r *rig) levelsAre(want ...int64) {
	r.t.Helper()
	r.until(fmt.Sprintf("levels %v", want), func() bool {
		all := heardOf[link.Catalogue](r)
		if len(all) == 0 {
			return false
		}
		for n, left := range want {
			if it, _ := all[len(all)-1].Item(fmt.Sprintf("itm-%06d", n)); it.OnHand != left {
				return false
			}
		}
		return true
	})
}
