// Package pgtest runs a PostgreSQL server of its own, for tests and benchmarks
// of the hub on PostgreSQL.
//
// It promises a fresh server that nobody else on the machine can reach: it
// listens on a socket in a directory of its own only, and keeps its data there.
// Its disk writes are as durable as a shop's. It can be killed as a power cut
// would, and started again on the same data. It never touches another server.
//
// It needs Debian's package postgresql. Start with [Start], then [Server.URL].
package pgtest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Env is the name of the variable that holds the URL of the server that tests
// run on.
const Env = "KICKSTAND_POSTGRES"

// Server is a running server.
type Server struct {
	dir     string
	bin     string
	process *exec.Cmd
	ended   chan struct{} // closed when the process has ended
	said    chan error    // one value: nil once it is ready
}

// Start makes a new server and waits until it answers.
func Start(ctx context.Context) (*Server, error) {
	dir, err := os.MkdirTemp("", "pg")
	if err != nil {
		return nil, err
	}
	s, err := StartAt(ctx, dir)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	return s, nil
}

// StartAt is Start in a directory of choice, which must be empty, have a short
// path, for that of a socket has 107 bytes, and is emptied by Close.
func StartAt(ctx context.Context, dir string) (*Server, error) {
	bin, err := programs()
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, bin: bin}
	if err := s.initialise(ctx); err != nil {
		return nil, err
	}
	return s, s.Restart(ctx)
}

// programs finds the directory of the newest PostgreSQL that is installed.
func programs() (string, error) {
	all, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(all) == 0 {
		return "", errors.New("PostgreSQL is not installed: install Debian's package postgresql")
	}
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0: an odd name, last choice
		return n
	}
	return filepath.Dir(slices.MaxFunc(all, func(a, b string) int { return version(a) - version(b) })), nil
}

// initialise makes the files of the server.
func (s *Server) initialise(ctx context.Context) error {
	c := exec.CommandContext(ctx, filepath.Join(s.bin, "initdb"), "-D", s.data(), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "-N")
	if err := s.dress(c); err != nil {
		return err
	}
	if out, err := c.CombinedOutput(); err != nil {
		return fmt.Errorf("initdb: %w\n%s", err, out)
	}
	return nil
}

func (s *Server) data() string { return filepath.Join(s.dir, "data") }

// dress gives a program its own group of processes, and another user than root
// where we are root, because PostgreSQL refuses to run as root.
func (s *Server) dress(c *exec.Cmd) error {
	c.Dir = "/"
	c.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGQUIT}
	if os.Getuid() != 0 {
		return nil
	}
	u, err := user.Lookup("postgres")
	if err != nil {
		return fmt.Errorf("%w: install Debian's package postgresql, which makes the user", err)
	}
	uid, uidErr := strconv.ParseUint(u.Uid, 10, 32)
	gid, gidErr := strconv.ParseUint(u.Gid, 10, 32)
	if err := errors.Join(uidErr, gidErr, os.Chown(s.dir, int(uid), int(gid))); err != nil {
		return err
	}
	c.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	return nil
}

// URL names the server's database, with parameters such as search_path added.
func (s *Server) URL(params ...string) string {
	q := url.Values{"host": {s.dir}}
	for i := 0; i+1 < len(params); i += 2 {
		q.Set(params[i], params[i+1])
	}
	return "postgres://postgres@/postgres?" + q.Encode()
}

// Restart starts the server that is not running and waits until it answers.
func (s *Server) Restart(ctx context.Context) error {
	c := exec.Command(filepath.Join(s.bin, "postgres"), "-D", s.data(), "-k", s.dir, "-c", "listen_addresses=",
		"-c", "max_connections=300", "-c", "shared_buffers=128MB", "-c", "max_wal_size=2GB")
	if err := s.dress(c); err != nil {
		return err
	}
	words, err := c.StderrPipe()
	if err != nil {
		return err
	}
	if err := c.Start(); err != nil {
		return fmt.Errorf("start PostgreSQL: %w", err)
	}
	s.process, s.ended, s.said = c, make(chan struct{}), make(chan error, 1)
	go s.watch(words)
	select {
	case err := <-s.said:
		return err
	case <-ctx.Done():
		return errors.Join(ctx.Err(), s.signal(syscall.SIGQUIT))
	}
}

// watch reads what the server says until it has ended.
func (s *Server) watch(words io.Reader) {
	defer close(s.ended)
	var all bytes.Buffer
	ready := false
	for lines := bufio.NewScanner(words); lines.Scan(); {
		if !ready && strings.Contains(lines.Text(), "database system is ready to accept connections") {
			ready = true
			s.said <- nil
		}
		if !ready {
			fmt.Fprintln(&all, lines.Text())
		}
	}
	err := s.process.Wait()
	if !ready {
		s.said <- fmt.Errorf("PostgreSQL did not start: %w\n%s", err, all.String())
	}
}

// signal sends a signal to all processes of the server and waits for its end.
func (s *Server) signal(sig syscall.Signal) error {
	_ = syscall.Kill(-s.process.Process.Pid, sig) // may have ended by itself
	select {
	case <-s.ended:
		return nil
	case <-time.After(30 * time.Second):
		_ = syscall.Kill(-s.process.Process.Pid, syscall.SIGKILL)
		return errors.New("PostgreSQL did not stop")
	}
}

// Kill ends the server as a power cut would, but for the machine's own memory.
func (s *Server) Kill() error { return s.signal(syscall.SIGKILL) }

// Halt ends the server as an administrator does who restarts it.
func (s *Server) Halt() error {
	_ = s.process.Process.Signal(syscall.SIGINT)
	<-s.ended
	return nil
}

// Close stops the server and removes its data.
func (s *Server) Close() error {
	return errors.Join(s.signal(syscall.SIGQUIT), os.RemoveAll(s.dir))
}
