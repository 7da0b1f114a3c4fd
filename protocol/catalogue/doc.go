// Package catalogue is the shop's list of items and the index in which a till finds
// them with no network: by a scanned code, by id, or by what somebody types.
//
// It promises:
//
//   - An [Index] never changes once built. Any number of goroutines may read it, and
//     [Index.Apply] gives a new one that shares almost everything with the old.
//   - Applying changes answers every question as building from the merged items
//     would.
//   - The same question gives the same answer in the same order.
//   - Scanned garbage and absurd queries are answered quickly, with nothing.
//
// It refuses to fetch, store or price items: the hub is the authority for the
// catalogue, and a till only keeps the newest version it has seen.
//
// Start with [Build], then [Index.ByCode] for scans and [Index.Search] for typing.
package catalogue
