// Command schemadoc writes docs/schema.md from the comments of the migrations.
// Run it at the root of the project: go run ./hub/store/cmd/schemadoc
package main

import (
	"fmt"
	"os"

	"kickstand/hub/store"
)

func main() {
	if err := run("docs/schema.md"); err != nil {
		fmt.Fprintln(os.Stderr, "schemadoc:", err)
		os.Exit(1)
	}
}

func run(path string) error {
	page, err := store.SchemaPage()
	if err != nil {
		return err
	}
	return os.WriteFile(path, []byte(page), 0o644)
}
