// Package staff knows who is signed in to the office: passwords, sessions, and the
// waiting after wrong passwords.
//
// It promises that a password is kept as argon2id only and a session as the digest
// of a random secret; that wrong passwords cost more and more time, for the person
// and for the address they come from, also over a restart of the hub; that a
// session ends after [IdleTime] without a request and after [HardTime] in any case;
// and that a new password ends all sessions of its owner.
//
// It refuses to say what somebody may do: that is hub/right.
//
// Start with [New], then [Desk.SignIn] and [Desk.Who].
package staff
