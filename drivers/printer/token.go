package printer

import (
	"encoding/binary"
	"hash/fnv"
)

// token is the four printable characters that stand for a document in GS ( H.
// The nonce keeps apart two times the same job ID is printed, so that a late
// answer to the first cannot prove the second.
func token(id string, nonce uint64) [4]byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	h := fnv.New32a()
	var n [8]byte
	binary.LittleEndian.PutUint64(n[:], nonce)
	h.Write(n[:])
	h.Write([]byte(id))
	v := h.Sum32()
	v ^= v >> 24
	var t [4]byte
	for i := range t {
		t[i] = letters[v>>(6*i)&63]
	}
	return t
}
