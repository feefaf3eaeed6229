package creation

import "seducoahuila.gob.mx/altas/provisioning"

// moves are the legal moves of a line. Attention returns to the state it came from.
var moves = provisioning.Moves{
	provisioning.AccountPending: {
		provisioning.AccountReserved, provisioning.AccountExists, provisioning.AccountExcluded, provisioning.AccountAttention,
	},
	provisioning.AccountReserved: {
		provisioning.AccountCreated, provisioning.AccountPending, provisioning.AccountExists, provisioning.AccountExcluded,
		provisioning.AccountAttention,
	},
	provisioning.AccountCreated:  {provisioning.AccountLicensed, provisioning.AccountAttention},
	provisioning.AccountLicensed: {provisioning.AccountRecorded, provisioning.AccountAnnounced, provisioning.AccountAttention},
	provisioning.AccountRecorded: {provisioning.AccountAnnounced, provisioning.AccountAttention},
	provisioning.AccountAttention: {
		provisioning.AccountPending, provisioning.AccountReserved, provisioning.AccountCreated, provisioning.AccountLicensed,
		provisioning.AccountRecorded, provisioning.AccountExists, provisioning.AccountExcluded,
	},
}

// Moves returns the legal moves of a line.
func (cr *Creation) Moves() provisioning.Moves { return moves }
