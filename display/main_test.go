//go:build x11

package display_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"kickstand/device/flow"
	"kickstand/display"
	"kickstand/display/raster"
	"kickstand/display/scene"
	"kickstand/display/stage"
)

// A window owns the main thread and can be opened once in a process, so every
// test runs this binary again as its window, on the display of $DISPLAY:
//
//	xvfb-run -a -s "-screen 0 1280x1024x24" go test -tags x11 ./display

// role names what the process is to be; empty is the test itself.
const role = "KICKSTAND_TEST_WINDOW"

func TestMain(m *testing.M) {
	if os.Getenv(role) == "" {
		os.Exit(m.Run())
	}
	if err := child(os.Getenv(role)); err != nil {
		fmt.Println("error", err)
		os.Exit(1)
	}
	fmt.Println("end")
}

// child is the window: it shows the sale with the time it reads from standard
// input, prints what comes in, and ends when the input does.
func child(how string) error {
	st, err := newStage(func(s string) { fmt.Println("tap", s) }, func(s string) { fmt.Printf("type %q\n", s) })
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	go func() {
		defer stop()
		for s := bufio.NewScanner(os.Stdin); s.Scan(); { // ends with the test
			st.Show(sale(s.Text()))
		}
	}()
	if how == "clock" {
		go tick(ctx, st)
	}
	if how == "wide" {
		return display.Run(ctx, display.Window{Stage: st, Title: "test", Fullscreen: true, HideCursor: true})
	}
	return display.Run(ctx, display.Window{Stage: st, Title: "test"})
}

// tick changes the clock on the screen once a second.
func tick(ctx context.Context, st *stage.Stage) {
	second := time.NewTicker(time.Second)
	defer second.Stop()
	for n := 0; ; n++ {
		select {
		case <-second.C:
			st.Show(sale(fmt.Sprintf("14:%02d", n%60)))
		case <-ctx.Done():
			return
		}
	}
}

func newStage(onTap, onType func(string)) (*stage.Stage, error) {
	p, err := raster.New(raster.Options{})
	if err != nil {
		return nil, err
	}
	panel, _ := scene.PanelNamed(scene.Panel7)
	st, err := stage.New(stage.Config{Panel: panel, Painter: p, OnTap: onTap, OnType: onType})
	if err != nil {
		return nil, err
	}
	st.Show(sale("14:05"))
	return st, nil
}

// sale is the screen of the tests.
func sale(clock string) flow.View {
	line := func(id, name string, qty int64, unit flow.Cents) flow.CartLine {
		return flow.CartLine{ID: id, Name: name, Detail: "SKU 10-" + id, Qty: qty, Unit: unit, Price: unit * flow.Cents(qty)}
	}
	return flow.View{
		Screen: flow.ScreenSale,
		Title:  "Sale",
		Strip:  flow.Strip{Shop: "Demo Cycles", Operator: "Ana", Time: clock},
		Buttons: []flow.Button{
			{ID: "search", Label: "Search", Icon: "search", Enabled: true},
			{ID: "park", Label: "Park", Enabled: true},
			{ID: "pay", Label: "Pay cash", Icon: "cash", Kind: flow.Primary, Enabled: true},
		},
		Cart: &flow.Cart{
			Lines: []flow.CartLine{line("l1", "Chain lube 120 ml, wet", 1, 1499), line("l2", "Inner tube 700x28-32C Presta 48 mm", 2, 1099)},
			Taxes: []flow.TaxRow{{Label: "GST 5 %", Amount: 185}, {Label: "PST 7 %", Amount: 259}},

			Subtotal: 3697, Total: 4141, Count: 3,
		},
	}
}

// window is a child process.
type window struct {
	cmd   *exec.Cmd
	stdin io.WriteCloser
	lines chan string // what it printed; closed at its end
	start time.Time
}

func open(t testing.TB, how string) *window {
	t.Helper()
	w := &window{cmd: exec.Command(os.Args[0]), lines: make(chan string, 4096), start: time.Now()}
	w.cmd.Env = append(os.Environ(), role+"="+how)
	w.cmd.Stderr = os.Stderr
	stdin, err := w.cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	stdout, err := w.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := w.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	w.stdin = stdin
	go func() {
		defer close(w.lines)
		for s := bufio.NewScanner(stdout); s.Scan(); {
			w.lines <- s.Text()
		}
	}()
	t.Cleanup(func() { w.end(t) })
	return w
}

// end closes the window as the program would be ended and wants it to go well.
func (w *window) end(t testing.TB) {
	if w.cmd.ProcessState != nil {
		return
	}
	w.stdin.Close()
	late := time.AfterFunc(10*time.Second, func() { w.cmd.Process.Signal(syscall.SIGQUIT) }) // it prints where it hangs
	defer late.Stop()
	var last string
	for last = range w.lines {
	}
	if err := w.cmd.Wait(); err != nil || last != "end" {
		t.Errorf("the window ended with %v after %q", err, last)
	}
}

// next waits for what the window prints next that begins with prefix.
func (w *window) next(t testing.TB, prefix string) string {
	t.Helper()
	late := time.After(10 * time.Second)
	for {
		select {
		case s, ok := <-w.lines:
			if !ok {
				t.Fatalf("the window ended while waiting for %q", prefix)
			}
			if rest, found := strings.CutPrefix(s, prefix+" "); found {
				return rest
			}
			t.Fatalf("want %q, the window says %q", prefix, s)
		case <-late:
			t.Fatalf("no %q within 10 s", prefix)
		}
	}
}
