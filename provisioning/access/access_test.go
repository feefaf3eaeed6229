package access

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// members returns who belongs to which group, and records the calls.
type members struct {
	groups map[string][]string // by person
	err    error
	asked  []string // "person group"
	within time.Duration
}

func (m *members) MemberOf(ctx context.Context, person string, groups []string) ([]string, error) {
	if until, bounded := ctx.Deadline(); bounded {
		m.within = time.Until(until)
	}
	var found []string
	for _, g := range groups {
		m.asked = append(m.asked, person+" "+g)
		if slices.Contains(m.groups[person], g) {
			found = append(found, g)
		}
	}
	return found, m.err
}

var errAway = errors.New("away")

// Groups are looked up only for those who need one, for at most five seconds.
func TestProven(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		by      string
		channel provisioning.StageName
		away    error
		groups  []string
		asked   []string
		want    error
	}{
		"in a private chat":                       {by: "luz"},
		"in the platform's channel":               {by: "luz", channel: provisioning.Platform},
		"at a stage without a group":              {by: "luz", channel: provisioning.Director},
		"a member of the stage's group":           {by: "luz", channel: provisioning.Subdirector, groups: []string{"group"}, asked: []string{"luz group"}},
		"who is in another group":                 {by: "saul", channel: provisioning.Subdirector, asked: []string{"saul group"}},
		"an approver by name":                     {by: "oscar", channel: provisioning.Subdirector},
		"while the directory does not answer":     {by: "luz", channel: provisioning.Subdirector, away: errAway, asked: []string{"luz group"}, want: errAway},
		"an approver while it does not answer":    {by: "oscar", channel: provisioning.Subdirector, away: errAway},
		"in a private chat while it does not":     {by: "luz", away: errAway},
		"in the channel of a stage there is none": {by: "luz", channel: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &members{groups: map[string][]string{"luz": {"group"}, "saul": {"another"}}, err: tt.away}
			access := accessAt(today)
			access.Memberships, access.Rules.Stages[1].Approvers = m, []string{"oscar"}
			click, err := access.Proven(t.Context(), actor(tt.by), tt.channel)
			wantError(t, err, tt.want)
			if want := in(tt.channel, tt.by, tt.groups...); tt.want == nil && !cmp.Equal(want, click) {
				t.Errorf("proven %+v, want %+v", click, want)
			}
			wantAsked(t, m, tt.asked)
		})
	}
}

func wantAsked(t *testing.T, m *members, want []string) {
	t.Helper()
	if !slices.Equal(m.asked, want) || len(want) > 0 && (m.within <= 0 || m.within > 5*time.Second) {
		t.Errorf("asked %q for %s, want %q for 5 s", m.asked, m.within, want)
	}
}

func TestMayAsk(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		group, who string
		away       error
		asked      []string
		want       error
	}{
		"anybody, where no group is named":     {who: "saul"},
		"a member of the group":                {group: "requesters", who: "silvia", asked: []string{"silvia requesters"}},
		"who is in another group":              {group: "requesters", who: "saul", asked: []string{"saul requesters"}, want: refused(problem.CodeForbidden, "authority.asking")},
		"an administrator who is no member":    {group: "requesters", who: "ines", asked: []string{"ines requesters"}, want: refused(problem.CodeForbidden, "authority.asking")},
		"while the directory does not answer":  {group: "requesters", who: "silvia", away: errAway, asked: []string{"silvia requesters"}, want: errAway},
		"anybody, while nobody need be asked":  {who: "saul", away: errAway},
		"nobody Teams can name, where it asks": {group: "requesters", asked: []string{" requesters"}, want: refused(problem.CodeForbidden, "authority.asking")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &members{groups: map[string][]string{"silvia": {"requesters"}, "saul": {"another"}}, err: tt.away}
			access := accessAt(today)
			access.Memberships, access.Rules.RequesterGroup = m, tt.group
			wantError(t, access.MayAsk(t.Context(), actor(tt.who)), tt.want)
			wantAsked(t, m, tt.asked)
		})
	}
}

