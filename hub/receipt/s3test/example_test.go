package s3test_test

import (
	"testing"

	"kickstand/hub/receipt"
	"kickstand/hub/receipt/s3test"
)

func Example() {
	test := func(t *testing.T) {
		server := s3test.Start(t)
		server.MakeBucket("receipts")
		bucket, err := receipt.NewBucket(receipt.BucketConfig{
			Endpoint: server.Endpoint, Bucket: "receipts", Access: server.Access, Secret: server.Secret,
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := bucket.Check(t.Context()); err != nil {
			t.Error(err)
		}
	}
	_ = test // run by go test
}
