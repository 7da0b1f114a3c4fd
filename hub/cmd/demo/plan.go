package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"kickstand/hub/staff"
)

const (
	startTime = 60 * time.Second
	stopTime  = 15 * time.Second
	shop      = "demo"
)

// plan is what to start and where.
type plan struct {
	bin, data string
	base      int
}

func (p plan) port(offset, usual int) string {
	if p.base == 0 {
		return fmt.Sprintf("127.0.0.1:%d", usual)
	}
	return fmt.Sprintf("127.0.0.1:%d", p.base+offset)
}

func (p plan) web() string     { return p.port(0, 8080) }
func (p plan) public() string  { return p.port(1, 8081) }
func (p plan) mail() string    { return p.port(6, 8086) }
func (p plan) smtp() string    { return p.port(7, 8087) }
func (p plan) mqtt() string    { return p.port(3, 1883) }
func (p plan) bank() string    { return p.port(5, 8085) }
func (p plan) counter() string { return p.port(11, 8091) }
func (p plan) kiosk() string   { return p.port(12, 8092) }

// child is a program that was started.
type child struct {
	name string
	cmd  *exec.Cmd
	log  *os.File
	err  error // how it ended; read after ended is closed
	done chan struct{}
}

func (p plan) run(ctx context.Context, s *screen) error {
	if err := os.MkdirAll(filepath.Join(p.data, "log"), 0o755); err != nil {
		return err
	}
	fmt.Println("starting a shop in", p.data, "…")
	hubData := filepath.Join(p.data, "hub")
	if err := p.once(ctx, "seed", "hub", "seed", "demo", "--data", hubData); err != nil {
		return err
	}
	if err := p.once(ctx, "receipts", "hub", "receipts", "--data", hubData, "--shop", shop, "--url", "http://"+p.public()); err != nil {
		return err
	}
	ended := make(chan *child, 5)
	var all []*child
	defer func() { stopAll(all) }()
	children, err := p.children(hubData)
	if err != nil {
		return err
	}
	for _, c := range children {
		started, err := p.start(s, c[0], c[1:], ended)
		if err != nil {
			return err
		}
		all = append(all, started)
		if err := waitFor(ctx, c[0], p.address(c[0]), started); err != nil {
			return err
		}
	}
	p.greet(s)
	select {
	case <-ctx.Done():
		fmt.Println("\nstopping …")
		return nil
	case c := <-ended:
		return fmt.Errorf("%s ended by itself (%v); its last words are in %s", c.name, c.err, c.log.Name())
	}
}

// children lists the programs with their arguments, in the order of their
// start. The first word names it.
func (p plan) children(hubData string) ([][]string, error) {
	bank := stripe{address: p.bank(), data: filepath.Join(p.data, "stripe"), hook: "http://" + p.web() + "/stripe/webhook"}
	key, hook, err := bank.secrets()
	if err != nil {
		return nil, err
	}
	kiosk := func(device, role, slip, panel, bench string) []string {
		return []string{
			device, "kiosk", "--sim", "--shop", shop, "--device", device, "--role", role, "--slip", slip, "--panel", panel,
			"--hub", "tcp://" + p.mqtt(), "--data", filepath.Join(p.data, device), "--workbench", bench,
		}
	}
	return [][]string{
		{"stripe", "demo", "--stripe", bank.address, "--data", bank.data, "--hook", bank.hook},
		{"mail", "demo", "--smtp", p.smtp(), "--mail-page", p.mail()},
		{
			"hub", "hub", "serve", "--data", hubData, "--shop", shop, "--web", p.web(), "--mqtt", p.mqtt(),
			"--stripe-key", key, "--stripe-webhook", hook, "--stripe-url", "http://" + bank.address,
			"--public-addr", p.public(), "--smtp", p.smtp(), "--smtp-security", "none", "--mail-from", "Demo shop <receipts@shop.example>",
		},
		kiosk("counter-1", "counter", "C1", "10.1", p.counter()),
		kiosk("kiosk-1", "kiosk", "K1", "10.1", p.kiosk()),
	}, nil
}

