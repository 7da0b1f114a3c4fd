package contact

// Channel is a way to reach a customer, or a purpose, that needs consent.
type Channel string

// The channels.
const (
	SMS       Channel = "sms"
	Email     Channel = "email"
	Call      Channel = "call"
	Marketing Channel = "marketing"
)

// Channels returns all of them, in the order of lists.
func Channels() []Channel { return []Channel{SMS, Email, Call, Marketing} }

// Words says what a channel is for.
func (c Channel) Words() string {
	switch c {
	case SMS:
		return "Text messages about repairs, orders and receipts"
	case Email:
		return "E-mail about repairs, orders and receipts"
	case Call:
		return "Phone calls about repairs and orders"
	case Marketing:
		return "News and offers"
	}
	return string(c)
}

// How a customer said yes or no.
type How string

// The ways to say so.
const (
	Counter How = "counter" // in person
	Phone   How = "phone"
	Writing How = "writing" // on paper or by mail
	Online  How = "online"
)

// Ways returns all of them, in the order of lists.
func Ways() []How { return []How{Counter, Phone, Writing, Online} }

// Words names a way.
func (h How) Words() string {
	switch h {
	case Counter:
		return "in person at the counter"
	case Phone:
		return "on the phone"
	case Writing:
		return "in writing"
	case Online:
		return "on a web page"
	}
	return string(h)
}
