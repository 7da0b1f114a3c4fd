package main_test

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// TestDemoRunsAShop starts what make run starts, with the kiosk that needs no
// screen, asks every address it prints and ends it with Ctrl-C.
func TestDemoRunsAShop(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	bin, err := binaries()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", "localhost:99.0") // left over from a closed session
	base := freeBase(t)
	c := exec.Command(bin+"/demo", "--bin", bin, "--data", t.TempDir(), "--port-base", fmt.Sprint(base))
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill() }) // has ended if all went well
	lines := bufio.NewScanner(out)
	var said []string
	for lines.Scan() {
		said = append(said, lines.Text())
		if strings.HasPrefix(lines.Text(), "Ctrl-C") {
			break
		}
	}
	for _, offset := range []int{0, 5, 11, 12} {
		url := fmt.Sprintf("http://127.0.0.1:%d", base+offset)
		if !strings.Contains(strings.Join(said, "\n"), url) {
			t.Errorf("it does not say where %s is:\n%s", url, strings.Join(said, "\n"))
		}
		res, err := http.Get(url)
		if err != nil {
			t.Errorf("%s: %v", url, err)
			continue
		}
		_ = res.Body.Close() // its status is what counts
		if res.StatusCode != http.StatusOK {
			t.Errorf("%s answers %s", url, res.Status)
		}
	}
	if err := c.Process.Signal(syscall.SIGINT); err != nil {
		t.Fatal(err)
	}
	if err := c.Wait(); err != nil {
		t.Errorf("Ctrl-C: %v", err)
	}
	for _, offset := range []int{0, 3, 5, 11, 12} {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", base+offset)); err == nil {
			_ = conn.Close()
			t.Errorf("port %d is still open after the end", base+offset)
		}
	}
}

// freeBase is a port base whose four ports are free now.
func freeBase(t *testing.T) int {
	t.Helper()
	for base := 21000; base < 30000; base += 20 {
		free := true
		for _, offset := range []int{0, 3, 5, 11, 12} {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", base+offset))
			if err != nil {
				free = false
				break
			}
			_ = l.Close() // only looked
		}
		if free {
			return base
		}
	}
	t.Fatal("no free ports")
	return 0
}
