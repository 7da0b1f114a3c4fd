package printer_test

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"kickstand/drivers/printer"
	"kickstand/drivers/printer/printertest"
)

var runs = flag.Int("runs", 200, "seeded runs of TestRandomTrouble")

// TestRandomTrouble prints documents, each once, while paper runs out, covers
// open, plugs are pulled and the process is killed at random bytes. Whatever
// happens: a proof means exactly one copy on paper, NotSent means none, and no
// document ever comes out twice.
func TestRandomTrouble(t *testing.T) {
	profiles := []printer.Profile{
		profile(t, "epson-tm-t20iii"), profile(t, "citizen-ct-s310"), profile(t, "xprinter-xp-n160"), profile(t, "generic-58"),
	}
	for seed := range uint64(*runs) {
		rnd := rand.New(rand.NewPCG(seed, 1))
		p := profiles[rnd.IntN(len(profiles))]
		synctest.Test(t, func(t *testing.T) {
			d := day{rig: newRig(t, p, nil), rnd: rnd, proofs: map[string]printer.Proof{}}
			defer d.close()
			for i := range 6 {
				d.print(fmt.Sprintf("doc-%d", i))
			}
			d.fault(printertest.None, 0)
			time.Sleep(3 * time.Minute) // of the bubble
			for id, proof := range d.proofs {
				copies := d.copiesOf(id)
				proved := proof == printer.Confirmed || proof == printer.Sent
				if copies > 1 || proved && copies != 1 || proof == printer.NotSent && copies != 0 {
					t.Errorf("seed %d on %s: %s is %s with %d copies on paper", seed, p.ID, id, proof, copies)
				}
			}
		})
	}
}

type day struct {
	*rig
	rnd    *rand.Rand
	proofs map[string]printer.Proof
}

func (d *day) copiesOf(id string) int {
	n := 0
	for _, doc := range d.virtual.Documents() {
		if doc.Complete && strings.Contains(doc.Text, "Document "+id+"\n") {
			n++
		}
	}
	return n
}

// print prints one document into some trouble that someone repairs later.
func (d *day) print(id string) {
	logo := &printer.Bitmap{Width: 384, Height: 60, Bits: make([]byte, 48*60)}
	doc := printer.Doc{ID: id, Blocks: []printer.Block{
		printer.Image(logo), printer.Text("Document "+id, printer.Style{}), printer.Row("TOTAL", "8.99", printer.Style{}), printer.Cut(),
	}}
	faults := printertest.Faults()
	d.fault(faults[d.rnd.IntN(len(faults))], max(0, d.rnd.IntN(3600)-400))
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(1+d.rnd.IntN(200))*time.Second)
	defer cancel()
	done := make(chan printer.Result, 1)
	go func() {
		res, _ := d.driver.Print(ctx, doc)
		done <- res
	}()
	time.Sleep(time.Duration(d.rnd.IntN(5000)) * time.Millisecond) // of the bubble
	if d.rnd.IntN(4) == 0 {
		d.restart()
	}
	d.fault(printertest.None, 0)
	d.proofs[id] = (<-done).Proof
}

// restart kills the driver and starts another on the same printer.
func (d *day) restart() {
	d.cancel()
	if err := <-d.done; err != nil {
		d.t.Error(err)
	}
	driver, err := printer.New(printer.Config{Transport: d.virtual, Profile: d.profile, Sink: d.note})
	if err != nil {
		d.t.Fatal(err)
	}
	d.start(driver)
}
