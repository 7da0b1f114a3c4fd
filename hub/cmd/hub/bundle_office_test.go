package main_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"kickstand/hub/staff"
)

// owner is the owner's browser on a running hub.
type owner struct {
	*http.Client
	t    *testing.T
	base string
}

func (s *serving) owner(t *testing.T) *owner {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	o := &owner{Client: &http.Client{Jar: jar}, t: t, base: "http://" + s.web}
	o.post("/signin", url.Values{"who": {"op-maren"}, "password": {staff.DemoPassword}, "back": {"/settings/bundle"}})
	return o
}

func (o *owner) post(path string, values url.Values) string {
	o.t.Helper()
	return o.page(o.PostForm(o.base+path, values))
}

func (o *owner) get(path string) string {
	o.t.Helper()
	return o.page(o.Get(o.base + path))
}

func (o *owner) page(res *http.Response, err error) string {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
	b, err := io.ReadAll(res.Body)
	if err = errors.Join(err, res.Body.Close()); err != nil || res.StatusCode != http.StatusOK {
		o.t.Fatalf("%s: %s, %v\n%s", res.Request.URL, res.Status, err, b)
	}
	return string(b)
}

var (
	oneTime = regexp.MustCompile(`name="form" value="([0-9a-f]{32})"`)
	fetched = regexp.MustCompile(`href="(/settings/bundle/[0-9a-f]+)"`)
)

// TestAHubThatIsKilledMakesTheOfficesBundleAgain kills the hub with SIGKILL while
// it makes a bundle that the office asked for, until it was caught in the middle.
// The next one makes it without being asked, and it is whole.
func TestAHubThatIsKilledMakesTheOfficesBundleAgain(t *testing.T) {
	data := t.TempDir()
	want(t, 0, "408 items", "seed", "demo", "--data", data)
	for range 20 {
		s := serve(t, data)
		o := s.owner(t)
		before, asked := len(wholeOnes(t, data)), time.Now()
		o.post("/settings/bundle", url.Values{"form": {oneTime.FindStringSubmatch(o.get("/settings/bundle"))[1]}})
		caught := caughtInTheMiddle(t, data, before, asked)
		_ = s.cmd.Process.Kill() // SIGKILL
		_ = s.cmd.Wait()         // counts as an error
		if parts, err := filepath.Glob(filepath.Join(data, "bundles", "*.part")); err != nil || !caught || len(parts) == 0 {
			continue
		}
		s = serve(t, data)
		o = s.owner(t)
		page := ""
		for deadline := time.Now().Add(time.Minute); !strings.Contains(page, "Ready") || strings.Contains(page, "Being made"); page = o.get("/settings/bundle") {
			if time.Now().After(deadline) {
				t.Fatalf("it is never ready:\n%s", page)
			}
		}
		file := filepath.Join(t.TempDir(), "shop.zip")
		if err := os.WriteFile(file, []byte(o.get(fetched.FindStringSubmatch(page)[1])), 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, 0, "as they were written", "bundle", "verify", file)
		return
	}
	t.Fatal("it was never caught in the middle")
}

// caughtInTheMiddle waits until a bundle is being written, or for too long.
func caughtInTheMiddle(t *testing.T, data string, before int, since time.Time) bool {
	t.Helper()
	for time.Since(since) < 10*time.Second {
		parts, err := filepath.Glob(filepath.Join(data, "bundles", "*.part"))
		if err != nil {
			t.Fatal(err)
		}
		if len(parts) > 0 {
			return true
		}
		if len(wholeOnes(t, data)) > before {
			return false
		}
	}
	return false
}

func wholeOnes(t *testing.T, data string) []string {
	t.Helper()
	all, err := filepath.Glob(filepath.Join(data, "bundles", "*.zip"))
	if err != nil {
		t.Fatal(err)
	}
	return all
}
