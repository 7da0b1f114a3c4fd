package paytest

import (
	"math/rand/v2"
	"net/http"
	"sync"
	"time"
)

const (
	// Version is the API version that is spoken.
	Version = "2023-10-16"
	// keyLife is how long idempotency keys are remembered.
	keyLife = 24 * time.Hour
)

// Config says how a Stripe behaves.
type Config struct {
	Key     string           // API key that is asked for; required
	Webhook string           // secret that signs webhooks; required for Deliveries
	Now     func() time.Time // [time.Now]
	Seed    uint64           // of chance, for Chaos and Deliveries
	Limit   int64            // above which a bank declines to raise a hold [100,000]
	Pages   string           // URL of Page, that pages of Checkout lie below [http://127.0.0.1]
	Late    time.Duration    // by how much webhooks may be late [a minute]
	// Customer decides what the customer does when a reader asks for a card and
	// nothing was queued with Stripe.Expect. [taps at once]
	Customer func(reader string, amount int64) Act
}

// Stripe is the simulated service. All methods are safe for concurrent use.
type Stripe struct {
	cfg Config

	file string // where the state is kept; empty for nowhere

	mu sync.Mutex
	state
	changed bool            // since the state was kept
	looked  map[string]bool // ids that were looked at since
	lost    error           // why it could not be kept
	chance  *rand.Rand
	faults  map[string][]Fault // queued by Fail, by site
	rate    float64            // set by Chaos
	late    []*request         // arrived, to be carried out later
	calls   []Call
}

// New returns a Stripe with no readers and no payments.
func New(cfg Config) *Stripe {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Limit == 0 {
		cfg.Limit = 100_000
	}
	if cfg.Pages == "" {
		cfg.Pages = "http://127.0.0.1"
	}
	if cfg.Late == 0 {
		cfg.Late = time.Minute
	}
	if cfg.Customer == nil {
		cfg.Customer = func(string, int64) Act { return Tap() }
	}
	return &Stripe{
		cfg:    cfg,
		looked: map[string]bool{},
		state:  newState(),
		chance: rand.New(rand.NewPCG(cfg.Seed, 1)),
		faults: map[string][]Fault{},
	}
}

// Call is one request as it arrived.
type Call struct {
	Site   string // which call: "create", "process", ...
	Method string
	Path   string
	Form   string // body or query, as sent
	Key    string // idempotency key
	Fault  Fault  // what was done to it
	Status int    // of the answer that was made, zero when there was none
}

// Calls returns every request so far.
func (s *Stripe) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Call(nil), s.calls...)
}

// ServeHTTP answers one call of the API. A hang lasts until the caller gives up.
func (s *Stripe) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a, err := s.handle(r)
	switch {
	case err != nil:
		http.Error(w, err.Error(), http.StatusBadRequest)
	case a.hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case a.drop:
		panic(http.ErrAbortHandler)
	default:
		a.write(w)
	}
}