// An administrator may ask without being in the requesters' group; anybody else as by MayAsk.
func TestMayAskOrAdministers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		who   string
		away  error
		asked []string
		want  error
	}{
		"a member of the group":              {who: "silvia", asked: []string{"silvia requesters"}},
		"who is in another group":            {who: "saul", asked: []string{"saul requesters"}, want: refused(problem.CodeForbidden, "authority.asking")},
		"an administrator who is no member":  {who: "ines"},
		"an administrator, while it is away": {who: "ines", away: errAway},
		"a member, while it does not answer": {who: "silvia", away: errAway, asked: []string{"silvia requesters"}, want: errAway},
		"nobody Teams can name":              {asked: []string{" requesters"}, want: refused(problem.CodeForbidden, "authority.asking")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := &members{groups: map[string][]string{"silvia": {"requesters"}, "saul": {"another"}}, err: tt.away}
			access := accessAt(today)
			access.Memberships, access.Rules.RequesterGroup = m, "requesters"
			wantError(t, access.MayAskOrAdministers(t.Context(), actor(tt.who)), tt.want)
			wantAsked(t, m, tt.asked)
		})
	}
}

// A member of any stage's approver group decides; it is not known while the directory does not answer.
func TestInApproverGroup(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		groups []string // of the stages; "" for none
		away   error
		want   bool
		err    error
	}{
		"of the first stage's":     {groups: []string{"approvers", ""}, want: true},
		"of the second stage's":    {groups: []string{"others", "approvers"}, want: true},
		"of none":                  {groups: []string{"others", ""}},
		"where there is none":      {groups: []string{"", ""}, away: errAway},
		"while it does not answer": {groups: []string{"approvers", ""}, away: errAway, err: errAway},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			access := accessAt(today)
			access.Rules.Stages = provisioning.Stages{
				{Name: provisioning.Director, ApproverGroup: tt.groups[0]}, {Name: provisioning.Subdirector, ApproverGroup: tt.groups[1]},
			}
			m := &members{groups: map[string][]string{"luz": {"approvers"}}, err: tt.away}
			if tt.away != nil {
				m.groups = nil
			}
			access.Memberships = m
			got, err := access.InApproverGroup(t.Context(), "luz")
			wantError(t, err, tt.err)
			if got != tt.want {
				t.Errorf("in a group: %v, want %v", got, tt.want)
			}
		})
	}
}

