package printer_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.uber.org/goleak"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// rig is a driver and a virtual printer in one bubble of time.
type rig struct {
	t       *testing.T
	profile printer.Profile
	driver  *printer.Printer
	virtual *printertest.Printer
	cancel  context.CancelFunc
	done    chan error

	mu     sync.Mutex
	events []printer.Event
}

func newRig(t *testing.T, p printer.Profile, change func(*printertest.Config, *printer.Config)) *rig {
	t.Helper()
	r := &rig{t: t, profile: p}
	vc := printertest.Config{Model: printertest.ModelOf(p)}
	pc := printer.Config{Profile: p, Sink: r.note}
	if change != nil {
		change(&vc, &pc)
	}
	var err error
	if r.virtual, err = printertest.Start(vc); err != nil {
		t.Fatal(err)
	}
	if pc.Transport == nil {
		pc.Transport = r.virtual
	}
	driver, err := printer.New(pc)
	if err != nil {
		t.Fatal(err)
	}
	r.start(driver)
	return r
}

func (r *rig) start(driver *printer.Printer) {
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	r.driver, r.cancel, r.done = driver, cancel, done
	go func() { done <- driver.Run(ctx) }()
}

func (r *rig) note(ev printer.Event) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events = append(r.events, ev)
}

func (r *rig) close() {
	r.t.Helper()
	r.cancel()
	if err := <-r.done; err != nil {
		r.t.Errorf("run ended with %v", err)
	}
	if err := r.virtual.Close(); err != nil {
		r.t.Error(err)
	}
	if u := r.virtual.Unknown(); len(u) > 0 {
		r.t.Errorf("printer did not understand % x", u)
	}
}

func (r *rig) fault(f printertest.Fault, at int) {
	r.t.Helper()
	if err := r.virtual.SetFault(f, at); err != nil {
		r.t.Fatal(err)
	}
}

// troubles are the troubles told, in order, without repeats.
func (r *rig) troubles() []printer.Trouble {
	r.mu.Lock()
	defer r.mu.Unlock()
	var ts []printer.Trouble
	for _, ev := range r.events {
		if ev.Kind == printer.EventStatus && (len(ts) == 0 || ts[len(ts)-1] != ev.Trouble) {
			ts = append(ts, ev.Trouble)
		}
	}
	return ts
}

// copies counts complete documents with the line of the small receipt.
func (r *rig) copies() int {
	n := 0
	for _, d := range r.virtual.Documents() {
		if d.Complete && strings.Contains(d.Text, "TOTAL") {
			n++
		}
	}
	return n
}

func smallDoc(id string) printer.Doc {
	return printer.Doc{ID: id, Blocks: []printer.Block{
		printer.Text("Kickstand", printer.Style{Bold: true}),
		printer.Row("Tube é", "8.99", printer.Style{}),
		printer.Row("TOTAL", "8.99", printer.Style{Wide: true}),
		printer.Cut(),
	}}
}

func TestPrintProvesWhatTheProfileCan(t *testing.T) {
	tests := []struct {
		name   string
		change func(*printer.Profile)
		want   printer.Proof
	}{
		{"GS ( H names the document", func(*printer.Profile) {}, printer.Confirmed},
		{"GS r only shows it was worked through", func(p *printer.Profile) { p.JobID = false }, printer.Sent},
		{"without reports of its own it is asked", func(p *printer.Profile) { p.JobID, p.ASB = false, false }, printer.Sent},
		{"without questions it must report", func(p *printer.Profile) { p.JobID, p.RealTime = false, false }, printer.Sent},
		{"a printer that cannot answer proves nothing", func(p *printer.Profile) {
			p.JobID, p.RealTime, p.ASB, p.Processed = false, false, false, false
		}, printer.Unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			p := profile(t, "epson-tm-t20iii")
			test.change(&p)
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, p, nil)
				defer r.close()
				res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
				if err != nil || res.Proof != test.want || res.Written != res.Total || res.Total == 0 {
					t.Errorf("got %+v, %v; want proof %s", res, err, test.want)
				}
				synctest.Wait()
				if n := r.copies(); n != 1 {
					t.Errorf("%d receipts on paper, want 1", n)
				}
			})
		})
	}
}

