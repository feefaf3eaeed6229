package recovery

import "seducoahuila.gob.mx/altas/provisioning"

// The notices of the kind.
const (
	NoticeHolder provisioning.NoticeKind = "recovered"       // to the holder: the password of Args["address"] was renewed for Args["name"]
	NoticeLocked provisioning.NoticeKind = "recovery_locked" // to Platform: Args["name"] identified Args["most"] accounts wrongly, and is locked out
)
