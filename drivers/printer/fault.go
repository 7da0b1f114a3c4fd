package printer

import "fmt"

// Fault is the error of a print that did not go through. The outcome itself
// stands in [Result]: read Result.Proof to know whether printing again is safe.
type Fault struct {
	Trouble Trouble
	Device  string // the transport, for instance "tcp 192.0.2.7:9100"
	Written int    // bytes that left the machine
	Total   int    // bytes of the document
	Err     error  // cause, may be nil
}

// Error says which printer has what trouble and how far the document got.
func (f *Fault) Error() string {
	s := fmt.Sprintf("print on %s: %s after %d of %d bytes", f.Device, f.Trouble, f.Written, f.Total)
	if f.Err != nil {
		s += ": " + f.Err.Error()
	}
	return s
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Err }

// Hint tells a shop assistant what to do, in plain words.
func (f *Fault) Hint() string { return f.Trouble.Hint() }

// Hint tells a shop assistant what to do about the trouble, in plain words.
func (t Trouble) Hint() string {
	switch t {
	case PaperOut:
		return "The printer is out of paper. Put in a new roll and close the cover."
	case CoverOpen:
		return "The printer's cover is open. Close it until it clicks."
	case CutterJam:
		return "The paper knife is stuck. Open the cover, take out loose paper, then close it."
	case Failed:
		return "The printer reports a fault. Switch it off, wait five seconds and switch it on again."
	case Offline:
		return "The printer is offline. Check that it is switched on and no light is blinking."
	case Unplugged:
		return "The printer cannot be reached. Check its power and its cable."
	case Timeout:
		return "The printer does not answer. Look whether the receipt came out before printing again."
	}
	return "The printer is ready."
}
