package pay_test

import (
	"fmt"
	"testing"
	"time"

	"kickstand/hub/pay"
	"kickstand/hub/pay/paytest"
)

// TestEveryFaultAtEveryCall plays every story with every fault at each of its
// calls, up to three of a kind.
func TestEveryFaultAtEveryCall(t *testing.T) {
	runs, broken := 0, map[string]bool{}
	for _, st := range stories() {
		for site, times := range st.sites(t) {
			for _, f := range paytest.Faults() {
				for nth := range times {
					s := newShop(t, uint64(nth))
					s.stripe.Expect(reader, st.acts...)
					s.stripe.Fail(site, append(make([]paytest.Fault, nth), f)...)
					s.hide(site)
					if err := s.judge(st.play(s, "p")); err != nil {
						t.Errorf("%s, %s at %s number %d: %v", st.name, f, site, nth+1, err)
					}
					for _, c := range s.stripe.Calls() {
						broken[c.Site] = broken[c.Site] || c.Fault == f
					}
					runs++
				}
			}
		}
	}
	for _, site := range paytest.Sites() {
		if !broken[site] && site != "list money" { // TestListSaysWhenItKnowsNothing
			t.Errorf("no call was broken at %q", site)
		}
	}
	t.Logf("%d runs", runs)
}

// TestAProcessThatEndsAnywhere plays every story with the process ending before
// and after each operation on the store, which stands between any two calls.
func TestAProcessThatEndsAnywhere(t *testing.T) {
	runs := 0
	for _, st := range stories() {
		for _, after := range []bool{false, true} {
			for op := 1; ; op++ {
				s := newShop(t, 1)
				s.stripe.Expect(reader, st.acts...)
				s.book.CrashAt(op, after)
				restarts := s.client
				if err := s.judge(st.play(s, "p")); err != nil {
					t.Errorf("%s, ended at operation %d (%t): %v", st.name, op, after, err)
				}
				runs++
				if s.client == restarts {
					break // the story was over before the end came
				}
			}
		}
	}
	if runs < 100 {
		t.Errorf("only %d ends tried", runs)
	}
	t.Logf("%d runs", runs)
}

// TestFaultsAndEndsTogether loses the reply of each change and ends the process
// right after.
func TestFaultsAndEndsTogether(t *testing.T) {
	for _, st := range stories() {
		for site := range st.sites(t) {
			for op := 1; op <= 12; op++ {
				s := newShop(t, 1)
				s.stripe.Expect(reader, st.acts...)
				s.stripe.Fail(site, paytest.Dropped, paytest.HangLate)
				s.book.CrashAt(op, op%2 == 0)
				if err := s.judge(st.play(s, "p")); err != nil {
					t.Errorf("%s, %s lost and ended at operation %d: %v", st.name, site, op, err)
				}
			}
		}
	}
}

// TestReplyDroppedIsReplayedUnderTheSameKey looks at the keys themselves.
func TestReplyDroppedIsReplayedUnderTheSameKey(t *testing.T) {
	for _, site := range []string{"create", "process", "cancel", "stop"} {
		t.Run(site, func(t *testing.T) {
			s := newShop(t, 1)
			s.stripe.Expect(reader, paytest.Leave())
			s.stripe.Fail(site, paytest.Dropped)
			s.settle(charge("p", 2599))
			keys, forms := map[string]int{}, map[string]bool{}
			for _, c := range s.stripe.Calls() {
				if c.Site == site {
					keys[c.Key]++
					forms[c.Form] = true
				}
			}
			want := pay.Key("demo", "p", pay.Step(site), 1)
			if keys[want] == 0 || len(keys) != 1 || len(forms) != 1 {
				t.Errorf("keys %v and %d forms, want only %s and one form", keys, len(forms), want)
			}
			asked := site == "create" || site == "process" // the others are settled by reading
			if asked && keys[want] != 2 {
				t.Errorf("sent %d times, want twice", keys[want])
			}
		})
	}
}

// TestAStoredFailureIsNotReplayedForEver: Stripe repeats a 500 that it has
// stored; the list decides what is true.
func TestAStoredFailureIsNotReplayedForEver(t *testing.T) {
	rows := []struct {
		site  string
		fault paytest.Fault
		want  pay.Outcome
	}{
		{"create", paytest.ErrorBefore, pay.Canceled},
		{"create", paytest.ErrorAfter, pay.Captured},
		{"process", paytest.ErrorBefore, pay.Declined},
		{"process", paytest.ErrorAfter, pay.Captured},
	}
	for _, row := range rows {
		t.Run(fmt.Sprint(row.site, " ", row.fault), func(t *testing.T) {
			s := newShop(t, 1)
			s.stripe.Expect(reader, paytest.Slow(20*time.Second))
			s.stripe.Fail(row.site, row.fault)
			st := s.settle(charge("p", 2599))
			if st.Outcome != row.want {
				t.Errorf("got %+v, want %s", st, row.want)
			}
			sent := 0
			for _, c := range s.stripe.Calls() {
				if c.Site == row.site {
					sent++
				}
			}
			if sent != 2 {
				t.Errorf("sent %d times, want 2", sent)
			}
		})
	}
}

// TestOverSockets plays lost and hanging answers through real connections.
func TestOverSockets(t *testing.T) {
	for _, f := range []paytest.Fault{paytest.Dropped, paytest.Garbled, paytest.Hang, paytest.HangLate, paytest.Limited} {
		s := newShop(t, 1)
		srv, err := s.stripe.Start()
		if err != nil {
			t.Fatal(err)
		}
		s.url, s.http = srv.URL, socketClient()
		s.restart()
		for _, site := range []string{"create", "process", "read intent", "read reader", "refund"} {
			s.stripe.Fail(site, f)
		}
		if err := s.judge(playRefund(s, "p")); err != nil {
			t.Errorf("%s: %v", f, err)
		}
		if err := srv.Close(); err != nil {
			t.Error(err)
		}
		s.http.CloseIdleConnections()
	}
}