func TestEveryShippedProfilePrints(t *testing.T) {
	for _, p := range printer.Profiles() {
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, p, nil)
			defer r.close()
			res, err := r.driver.Print(t.Context(), richDoc(t))
			if err != nil || (res.Proof != printer.Confirmed && res.Proof != printer.Sent) {
				t.Errorf("%s: %+v, %v", p.ID, res, err)
			}
			if n := len(r.virtual.Drawer()); n != 1 {
				t.Errorf("%s: drawer kicked %d times, want once", p.ID, n)
			}
		})
	}
}

func TestATroubledPrinterRefusesBeforeTheFirstByte(t *testing.T) {
	tests := []struct {
		fault printertest.Fault
		want  printer.Trouble
	}{
		{printertest.PaperOut, printer.PaperOut},
		{printertest.CoverOpen, printer.CoverOpen},
		{printertest.Offline, printer.Offline},
		{printertest.Unplugged, printer.Unplugged},
	}
	for _, id := range []string{"epson-tm-t20iii", "xprinter-xp-n160"} {
		for _, test := range tests {
			p := profile(t, id)
			t.Run(id+" "+string(test.fault), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					r := newRig(t, p, nil)
					defer r.close()
					r.fault(test.fault, 0)
					res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
					var f *printer.Fault
					if !errors.As(err, &f) || f.Trouble != test.want || f.Hint() == "" || res.Proof != printer.NotSent || res.Written != 0 {
						t.Fatalf("got %+v, %v; want trouble %s", res, err, test.want)
					}
					r.fault(printertest.None, 0)
					time.Sleep(3 * time.Second) // of the bubble
					if res, err = r.driver.Print(t.Context(), smallDoc("s-1")); err != nil {
						t.Fatalf("after repair: %+v, %v", res, err)
					}
					if n := r.copies(); n != 1 {
						t.Errorf("%d receipts on paper, want 1", n)
					}
				})
			})
		}
	}
}

func TestTheDrawerOpensWithoutPaper(t *testing.T) {
	for _, id := range []string{"epson-tm-t20iii", "xprinter-xp-n160"} {
		p := profile(t, id)
		synctest.Test(t, func(t *testing.T) {
			r := newRig(t, p, nil)
			defer r.close()
			r.fault(printertest.PaperOut, 0)
			kick := printer.Doc{ID: "drawer", Blocks: []printer.Block{printer.Drawer()}}
			res, err := r.driver.Print(t.Context(), kick)
			if err != nil || res.Proof != printer.Sent {
				t.Errorf("%s: %+v, %v", id, res, err)
			}
			if n := len(r.virtual.Drawer()); n != 1 {
				t.Errorf("%s: kicked %d times, want once", id, n)
			}
		})
	}
}

func TestNearEndPrintsAndTells(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		defer r.close()
		r.fault(printertest.NearEnd, 0)
		res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
		if err != nil || res.Proof != printer.Confirmed || !res.Status.PaperLow {
			t.Errorf("got %+v, %v", res, err)
		}
	})
}

func TestStatusReachesTheSinkWithinASecond(t *testing.T) {
	for _, id := range []string{"epson-tm-t20iii", "xprinter-xp-n160"} {
		p := profile(t, id)
		for _, f := range []printertest.Fault{printertest.PaperOut, printertest.CoverOpen, printertest.Offline, printertest.Unplugged} {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, p, nil)
				defer r.close()
				time.Sleep(time.Minute) // of the bubble, as below
				r.fault(f, 0)
				time.Sleep(time.Second)
				if got := r.driver.Health().Trouble; got != printer.Trouble(f) {
					t.Errorf("%s: a second after %s: %q", id, f, got)
				}
				r.fault(printertest.None, 0)
				time.Sleep(3 * time.Second)
				if h := r.driver.Health(); h.State != printer.Ready || h.Trouble != printer.NoTrouble {
					t.Errorf("%s: three seconds after repair of %s: %+v", id, f, h)
				}
				if diff := cmp.Diff([]printer.Trouble{"", printer.Trouble(f), ""}, r.troubles()); diff != "" {
					t.Errorf("%s: told of %s: %s", id, f, diff)
				}
			})
		}
	}
}

