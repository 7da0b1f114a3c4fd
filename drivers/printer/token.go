package printer

import "hash/fnv"

// token is the four printable characters that stand for a job ID in GS ( H.
func token(id string) [4]byte {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
	h := fnv.New32a()
	h.Write([]byte(id))
	v := h.Sum32()
	v ^= v >> 24
	var t [4]byte
	for i := range t {
		t[i] = letters[v>>(6*i)&63]
	}
	return t
}
