package hub_test

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"kickstand/hub"
	"kickstand/hub/hubtest"
	"kickstand/hub/store/storetest"
	"kickstand/protocol"
)

// BenchmarkHandle sells b.N sales of three lines in batches of 32 without any
// network, and then, in the same run, writes the same rows as bare SQL in one
// transaction.
func BenchmarkHandle(b *testing.B) {
	ctx, dir := context.Background(), b.TempDir()
	h := hub.New(hub.Config{Store: hubtest.Open(b, dir, 500, "counter-1")})
	till := hubtest.NewTill("counter-1", "C1")
	msgs := []hub.Message{{Topic: till.Topic(protocol.Evt), Raw: till.Reset()}}
	for k := range b.N {
		item := func(j int) int { return 1 + (k*7+j*131)%500 }
		raw := till.Event(till.Sale(hubtest.Item(item(0)), hubtest.Item(item(1)), hubtest.Item(item(2))))
		msgs = append(msgs, hub.Message{Topic: till.Topic(protocol.Evt), Raw: raw})
	}
	b.ResetTimer()
	began := time.Now()
	for i := 0; i < len(msgs); i += 32 {
		if _, err := h.HandleAll(ctx, msgs[i:min(i+32, len(msgs))]); err != nil {
			b.Fatal(err)
		}
	}
	took := time.Since(began)
	b.StopTimer()
	facts, err := storetest.Load(filepath.Join(dir, hubtest.Shop+".db"))
	if err != nil {
		b.Fatal(err)
	}
	bare := facts.Write(b, b.TempDir(), facts.Sales())
	b.ReportMetric(float64(b.N)/took.Seconds(), "sales/s")
	b.ReportMetric(bare.Seconds()/took.Seconds(), "x-one-transaction")
}