// TestPaperOutAtEveryByte lets the paper run out at every byte of a receipt and
// loads a new roll: the printer prints on, and the document is confirmed once.
func TestPaperOutAtEveryByte(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	total := len(encode(t, smallDoc("s-1"), p))
	for _, f := range []printertest.Fault{printertest.PaperOut, printertest.CoverOpen, printertest.Offline} {
		for at := 1; at <= total; at++ {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, p, nil)
				defer r.close()
				synctest.Wait()
				r.fault(f, at)
				out := make(chan string, 1)
				go func() {
					res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
					out <- string(res.Proof) + " " + errString(err)
				}()
				time.Sleep(time.Second) // of the bubble
				if n := r.copies(); len(out) > 0 && n != 1 {
					t.Fatalf("%s at %d: proof %s with %d receipts on paper", f, at, <-out, n)
				}
				r.fault(printertest.None, 0)
				if got := <-out; got != "confirmed " {
					t.Errorf("%s at %d of %d: %s", f, at, total, got)
				}
				if n := r.copies(); n != 1 {
					t.Errorf("%s at %d: %d receipts on paper, want 1", f, at, n)
				}
			})
		}
	}
}

func errString(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestUnplugAtEveryByte pulls the plug at every byte. Nothing unproved may be
// called confirmed, nothing is sent twice by itself, and after the plug is back
// the next document prints whole.
func TestUnplugAtEveryByte(t *testing.T) {
	for _, id := range []string{"epson-tm-t20iii", "citizen-ct-s310"} {
		p := profile(t, id)
		total := len(encode(t, smallDoc("s-1"), p))
		for at := 1; at <= total; at++ {
			synctest.Test(t, func(t *testing.T) {
				r := newRig(t, p, nil)
				defer r.close()
				synctest.Wait()
				r.fault(printertest.Unplugged, at)
				res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
				proved := res.Proof == printer.Confirmed || res.Proof == printer.Sent
				if n := r.copies(); proved && n != 1 {
					t.Errorf("%s at %d: %s with %d receipts on paper", id, at, res.Proof, n)
				}
				var f *printer.Fault
				if !proved && (!errors.As(err, &f) || f.Trouble != printer.Unplugged || res.Proof != printer.Unknown) {
					t.Errorf("%s at %d: %+v, %v", id, at, res, err)
				}
				before := r.copies()
				r.fault(printertest.None, 0)
				time.Sleep(5 * time.Second) // of the bubble
				if n := r.copies(); n != before {
					t.Errorf("%s at %d: a receipt was printed by itself", id, at)
				}
				res, err = r.driver.Print(t.Context(), smallDoc("s-2"))
				if err != nil || r.copies() != before+1 {
					t.Errorf("%s at %d: next document %+v, %v, %d receipts", id, at, res, err, r.copies())
				}
			})
		}
	}
}

func TestGivingUpIsUnknownAndLateProofIsTold(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		defer r.close()
		r.fault(printertest.PaperOut, 30)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		res, err := r.driver.Print(ctx, smallDoc("s-1"))
		var f *printer.Fault
		if !errors.As(err, &f) || f.Trouble != printer.PaperOut || f.Written == 0 || res.Proof != printer.Unknown {
			t.Fatalf("got %+v, %v", res, err)
		}
		if h := r.driver.Health(); h.Doubtful != 1 {
			t.Errorf("health %+v", h)
		}
		r.fault(printertest.None, 0)
		synctest.Wait()
		r.mu.Lock()
		last := r.events[len(r.events)-1]
		var jobs []string
		for _, ev := range r.events {
			if ev.Kind == printer.EventPrinted {
				jobs = append(jobs, ev.Job)
			}
		}
		r.mu.Unlock()
		if diff := cmp.Diff([]string{"s-1"}, jobs); diff != "" {
			t.Errorf("late proof: %s (last event %+v)", diff, last)
		}
	})
}