func TestGuest(t *testing.T) {
	t.Parallel()
	const ours, theirs = "11111111-AAAA-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222"
	for name, tt := range map[string]struct {
		person Profile
		want   bool
	}{
		"of the tenant":                  {Profile{Role: "user", TenantID: ours, Name: "ana@example.mx"}, false},
		"of whom nothing is told":        {Profile{}, false},
		"the tenant in small letters":    {Profile{TenantID: "11111111-aaaa-4111-8111-111111111111"}, false},
		"a guest by role":                {Profile{Role: "Guest", TenantID: ours, Name: "ana@example.mx"}, true},
		"of another tenant":              {Profile{Role: "user", TenantID: theirs, Name: "ana@example.mx"}, true},
		"invited, by the name alone":     {Profile{Name: "ana_example.com#EXT#@example.mx"}, true},
		"invited, with small letters":    {Profile{Name: "ana_example.com#ext#@example.mx"}, true},
		"a name that only has the three": {Profile{Name: "ext@example.mx"}, false},
	} {
		if got := tt.person.Guest(ours); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}

// Who sees a request, and who corrects it: silvia submitted both, and the second was returned. Ines
// is an administrator; luz is a substitute, who sees nobody's request.
func TestOwnAndCorrectable(t *testing.T) {
	t.Parallel()
	const open, returned, none provisioning.Folio = "2026-000001", "2026-000002", "2026-000003"
	hidden := refused(problem.CodeNotFound, "request.not_found")
	requesters := refused(problem.CodeForbidden, "authority.requester")
	state := refused(problem.CodeConflict, "state.request")
	db := storetest.Open(t)
	access := accessAt(today)
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		first, second := provisioningtest.Request(open, "silvia", 0), provisioningtest.Request(returned, "silvia", 0)
		second.State = provisioning.StateReturned
		s := provisioning.Substitute{Stage: provisioning.Director, To: actor("luz"), From: day(0), Until: day(1)}
		return errors.Join(provisioningtest.PutRequest(tx, first), provisioningtest.PutRequest(tx, second),
			access.NameSubstitute(tx, in(provisioning.Director, "elena"), s))
	}))
	for name, tt := range map[string]struct {
		by            string
		folio         provisioning.Folio
		owns, correct error
	}{
		"the requester":                                {"silvia", returned, nil, nil},
		"the requester, while decided":                 {"silvia", open, nil, state},
		"an administrator":                             {"ines", returned, nil, requesters},
		"an administrator, a folio that there is not":  {"ines", none, hidden, hidden},
		"the requester, a folio that there is not":     {"silvia", none, hidden, hidden},
		"another requester":                            {"martha", returned, hidden, hidden},
		"who holds the office, in their own chat":      {"elena", returned, hidden, hidden},
		"the substitute":                               {"luz", returned, hidden, hidden},
		"nobody Teams can name":                        {"", returned, hidden, hidden},
		"another requester, a folio that there is not": {"martha", none, hidden, hidden},
	} {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			r, err := access.Own(tx, actor(tt.by), tt.folio)
			if !errors.Is(err, tt.owns) || err == nil && r.Folio != tt.folio {
				t.Errorf("%s: Own = %s, %v, want %v", name, r.Folio, err, tt.owns)
			}
			r, err = access.Correctable(tx, actor(tt.by), tt.folio)
			if !errors.Is(err, tt.correct) || err == nil && r.Folio != tt.folio {
				t.Errorf("%s: Correctable = %s, %v, want %v", name, r.Folio, err, tt.correct)
			}
			if tt.folio == none {
				return nil
			}
			reads, err := access.Reads(tx, provisioningtest.Request(tt.folio, "silvia", 0), actor(tt.by))
			if reads != (tt.owns == nil) {
				t.Errorf("%s: Reads = %t", name, reads)
			}
			return err
		}))
	}
}

// A refusal is the same whether there is a request with the folio or not.
func TestOwnTellsNobodyWhatThereIs(t *testing.T) {
	t.Parallel()
	const folio provisioning.Folio = "2026-000001"
	db := storetest.Open(t)
	asked := func() (err error) {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			_, err = accessAt(today).Own(tx, actor("martha"), folio)
			return nil
		}))
		return err
	}
	before := asked()
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		return provisioningtest.PutRequest(tx, provisioningtest.Request(folio, "silvia", 0))
	}))
	if diff := cmp.Diff(before, asked()); diff != "" {
		t.Errorf("(-there is none +there is one):\n%s", diff)
	}
}

// Whose lines a search covers, whatever it contains.
func TestSearch(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, tt := range map[string]struct {
		by, through string
		groups      []string
		reach       []provisioning.StageName
		want        error
	}{
		"a requester":                         {by: "silvia", through: "silvia"},
		"who decides at a stage":              {by: "elena", reach: []provisioning.StageName{provisioning.Director}},
		"a member of a stage's group":         {by: "luz", groups: []string{"group"}, reach: []provisioning.StageName{provisioning.Subdirector}},
		"whose group is not known: their own": {by: "luz", through: "luz"},
		"an administrator: everybody's":       {by: "ines"},
		"nobody Teams can name":               {want: refused(problem.CodeForbidden, "authority.unknown")},
	} {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			q, reach, err := accessAt(today).Search(tx, actor(tt.by), tt.groups, provisioning.AccountSearch{Text: "ana", Below: "2026-000001-0001", Requester: "martha"})
			want := provisioning.AccountSearch{Text: "ana", Below: "2026-000001-0001", Requester: tt.through}
			if !errors.Is(err, tt.want) || err == nil && (q != want || !slices.Equal(reach.Stages, tt.reach) || reach.All != (tt.by == "ines")) {
				t.Errorf("%s: %+v, %v, want %+v, %v", name, q, err, want, tt.want)
			}
			return nil
		}))
	}
}

