package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	kioskMB  = 130 // aim for the kiosk with its window under software rendering
	portBase = 27080
	startup  = 90 * time.Second
	quiet    = 10 * time.Second // until the collectors have settled
)

// measureMemory starts a shop as make run does, waits until it is quiet and
// reads the proportional set size of hub and kiosk.
func measureMemory(ctx context.Context, bin string) ([]row, error) {
	dir, err := os.MkdirTemp("", "kickstand-bench")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	c := exec.CommandContext(ctx, filepath.Join(bin, "demo"), "--bin", bin, "--data", dir, "--port-base", fmt.Sprint(portBase))
	c.Cancel = func() error { return c.Process.Signal(syscall.SIGTERM) }
	out, err := c.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		return nil, err
	}
	rows, err := readMemory(bufio.NewScanner(out), c.Process.Pid)
	stop := c.Process.Signal(syscall.SIGTERM)
	return rows, errors.Join(err, stop, c.Wait())
}

func readMemory(out *bufio.Scanner, demo int) ([]row, error) {
	deadline := time.Now().Add(startup)
	for out.Scan() && !strings.Contains(out.Text(), "Ctrl-C") {
		if time.Now().After(deadline) {
			return nil, errors.New("the shop did not start in time")
		}
	}
	<-time.After(quiet)
	var rows []row
	children, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", demo, demo))
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, pid := range append(strings.Fields(string(children)), siblings(demo)...) {
		name, mb, err := pss(pid)
		if err != nil || seen[name] || (name != "hub" && name != "kiosk") {
			continue
		}
		seen[name] = true
		r := row{name: "memory of the " + name, value: mb, unit: "MB PSS"}
		if name == "kiosk" {
			r.aim = aim{most: kioskMB}
		}
		rows = append(rows, r)
	}
	if len(rows) != 2 {
		return rows, fmt.Errorf("found %d of hub and kiosk", len(rows))
	}
	return rows, nil
}

// siblings lists the children of all threads of a process: the one that forked
// is any of them.
func siblings(pid int) []string {
	tasks, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	if err != nil {
		return nil
	}
	var all []string
	for _, t := range tasks {
		b, err := os.ReadFile(t)
		if err != nil {
			continue
		}
		all = append(all, strings.Fields(string(b))...)
	}
	return all
}

// pss is the name of a process and its proportional set size in MB.
func pss(pid string) (string, float64, error) {
	name, err := os.ReadFile("/proc/" + pid + "/comm")
	if err != nil {
		return "", 0, err
	}
	b, err := os.ReadFile("/proc/" + pid + "/smaps_rollup")
	if err != nil {
		return "", 0, err
	}
	for line := range strings.Lines(string(b)) {
		f := strings.Fields(line)
		if len(f) == 3 && f[0] == "Pss:" {
			kb, err := strconv.ParseFloat(f[1], 64)
			return strings.TrimSpace(string(name)), kb / 1024, err
		}
	}
	return "", 0, errors.New("no Pss in smaps_rollup")
}
