package receipt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// ErrOther is returned by Bucket.Put when another document is stored under the
// key. It is kept.
var ErrOther = errors.New("another document is stored under this name already and was kept: look at both, and remove the wrong one by hand")

// BucketConfig says which bucket of an S3 server to use.
type BucketConfig struct {
	Endpoint string // https://host[:port]; http:// only within one's own network
	Region   string // as the server calls it; empty means us-east-1
	Bucket   string // must exist
	Prefix   string // put before every key, "demo/", so that shops can share a bucket
	Access   string // access key
	Secret   string // secret key
	// Patience is how long one request may take; 0 means 10 seconds.
	Patience time.Duration
}

// Bucket keeps objects in a bucket of an S3 server. It never replaces an object:
// receipts do not change, so that other bytes under the same name are somebody's
// mistake, and a key that may only add is enough.
type Bucket struct {
	client *minio.Client
	cfg    BucketConfig
}

// NewBucket prepares the way to a bucket. It does not speak to the server yet,
// which may be down: see Bucket.Check.
func NewBucket(cfg BucketConfig) (*Bucket, error) {
	u, err := url.Parse(cfg.Endpoint)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" || u.Path != "" && u.Path != "/" || u.User != nil {
		return nil, fmt.Errorf("object store %q: write the server as https://HOST or https://HOST:PORT", cfg.Endpoint)
	}
	switch {
	case cfg.Bucket == "":
		return nil, errors.New("object store: the name of the bucket is missing")
	case cfg.Access == "" || cfg.Secret == "":
		return nil, errors.New("object store: access key and secret key are missing")
	}
	if cfg.Region == "" {
		cfg.Region = "us-east-1"
	}
	if cfg.Patience == 0 {
		cfg.Patience = 10 * time.Second
	}
	client, err := minio.New(u.Host, &minio.Options{
		Creds: credentials.NewStaticV4(cfg.Access, cfg.Secret, ""), Secure: u.Scheme == "https", Region: cfg.Region,
		MaxRetries: 1, // the keeper tries again by itself
	})
	if err != nil {
		return nil, fmt.Errorf("object store %s: %w", cfg.Endpoint, err)
	}
	return &Bucket{client: client, cfg: cfg}, nil
}

// Where names the bucket for people.
func (b *Bucket) Where() string { return b.cfg.Endpoint + "/" + b.cfg.Bucket }

// Check tries whether the bucket can be written, by an object that says whose
// receipts these are. A store that is only down answers later; the error says
// what a person must do about others.
func (b *Bucket) Check(ctx context.Context) error {
	return b.Put(ctx, "about.json", []byte(`{"about":"Receipts of a shop, written by Kickstand. Each is stored once and never changed."}`+"\n"))
}

// Put stores data under a key that is free, or holds the same data.
func (b *Bucket) Put(ctx context.Context, key string, data []byte) error {
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	err := b.create(ctx, key, data, true)
	switch minio.ToErrorResponse(err).StatusCode {
	case http.StatusNotImplemented:
		err = b.createUnasked(ctx, key, data)
	case http.StatusPreconditionFailed:
		err = b.same(ctx, key, data)
	}
	if err != nil {
		return fmt.Errorf("put %s: %w", key, b.explain(err))
	}
	return nil
}

// create stores an object; with only, the server refuses when there is one.
func (b *Bucket) create(ctx context.Context, key string, data []byte, only bool) error {
	o := minio.PutObjectOptions{ContentType: "application/json"}
	if only {
		o.SetMatchETagExcept("*")
	}
	done, err := b.client.PutObject(ctx, b.cfg.Bucket, b.cfg.Prefix+key, bytes.NewReader(data), int64(len(data)), o)
	if err == nil && done.ETag == "" {
		err = errNotS3 // a page that answers everything, such as a hotel's login
	}
	return err
}

// createUnasked is for servers that cannot refuse by themselves. Only one hub
// writes the receipts of a shop, so nothing comes in between.
func (b *Bucket) createUnasked(ctx context.Context, key string, data []byte) error {
	err := b.same(ctx, key, data)
	if errors.Is(err, ErrNoObject) {
		return b.create(ctx, key, data, false)
	}
	return err
}

