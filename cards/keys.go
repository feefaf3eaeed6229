package cards

// The keys of what the conversation says outside cards, for Say. The arguments of
// each follow it.
const (
	SayNotUnderstood = "chat.not_understood" // text
	SayFolioNeeded   = "chat.folio_needed"   // command
	SayLanguageSet   = "chat.language_set"   //
	SayDraftKept     = "chat.draft_kept"     // a form begun before is opened again
	SayNotRequester  = "chat.not_requester"  // the person is not in the group that may ask
	SayOutsider      = "chat.outsider"       // guest, or another organisation
	SayInPrivate     = "chat.in_private"     // asked in a channel or group
	SayInChannel     = "chat.in_channel"     // asked in private
	SayNoFile        = "chat.no_file"        // an attachment where none is expected
	SayEdited        = "chat.edited"         // a message was edited
	SayUpdateClient  = "chat.update_client"  // the fallback of password.reveal
	SayOldCard       = "chat.old_card"       // a click that is no longer known
	SayDone          = "chat.done"           // name: the password was handed over
	SayBound         = "chat.bound"          // stage
	SayBindWhat      = "chat.bind_what"      //
	SayAdminOnly     = "chat.admin_only"     //
	SayThreadReady   = "chat.thread_ready"   // folio, name, address: in the thread of a decision
	SayThreadEnded   = "chat.thread_ended"   // folio, state: in the thread of a decision
	SayLowStock      = "chat.low_stock"      // licence, free
	SayQueue         = "chat.queue"          // waiting
	SayUnreachable   = "chat.unreachable"    // name: has not installed Altas
	SayFreeCentre    = "chat.free_centre"    // cct: offered by the search, to be used as typed
)
