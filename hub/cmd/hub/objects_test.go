package main_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// TestTheObjectStoreIsNamedWell gives settings that cannot be right.
func TestTheObjectStoreIsNamedWell(t *testing.T) {
	data, dir := t.TempDir(), t.TempDir()
	keys, one := filepath.Join(dir, "keys"), filepath.Join(dir, "one")
	if err := errors.Join(os.WriteFile(keys, []byte("a\nb\n"), 0o600), os.WriteFile(one, []byte("a\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, want string
		args       []string
	}{
		{"no server", "--s3 is missing", []string{"--s3-bucket", "b", "--s3-keys", keys}},
		{"no bucket", "the name of the bucket is missing", []string{"--s3", "https://s3.example.org", "--s3-keys", keys}},
		{"no keys", "--s3-keys is missing", []string{"--s3", "https://s3.example.org", "--s3-bucket", "b"}},
		{"no file", "no such file", []string{"--s3", "https://s3.example.org", "--s3-bucket", "b", "--s3-keys", keys + "-not"}},
		{"one key", "it has 1", []string{"--s3", "https://s3.example.org", "--s3-bucket", "b", "--s3-keys", one}},
		{"no scheme", "https://HOST", []string{"--s3", "s3.example.org", "--s3-bucket", "b", "--s3-keys", keys}},
	} {
		t.Run(c.name, func(t *testing.T) {
			want(t, 1, c.want, append([]string{"serve", "--data", data, "--shop", "demo", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0"}, c.args...)...)
		})
	}
}
