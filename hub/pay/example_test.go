package pay_test

import (
	"context"
	"fmt"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
)

// A card payment of 25.99, declined first, then taken.
func Example() {
	now := newClock()
	stripe := paytest.New(paytest.Config{Key: "sk_test_1", Now: now.Now})
	stripe.AddReader("tmr_1")
	stripe.Expect("tmr_1", paytest.Decline("insufficient_funds"), paytest.Slow(3*time.Second))

	client, err := pay.New(pay.Config{
		Shop: "demo", Key: "sk_test_1", HTTP: stripe.Client(), Now: now.Now,
		Pause: func(_ context.Context, d time.Duration) error { now.Add(d); return nil },
	}, paytest.NewBook())
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	ch := pay.Charge{Payment: "sale1-p1", Sale: "sale1", Device: "counter-1", Amount: 2599, Currency: "cad", Reader: "tmr_1"}
	st, err := client.Follow(ctx, ch, func(pay.Status) {})
	fmt.Println(st.Outcome, st.Text, err)

	if _, err := client.Advance(ctx, ch.Payment, pay.Again); err != nil {
		fmt.Println(err)
		return
	}
	st, err = client.Follow(ctx, ch, func(pay.Status) {})
	fmt.Println(st.Outcome, int64(st.Amount), st.Card.Brand, st.Card.Last4, err)
	// Output:
	// declined There is not enough money on the card. Try another card. <nil>
	// captured 2599 visa 4242 <nil>
}
