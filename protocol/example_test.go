package protocol_test

import (
	"errors"
	"fmt"

	"kickstand/protocol"
)

// A device seals what happened and sends it on its own topic; the hub reads the
// frame, then the body, and refuses with a reason what it does not know.
func Example() {
	till := protocol.Address{Shop: "demo", Device: "counter-1"}
	opened := &protocol.DrawerOpened{ID: "d1", Operator: "mia", Why: "change for a customer"}
	e, err := protocol.Seal(till.Device, opened, protocol.Stamp{WallMS: 1_790_000_000_000, MonoMS: 5000, BootID: "b1"})
	if err != nil {
		fmt.Println(err)
		return
	}
	e.Epoch, e.Seq, e.Salt = "e7", 12, "9f3c51d07ab2e4688c1d0e5f7a9b3c24"
	data, err := e.Encode()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(till.Topic(protocol.Evt))
	fmt.Println(string(data))

	back, err := protocol.Decode(data)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, err := back.Open()
	fmt.Println(body.(*protocol.DrawerOpened).Why, err)

	_, err = protocol.Decode([]byte(`{"v":1,"device":"counter-1","kind":"drawer.slammed"}`))
	var refused *protocol.RefusedError
	fmt.Println(errors.As(err, &refused), refused.Reason)
	// Output:
	// ks/v1/demo/33/counter-1/evt
	// {"v":1,"device":"counter-1","epoch":"e7","seq":12,"salt":"9f3c51d07ab2e4688c1d0e5f7a9b3c24","kind":"drawer.opened","wall_ms":1790000000000,"mono_ms":5000,"boot_id":"b1","body":{"id":"d1","operator":"mia","why":"change for a customer"}}
	// change for a customer <nil>
	// true unknown-kind
}
