package linktest_test

import (
	"fmt"

	"kickstand/device/link/linktest"
	"kickstand/protocol"
)

// A hub forgets no event when it is stopped, and comes back at the same address.
func Example() {
	hub := linktest.New("demo")
	if err := hub.Start(); err != nil {
		fmt.Println(err)
		return
	}
	hub.Fail(linktest.Faults{StopAfter: 20, Lose: map[uint64]int{3: 1}})
	address := hub.URL()
	fmt.Println(hub.Stop(), hub.Start(), hub.URL() == address)
	fmt.Println(hub.Say(protocol.Address{Shop: "demo", Device: "counter-1"}, protocol.Ack, &protocol.HubAck{Epoch: "e1", Upto: 1}))
	fmt.Println(hub.Stop())
	// Output:
	// <nil> <nil> true
	// <nil>
	// <nil>
}
