package provisioning

import (
	"encoding/json"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// What the directory has of an account, and whose its password is then. Times are seconds after
// noon; the account was created at noon.
func TestWhosePasswordItIs(t *testing.T) {
	t.Parallel()
	at := func(seconds int) time.Time { return noon.Add(time.Duration(seconds) * time.Second) }
	shown := Handover{Reveals: 1, ShownAt: at(600), SetFrom: at(600), SetAt: at(601)}
	tried := func(h Handover) Handover {
		h.Trial = Trial{Before: at(601), Until: at(1120)}
		return h
	}
	late := Handover{Trial: Trial{Before: at(601), Likely: at(1025), Until: at(1120)}}
	guessed := Handover{Reveals: 1, ShownAt: at(600), SetAt: at(720).Add(time.Microsecond)}
	entry := func(changed int) Entry { return Entry{Created: noon, PasswordSetAt: at(changed)} }
	used := entry(600)
	used.LastSignIn = at(1)
	replaced := Handover{Since: at(900), SetFrom: at(900), SetAt: at(900)}
	replacedAndTried, replacedAndShown := replaced, replaced
	replacedAndTried.Trial = Trial{Before: at(900), Until: at(1120)}
	replacedAndShown.SetAt, replacedAndShown.Trial = at(950), Trial{Before: at(950), Until: at(1120)}
	replacedEntry := func(changed, signedIn int) Entry {
		return Entry{Created: noon.AddDate(-1, 0, 0), PasswordSetAt: at(changed), LastSignIn: at(signedIn)}
	}
	for name, c := range map[string]struct {
		hand Handover
		says Entry
		want passwordState
	}{
		"never shown, as it was made":                       {Handover{}, entry(0), ourPassword},
		"never shown, dated a moment after it was made":     {Handover{}, entry(60), ourPassword},
		"never shown, changed by an administrator":          {Handover{}, entry(61), ownersPassword},
		"never shown, made when nobody says":                {Handover{}, Entry{PasswordSetAt: at(61)}, ownersPassword},
		"never shown, as it was made when nobody says":      {Handover{}, Entry{PasswordSetAt: at(60)}, ourPassword},
		"shown, and dated to less than a second":            {Handover{Reveals: 1, ShownAt: at(500), SetFrom: at(600), SetAt: at(601).Add(time.Microsecond)}, entry(600), ourPassword},
		"never shown, and the directory names no date":      {Handover{}, Entry{Created: noon}, unseenPassword},
		"signed in, whatever the password's date":           {shown, used, ownersPassword},
		"signed in before it was ever shown":                {Handover{}, Entry{Created: noon, PasswordSetAt: noon, LastSignIn: at(1)}, ownersPassword},
		"shown, the first date that may be ours":            {shown, entry(600), ourPassword},
		"shown, the last date that may be ours":             {shown, entry(601), ourPassword},
		"shown, changed a second later":                     {shown, entry(602), ownersPassword},
		"shown, changed two minutes later":                  {shown, entry(721), ownersPassword},
		"shown, and the directory shows what was before":    {shown, entry(599), unseenPassword},
		"tried for the first time, and not done":            {tried(Handover{}), entry(601), ourPassword},
		"tried for the first time, and done":                {tried(Handover{}), entry(1000), ourPassword},
		"tried for the first time, and reset by hand":       {tried(Handover{}), entry(1121), ownersPassword},
		"tried first, and done late, or by hand":            {late, entry(1030), unclearPassword},
		"tried first, and done in its time":                 {late, entry(1025), ourPassword},
		"tried after a showing, and not done":               {tried(shown), entry(601), ourPassword},
		"tried after a showing, and done, or by its owner":  {tried(shown), entry(602), unclearPassword},
		"tried after a showing, changed long after":         {tried(shown), entry(1121), ownersPassword},
		"tried after a showing, and that is not seen yet":   {tried(shown), entry(599), unseenPassword},
		"adopted with the directory's date":                 {Handover{SetAt: at(30)}, entry(30), ourPassword},
		"adopted, and changed since":                        {Handover{SetAt: at(30)}, entry(31), ownersPassword},
		"guessed by an earlier release, set as it was":      {guessed, entry(610), ourPassword},
		"guessed by an earlier release, changed soon":       {guessed, entry(640), ownersPassword},
		"replaced, and nothing since":                       {replaced, replacedEntry(900, 600), ourPassword},
		"replaced, though its owner had signed in":          {replaced, replacedEntry(900, 900), ourPassword},
		"replaced, and signed in since":                     {replaced, replacedEntry(900, 901), ownersPassword},
		"replaced, and changed since":                       {replaced, replacedEntry(901, 600), ownersPassword},
		"replaced, and that is not seen yet":                {replaced, replacedEntry(899, 600), unseenPassword},
		"replaced, tried for the first time, and done":      {replacedAndTried, replacedEntry(1000, 600), ourPassword},
		"replaced, tried, and reset by hand":                {replacedAndTried, replacedEntry(1121, 600), ownersPassword},
		"replaced, shown, tried, and done, or by its owner": {replacedAndShown, replacedEntry(1000, 600), unclearPassword},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := Account{CreatedAt: noon, Handover: c.hand}
			if got := passwordOf(a, c.says); got != c.want {
				t.Errorf("it is %d, want %d", got, c.want)
			}
		})
	}
}

