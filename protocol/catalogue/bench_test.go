package catalogue_test

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
)

var (
	brands     = strings.Fields("Shimano SRAM Schwalbe Continental Giro Bell Knog Zéfal Ortlieb Brooks Selle Thule Abus Kryptonite Topeak Lezyne Park Finish Muc Gates Garmin Wahoo Campagnolo Maxxis Vittoria Hope Magura RockShox Fox Easton")
	things     = strings.Fields("tube tyre chain cassette brake pad rotor lever cable housing saddle seatpost stem handlebar grip tape pedal cleat shoe helmet glove jersey short jacket light bell lock pump bottle cage rack pannier bag mudguard computer wheel rim spoke hub axle fork headset bearing crank chainring derailleur shifter grease lube cleaner tool wrench stand hook trailer basket mirror kickstand")
	adjectives = strings.Fields("pro comp elite sport urban trail gravel race touring winter ultra light carbon alloy steel tubeless folding wired hydraulic mechanical kids women wide narrow long short classic reflective waterproof quick magnetic")
	colours    = strings.Fields("black white red blue green grey silver orange yellow purple teal navy olive sand")
	sizes      = strings.Fields("XS S M L XL 700x23 700x25 700x28 700x32 29x2.1 27.5x2.4 26x1.95 160mm 180mm 203mm 11-28 11-34 10-51 31.8 27.2")
)

// items makes n items with the word statistics of a bike shop's catalogue.
func items(n int) []catalogue.Item {
	r := rand.New(rand.NewPCG(1, 2))
	pick := func(words []string) string { return words[r.IntN(len(words))] }
	gst := []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}}
	list := make([]catalogue.Item, n)
	for i := range list {
		thing := pick(things)
		list[i] = catalogue.Item{
			ID:          fmt.Sprintf("itm-%06d", i),
			SKU:         fmt.Sprintf("%s-%05d-%s", strings.ToUpper(thing[:3]), i, pick(colours)[:2]),
			Name:        fmt.Sprintf("%s %s %s %d", pick(adjectives), pick(adjectives), thing, r.IntN(900)),
			Brand:       pick(brands),
			Variant:     pick(sizes) + " " + pick(colours),
			Barcodes:    []string{fmt.Sprintf("%013d", 4_000_000_000_000+int64(i)*37)},
			Price:       money.Cents(r.IntN(50_000)),
			TaxCategory: "part", Taxes: gst, Category: thing + "s", OnHand: int64(r.IntN(20)), Version: 1,
		}
	}
	return list
}

const full = 20_000

func BenchmarkByCode(b *testing.B) {
	index := catalogue.Build(1, items(full))
	b.ReportAllocs()
	i := 0
	codes := make([]string, 1024)
	for n := range codes {
		codes[n] = fmt.Sprintf("%013d", 4_000_000_000_000+int64(n*17)*37)
	}
	for b.Loop() {
		if len(index.ByCode(codes[i%len(codes)])) != 1 {
			b.Fatal("not found")
		}
		i++
	}
}

func BenchmarkSearch(b *testing.B) {
	index := catalogue.Build(1, items(full))
	queries := []string{
		"s", "sc", "schw", "schwalbe", "schwalbe tube", "shimno", "shimano casette", "carbon handelbar black", "derailuer",
		"29x2.1 tyre", "tub-00", "waterprof jackt", "xyzzyx", "hydraulic brake lever 203mm", "womne glvoe l",
	}
	b.Run("all", func(b *testing.B) {
		b.ReportAllocs()
		var times []time.Duration
		i := 0
		for b.Loop() {
			start := time.Now()
			index.Search(queries[i%len(queries)], 20)
			times = append(times, time.Since(start))
			i++
		}
		slices.Sort(times)
		b.ReportMetric(float64(times[len(times)*99/100].Nanoseconds()), "p99-ns")
	})
	for _, query := range queries {
		b.Run(query, func(b *testing.B) {
			for b.Loop() {
				index.Search(query, 20)
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	list := items(full)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	index := catalogue.Build(1, list)
	runtime.GC()
	runtime.ReadMemStats(&after)
	b.ReportAllocs()
	for b.Loop() {
		catalogue.Build(1, list)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/(1<<20), "kept-MB")
	runtime.KeepAlive(index)
}

// BenchmarkApply changes 50 items, in price only or in name too, version after version.
func BenchmarkApply(b *testing.B) {
	list := items(full)
	for _, kind := range []string{"price", "name"} {
		b.Run(kind, func(b *testing.B) {
			index := catalogue.Build(1, list)
			r := rand.New(rand.NewPCG(3, 4))
			delta := make([]catalogue.Item, 50)
			version := int64(1)
			b.ReportAllocs()
			for b.Loop() {
				version++
				for i := range delta {
					delta[i] = list[r.IntN(len(list))]
					delta[i].Price += money.Cents(version)
					if kind == "name" {
						delta[i].Name += fmt.Sprint(" ", version)
					}
				}
				index = index.Apply(version, delta, nil)
			}
		})
	}
}
