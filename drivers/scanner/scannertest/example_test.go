package scannertest_test

import (
	"bufio"
	"fmt"
	"log"
	"os"

	"kickstand/drivers/scanner/scannertest"
)

func Example() {
	dir, err := os.MkdirTemp("", "scannertest")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	s, err := scannertest.Open(dir, scannertest.Settings{})
	if err != nil {
		log.Fatal(err)
	}
	defer s.Close()

	port, err := os.Open(s.Path()) // a driver would do so
	if err != nil {
		log.Fatal(err)
	}
	defer port.Close()
	if err := s.ScanAs("]E0", "4006381333931"); err != nil {
		log.Fatal(err)
	}
	code, err := bufio.NewReader(port).ReadString('\r')
	fmt.Printf("%q %v\n", code, err)
	// Output: "]E04006381333931\r" <nil>
}
