package main

import (
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"path/filepath"

	"kickstand/hub/receipt"
	"kickstand/hub/store"
)

// s3 is where receipts go instead of a directory.
type s3 struct {
	Endpoint string // https://host of an S3 server [none: DIR/receipts]
	Bucket   string // bucket that exists there; required with Endpoint
	Region   string // as the server calls it [us-east-1]
	Keys     string // file of two lines, access key and secret key; required with Endpoint
}

// flags adds the flags of the object store.
func (s *s3) flags(fs *flag.FlagSet) {
	fs.StringVar(&s.Endpoint, "s3", "", "`https://host` of an S3 server that stores the receipts, instead of a directory in --data")
	fs.StringVar(&s.Bucket, "s3-bucket", "", "`name` of a bucket that exists there")
	fs.StringVar(&s.Region, "s3-region", "us-east-1", "`region` as that server calls it")
	fs.StringVar(&s.Keys, "s3-keys", "", "`file` of two lines: access key, secret key")
}

// openKeeper prepares the keeper of the receipts. An object store that is down
// or set wrong does not keep the hub from starting.
func openKeeper(c Config, db *store.Store, log *slog.Logger) (*receipt.Keeper, error) {
	objects, err := c.objects()
	if err != nil {
		return nil, err
	}
	return receipt.New(receipt.Config{Rows: db, Objects: objects, Due: db.ReceiptsReady(), Log: log}), nil
}

func (c *Config) objects() (receipt.Objects, error) {
	if c.S3.Endpoint == "" {
		if c.S3.Bucket != "" || c.S3.Keys != "" {
			return nil, errors.New("--s3 is missing: the address of the S3 server")
		}
		return receipt.OpenDir(filepath.Join(c.Data, "receipts"))
	}
	if c.S3.Keys == "" {
		return nil, errors.New("--s3-keys is missing: a file of two lines, access key and secret key")
	}
	keys, err := readSecret(c.S3.Keys)
	if err != nil {
		return nil, fmt.Errorf("--s3-keys: %w", err)
	}
	if len(keys) != 2 {
		return nil, fmt.Errorf("--s3-keys %s must have two lines, access key and secret key; it has %d", c.S3.Keys, len(keys))
	}
	return receipt.NewBucket(receipt.BucketConfig{
		Endpoint: c.S3.Endpoint, Bucket: c.S3.Bucket, Region: c.S3.Region, Prefix: c.Shop + "/", Access: keys[0], Secret: keys[1],
	})
}
