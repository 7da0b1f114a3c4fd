package broker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"

	"golang.org/x/sys/unix"
)

// BenchmarkSalesOverMQTT sells b.N sales of three lines over real MQTT
// connections with 64 events in flight on each, and then, in the same run,
// appends the same messages to a file with one fdatasync each and writes the
// same rows as bare SQL. The ratios are the hub's rate against those.
func BenchmarkSalesOverMQTT(b *testing.B) {
	for _, clients := range []int{1, 8} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) { benchSales(b, clients) })
	}
}

// inFlight is how many events a device sends ahead of the acknowledgements.
const inFlight = 64

func benchSales(b *testing.B, clients int) {
	dir := b.TempDir()
	var names []string
	for i := range clients {
		names = append(names, fmt.Sprintf("counter-%d", i+1))
	}
	s := hubtest.Open(b, dir, 500, names...)
	url, _ := start(b, hub.New(hub.Config{Store: s}))
	devices, raws := prepareSales(b, url, names)

	b.ResetTimer()
	began := time.Now()
	var all sync.WaitGroup
	for i, d := range devices {
		all.Go(func() { d.sell(raws[i]) })
	}
	all.Wait()
	took := time.Since(began)
	b.StopTimer()

	n := 0
	for _, r := range raws {
		n += len(r)
	}
	rate := float64(n) / took.Seconds()
	b.ReportMetric(rate, "sales/s")
	b.ReportMetric(rate/fdatasyncs(b, dir, raws), "x-fdatasync")
	facts, err := storetest.Load(filepath.Join(dir, hubtest.Shop+".db"))
	if err != nil || facts.Sales() != n {
		b.Fatalf("%d sales in the database, %d sold: %v", facts.Sales(), n, err)
	}
	b.ReportMetric(rate/bareRate(b, facts, n), "x-one-transaction")
	b.ReportMetric(rate/bareRate(b, facts, 1), "x-commit-each")
}

// prepareSales connects the devices and makes b.N sales for them.
func prepareSales(b *testing.B, url string, names []string) ([]*device, [][][]byte) {
	devices, raws := make([]*device, len(names)), make([][][]byte, len(names))
	for i, name := range names {
		d := connect(b, url, hubtest.NewTill(name, fmt.Sprintf("C%d", i+1)), nil)
		b.Cleanup(func() { d.client.Disconnect(100) })
		d.publish(protocol.Evt, d.till.Reset())
		d.waitAck(1)
		devices[i] = d
	}
	for k := range b.N {
		i := k % len(names)
		item := func(j int) int { return 1 + (k*7+j*131)%500 }
		sale := devices[i].till.Sale(hubtest.Item(item(0)), hubtest.Item(item(1)), hubtest.Item(item(2)))
		raws[i] = append(raws[i], devices[i].till.Event(sale))
	}
	return devices, raws
}

// sell publishes events, never more than inFlight ahead of the
// acknowledgements, and waits for the last.
func (d *device) sell(raws [][]byte) {
	acked := uint64(1) // the reset
	for i, raw := range raws {
		for uint64(i+2) > acked+inFlight {
			acked = (<-d.acks).Upto
		}
		d.publish(protocol.Evt, raw)
	}
	for acked < uint64(len(raws)+1) {
		acked = (<-d.acks).Upto
	}
}

// fdatasyncs is how many of the messages a second can be appended to a file,
// each with its own fdatasync.
func fdatasyncs(b *testing.B, dir string, raws [][][]byte) float64 {
	f, err := os.Create(filepath.Join(dir, "raw"))
	if err != nil {
		b.Fatal(err)
	}
	defer func() { _ = f.Close() }()
	n, began := 0, time.Now()
	for _, of := range raws {
		for _, raw := range of {
			if _, err := f.Write(raw); err != nil {
				b.Fatal(err)
			}
			if err := unix.Fdatasync(int(f.Fd())); err != nil {
				b.Fatal(err)
			}
			n++
		}
	}
	return float64(n) / time.Since(began).Seconds()
}

// bareRate is how many sales a second bare SQL writes, each to a commit.
func bareRate(b *testing.B, f *storetest.Facts, each int) float64 {
	return float64(f.Sales()) / f.Write(b, b.TempDir(), each).Seconds()
}
