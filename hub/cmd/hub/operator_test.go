package main_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnOfficeThatOthersReachNeedsPasswords goes from an empty shop to one that
// may be served to others.
func TestAnOfficeThatOthersReachNeedsPasswords(t *testing.T) {
	data := t.TempDir()
	say := func(want string, code int, args ...string) {
		t.Helper()
		got, out := hub(t, append(args, "--data", data, "--shop", "demo")...)
		if got != code || !strings.Contains(out, want) {
			t.Errorf("hub %s ends with %d and says %q, want %d and %q", strings.Join(args, " "), got, out, code, want)
		}
	}
	if code, out := hub(t, "seed", "demo", "--data", data); code != 0 {
		t.Fatal(out)
	}
	file := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(file, []byte("three small words\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	say("still has the demo shop's password", 1, "serve", "--web", "0.0.0.0:0", "--mqtt", "127.0.0.1:0")
	say("still has the demo shop's password", 1, "serve", "--locked", "--web", "127.0.0.1:0", "--mqtt", "127.0.0.1:0")
	say("the demo shop's", 0, "operator", "list")
	say("at least 10 characters", 1, "operator", "password", "op-maren")
	say(`nobody "op-none" on the staff`, 1, "operator", "password", "op-none", "--file", file)
	say("is set", 0, "operator", "password", "op-maren", "--file", file)
	say("still has the demo shop's password", 1, "serve", "--web", "0.0.0.0:0", "--mqtt", "127.0.0.1:0")
	say("is on the staff", 0, "operator", "add", "op-ada", "--name", "Ada", "--role", "sales")
	say("The id says who it is", 0, "operator", "add", "op-ada", "--name", "Ada", "--role", "sales")
	say("Bo (op-", 0, "operator", "add", "--name", "Bo", "--role", "sales")
	say("must be owner", 1, "operator", "add", "op-bob", "--name", "Bob", "--role", "king")
	for _, who := range []string{"op-maren", "op-tomas", "op-priya", "op-jules", "op-kai"} {
		say("has left", 0, "operator", "retire", who)
	}
	say("nobody has a password", 1, "serve", "--web", "0.0.0.0:0", "--mqtt", "127.0.0.1:0")
	say(`nobody "op-none"`, 1, "operator", "retire", "op-none")
	say("say add, retire, password or list", 1, "operator", "dance")
}
