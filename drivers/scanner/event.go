package scanner

// Event is what a Scanner tells its sink: one of [Scan], [Duplicate], [Garbage],
// [Up] and [Down], always by value.
type Event interface {
	event()
}

// Duplicate is a code that was read again within Config.Debounce of its last
// reading. It is not a Scan: it must not sell the item twice.
type Duplicate struct {
	// Scan is the repeated reading, with the Stamp of this event.
	Scan
	// Times counts the repetitions since the Scan that was delivered, from 1.
	Times int
}

// Garbage is bytes that were not delivered as a code.
type Garbage struct {
	Stamp
	// Bytes is how many bytes were given up.
	Bytes int
	// Reason says why, in words a person can read.
	Reason Loss
	// Sample is the beginning of the bytes, at most 32, for a diagnosis. It
	// may be empty.
	Sample string
}

// Up says that the scanner's port is open and codes will come.
type Up struct {
	Stamp
	// Identity is the full key of what was found: of a USB device as
	// [Identity.String] writes it, else the path.
	Identity string
	// Path is the node that was opened.
	Path string
}

// Down says that there is no open port, and why. The Scanner keeps trying; it
// says Down again only when the cause or the reason changes.
type Down struct {
	Stamp
	// Cause is the kind of trouble, for a program.
	Cause Cause
	// Reason is plain words for a person, and says what to do.
	Reason string
}

// Cause is the kind of trouble of a [Down] event.
type Cause string

// Unplugged: the port was open and went away. NotFound: no such port.
// Ambiguous: several ports match the identity. NoPermission and Busy: the
// port is there and cannot be opened. Failed: anything else.
const (
	Unplugged    Cause = "unplugged"
	NotFound     Cause = "not-found"
	Ambiguous    Cause = "ambiguous"
	NoPermission Cause = "no-permission"
	Busy         Cause = "busy"
	Failed       Cause = "failed"
)

func (Scan) event()      {}
func (Duplicate) event() {}
func (Garbage) event()   {}
func (Up) event()        {}
func (Down) event()      {}
