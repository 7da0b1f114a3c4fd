package mailtest_test

import (
	"context"
	"fmt"
	"net"
	"net/smtp"
	"strings"

	"kickstand/hub/mail/mailtest"
)

func Example() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	server := mailtest.New()
	server.Fail(mailtest.Busy)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	letter := strings.Join([]string{
		"Message-ID: <1@shop.example>", "Subject: Your receipt", `Content-Type: multipart/alternative; boundary="x"`, "",
		"--x", "Content-Type: text/plain; charset=UTF-8", "Content-Transfer-Encoding: quoted-printable", "", "TOTAL 9.95", "--x--", "",
	}, "\r\n")
	for range 2 {
		err := smtp.SendMail(l.Addr().String(), nil, "receipts@shop.example", []string{"anna@mail.example"}, []byte(letter))
		fmt.Println(err)
	}
	for _, m := range server.Mails() {
		fmt.Println(m.Subject, m.To)
	}
	stop()
	fmt.Println(<-ended)
	// Output:
	// 451 "4.3.2 try again later"
	// <nil>
	// Your receipt [anna@mail.example]
	// <nil>
}
