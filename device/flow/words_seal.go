package flow

// Words about the hub's journal.
const (
	wordSealHubKey    = "The hub's key"
	wordSealSeen      = "Journal seen"
	wordSealRefused   = "Journal refused"
	wordSealKey       = "the hub signs with another key than before"
	wordSealUnsigned  = "the hub's journal is not signed as it should be"
	wordSealRewritten = "the hub's journal was changed behind what this device has seen"
	wordSealWell      = "The hub's journal is in order: there is nothing to accept."
	wordSealWho       = "Only an owner or a service lead may do this. Change the person first."
	wordSealNotYet    = "This journal is not signed properly, so nobody can accept it. Call a technician."
	wordSealTaken     = "From now on this device follows the hub's journal as it is. It was noted who decided that."
	wordAcceptHistory = "Accept history"
	wordHistoryTitle  = "Go on with another history?"
	wordHistoryKeep   = "No, keep warning"
	wordHistoryTake   = "Yes, accept it"
)

func wordSealShorter(rows int64) string {
	return "the hub's journal lost " + itoa(int(rows)) + " rows that this device has seen"
}

func wordSealNotice(why string) string {
	return "Somebody must look into this: " + why + ". Was an older backup restored? Selling goes on. An owner decides: tap This till."
}

// wordSealFault is for the office, which needs the code to release a kiosk.
func wordSealFault(s Seal) string {
	return s.Why + "; it now shows " + parsed(s.Refused).Code()
}

func wordHistoryText(s Seal) string {
	return "Reason: " + s.Why + ". This device had seen " + s.have().Code() + ", the hub now shows " + parsed(s.Refused).Code() +
		". Accept only if you know why, for example because an older backup was restored. The journal notes that you accepted it."
}
