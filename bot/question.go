package bot

import (
	"seducoahuila.gob.mx/altas/cards"
)

// confirmWords are the commands that say yes, with the verb of what was asked.
var confirmWords = map[string]string{
	"yes reject": cards.ApprovalReject,
	"yes drop":   cards.AttentionDrop, "yes disable": cards.AttentionDisable, "yes rename": cards.AttentionRename,
}
