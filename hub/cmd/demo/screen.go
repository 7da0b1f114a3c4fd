package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// screen is the X display the kiosks draw on: the machine's own, or a virtual
// one of our own.
type screen struct {
	display string
	virtual *exec.Cmd // nil for the machine's own
}

// findScreen returns the machine's display if it has one that answers, else it
// starts a virtual one.
func findScreen(ctx context.Context) (*screen, error) {
	if d := os.Getenv("DISPLAY"); answersX(d) {
		return &screen{display: d}, nil
	}
	r, w, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	c := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1920x1080x24", "-nolisten", "tcp", "-noreset")
	c.ExtraFiles = []*os.File{w}
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
	err = c.Start()
	_ = w.Close() // the child has its own copy
	if err != nil {
		return nil, fmt.Errorf("start a virtual screen: %w (Debian's package is xvfb)", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = c.Process.Kill() })
	defer stop()
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		_ = c.Process.Kill()
		return nil, errors.Join(fmt.Errorf("the virtual screen did not come up: %w", err), c.Wait())
	}
	return &screen{display: ":" + strings.TrimSpace(number), virtual: c}, nil
}

// answersX reports whether somebody listens on an X display such as ":0" or
// "localhost:10.0". A DISPLAY left over from a closed session does not count.
func answersX(display string) bool {
	host, rest, ok := strings.Cut(display, ":")
	number, err := strconv.Atoi(strings.Split(rest, ".")[0])
	if !ok || err != nil {
		return false
	}
	network, address := "unix", fmt.Sprintf("/tmp/.X11-unix/X%d", number)
	if host != "" && host != "unix" {
		network, address = "tcp", net.JoinHostPort(host, strconv.Itoa(6000+number))
	}
	conn, err := net.DialTimeout(network, address, 2*time.Second)
	if err != nil {
		return false
	}
	_ = conn.Close() // only knocked
	return true
}

func (s *screen) close() {
	if s.virtual == nil {
		return
	}
	_ = s.virtual.Process.Signal(syscall.SIGTERM)
	_ = s.virtual.Wait() // ended by our signal
}
