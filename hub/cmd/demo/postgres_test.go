package main_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"kickstand/hub/store/pgtest"
)

// TestPostgresKilledUnderTheShop sells 160 times at two tills with the hub gone,
// and then ends the hub or the database server again and again in the middle of
// what it catches up with. A hub that lost its database must end by itself, say
// why, and go on where it was once both are back.
func TestPostgresKilledUnderTheShop(t *testing.T) {
	const sales = 160
	t.Parallel()
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	server, err := pgtest.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	s := openShopOn(t, server.URL())
	a := s.articles()
	tills := []*till{s.till("counter-1", "counter", "C1"), s.till("counter-2", "counter", "C2")}
	s.hub.kill()
	slips := map[string]bool{}
	for i := range sales {
		slips[tills[i%2].ring(a[i%len(a)].Code)] = true
	}
	waiting := func() int { return tills[0].state().Outbox + tills[1].state().Outbox }
	ends := []func() error{server.Kill, nil, server.Halt, server.Kill, nil, server.Kill} // nil: the hub's
	for i, end := range ends {
		s.hub.start()
		goal := s.sold() + 1 + r.Int64N(int64(sales/len(ends)))
		await(t, "the hub catches up", func() bool { return s.sold() >= goal || waiting() == 0 })
		if end == nil {
			s.hub.kill()
			continue
		}
		if err := end(); err != nil {
			t.Fatal(err)
		}
		slips[tills[0].ring(a[2*i].Code)] = true // with the books gone
		s.hub.ends("the database failed; restart the hub")
		if err := server.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
		slips[tills[1].ring(a[2*i+1].Code)] = true
	}
	s.hub.start()
	await(t, "the hub has everything", func() bool { return waiting() == 0 })
	if n, want := s.sold(), int64(sales+2*4); n != want {
		t.Errorf("%d sales at the hub, want %d", n, want)
	}
	s.books(t)
	for slip := range slips {
		if n := s.count("SELECT count(*) AS n FROM sales WHERE slip = '" + slip + "'"); n != 1 {
			t.Errorf("sale %s is %d times at the hub", slip, n)
		}
	}
}

// ends wants a program to end by itself with an error and these last words.
func (p *process) ends(words string) {
	p.t.Helper()
	ended := make(chan error, 1)
	go func() { ended <- p.cmd.Wait() }()
	select {
	case err := <-ended:
		if err == nil || !p.logged(words) {
			p.t.Errorf("%s ended with %v; its last words are\n%s", p.path, err, p.lastWords())
		}
	case <-time.After(time.Minute):
		p.t.Fatalf("%s did not end by itself:\n%s", p.path, p.lastWords())
	}
}
