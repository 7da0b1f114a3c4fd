// Package mail sends the receipts that customers asked for by e-mail, over SMTP.
//
// It promises that a mail that was asked for is sent or told to a person: it stays
// in the database as work, is tried again with growing pauses when the mail server
// does not take it, and is given up after a day, or at once when the server says
// that there is no such address. Its Message-ID is in the database before the first
// attempt and the same at every attempt. Addresses are forgotten some days after a
// mail has ended, and receipts whose days are over can no longer be opened.
//
// SMTP has one gap that nobody can close: a server that has taken a mail and loses
// the connection before it says so is asked again, and may deliver both. The same
// Message-ID lets mail programs show them as one.
//
// It refuses to put anything into a header that could become a second line, and to
// send a password without encryption unless it is told to.
//
// Start with [New] and keep [Sender.Run] going. hub/mail/mailtest is a mail server
// to send to.
package mail
