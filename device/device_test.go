package device_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"kickstand/device"
	"kickstand/device/flow"
	"kickstand/device/journal"
	"kickstand/protocol"
	"kickstand/protocol/catalogue"
	"kickstand/protocol/money"
	"kickstand/protocol/slip"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const tube = "4006381333931"

func settings() protocol.Settings {
	return protocol.Settings{
		Version: 1, Shop: protocol.Letterhead{Name: "Demo Cycles"},
		Rules:     money.Rules{Currency: "CAD", Scope: money.PerDocument, CashStep: 5, CashOnly: true},
		Notes:     []money.Cents{500, 1000, 2000, 5000, 10000},
		Operators: []protocol.Operator{{ID: "ann", Name: "Ann", Role: "owner"}},
	}
}

func items() *catalogue.Index {
	return catalogue.Build(1, []catalogue.Item{{
		ID: "tube", SKU: "TU-28", Name: "Inner tube", Barcodes: []string{tube}, Price: 9_95, TaxCategory: "part",
		Taxes: []money.Rate{{Code: "GST", Name: "GST", PPM: 50_000}}, OnHand: 3,
	}})
}

// rig is a device with a journal and recording hardware.
type rig struct {
	mu      sync.Mutex
	view    flow.View
	did     []string // what happened to the outside world, in order
	refuse  error    // of the journal
	journal device.Journal
	print   func(ctx context.Context, job string) flow.Printed
	printed chan slip.Doc
	dev     *device.Device
	stop    context.CancelFunc
	done    chan error
}

func (r *rig) note(what string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.did = append(r.did, what)
}

func (r *rig) Show(v flow.View) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.view = v
}

func (r *rig) shown() flow.View {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.view
}

func (r *rig) Commit(ctx context.Context, e journal.Entry) (journal.Result, error) {
	r.mu.Lock()
	refuse := r.refuse
	r.mu.Unlock()
	if refuse != nil {
		return journal.Result{}, refuse
	}
	for _, env := range e.Hi {
		r.note("commit " + string(env.Kind))
	}
	return r.journal.Commit(ctx, e)
}

func (r *rig) CommitLater(state []byte) error { return r.journal.CommitLater(state) }

func (r *rig) Print(ctx context.Context, job string, doc slip.Doc) flow.Printed {
	r.note("print")
	select {
	case r.printed <- doc:
	default:
	}
	if r.print != nil {
		return r.print(ctx, job)
	}
	return flow.Printed{Job: job, Proof: protocol.ProofConfirmed}
}

func (r *rig) Kick(context.Context) error {
	r.note("kick")
	return nil
}

// start runs a device on the state; stopping it again is end's.
func start(t *testing.T, j device.Journal, state flow.State) *rig {
	t.Helper()
	r := &rig{journal: j, printed: make(chan slip.Doc, 100), done: make(chan error, 1)}
	r.dev = device.New(device.Config{ID: "counter-1", Journal: r, Screen: r, Printer: r, Drawer: r}, state, slog.New(slog.DiscardHandler))
	ctx, stop := context.WithCancel(t.Context())
	r.stop = stop
	go func() { r.done <- r.dev.Run(ctx) }()
	r.post(flow.SettingsChanged{Settings: settings()}, flow.CatalogueChanged{Index: items()}, flow.LinkChanged{Online: true})
	return r
}

func (r *rig) post(all ...flow.Happening) {
	for _, h := range all {
		r.dev.Post(context.Background(), h)
	}
	r.dev.Settle(context.Background())
}

func (r *rig) end(t *testing.T) {
	t.Helper()
	r.stop()
	if err := <-r.done; err != nil {
		t.Errorf("run: %v", err)
	}
}

