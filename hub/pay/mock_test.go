package pay_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"kickstand/hub/pay/paytest"
)

// TestEveryRequestIsSpelledRight replays every request of a day to stripe-mock,
// which checks names and types of all parameters against Stripe's published
// specification. It knows no state, so only its refusals mean something. One of
// them is allowed: its specification is newer than our API version, and wants
// allow_redisplay of process_setup_intent, which ours does not know.
// make test builds it into bin/tools; make tools does without the tests.
func TestEveryRequestIsSpelledRight(t *testing.T) {
	bin, err := filepath.Abs("../../bin/tools/stripe-mock")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(bin); err != nil {
		if bin, err = exec.LookPath("stripe-mock"); err != nil {
			t.Skip("stripe-mock is not there: make tools")
		}
	}
	base := startMock(t, bin)
	d := newDay(t, 5)
	d.stripe.Chaos(0.1)
	for i := range 60 {
		d.sale(i)
	}
	d.stripe.Heal()
	if all, err := d.client.List(t.Context(), newClock().Now(), d.clock.Now()); err != nil || len(all) < 60 {
		t.Fatalf("got %d payments, %v", len(all), err)
	}
	for i, st := range stories() {
		for _, hidden := range []string{"", "list customers", "list setups", "list pages", "read card"} {
			d.stripe.Expect(reader, st.acts...)
			d.hide(hidden)
			st.play(d.shop, fmt.Sprintf("m%d%s", i, hidden[strings.Index(hidden, " ")+1:]))
			d.stripe.Forget(reader)
		}
	}
	shapes, sites := map[string]int{}, map[string]int{}
	all := d.stripe.Calls()
	if !*live {
		sc := newScene(t, false) // also what sets the stage for -live-test
		sc.play()
		all = append(all, sc.stripe.Calls()...)
	}
	for _, c := range all {
		shape := c.Site + names(c.Form)
		if c.Status == 0 || shapes[shape] >= 5 {
			continue
		}
		shapes[shape]++
		sites[c.Site]++
		status, answer := ask(t, base, c)
		if newer := c.Site == "process setup" && strings.Contains(answer, "allow_redisplay"); status != http.StatusOK && !newer {
			t.Errorf("%s %s?%s: %d %s", c.Method, c.Path, c.Form, status, answer)
		}
	}
	for _, site := range paytest.Sites() {
		if sites[site] == 0 {
			t.Errorf("no request at %q was checked", site)
		}
	}
	t.Logf("checked %v", sites)
}

// names are the parameters of a call, without their values.
func names(form string) string {
	v, err := url.ParseQuery(form)
	if err != nil {
		return form
	}
	return fmt.Sprint(slices.Sorted(maps.Keys(v)), v.Get("mode"), v.Get("capture_method"))
}

// startMock starts stripe-mock on a free port and waits until it answers.
func startMock(t *testing.T, bin string) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := ln.Addr().String()
	if err := ln.Close(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	cmd := exec.CommandContext(ctx, bin, "-http-addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		_ = cmd.Wait() // it was killed
	})
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		conn, err := net.Dial("tcp", addr)
		if err == nil {
			_ = conn.Close() // only asked whether somebody listens
			return "http://" + addr
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			t.Fatalf("stripe-mock does not listen at %s", addr)
		}
	}
}

func ask(t *testing.T, base string, c paytest.Call) (int, string) {
	t.Helper()
	target, body := base+c.Path, c.Form
	if c.Method == http.MethodGet {
		target, body = target+"?"+c.Form, ""
	}
	req, err := http.NewRequestWithContext(t.Context(), c.Method, target, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer sk_test_123") // the only shape it takes
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("Stripe-Version", paytest.Version)
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close() //nolint:errcheck // read to its end
	answer, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(answer[:min(len(answer), 300)])
}
