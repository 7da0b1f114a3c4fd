// Command demo is what make run starts: a hub with the demo shop, a counter and
// a kiosk with virtual hardware, and a screen for them where the machine has
// none. It promises that Ctrl-C ends everything it started and that everything
// it started ends with it. It is for trying out and for tests; a shop runs the
// programs from the image.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"kickstand/hub/store/pgtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	fs := flag.NewFlagSet("demo", flag.ExitOnError)
	var p plan
	fs.StringVar(&p.bin, "bin", "bin", "directory of the programs hub and kiosk")
	fs.StringVar(&p.data, "data", "var", "directory for all data")
	fs.IntVar(&p.base, "port-base", 0, "first of the ports: web N, receipts N+1, MQTT N+3, card readers N+5, mail N+6 and N+7, workbenches N+11 and N+12 (default 8080, 8081, 1883, 8085 to 8087, 8091, 8092)")
	bank := fs.String("stripe", "", "only run the simulated Stripe at this `address`, with its ledger in --data")
	hook := fs.String("hook", "", "`url` that the simulated Stripe posts its webhooks to")
	var letters post
	fs.StringVar(&letters.smtp, "smtp", "", "only run the mail catcher at this `address`, with its page at --mail-page")
	fs.StringVar(&letters.page, "mail-page", "127.0.0.1:8086", "`address` of the mail catcher's page")
	under := fs.Bool("xvfb", false, "only run the command after -- with a virtual screen")
	server := fs.Bool("postgres", false, "only run the command after -- with a PostgreSQL server of its own")
	if err := fs.Parse(args); err != nil {
		return err
	}
	if *bank != "" {
		return stripe{address: *bank, data: p.data, hook: *hook}.serve(ctx)
	}
	if letters.smtp != "" {
		return letters.serve(ctx)
	}
	if *server {
		return underPostgres(ctx, fs.Args())
	}
	screen, err := findScreen(ctx)
	if err != nil {
		return err
	}
	defer screen.close()
	if *under {
		return runUnder(ctx, screen, fs.Args())
	}
	return p.run(ctx, screen)
}

// runUnder runs one command with the screen and returns its failure.
func runUnder(ctx context.Context, s *screen, command []string) error {
	if len(command) == 0 {
		return errors.New("--xvfb needs a command after --")
	}
	return runWith(ctx, "DISPLAY="+s.display, command)
}

// underPostgres runs one command with a fresh server, which its tests find by
// themselves, and returns its failure.
func underPostgres(ctx context.Context, command []string) (err error) {
	if len(command) == 0 {
		return errors.New("--postgres needs a command after --")
	}
	server, err := pgtest.Start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, server.Close()) }()
	return runWith(ctx, pgtest.Env+"="+server.URL(), command)
}

// runWith runs a command with one more variable in its environment.
func runWith(ctx context.Context, variable string, command []string) error {
	c := exec.CommandContext(ctx, command[0], command[1:]...)
	c.Env = append(os.Environ(), variable)
	c.Stdout, c.Stderr = os.Stdout, os.Stderr
	if err := c.Run(); err != nil {
		return fmt.Errorf("%s: %w", command[0], err)
	}
	return nil
}