// A line of the previous release: shown once, with the date from the directory.
func TestAHandoverOfTheReleaseBefore(t *testing.T) {
	t.Parallel()
	const stored = `{"stamp":"2026-000001-0001","state":"announced","createdAt":"2026-08-24T14:00:00.5Z",
		"password":{"reveals":1,"shownAt":"2026-08-24T14:10:00.123456789Z","setAt":"2026-08-24T14:10:01Z"}}`
	var a Account
	if err := json.Unmarshal([]byte(stored), &a); err != nil {
		t.Fatal(err)
	}
	for after, want := range map[time.Duration]passwordState{0: ourPassword, time.Second: ownersPassword} {
		if got := passwordOf(a, Entry{PasswordSetAt: a.Handover.SetAt.Add(after)}); got != want {
			t.Errorf("changed %s after it was shown, it is %d, want %d", after, got, want)
		}
	}
	again, err := json.Marshal(a.Handover)
	if want := `{"reveals":1,"shownAt":"2026-08-24T14:10:00.123456789Z","setAt":"2026-08-24T14:10:01Z"}`; err != nil || string(again) != want {
		t.Errorf("stored again %s, %v", again, err)
	}
}

func TestMayReveal(t *testing.T) {
	t.Parallel()
	limits := Limits{Reveals: 5, RevealWithin: 7 * 24 * time.Hour, RevealInterval: 10 * time.Second}
	rosa := Actor{ID: "rosa"}
	for name, c := range map[string]struct {
		requester, by Actor
		change        func(*Account)
		want          string // reason; "" for allowed
	}{
		"the requester":                        {rosa, rosa, func(*Account) {}, ""},
		"another":                              {rosa, Actor{ID: "luz"}, func(*Account) {}, "authority.requester"},
		"nobody, of a request that names none": {Actor{}, Actor{}, func(*Account) {}, "authority.requester"},
		"before it is announced":               {rosa, rosa, func(a *Account) { a.State = AccountRecorded }, "password.not_ready"},
		"of an account there was":              {rosa, rosa, func(a *Account) { a.State = AccountExists }, "password.not_ready"},
		"once left out":                        {rosa, rosa, func(a *Account) { a.State = AccountExcluded }, "password.not_ready"},
		"once handed over":                     {rosa, rosa, func(a *Account) { a.Handover.Done = true }, "password.done"},
		"once used":                            {rosa, rosa, func(a *Account) { a.Handover.Used = true }, "password.used"},
		"once it may be its owner's":           {rosa, rosa, func(a *Account) { a.Handover.Trial.Unclear = true }, "password.unclear"},
		"on the last day":                      {rosa, rosa, func(a *Account) { a.AnnouncedAt = noon.Add(-limits.RevealWithin) }, ""},
		"after it":                             {rosa, rosa, func(a *Account) { a.AnnouncedAt = noon.Add(-limits.RevealWithin - 1) }, "password.expired"},
		"for the fifth time":                   {rosa, rosa, func(a *Account) { a.Handover.Reveals = 4 }, ""},
		"for the sixth":                        {rosa, rosa, func(a *Account) { a.Handover.Reveals = 5 }, "password.limit"},
		"a moment after another":               {rosa, rosa, func(a *Account) { a.Handover.ShownAt = noon.Add(1 - limits.RevealInterval) }, "password.wait"},
		"ten seconds after another":            {rosa, rosa, func(a *Account) { a.Handover.ShownAt = noon.Add(-limits.RevealInterval) }, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := &TemporaryPasswords{Rules: &Rules{Limits: limits}, Now: func() time.Time { return noon }}
			a := Account{State: AccountAnnounced, AnnouncedAt: noon.Add(-time.Hour)}
			c.change(&a)
			err := h.mayReveal(a, c.requester, c.by)
			if reason := problem.ReasonOf(err); (err == nil) != (c.want == "") || err != nil && reason != c.want {
				t.Errorf("answered %v, want %q", err, c.want)
			}
		})
	}
}

// Until when a failed attempt to set a password may take effect.
func TestWhenATrialIsOver(t *testing.T) {
	t.Parallel()
	trial := Trial{Before: noon, Until: noon.Add(2 * time.Minute)}
	refused, away := problem.Refuse(problem.CodeForbidden, DirectoryNoPermission), problem.Refuse(problem.CodeUnavailable, DirectoryUnavailable)
	for name, c := range map[string]struct {
		after         time.Duration
		left          bool
		cause         error
		likely, until time.Duration
	}{
		"refused":                      {5 * time.Second, false, refused, 7 * time.Second, 7 * time.Second},
		"nothing known of the effect":  {5 * time.Second, false, away, 15 * time.Second, 2 * time.Minute},
		"its caller left":              {12 * time.Second, true, away, 22 * time.Second, 2 * time.Minute},
		"no later than it could be":    {115 * time.Second, false, away, 2 * time.Minute, 2 * time.Minute},
		"what comes long after is not": {10 * time.Minute, false, refused, 2 * time.Minute, 2 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			over := trial.ended(noon.Add(c.after), c.left, c.cause)
			if likely, until := over.Likely.Sub(noon), over.Until.Sub(noon); likely != c.likely || until != c.until {
				t.Errorf("it is likely dated %s after, and %s at most; want %s and %s", likely, until, c.likely, c.until)
			}
		})
	}
}
