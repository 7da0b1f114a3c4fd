package receipt_test

import (
	"context"
	"fmt"
	"os"

	"kickstand/hub/receipt"
	"kickstand/protocol/slip"
)

func ExampleDir() {
	path, err := os.MkdirTemp("", "receipts")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(path) }()
	dir, err := receipt.OpenDir(path)
	if err != nil {
		fmt.Println(err)
		return
	}
	data, err := receipt.Encode(slip.Doc{Title: "Receipt C1-000001"})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	fmt.Println(dir.Put(ctx, "receipts/s1.json", data))
	back, err := dir.Get(ctx, "receipts/s1.json")
	fmt.Print(string(back), err)
	// Output:
	// <nil>
	// {"title":"Receipt C1-000001","lines":null}
	// <nil>
}