// sell rings up one tube and pays it exactly.
func (r *rig) sell(t *testing.T) {
	t.Helper()
	r.post(flow.Scanned{Scanner: "1", Code: tube}, flow.Tapped{ID: "operator"}, flow.Tapped{ID: "operator:ann"}, flow.Tapped{ID: "pay"})
	v := r.shown()
	if v.Ways == nil || len(v.Ways.Quick) == 0 {
		t.Fatalf("no cash can be taken on %+v", v)
	}
	r.post(flow.Tapped{ID: v.Ways.Quick[0].ID})
}

// openJournal opens the real journal and runs it until the test ends.
func openJournal(t *testing.T, dir string) (*journal.Journal, func()) {
	t.Helper()
	j, _, err := journal.Open(filepath.Join(dir, "journal.db"), journal.Options{
		Device: "counter-1", Stamp: func() protocol.Stamp { return protocol.Stamp{WallMS: 1, MonoMS: 1, BootID: "b"} },
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- j.Run(ctx) }()
	var once sync.Once
	closeIt := func() {
		once.Do(func() {
			stop()
			if err := errors.Join(<-done, j.Close()); err != nil {
				t.Errorf("journal: %v", err)
			}
		})
	}
	t.Cleanup(closeIt)
	return j, closeIt
}

func TestActsAfterTheCommit(t *testing.T) {
	j, _ := openJournal(t, t.TempDir())
	r := start(t, j, flow.New(protocol.Counter, "C1"))
	r.sell(t)
	<-r.printed
	r.end(t)
	sale, kick, paper := slices.Index(r.did, "commit sale.completed"), slices.Index(r.did, "kick"), slices.Index(r.did, "print")
	if sale < 0 || kick < sale || paper < sale {
		t.Errorf("order of what happened: %q, want the commit before drawer and paper", r.did)
	}
}

func TestFullDiskLeavesTheSaleOpen(t *testing.T) {
	j, _ := openJournal(t, t.TempDir())
	r := start(t, j, flow.New(protocol.Counter, "C1"))
	r.mu.Lock()
	r.refuse = journal.ErrFull
	r.mu.Unlock()
	r.sell(t)
	if got := r.shown().Screen; got == flow.ScreenDone {
		t.Error("the sale is shown as done though the disk did not take it")
	}
	if b := r.shown().Banner; b == nil || b.State != flow.PartDown {
		t.Errorf("banner %+v, want one that says the sale was not recorded", b)
	}
	r.mu.Lock()
	r.refuse = nil
	r.mu.Unlock()
	if v := r.shown(); v.Ways != nil {
		r.post(flow.Tapped{ID: v.Ways.Quick[0].ID})
	}
	if got := r.shown().Screen; got != flow.ScreenDone {
		t.Errorf("screen %s after the disk has space again, want done", got)
	}
	if b := r.shown().Banner; b != nil && b.State == flow.PartDown {
		t.Errorf("banner %+v is still there", b)
	}
	r.end(t)
	if slices.Index(r.did, "print") < slices.Index(r.did, "commit sale.completed") {
		t.Errorf("order of what happened: %q", r.did)
	}
}

// TestTimeGoesOnWithoutTheJournal parks an idle sale once the disk has space
// again: the wake that was due while it had none is not forgotten.
func TestTimeGoesOnWithoutTheJournal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := start(t, forgetful{}, flow.New(protocol.Counter, "C1"))
		r.post(flow.Scanned{Scanner: "1", Code: tube})
		r.mu.Lock()
		r.refuse = journal.ErrFull
		r.mu.Unlock()
		r.post(flow.Tapped{ID: "operator"}, flow.Tapped{ID: "operator:ann"}, flow.Tapped{ID: "pay"}, flow.Tapped{ID: "cash:1045"}, flow.Tapped{ID: "cash-ok"})
		time.Sleep(time.Minute) // of the bubble
		r.mu.Lock()
		r.refuse = nil
		r.mu.Unlock()
		r.post(flow.Tapped{ID: "back"})
		time.Sleep(time.Hour)
		synctest.Wait()
		if got := r.shown().Screen; got != flow.ScreenAttract {
			t.Errorf("an hour later the screen is %s, want the idle sale parked", got)
		}
		r.end(t)
	})
}