func (p plan) address(name string) string {
	switch name {
	case "stripe":
		return "http://" + p.bank() + "/"
	case "mail":
		return "http://" + p.mail() + "/"
	case "hub":
		return "http://" + p.web() + "/healthz"
	case "counter-1":
		return "http://" + p.counter() + "/state.json"
	}
	return "http://" + p.kiosk() + "/state.json"
}

// once runs a program to its end.
func (p plan) once(ctx context.Context, name, program string, args ...string) error {
	c := exec.CommandContext(ctx, filepath.Join(p.bin, program), args...)
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, strings.TrimSpace(string(out)))
	}
	return nil
}

func (p plan) start(s *screen, name string, command []string, ended chan<- *child) (*child, error) {
	log, err := os.OpenFile(filepath.Join(p.data, "log", name+".log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return nil, err
	}
	c := &child{name: name, log: log, done: make(chan struct{})}
	c.cmd = exec.Command(filepath.Join(p.bin, command[0]), command[1:]...)
	c.cmd.Env = append(os.Environ(), "DISPLAY="+s.display)
	c.cmd.Stdout, c.cmd.Stderr = log, log
	// An own group, so that Ctrl-C reaches the children once and from us only;
	// the death signal, so that none of them outlives us.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	if err := c.cmd.Start(); err != nil {
		return nil, errors.Join(fmt.Errorf("start %s: %w", name, err), log.Close())
	}
	go func() {
		c.err = c.cmd.Wait()
		close(c.done)
		ended <- c
	}()
	return c, nil
}

// waitFor asks url until it answers, the child ends or the time is up.
func waitFor(ctx context.Context, name, url string, c *child) error {
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	t := time.NewTicker(50 * time.Millisecond)
	defer t.Stop()
	for {
		if answers(ctx, url) {
			return nil
		}
		select {
		case <-c.done:
			last, _ := os.ReadFile(c.log.Name()) // what can be read of it helps
			return fmt.Errorf("%s did not start: %w\n%s", name, c.err, tail(string(last), 12))
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer at %s after %v; see %s", name, url, startTime, c.log.Name())
		case <-t.C:
		}
	}
}

func answers(ctx context.Context, url string) bool {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return false
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return false
	}
	return res.Body.Close() == nil && res.StatusCode == http.StatusOK
}

func tail(s string, lines int) string {
	all := strings.Split(strings.TrimSpace(s), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}

// tills is where the counter and the kiosk begin among the children.
const tills = 3

// stopAll asks the children to end, kiosks first so that their last events
// still reach the hub, and kills who does not listen.
func stopAll(all []*child) {
	for i := len(all) - 1; i >= 0; i-- {
		_ = all[i].cmd.Process.Signal(syscall.SIGTERM) // may have ended already
		if i == tills {
			waitAll(all[tills:])
		}
	}
	waitAll(all)
}

func waitAll(all []*child) {
	var wg sync.WaitGroup
	for _, c := range all {
		wg.Go(func() {
			select {
			case <-c.done:
			case <-time.After(stopTime):
				_ = c.cmd.Process.Kill() // may have ended just now
				<-c.done
			}
			_ = c.log.Close() // closed twice when waited for twice
		})
	}
	wg.Wait()
}

func (p plan) greet(s *screen) {
	where := "Their windows are on your screen " + s.display + "."
	if s.virtual != nil {
		where = "No display here: their windows are on a virtual screen, the workbenches show them live."
	}
	fmt.Printf(`
Kickstand is running.

  Counter (staff sell)      http://%s
  Kiosk (customers look)    http://%s
  Office (the shop's books) http://%s
                            everybody's password there is %s
  Card readers (you play    http://%s
  the customer)
  E-mail of the shop        http://%s

%s

Try this at the counter:
  1. Click three items below "Scanner", or tap Search on the screen and type: tube
  2. Tap Pay, say who is selling, open the till with a float, tap a banknote. The receipt comes out below "Printer".
  3. Sell again and tap Card: on the card reader's page tap the card, decline it, or walk away.
     At its end take the receipt by QR code or by e-mail, too.
  4. Open the office: the sales are there with their receipts.
  5. Pull out the network cable, sell again, plug it in: the sale arrives by itself.

Ctrl-C ends everything. Data stays in %s.
`, p.counter(), p.kiosk(), p.web(), staff.DemoPassword, p.bank(), p.mail(), where, p.data)
}
