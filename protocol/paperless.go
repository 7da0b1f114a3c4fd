package protocol

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"regexp"
	"strings"
)

// ReceiptWays says how customers may have their receipt besides on paper.
type ReceiptWays struct {
	URL   string `json:"url,omitempty"`   // address that customers reach the hub's receipts at, "https://shop.example"; empty: no QR code
	Print bool   `json:"print,omitempty"` // the QR code stands on paper receipts, too
	Mail  bool   `json:"mail,omitempty"`  // the hub can send e-mail
}

// maxReceiptURL keeps the QR code coarse enough for an old telephone.
const maxReceiptURL = 80

// CheckReceiptURL reports in plain words what is wrong with an address that
// customers are to reach the hub's receipts at. Empty is fine: there is none.
func CheckReceiptURL(base string) error {
	if base == "" {
		return nil
	}
	u, err := url.Parse(base)
	switch {
	case len(base) > maxReceiptURL:
		return fmt.Errorf("the address has more than %d characters", maxReceiptURL)
	case err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http":
		return errors.New("give an address such as https://receipts.example.com")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "" || strings.HasSuffix(base, "/") || strings.ContainsAny(base, " ?#"):
		return errors.New("give the address only, such as https://receipts.example.com, without a / at its end")
	}
	return nil
}

// ReceiptLink is the address of the receipt with a token, below the shop's.
func ReceiptLink(base, token string) string { return base + "/r/" + token }

var tokenPattern = regexp.MustCompile(`^[a-z2-7]{26,52}$`)

// IsReceiptToken reports whether s looks like the token of a receipt: at least
// 128 random bits as a-z and 2-7.
func IsReceiptToken(s string) bool { return tokenPattern.MatchString(s) }

// TokenDigest is what the hub keeps of a receipt's token: its SHA-256 in hex.
// Whoever reads the database cannot open receipts with it.
func TokenDigest(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// ReceiptMail asks the hub to send the receipt of a sale by e-mail, once.
type ReceiptMail struct {
	ID      string `json:"id"`      // minted by the device; the hub sends one mail for it
	Sale    string `json:"sale"`    // comes before it in the same outbox
	Address string `json:"address"` // personal: the hub forgets it some days after the mail is sent
}

// Kind returns KindMail.
func (*ReceiptMail) Kind() Kind { return KindMail }

// Check reports malformed ids and addresses.
func (m *ReceiptMail) Check() error {
	if CheckID(m.ID) != nil || CheckID(m.Sale) != nil {
		return errors.New("id and sale must be ids")
	}
	return CheckAddress(m.Address)
}

// MaxAddress is the longest e-mail address, RFC 5321 section 4.5.3.1.3 less the
// brackets.
const MaxAddress = 254

var (
	localPattern  = regexp.MustCompile(`^[A-Za-z0-9!#$%&'*+/=?^_{|}~` + "`" + `-]+(\.[A-Za-z0-9!#$%&'*+/=?^_{|}~` + "`" + `-]+)*$`)
	domainPattern = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]*[A-Za-z0-9]$`)
)

// CheckAddress reports in plain words what is wrong with an e-mail address. It
// takes what RFC 5321 calls a dot-string at a domain name, in ASCII: nothing that
// could become a second line of a header.
func CheckAddress(a string) error {
	local, domain, ok := strings.Cut(a, "@")
	switch {
	case a == "":
		return errors.New("type the e-mail address first")
	case !ok:
		return errors.New("an e-mail address has an @, as in anna@example.com")
	case strings.Contains(domain, "@"):
		return errors.New("an e-mail address has only one @")
	case len(a) > MaxAddress || len(local) > 64:
		return errors.New("this is too long for an e-mail address")
	case local == "":
		return errors.New("the part before the @ is missing")
	case !localPattern.MatchString(local):
		return errors.New("there is a character before the @ that no e-mail address has")
	case !strings.Contains(domain, "."):
		return errors.New("the part after the @ has a dot, as in example.com")
	case !domainPattern.MatchString(domain):
		return errors.New("the part after the @ is no name of a mail provider")
	}
	return nil
}

// MaskAddress is what may be shown of an e-mail address to people it does not
// belong to: its first letter and where it goes.
func MaskAddress(a string) string {
	at := strings.LastIndexByte(a, '@')
	if at < 1 {
		return ""
	}
	return a[:1] + "•••" + a[at:]
}
