// Package journal is the device's memory that survives a power cut: the state
// of the device, the events that the hub has not yet acknowledged, the ids of
// commands already carried out, and a copy of the catalogue.
//
// It promises that
//
//   - an Entry is stored whole or not at all: the state and the events that
//     belong to it are in one transaction, synced to the disk before Commit
//     returns;
//   - events of a stream are numbered from 1 without gaps, in the order in which
//     Commit was called, within an epoch that is minted with the file, and each
//     carries the digest of the one before it;
//   - events of Hi are never dropped. When Lo outgrows its cap its oldest events
//     are replaced by one JournalGap that counts them, except for the first few,
//     which may be on the wire;
//   - a damaged file is set aside under another name and never destroyed, a fresh
//     journal begins with a JournalReset that says why and holds what could be read
//     of the damaged one; a power cut meanwhile loses none of it;
//   - what was acknowledged or replaced is zeroes in the file from the next start on;
//   - no content of the file makes it panic.
//
// Commits that wait at the same time share one transaction: the owner takes
// everything that is queued, writes it with one commit, and answers all of it. A
// lone commit waits for nobody. Acknowledgements and states that nobody waits
// for take the same queue, so the order of calls is the order on disk.
//
// It refuses to go on after the disk failed to sync: what is on the disk is then
// unknown, every call returns ErrFailed, and the file must be opened again. It
// refuses heartbeats and measurements: those belong in memory.
//
// Start with Open, keep Run going in a goroutine, and Close after Run returned.
package journal
