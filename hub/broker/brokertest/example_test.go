package brokertest_test

import (
	"fmt"

	"kickstand/hub/broker/brokertest"
	"kickstand/protocol"
)

func Example() {
	b, err := brokertest.Listen("127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = b.Close() }()
	device := protocol.Address{Shop: "demo", Device: "counter-1"}
	s, err := brokertest.Dial(b.Addr(), device)
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	fmt.Println(s.Publish(device.Topic(protocol.Evt), []byte("not an envelope")))
	// Output: <nil>
}
