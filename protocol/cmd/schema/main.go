// Command schema writes the JSON Schemas of all messages and the AsyncAPI
// document of the topics they travel on, from the Go types of package protocol
// and their comments.
//
// It promises one file per kind, one for the envelope, and one AsyncAPI
// document; a kind that is on no channel, or on two, is an error. It refuses to
// invent: what is not in the types or in the tables of this command is not in the
// files.
//
// Run it in the directory of package protocol: go run ./cmd/schema -out schema.
package main

import (
	"flag"
	"fmt"
	"os"
)

func main() {
	out := flag.String("out", "schema", "directory the files are written to")
	flag.Parse()
	if err := run(*out); err != nil {
		fmt.Fprintln(os.Stderr, "schema:", err)
		os.Exit(1)
	}
}