func TestPatienceEnds(t *testing.T) {
	p := profile(t, "citizen-ct-s310")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, func(v *printertest.Config, _ *printer.Config) { v.Buffer = 100 })
		defer r.close()
		r.fault(printertest.CoverOpen, 20)
		began := time.Now()
		res, err := r.driver.Print(t.Context(), richDoc(t))
		var f *printer.Fault
		if !errors.As(err, &f) || f.Trouble != printer.CoverOpen || res.Proof != printer.Unknown {
			t.Errorf("got %+v, %v", res, err)
		}
		if res.Written == 0 || res.Written >= res.Total {
			t.Errorf("written %d of %d, want part of it", res.Written, res.Total)
		}
		if d := time.Since(began); d < 2*time.Minute || d > 3*time.Minute {
			t.Errorf("gave up after %v", d)
		}
		// The rest of a picture the printer still waits for must not swallow
		// the next receipt.
		r.fault(printertest.None, 0)
		time.Sleep(10 * time.Second) // of the bubble
		if res, err := r.driver.Print(t.Context(), smallDoc("s-2")); err != nil || r.copies() != 1 {
			t.Errorf("next document: %+v, %v, %d receipts", res, err, r.copies())
		}
	})
}

func TestACallerMayLeave(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		defer r.close()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		res, err := r.driver.Print(ctx, smallDoc("s-1"))
		var f *printer.Fault
		if !errors.As(err, &f) || !errors.Is(err, context.Canceled) {
			t.Errorf("got %+v, %v", res, err)
		}
	})
}

func TestABadDocumentIsNotThePrintersFault(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		defer r.close()
		res, err := r.driver.Print(t.Context(), printer.Doc{Blocks: []printer.Block{printer.Feed(-1)}})
		if !errors.Is(err, printer.ErrDoc) || res.Proof != printer.NotSent {
			t.Errorf("got %+v, %v", res, err)
		}
		if _, err := r.driver.Print(t.Context(), smallDoc("s-1")); err != nil {
			t.Error(err)
		}
	})
}

func TestStatusAsksThePrinter(t *testing.T) {
	p := profile(t, "xprinter-xp-n160")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, func(_ *printertest.Config, c *printer.Config) { c.Poll = time.Hour })
		defer r.close()
		r.fault(printertest.CoverOpen, 0)
		s, err := r.driver.Status(t.Context())
		if err != nil || !s.CoverOpen || s.Trouble() != printer.CoverOpen {
			t.Errorf("got %+v, %v", s, err)
		}
	})
}

func TestAStoppedPrinterSaysSo(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		r.close()
		res, err := r.driver.Print(t.Context(), smallDoc("s-1"))
		if !errors.Is(err, printer.ErrStopped) || res.Proof != printer.NotSent {
			t.Errorf("got %+v, %v", res, err)
		}
		if _, err := r.driver.Status(t.Context()); !errors.Is(err, printer.ErrStopped) {
			t.Errorf("status: %v", err)
		}
	})
}

// TestALateAnswerProvesOnlyItsOwnDocument prints one job ID three times: each
// time asks for another token, so an answer that is late for one cannot count
// for the next.
func TestALateAnswerProvesOnlyItsOwnDocument(t *testing.T) {
	p := profile(t, "epson-tm-t20iii")
	synctest.Test(t, func(t *testing.T) {
		r := newRig(t, p, nil)
		defer r.close()
		seen := map[string]bool{}
		for range 3 {
			if _, err := r.driver.Print(t.Context(), smallDoc("s-1")); err != nil {
				t.Fatal(err)
			}
			docs := r.virtual.Documents()
			_, token, ok := strings.Cut(string(docs[len(docs)-1].Raw), "\x1d(H\x06\x0000")
			if !ok || seen[token] {
				t.Errorf("token %q was used before", token)
			}
			seen[token] = true
		}
	})
}
