package web

import (
	"errors"
	"fmt"
	"strings"

	"kickstand/hub/audit"
)

// lookUp says where a code from a paper stands in history. It is quick: the rows
// between that checkpoint and today's are proved by the tree, not read.
func (o *office) lookUp(v visit, typed string) (auditCheck, error) {
	if strings.TrimSpace(typed) == "" {
		return auditCheck{Title: "No code was typed", Words: "It stands near the end of every receipt and Z report, after the word Journal, such as 1204-7ZQ4M-0KX3V.", Help: "Type it and look it up again. Small letters, O for 0 and l for 1 do not matter."}, nil
	}
	if o.AuditKey.String() == "" {
		return auditCheck{Title: "No code can be looked up", Words: "The hub's audit key is missing, so nobody can tell which checkpoints are genuine.", Help: "Restore the key file from a backup and start the hub again."}, nil
	}
	f, err := audit.LookUp(v.Context(), o.Store, o.AuditKey, typed)
	var bad *audit.BadCheckpointError
	var row *audit.BadRowError
	switch {
	case errors.Is(err, audit.ErrCodeUnknown):
		return unknownCode(typed), nil
	case errors.As(err, &bad), errors.As(err, &row):
		return badCheck(err), nil
	case err != nil && strings.Contains(err.Error(), "is not a checkpoint code"):
		return auditCheck{Title: "This is not a code", Words: sentence(err.Error()), Help: "Compare it with the paper: a number, then five letters and digits, then five more. If a letter cannot be read, the Z report of that day has a code too."}, nil
	case err != nil:
		return auditCheck{}, err
	}
	return o.foundCode(v, f)
}

// unknownCode says what a code that no checkpoint has may come from.
func unknownCode(typed string) auditCheck {
	return auditCheck{
		Title: "The code is not part of this journal",
		Words: fmt.Sprintf("No checkpoint of this shop's journal has the code %.40s.", strings.ToUpper(strings.TrimSpace(typed))),
		Help: "Compare it with the paper first, letter by letter. If it is right, the paper is of another shop, or it was printed after the backup that this hub was restored from, or the journal was changed since. " +
			"Then check the whole journal, change nothing, and show the paper to a technician.",
	}
}

// foundCode says what is known of a checkpoint.
func (o *office) foundCode(v visit, f audit.Found) (auditCheck, error) {
	c := auditCheck{
		Good: true, Title: "The code is part of history",
		Words: fmt.Sprintf("The journal had %s when the paper with the code %s was printed. Its last one is unchanged, and today's journal of %s continues it.",
			count(f.Checkpoint.Size, "event", "events"), f.Checkpoint.Code(), count(f.Latest.Size, "event", "events")),
		Help: "This proves that nothing before the paper was left out, slipped in or reordered since, as long as the hub's key is the one you noted. Checking the whole journal computes every event anew.",
		Facts: []fact{
			{"Sealed", stamp(v, v.time(f.Checkpoint.AtMS))},
			{"Its last event", thousands(f.Row.N) + ", " + auditWords(f.Row.Kind)},
			{"Today's code", f.Latest.Code()},
			{"Hub's key", o.AuditKey.Code()},
		},
	}
	signed, err := o.Store.Cosigners(v.Context())
	if err != nil {
		return c, err
	}
	names, err := o.tillNames(v)
	if err != nil {
		return c, err
	}
	for _, d := range signed {
		if d.Size >= f.Checkpoint.Size {
			c.Facts = append(c.Facts, fact{names.device(d.Device), o.cosignature(v, d)})
		}
	}
	if len(c.Facts) == 4 {
		c.Facts = append(c.Facts, fact{"Devices", "none has signed a journal as long as that yet"})
	}
	return c, nil
}

// cosignature says what a device signed, after checking that it did.
func (o *office) cosignature(v visit, d audit.Cosigned) string {
	note, err := o.Store.CheckpointAt(v.Context(), d.Size)
	if err != nil {
		return "its signature belongs to a checkpoint that is not there: check the whole journal"
	}
	c, err := o.AuditKey.Check(note)
	if err == nil {
		err = d.Check(c)
	}
	key, parsed := audit.ParsePublic(d.Key)
	if err = errors.Join(err, parsed); err != nil {
		return "its signature is not good: check the whole journal"
	}
	return "has signed " + c.Code() + " " + stamp(v, v.time(c.AtMS)) + ", key " + key.Code()
}