// forgetful is a journal without a file.
type forgetful struct{}

func (forgetful) Commit(context.Context, journal.Entry) (journal.Result, error) {
	return journal.Result{}, nil
}
func (forgetful) CommitLater([]byte) error { return nil }

func TestDeadJournalEndsTheProcess(t *testing.T) {
	j, _ := openJournal(t, t.TempDir())
	r := start(t, j, flow.New(protocol.Counter, "C1"))
	r.mu.Lock()
	r.refuse = journal.ErrFailed
	r.mu.Unlock()
	r.dev.Post(t.Context(), flow.Scanned{Scanner: "1", Code: tube})
	r.dev.Post(t.Context(), flow.Tapped{ID: "operator"})
	r.dev.Post(t.Context(), flow.Tapped{ID: "operator:ann"})
	r.dev.Post(t.Context(), flow.Tapped{ID: "pay"})
	r.dev.Post(t.Context(), flow.Tapped{ID: "cash:1045"})
	r.dev.Post(t.Context(), flow.Tapped{ID: "cash-ok"})
	r.dev.Post(t.Context(), flow.PartChanged{Part: "printer", State: flow.PartDown, Detail: "x"})
	if err := <-r.done; !errors.Is(err, journal.ErrFailed) {
		t.Errorf("run ended with %v, want ErrFailed", err)
	}
	r.stop()
	if slices.Contains(r.did, "print") {
		t.Error("printed a sale the journal does not have")
	}
}

// TestPowerCutDuringPrint leaves the process in the middle of a print and
// wants the next one to print a marked copy, and the sale to be there once.
func TestPowerCutDuringPrint(t *testing.T) {
	dir := t.TempDir()
	j, closeJournal := openJournal(t, dir)
	r := start(t, j, flow.New(protocol.Counter, "C1"))
	cut := make(chan struct{})
	r.print = func(_ context.Context, job string) flow.Printed {
		<-cut // the power goes before the paper is out
		return flow.Printed{Job: job, Proof: protocol.ProofUnknown}
	}
	r.sell(t)
	<-r.printed
	raw, err := j.State()
	if err != nil {
		t.Fatal(err)
	}
	state := slices.Clone(raw) // what is on the disk at this moment
	close(cut)
	r.end(t)
	closeJournal()

	restored, err := flow.Restore(flow.New(protocol.Counter, "C1"), state)
	if err != nil {
		t.Fatal(err)
	}
	again, _ := openJournal(t, dir)
	r = start(t, again, restored)
	doc := <-r.printed
	r.end(t)
	if b, _ := json.Marshal(doc); !slices.ContainsFunc(doc.Lines, func(l slip.Line) bool { return l.Style == slip.Notice }) {
		t.Errorf("the second print is not marked as a copy: %s", b)
	}
	sales := 0
	rows, err := again.Pending(journal.Hi, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range rows {
		if env, err := protocol.Decode(row.Data); err == nil && env.Kind == protocol.KindSale {
			sales++
		}
	}
	if sales != 1 {
		t.Errorf("%d sales in the outbox, want 1", sales)
	}
}

func TestStopWaitsForThePrint(t *testing.T) {
	j, _ := openJournal(t, t.TempDir())
	r := start(t, j, flow.New(protocol.Counter, "C1"))
	begun, finish := make(chan struct{}), make(chan struct{})
	r.print = func(_ context.Context, job string) flow.Printed {
		close(begun)
		<-finish
		return flow.Printed{Job: job, Proof: protocol.ProofConfirmed}
	}
	r.sell(t)
	<-begun
	r.stop()
	close(finish)
	if err := <-r.done; err != nil {
		t.Fatal(err)
	}
	if !slices.Contains(r.did, "commit receipt.printed") {
		t.Errorf("the print that ended during the stop was not recorded: %q", r.did)
	}
}