// same compares what is stored with data.
func (b *Bucket) same(ctx context.Context, key string, data []byte) error {
	stored, err := b.read(ctx, key)
	if err == nil && !bytes.Equal(stored, data) {
		err = ErrOther
	}
	return err
}

// errNotS3 means that the answer is not one of an S3 server.
var errNotS3 = errors.New("what answers there does not speak S3: check the address")

// maxObject bounds what is read of an object that somebody else put there.
const maxObject = 4 << 20

func (b *Bucket) read(ctx context.Context, key string) ([]byte, error) {
	o, err := b.client.GetObject(ctx, b.cfg.Bucket, b.cfg.Prefix+key, minio.GetObjectOptions{})
	if err != nil {
		return nil, err
	}
	defer func() { _ = o.Close() }() // only read
	data, err := io.ReadAll(io.LimitReader(o, maxObject))
	if minio.ToErrorResponse(err).Code == minio.NoSuchKey {
		err = ErrNoObject
	}
	return data, err
}

// Get returns the data under a key.
func (b *Bucket) Get(ctx context.Context, key string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	data, err := b.read(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("get %s: %w", key, b.explain(err))
	}
	return data, nil
}

// Remove takes an object away. Older versions stay in a bucket that keeps them.
func (b *Bucket) Remove(ctx context.Context, key string) error {
	ctx, cancel := context.WithTimeout(ctx, b.cfg.Patience)
	defer cancel()
	if err := b.client.RemoveObject(ctx, b.cfg.Bucket, b.cfg.Prefix+key, minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("remove %s: %w", key, b.explain(err))
	}
	return nil
}

// explain says what to do about an error of the server.
func (b *Bucket) explain(err error) error {
	r := minio.ToErrorResponse(err)
	switch r.Code {
	case "NoSuchBucket":
		return fmt.Errorf("there is no bucket %q at %s: make it, or correct its name", b.cfg.Bucket, b.cfg.Endpoint)
	case "InvalidAccessKeyId", "XAdminUserNotFound", "SignatureDoesNotMatch":
		return fmt.Errorf("%s does not accept the access key and secret key: check them (%s)", b.cfg.Endpoint, r.Code)
	case "AccessDenied":
		return fmt.Errorf("the access key may not read and write in the bucket %q: allow it s3:GetObject, s3:PutObject and s3:DeleteObject there", b.cfg.Bucket)
	case "AuthorizationHeaderMalformed", "PermanentRedirect", "IllegalLocationConstraintException":
		return fmt.Errorf("the bucket %q is not in the region %q at %s: correct the region or the server (%s)", b.cfg.Bucket, b.cfg.Region, b.cfg.Endpoint, r.Message)
	case "RequestTimeTooSkewed":
		return fmt.Errorf("the clock of this computer is wrong, so that %s refuses it: set the clock", b.cfg.Endpoint)
	}
	var n net.Error
	switch {
	case errors.Is(err, ErrNoObject), errors.Is(err, ErrOther), errors.Is(err, context.Canceled):
		return err
	case r.Code == "InternalError" && r.StatusCode == 0: // minio's own, about an answer it cannot read
		return fmt.Errorf("%s: %w", b.cfg.Endpoint, errNotS3)
	case r.StatusCode == http.StatusInsufficientStorage:
		return fmt.Errorf("the disk of %s is full: make room there", b.cfg.Endpoint)
	case errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("%s did not answer within %v; it is tried again", b.cfg.Endpoint, b.cfg.Patience)
	case errors.As(err, &n):
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err // without the address of the object
		}
		return fmt.Errorf("%s cannot be reached; it is tried again: %w", b.cfg.Endpoint, err)
	}
	if r.StatusCode != 0 {
		return fmt.Errorf("%s answers %d %s (code %s): %.200s", b.cfg.Endpoint, r.StatusCode, http.StatusText(r.StatusCode), r.Code, r.Message)
	}
	return fmt.Errorf("%s: %w", b.cfg.Endpoint, err)
}
