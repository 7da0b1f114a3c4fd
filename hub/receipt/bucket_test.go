package receipt_test

import (
	"bytes"
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"kickstand/hub/receipt"
	"kickstand/hub/receipt/s3test"
)

// bucketOf names a bucket of a server.
func bucketOf(s *s3test.Server, name string) receipt.BucketConfig {
	return receipt.BucketConfig{Endpoint: s.Endpoint, Bucket: name, Prefix: "demo/", Access: s.Access, Secret: s.Secret, Patience: 5 * time.Second}
}

func newBucket(t *testing.T, cfg receipt.BucketConfig) *receipt.Bucket {
	t.Helper()
	b, err := receipt.NewBucket(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestABucketKeepsWhatItHas(t *testing.T) {
	server := s3test.Start(t)
	server.MakeBucket("shop")
	b, ctx := newBucket(t, bucketOf(server, "shop")), t.Context()
	if err := errors.Join(b.Check(ctx), b.Check(ctx)); err != nil {
		t.Error(err)
	}
	const key = "receipts/s1.json"
	if _, err := b.Get(ctx, key); !errors.Is(err, receipt.ErrNoObject) {
		t.Errorf("before it is stored: %v", err)
	}
	first := bytes.Repeat([]byte(`{"a":1}`), 20_000)
	for range 2 { // stored once and said again
		if err := b.Put(ctx, key, first); err != nil {
			t.Fatal(err)
		}
	}
	if err := b.Put(ctx, key, []byte("other")); !errors.Is(err, receipt.ErrOther) {
		t.Errorf("other bytes under the same name: %v, want ErrOther", err)
	}
	if got, err := b.Get(ctx, key); err != nil || !bytes.Equal(got, first) {
		t.Errorf("%d bytes, %v; want the %d of the first time", len(got), err, len(first))
	}
	other := bucketOf(server, "shop")
	other.Prefix = "other/"
	if err := newBucket(t, other).Put(ctx, key, []byte("of another shop")); err != nil {
		t.Errorf("another shop in the same bucket: %v", err)
	}
}

// TestWhatIsWrongWithTheObjectStoreIsSaid has each error name what to do and no
// secret.
func TestWhatIsWrongWithTheObjectStoreIsSaid(t *testing.T) {
	server := s3test.Start(t)
	server.MakeBucket("shop")
	for _, c := range []struct {
		name, want string
		spoil      func(*receipt.BucketConfig)
	}{
		{"no such bucket", `there is no bucket "nowhere"`, func(c *receipt.BucketConfig) { c.Bucket = "nowhere" }},
		{"a wrong access key", "does not accept the access key", func(c *receipt.BucketConfig) { c.Access = "nobody" }},
		{"a wrong secret key", "does not accept the access key", func(c *receipt.BucketConfig) { c.Secret = "a wrong secret" }},
		{"another region", "correct the region", func(c *receipt.BucketConfig) { c.Region = "eu-central-1" }},
		{"nobody there", "cannot be reached", func(c *receipt.BucketConfig) { c.Endpoint = "http://127.0.0.1:1" }},
		{"no such host", "cannot be reached", func(c *receipt.BucketConfig) { c.Endpoint = "http://nowhere.invalid" }},
		{"not an S3 server", "does not speak S3", func(c *receipt.BucketConfig) { c.Endpoint = page(t, http.StatusOK) }},
		{"a proxy with an error", "502", func(c *receipt.BucketConfig) { c.Endpoint = page(t, http.StatusBadGateway) }},
		{"a full disk", "make room there", func(c *receipt.BucketConfig) { c.Endpoint = page(t, http.StatusInsufficientStorage) }},
		{"it hangs", "did not answer within", func(c *receipt.BucketConfig) { c.Endpoint, c.Patience = silence(t), 200*time.Millisecond }},
	} {
		t.Run(c.name, func(t *testing.T) {
			cfg := bucketOf(server, "shop")
			c.spoil(&cfg)
			b := newBucket(t, cfg)
			_, getErr := b.Get(t.Context(), "receipts/s1.json")
			for does, err := range map[string]error{"put": b.Put(t.Context(), "receipts/s1.json", []byte("{}")), "get": getErr} {
				if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret of") || errors.Is(err, receipt.ErrNoObject) {
					t.Errorf("%s: %v, want %q", does, err, c.want)
				}
			}
		})
	}
}

// page is a web server that is no S3 server.
func page(t *testing.T, status int) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte("<html>hello</html>"))
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// silence takes connections and says nothing.
func silence(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return "http://" + l.Addr().String()
}

