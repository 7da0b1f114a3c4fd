package mail_test

import (
	"fmt"

	"kickstand/hub/mail"
)

func ExampleServer_Check() {
	fmt.Println(mail.Server{Address: "mail.example.com", From: "receipts@shop.example"}.Check())
	fmt.Println(mail.Server{Address: "mail.example.com:587", From: "receipts@shop.example"}.Check())
	// Output:
	// the mail server "mail.example.com" needs a name and a port, such as mail.example.com:587
	// <nil>
}