// An administrator binds a channel to one stage; a refusal is not recorded.
func TestBindChannel(t *testing.T) {
	t.Parallel()
	const director, platform = provisioning.Director, provisioning.Platform
	for name, tt := range map[string]struct {
		by, channel   string
		stage, serves provisioning.StageName
		bound         bool
		want          error
	}{
		"an administrator":                       {by: "ines", channel: "19:a", stage: director, bound: true},
		"the platform's":                         {by: "ines", channel: "19:a", stage: platform, bound: true},
		"the same stage again":                   {by: "ines", channel: "19:a", stage: director, serves: director, bound: true},
		"a channel that is another stage's":      {by: "ines", channel: "19:a", stage: director, serves: platform},
		"where there is no channel":              {by: "ines", stage: director, want: refused(problem.CodeForbidden, "authority.channel")},
		"who holds the office":                   {by: "elena", channel: "19:a", stage: director, want: refused(problem.CodeForbidden, "authority.administrator")},
		"somebody, a channel of another stage's": {by: "saul", channel: "19:a", stage: director, serves: platform, want: refused(problem.CodeForbidden, "authority.administrator")},
		"nobody Teams can name":                  {channel: "19:a", stage: director, want: refused(problem.CodeForbidden, "authority.administrator")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t)
			var bound bool
			err := db.Update(t.Context(), func(tx provisioning.Tx) (err error) {
				bound, err = accessAt(today).BindChannel(tx, actor(tt.by), tt.stage, tt.serves, tt.channel)
				return err
			})
			wantError(t, err, tt.want)
			var trail []provisioning.Entered
			if tt.bound {
				trail = append(trail, provisioning.Entered{At: today, By: actor(tt.by), Act: "channel.register", Detail: map[string]string{
					"stage": string(tt.stage), "channel": tt.channel,
				}})
			}
			if bound != tt.bound {
				t.Errorf("bound: %t", bound)
			}
			wantEntries(t, db, trail...)
		})
	}
}

// Administrators see reports in their chat and in a stage's channel, the department in its own;
// approvers do not, and nobody in a channel whose members are unknown.
func TestMayReport(t *testing.T) {
	t.Parallel()
	no := refused(problem.CodeForbidden, "authority.report")
	for name, tt := range map[string]struct {
		by       string
		personal bool
		channel  provisioning.StageName
		want     error
	}{
		"an administrator, in their chat":    {by: "ines", personal: true},
		"in the platform's channel":          {by: "ines", channel: provisioning.Platform},
		"in a stage's":                       {by: "ines", channel: provisioning.Director},
		"in a channel of no stage":           {by: "ines", want: no},
		"anybody, in the platform's channel": {by: "saul", channel: provisioning.Platform},
		"somebody, in their chat":            {by: "saul", personal: true, want: no},
		"an approver, in their channel":      {by: "elena", channel: provisioning.Director, want: no},
		"an approver, in their chat":         {by: "elena", personal: true, want: no},
		"nobody Teams can name":              {personal: true, want: no},
		"nobody, in the platform's channel":  {channel: provisioning.Platform, want: no},
		"somebody, in a channel of no stage": {by: "saul", want: no},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantError(t, accessAt(today).MayReport(actor(tt.by), tt.personal, tt.channel), tt.want)
		})
	}
}
