// Package s3test runs an S3 server of its own, for tests of stored receipts: the
// real program versitygw, which checks signatures, over a directory.
//
// It promises a server on loopback with keys of its own and nothing in it, that
// can be stopped and started again with what it holds. It never speaks to a
// server of somebody else. A test on a machine without the program is skipped,
// unless KICKSTAND_S3 says that it must be there, as make test does.
//
// Start with [Start], then [Server.MakeBucket].
package s3test

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Env is the name of the variable that holds the path of the program versitygw
// and makes it required.
const Env = "KICKSTAND_S3"

// Server is a server with its keys.
type Server struct {
	Endpoint string
	Access   string
	Secret   string

	tb      testing.TB
	program string
	address string
	dir     string
	process *exec.Cmd
}

// Start starts a server that ends with the test.
func Start(tb testing.TB) *Server {
	tb.Helper()
	s := &Server{tb: tb, program: find(tb), address: freeAddress(tb), dir: tb.TempDir(), Access: "shop-key", Secret: "a secret of the test"}
	s.Endpoint = "http://" + s.address
	s.Restart()
	tb.Cleanup(s.Stop)
	return s
}

// find returns the program's path.
func find(tb testing.TB) string {
	tb.Helper()
	if path := os.Getenv(Env); path != "" {
		if _, err := os.Stat(path); err != nil {
			tb.Fatalf("the program of %s: %v", Env, err)
		}
		return path
	}
	for up := "."; ; up = filepath.Join(up, "..") {
		path := filepath.Join(up, "bin", "tools", "versitygw")
		if _, err := os.Stat(path); err == nil {
			return path
		}
		if _, err := os.Stat(filepath.Join(up, "go.mod")); err == nil {
			break
		}
	}
	path, err := exec.LookPath("versitygw")
	if err != nil {
		tb.Skip("no S3 server on this machine: make tools builds versitygw")
	}
	return path
}

// freeAddress lies below the ports that the kernel gives to connections, so
// that it is still free when the server comes back to it.
func freeAddress(tb testing.TB) string {
	tb.Helper()
	for range 100 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 20_000+rand.IntN(12_000)))
		if err != nil {
			continue
		}
		defer l.Close()
		return l.Addr().String()
	}
	tb.Fatal("no free port between 20000 and 32000")
	return ""
}

// Restart starts the server that is stopped and waits until it answers.
func (s *Server) Restart() {
	s.tb.Helper()
	c := exec.Command(s.program, "--quiet", "--port", s.address, "--health", "/alive", "posix", s.dir)
	c.Env = append(os.Environ(), "ROOT_ACCESS_KEY="+s.Access, "ROOT_SECRET_KEY="+s.Secret)
	c.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := c.Start(); err != nil {
		s.tb.Fatal(err)
	}
	s.process = c
	deadline := time.After(time.Minute)
	for {
		res, err := http.Get(s.Endpoint + "/alive")
		if err == nil && res.Body.Close() == nil && res.StatusCode == http.StatusOK {
			return
		}
		select {
		case <-deadline:
			s.tb.Fatal("the S3 server does not answer")
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Stop ends the server. What it holds stays.
func (s *Server) Stop() {
	_ = s.process.Process.Kill() // may be stopped already
	_ = s.process.Wait()
}

// MakeBucket makes an empty bucket.
func (s *Server) MakeBucket(name string) {
	s.tb.Helper()
	c, err := minio.New(s.address, &minio.Options{Creds: credentials.NewStaticV4(s.Access, s.Secret, ""), Region: "us-east-1"})
	if err != nil {
		s.tb.Fatal(err)
	}
	if err := c.MakeBucket(s.tb.Context(), name, minio.MakeBucketOptions{}); err != nil {
		s.tb.Fatal(err)
	}
}

// File is where an object is on the disk, for tests that look at it or spoil it
// behind the server's back.
func (s *Server) File(bucket, key string) string {
	return filepath.Join(s.dir, bucket, filepath.FromSlash(key))
}
