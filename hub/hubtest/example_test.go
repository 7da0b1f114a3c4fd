package hubtest_test

import (
	"fmt"

	"kickstand/hub/hubtest"
	"kickstand/protocol"
)

func ExampleTill() {
	till := hubtest.NewTill("counter-1", "C1")
	for _, raw := range [][]byte{till.Reset(), till.Event(till.Sale(hubtest.Item(1)))} {
		env, err := protocol.Decode(raw)
		fmt.Println(env.Seq, env.Kind, err)
	}
	// Output:
	// 1 journal.reset <nil>
	// 2 sale.completed <nil>
}
