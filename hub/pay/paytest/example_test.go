package paytest_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"kickstand/hub/pay/paytest"
)

// A reply that is lost after the intent was made, and the replay that finds it.
func Example() {
	stripe := paytest.New(paytest.Config{Key: "sk_test_1"})
	stripe.Fail("create", paytest.Dropped)
	form := url.Values{
		"amount": {"2599"}, "currency": {"cad"}, "capture_method": {"automatic"}, "payment_method_types[0]": {"card_present"},
	}
	for range 2 {
		req, err := http.NewRequest(http.MethodPost, "https://api.stripe.com/v1/payment_intents", strings.NewReader(form.Encode()))
		if err != nil {
			fmt.Println(err)
			return
		}
		req.Header.Set("Authorization", "Bearer sk_test_1")
		req.Header.Set("Idempotency-Key", "one")
		res, err := stripe.Client().Do(req)
		if err != nil {
			fmt.Println("no answer")
			continue
		}
		fmt.Println(res.StatusCode, "replayed:", res.Header.Get("Idempotent-Replayed"))
	}
	// Output:
	// no answer
	// 200 replayed: true
}