func TestAnAddressThatCannotBeIsRefused(t *testing.T) {
	good := receipt.BucketConfig{Endpoint: "https://s3.example.org", Bucket: "shop", Access: "a", Secret: "b"}
	for name, spoil := range map[string]func(*receipt.BucketConfig){
		"no scheme":          func(c *receipt.BucketConfig) { c.Endpoint = "s3.example.org" },
		"another scheme":     func(c *receipt.BucketConfig) { c.Endpoint = "ftp://s3.example.org" },
		"a path":             func(c *receipt.BucketConfig) { c.Endpoint = "https://s3.example.org/shop" },
		"keys in it":         func(c *receipt.BucketConfig) { c.Endpoint = "https://a:b@s3.example.org" },
		"no bucket":          func(c *receipt.BucketConfig) { c.Bucket = "" },
		"no access key":      func(c *receipt.BucketConfig) { c.Access = "" },
		"no secret key":      func(c *receipt.BucketConfig) { c.Secret = "" },
		"nothing after http": func(c *receipt.BucketConfig) { c.Endpoint = "https://" },
	} {
		cfg := good
		spoil(&cfg)
		if _, err := receipt.NewBucket(cfg); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := receipt.NewBucket(good); err != nil {
		t.Error(err)
	}
}

// TestServersThatCannotRefuse stands before a server and says that it does not
// know conditions.
func TestServersThatCannotRefuse(t *testing.T) {
	stored := map[string][]byte{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch data, there := stored[r.URL.Path]; {
		case r.Header.Get("If-None-Match") != "":
			w.WriteHeader(http.StatusNotImplemented)
		case r.Method == http.MethodPut:
			stored[r.URL.Path] = []byte("{}")
			w.Header().Set("ETag", `"x"`)
		case !there:
			w.WriteHeader(http.StatusNotFound)
			_, _ = w.Write([]byte(`<Error><Code>NoSuchKey</Code></Error>`))
		default:
			w.Header().Set("ETag", `"x"`)
			w.Header().Set("Last-Modified", time.Now().UTC().Format(http.TimeFormat))
			_, _ = w.Write(data)
		}
	}))
	defer s.Close()
	b := newBucket(t, receipt.BucketConfig{Endpoint: s.URL, Bucket: "shop", Access: "a", Secret: "b"})
	if err := errors.Join(b.Put(t.Context(), "k", []byte("{}")), b.Put(t.Context(), "k", []byte("{}"))); err != nil {
		t.Error(err)
	}
	if err := b.Put(t.Context(), "k", []byte("other")); !errors.Is(err, receipt.ErrOther) {
		t.Errorf("got %v, want ErrOther", err)
	}
}

// TestReceiptsInABucketAreRebuilt has the server down while sales are made, and
// then an object lost and one replaced.
func TestReceiptsInABucketAreRebuilt(t *testing.T) {
	server := s3test.Start(t)
	server.MakeBucket("shop")
	ctx := context.Background()
	s, ids := sell(t, 2)
	k := receipt.New(receipt.Config{Rows: s, Objects: newBucket(t, bucketOf(server, "shop"))})
	server.Stop()
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		if r, err := s.Receipt(ctx, id); err != nil || r.Stored || r.Tries != 1 || !strings.Contains(r.Error, "cannot be reached") {
			t.Errorf("with the server down: %+v, %v", r, err)
		}
		if err := s.ReceiptFailed(ctx, id, "the pause is over", 0); err != nil {
			t.Fatal(err)
		}
	}
	server.Restart()
	if err := k.StoreDue(ctx); err != nil {
		t.Fatal(err)
	}
	lost, replaced := server.File("shop", "demo/receipts/"+ids[0]+".json"), server.File("shop", "demo/receipts/"+ids[1]+".json")
	before, err := os.ReadFile(lost)
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.Remove(lost), os.WriteFile(replaced, []byte(`{"title":"forged"}`), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, id := range ids {
		doc, err := k.Open(ctx, id)
		if err != nil || len(doc.Lines) == 0 {
			t.Errorf("%s: %+v, %v; want it rebuilt", id, doc, err)
		}
	}
	if after, err := os.ReadFile(lost); err != nil || !bytes.Equal(before, after) {
		t.Errorf("put back as %q, %v; it was %q", after, err, before)
	}
	if r, err := s.Receipt(ctx, ids[1]); err != nil || !strings.Contains(r.Error, receipt.ErrOther.Error()) {
		t.Errorf("a receipt that somebody replaced: %+v, %v; want a person called", r, err)
	}
}
