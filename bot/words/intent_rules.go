package words

// existing are the concepts that speak of an account that exists: then no other is offered.
var existing = []string{"cannot", "return", "again", "down", "remove", "wrong", "change"}

// intentRules are tried in order: what is more particular, or more harmful to misread, comes first.
// What is said of somebody who left, or of an account that is closed or does not let in, is never read
// as a wish for an account.
var intentRules = []rule{
	{intent: Turned, all: []string{"done"}},
	{intent: Return, all: []string{"giveback"}},
	{intent: Standin, all: []string{"absent", "byme"}},

	{intent: toPrivacy, all: []string{"privacy"}},
	{intent: toPrivacy, all: []string{"curp", "reason"}, none: []string{"mistake"}},
	{intent: toCancel, all: []string{"cancelverb", "request"}, none: []string{"left"}},
	{intent: Correct, all: []string{"mistake"}, none: []string{"password"}},
	{intent: Person, all: []string{"talk"}},
	{intent: Person, all: []string{"phone"}, none: []string{"code", "button", "enter", "change"}},

	// Accounts that exist.
	{intent: Code, all: []string{"code"}},
	{intent: Reactivate, all: []string{"again"}, none: []string{"password", "newcomer"}},
	{intent: Reactivate, all: []string{"down", "account"}, none: []string{"password"}},
	{intent: Reactivate, all: []string{"left", "account", "return"}, none: []string{"password"}},
	{intent: Close, all: []string{"left"}},
	{intent: Close, all: []string{"remove", "account"}, none: []string{"password"}},
	{intent: Rename, all: []string{"misspelt"}, none: []string{"password"}},
	{intent: Rename, all: []string{"married"}},
	{intent: Correct, all: []string{"change", "request"}, none: []string{"password", "account", "progress"}},
	{intent: Rename, all: []string{"change", "named"}, none: []string{"password"}},
	{intent: Rename, all: []string{"named", "amiss"}, none: []string{"password"}},
	{intent: Rename, all: []string{"account", "truly"}, none: []string{"password", "request"}},
	{intent: Rename, all: []string{"change", "account"}, none: []string{"password", "reset"}},
	{intent: Recover, all: []string{"locked"}},
	{intent: Recover, all: []string{"password", "forgot"}},
	{intent: Recover, all: []string{"password", "reset"}},
	{intent: Recover, all: []string{"password", "wrong"}},
	{intent: Recover, all: []string{"password", "cannot"}, none: []string{"see"}},
	{intent: Handover, all: []string{"password", "see"}},
	{intent: Handover, all: []string{"password", "arrive"}},
	{intent: Recover, all: []string{"password"}},
	{intent: Recover, all: []string{"cannot", "enter"}, none: []string{"button", "form"}},
	{intent: Recover, all: []string{"reset", "account"}},
	{intent: Recover, all: []string{"forgot", "account"}},

	{intent: toButtons, all: []string{"button"}},
	{intent: toLetter, all: []string{"letter"}},
	{intent: toList, all: []string{"list"}},
	{intent: Needs, all: []string{"needs"}, none: []string{"pending"}},
	{intent: Deciders, all: []string{"who"}},
	{intent: Complaint, all: []string{"insult"}},

	// Figures, and what waits.
	{intent: Seats, all: []string{"licence", "count"}},
	{intent: Seats, all: []string{"licence", "queue"}},
	{intent: toReport, all: []string{"figures"}},
	{intent: toMine, all: []string{"every"}},
	{intent: toPending, all: []string{"pending"}},
	{intent: Seats, all: []string{"queue"}},
	{intent: Wait, all: []string{"howlong"}},
	{intent: Account, all: []string{"account", "without"}, none: []string{"sent"}},
	{intent: Exists, all: []string{"exists"}},
	{intent: toStatus, all: []string{"progress"}},
	{intent: Wait, all: []string{"when", "account"}, none: []string{"want"}},
	{intent: Wait, all: []string{"when", "request"}},
	{intent: Wait, all: []string{"when", "ready"}},
	{intent: Decide, all: []string{"approve"}},
	{intent: Hours, all: []string{"office"}},

	{intent: EnglishNow, all: []string{"english"}, none: []string{"account", "holder", "subject"}},
	{intent: SpanishNow, all: []string{"spanish"}, none: []string{"account", "holder"}},
	{intent: Account, all: []string{"account", "newcomer"}, none: []string{"cannot", "down", "wrong"}},
	{intent: Account, all: []string{"account", "want"}, none: existing},
	{intent: Account, all: []string{"account", "new"}, none: existing},
	{intent: Account, all: []string{"account", "how"}, none: existing},
	{intent: Account, all: []string{"account", "for"}, none: existing},
	{intent: Account, all: []string{"want", "holder", "new"}},
	{intent: Account, all: []string{"register", "holder"}},
	{intent: toHelp, all: []string{"ability"}},
	{intent: Topic, all: []string{"account"}},
	{intent: toThanks, all: []string{"thanks"}},
	{intent: toHelp, all: []string{"helpme"}},
	{intent: Topic, all: []string{"request"}},
	{intent: toHello, all: []string{"hello"}},
}
