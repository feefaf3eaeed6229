package graph_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

func TestATeacherGetsAnAccount(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	ctx := t.Context()
	u := teacher(t, 1)
	made, err := f.Create(ctx, u)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.License(ctx, made.ID, student); err != nil {
		t.Fatal(err)
	}
	if err := f.License(ctx, made.ID, student); err != nil {
		t.Errorf("licensed twice: %v", err)
	}
	for range 2 {
		if err := f.Join(ctx, made.ID, []string{groupID}); err != nil {
			t.Errorf("join: %v", err)
		}
	}
	e, err := f.Entry(ctx, made.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := provisioning.Entry{ID: made.ID, Address: u.Address, Nickname: "ana.ruiz1", Proxies: []identity.Address{u.Address},
		DisplayName: u.DisplayName, Stamp: u.Stamp, Department: "05EPR0093X", Office: u.OfficeLocation, JobTitle: "Docente",
		Enabled: true, Created: e.Created, PasswordSetAt: e.PasswordSetAt, AsOf: e.AsOf, SKUs: []string{student}}
	if diff := cmp.Diff(want, e); diff != "" || e.Created.IsZero() || e.PasswordSetAt.IsZero() {
		t.Errorf("entry (-want +got):\n%s", diff)
	}
	found, err := f.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address, Names: []string{u.DisplayName}})
	if err != nil || len(found) != 1 || found[0].ID != made.ID {
		t.Errorf("find: %v %v", found, err)
	}
	member, err := f.MemberOf(ctx, made.ID, []string{groupID, "44444444-4444-4444-8444-444444444444"})
	if err != nil || !cmp.Equal(member, []string{groupID}) {
		t.Errorf("member of %v, %v", member, err)
	}
}

// An error message that quotes the password is redacted: errors are logged, stored and shown.
func TestARefusalThatQuotesThePassword(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	id := f.create(1).ID
	for _, fault := range []graphfake.Fault{
		{Op: "*", Status: http.StatusBadRequest, Code: "Request_BadRequest"},
		{Op: "batch", Status: http.StatusBadRequest, Code: "Request_BadRequest"},
		{Op: "users.create", Status: http.StatusInternalServerError, Code: "InternalServerError"},
	} {
		u := teacher(t, 2)
		for name, do := range map[string]func() error{
			"create": func() error { _, err := f.Create(t.Context(), u); return err },
			"set":    func() error { _, err := f.SetPassword(t.Context(), id, u.Password); return err },
		} {
			if name == "set" && fault.Op == "users.create" {
				continue
			}
			fault.Message = "Unable to read: " + u.Password.Reveal()
			f.tenant.Fail(fault)
			err := do()
			f.tenant.Heal()
			var e *problem.Error
			if !errors.As(err, &e) || !strings.Contains(err.Error(), "Unable to read: [redacted]") {
				t.Fatalf("%s, %s: %v", name, fault.Op, err)
			}
			if message := fmt.Sprint(err, e.Args); strings.Contains(message, u.Password.Reveal()) {
				t.Errorf("%s, %s: %s", name, fault.Op, message)
			}
		}
	}
}

// redirector answers the requests of one path with a redirect, and records whether it is followed.
type redirector struct {
	http.RoundTripper
	path     string
	followed bool
}

func (a *redirector) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.URL.Host == "elsewhere.example" {
		a.followed = true
		return nil, errors.New("no such host")
	}
	if !strings.HasSuffix(r.URL.Path, a.path) {
		return a.RoundTripper.RoundTrip(r)
	}
	answer := httptest.NewRecorder()
	http.Redirect(answer, r, "https://elsewhere.example/", http.StatusTemporaryRedirect)
	return answer.Result(), nil
}

// Redirects of Entra and Graph are not followed: they would get the secret or the token.
func TestRedirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	for _, path := range []string{"/token", "/openid-configuration", "/$batch"} {
		redirect := &redirector{RoundTripper: f.transport, path: path}
		config := f.config
		config.Transport = redirect
		c, err := graph.New(config)
		if err != nil {
			t.Fatal(err)
		}
		_, err = c.Create(t.Context(), teacher(t, 1))
		if err == nil || redirect.followed {
			t.Errorf("%s: %v; followed: %v", path, err, redirect.followed)
		}
		if err := c.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestATemporaryPassword(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	made := f.create(1)
	p := password(t)
	at, err := f.SetPassword(t.Context(), made.ID, p)
	if err != nil {
		t.Fatal(err)
	}
	e, err := f.Entry(t.Context(), made.ID)
	if err != nil || e.PasswordSetAt.IsZero() || at.Before(e.PasswordSetAt) || e.AsOf.Before(at) {
		t.Errorf("set at %s; SetPassword returned %s, AsOf is %s: %v", e.PasswordSetAt, at, e.AsOf, err)
	}
	if got := f.tenant.SignIn(string(made.Address), p.Reveal()); got != graphfake.MustChange {
		t.Errorf("sign-in: %s", got)
	}
	if err := f.tenant.ChangePassword(string(made.Address), p.Reveal(), "Mi-propia-clave-7"); err != nil {
		t.Error(err)
	}
}

// An application may not reset every password, whatever its permissions.
func TestAccountsWhosePasswordIsNotReset(t *testing.T) {
	t.Parallel()
	const privileged = "66666666-6666-4666-8666-666666666666"
	for name, c := range map[string]struct {
		make   func(*graphfake.Tenant, string) error
		reason string
	}{
		"an administrator":                    {func(t *graphfake.Tenant, id string) error { return t.AssignRole(id, "Global Administrator") }, provisioning.DirectoryNoPermission},
		"a member of a role-assignable group": {func(t *graphfake.Tenant, id string) error { return t.Join(privileged, id) }, provisioning.DirectoryNoPermission},
		"an owner of a role-assignable group": {func(t *graphfake.Tenant, id string) error { return t.Own(privileged, id) }, provisioning.DirectoryNoPermission},
		"a synchronised account":              {(*graphfake.Tenant).Synchronise, provisioning.DirectoryRefused},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := open(t, func(s *setting) {
				s.tenant.Groups = append(s.tenant.Groups, graphfake.Group{ID: privileged, Name: "Privileged", RoleAssignable: true})
			})
			u := teacher(t, 1)
			made, err := f.Create(t.Context(), u)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.make(f.tenant, made.ID); err != nil {
				t.Fatal(err)
			}
			_, err = f.SetPassword(t.Context(), made.ID, password(t))
			wantReason(t, "password", err, c.reason, true)
			if got := f.tenant.SignIn(string(u.Address), u.Password.Reveal()); got != graphfake.MustChange {
				t.Errorf("sign-in with the password that it had: %s", got)
			}
		})
	}
}

// LastSignIn is the last successful one, where the app may read it; before there was one, the last
// attempt.
func TestLastSignIn(t *testing.T) {
	t.Parallel()
	for _, may := range []bool{false, true} {
		f := open(t, func(s *setting) {
			if may {
				s.tenant.Apps[0].Roles = append(s.tenant.Apps[0].Roles, "AuditLog.Read.All")
			}
		})
		u := teacher(t, 1)
		made, err := f.Create(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		if e, err := f.Entry(t.Context(), made.ID); err != nil || !e.LastSignIn.IsZero() {
			t.Errorf("permission %v: last sign-in %v of a new account, %v", may, e.LastSignIn, err)
		}
		for _, attempt := range []string{"not-the-password", u.Password.Reveal()} {
			f.tenant.SignIn(string(u.Address), attempt)
		}
		if e, err := f.Entry(t.Context(), made.ID); err != nil || e.LastSignIn.IsZero() == may {
			t.Errorf("permission %v: last sign-in %v after unsuccessful attempts, %v", may, e.LastSignIn, err)
		}
		if err := f.tenant.ChangePassword(string(u.Address), u.Password.Reveal(), "Mi-propia-clave-7"); err != nil {
			t.Fatal(err)
		}
		e, err := f.Entry(t.Context(), made.ID)
		if err != nil || e.LastSignIn.IsZero() == may {
			t.Errorf("permission %v: last sign-in %v, %v", may, e.LastSignIn, err)
		}
	}
}

func TestFindMatchesEveryUseOfAnAddress(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	seed := func(props map[string]any) string {
		id, err := f.tenant.Seed(props)
		if err != nil {
			t.Fatal(err)
		}
		return id
	}
	want := map[string]string{
		seed(map[string]any{"userPrincipalName": "o'neil@" + domain, "displayName": "A"}):                                                 "principal name",
		seed(map[string]any{"userPrincipalName": "b@" + domain, "mailNickname": "O'Neil"}):                                                "nickname",
		seed(map[string]any{"userPrincipalName": "c@" + domain, "mail": "O'Neil@" + domain}):                                              "mail",
		seed(map[string]any{"userPrincipalName": "d@" + domain, "proxyAddresses": []string{"SMTP:d@" + domain, "smtp:o'neil@" + domain}}): "proxy",
		seed(map[string]any{"userPrincipalName": "e@" + domain, "displayName": "Luis O'Neil"}):                                            "name",
		seed(map[string]any{"userPrincipalName": "h@" + domain, "displayName": "O'NEIL LUIS"}):                                            "name, surname first",
		seed(map[string]any{"userPrincipalName": "f@" + domain, "employeeId": "2026-000009-0001"}):                                        "stamp",
	}
	seed(map[string]any{"userPrincipalName": "g@" + domain, "displayName": "Nobody"})
	lookup := provisioning.Lookup{Stamp: "2026-000009-0001", Address: "o'neil@" + domain, Names: []string{"Luis O'Neil", "O'Neil Luis"}}
	found, err := f.Find(t.Context(), lookup)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range found {
		if want[e.ID] == "" {
			t.Errorf("found %v, which does not match", e.Address)
		}
		delete(want, e.ID)
	}
	if len(want) > 0 {
		t.Errorf("not found: %v", want)
	}
	lookup.Names = []string{strings.Repeat("ñ", 121)} // longer than Graph's maximum
	if found, err := f.Find(t.Context(), lookup); err != nil || len(found) != 5 {
		t.Errorf("with a name of 121 characters found %d, %v", len(found), err)
	}
	if none, err := f.Find(t.Context(), provisioning.Lookup{}); err != nil || len(none) != 0 {
		t.Errorf("an empty look-up found %v, %v", none, err)
	}
}

func TestADeletedUserIsFoundAndRestored(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	ctx := t.Context()
	made := f.create(1)
	remove(t, f, made.ID)
	found, err := f.Find(ctx, provisioning.Lookup{Address: made.Address})
	if err != nil || len(found) != 1 || found[0].Address != made.Address || found[0].Deleted.IsZero() {
		t.Fatalf("found %+v, %v", found, err)
	}
	back, err := f.Restore(ctx, made.ID)
	if err != nil || back.Address != made.Address || !back.Deleted.IsZero() {
		t.Errorf("restored %+v, %v", back, err)
	}
	if again, err := f.Restore(ctx, made.ID); err != nil || again.ID != made.ID {
		t.Errorf("restored twice: %+v, %v", again, err)
	}
	_, err = f.Restore(ctx, "99999999-9999-4999-8999-999999999999")
	wantReason(t, "restore nobody", err, provisioning.DirectoryNotFound, true)
}

// remove deletes a user with a request of its own, like an administrator.
func remove(t *testing.T, f *fixture, id string) {
	t.Helper()
	admin := f.server.Client()
	form := strings.NewReader("grant_type=client_credentials&scope=x/.default&client_id=" + clientID + "&client_secret=s3cret")
	response, err := admin.Post(f.server.URL+"/"+tenantID+"/oauth2/v2.0/token", "application/x-www-form-urlencoded", form)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	request, _ := http.NewRequestWithContext(t.Context(), http.MethodDelete, f.server.URL+"/v1.0/users/"+id, nil)
	request.Header.Set("Authorization", "Bearer "+readToken(t, response))
	deleted, err := admin.Do(request)
	if err != nil || deleted.StatusCode != http.StatusNoContent {
		t.Fatalf("delete: %v %v", deleted, err)
	}
	_ = deleted.Body.Close()
}

// Every way to read a user shows whether the on-premises directory is its source.
func TestASynchronisedUserIsShownAsOne(t *testing.T) {
	t.Parallel()
	for _, synced := range []bool{false, true} {
		f := open(t, nil)
		made := f.create(1)
		if synced {
			if err := f.tenant.Synchronise(made.ID); err != nil {
				t.Fatal(err)
			}
		}
		look := func() ([]provisioning.Entry, error) {
			return f.Find(t.Context(), provisioning.Lookup{Address: made.Address})
		}
		entry, err := f.Entry(t.Context(), made.ID)
		if err != nil || entry.Synced != synced {
			t.Errorf("Entry: %t, %v; want %t", entry.Synced, err, synced)
		}
		if found, err := look(); err != nil || len(found) != 1 || found[0].Synced != synced {
			t.Errorf("Find: %+v, %v; want %t", found, err, synced)
		}
		for e, err := range f.Users(t.Context()) {
			if err != nil || e.Synced != synced {
				t.Errorf("Users: %t, %v; want %t", e.Synced, err, synced)
			}
		}
		remove(t, f, made.ID)
		f.reopen()
		if found, err := look(); err != nil || len(found) != 1 || found[0].Deleted.IsZero() || found[0].Synced != synced {
			t.Errorf("the recycle bin: %+v, %v; want %t", found, err, synced)
		}
	}
}

func TestAStampIsFoundInEitherProperty(t *testing.T) {
	t.Parallel()
	for _, property := range []string{"employeeId", "extensionAttribute7"} {
		f := open(t, func(s *setting) { s.client.StampProperty = property })
		u := teacher(t, 1)
		made, err := f.Create(t.Context(), u)
		if err != nil {
			t.Fatal(err)
		}
		found, err := f.Find(t.Context(), provisioning.Lookup{Stamp: u.Stamp})
		if err != nil || len(found) != 1 || found[0].ID != made.ID || found[0].Stamp != u.Stamp {
			t.Errorf("%s: found %+v, %v", property, found, err)
		}
		if kept, _ := f.tenant.User(string(u.Address)); (kept.EmployeeID == string(u.Stamp)) != (property == "employeeId") {
			t.Errorf("%s: employeeId %q", property, kept.EmployeeID)
		}
	}
}

func TestAnAccountIsDisabledAndEnabled(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	made := f.create(1)
	for _, enabled := range []bool{false, true} {
		if err := f.SetEnabled(t.Context(), made.ID, enabled); err != nil {
			t.Error(err)
		}
		if u, _ := f.tenant.User(string(made.Address)); u.Enabled != enabled {
			t.Errorf("enabled %t, want %t", u.Enabled, enabled)
		}
	}
}

func TestSessionsAreRevoked(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		made := f.create(1)
		for range 2 {
			before := time.Now()
			if err := f.RevokeSessions(t.Context(), made.ID); err != nil {
				t.Error(err)
			}
			if u, _ := f.tenant.User(string(made.Address)); u.SessionsRevoked.Before(before) {
				t.Errorf("sessions revoked at %v, want after %v", u.SessionsRevoked, before)
			}
			time.Sleep(time.Minute)
		}
		wantReason(t, "no such user", f.RevokeSessions(t.Context(), groupID), provisioning.DirectoryNotFound, true)
		if err := f.tenant.Delete(made.ID); err != nil {
			t.Fatal(err)
		}
		wantReason(t, "a deleted user", f.RevokeSessions(t.Context(), made.ID), provisioning.DirectoryNotFound, true)
	})
}

func TestStockAndDomains(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	if err := f.License(t.Context(), f.create(1).ID, student); err != nil {
		t.Fatal(err)
	}
	stock, err := f.Licences(t.Context())
	want := []provisioning.Licence{{SKU: student, Name: "STANDARDWOFFPACK_STUDENT", Free: 99, All: 100}}
	if diff := cmp.Diff(want, stock); diff != "" || err != nil {
		t.Errorf("stock: %s %v", diff, err)
	}
	names, err := f.Domains(t.Context())
	if !cmp.Equal(names, []string{domain, "seducoahuila.gob.mx"}) || err != nil {
		t.Errorf("domains %v, %v", names, err)
	}
}

func TestRefusalsAreTranslated(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setting) { s.tenant.SKUs[0].Enabled = 0 })
	ctx := t.Context()
	made := f.create(1)
	other := teacher(t, 1)
	other.Stamp = "2026-000777-0001"
	_, err := f.Create(ctx, other)
	wantReason(t, "address of another user", err, provisioning.DirectoryAddressTaken, false)
	foreign := teacher(t, 2)
	foreign.Address = "ana@example.org"
	_, err = f.Create(ctx, foreign)
	wantReason(t, "foreign domain", err, provisioning.DirectoryBadDomain, true)
	long := teacher(t, 3)
	long.Department = strings.Repeat("x", 65)
	_, err = f.Create(ctx, long)
	wantReason(t, "too long", err, provisioning.DirectoryRefused, true)
	weak := teacher(t, 4)
	weak.Password = secret.Password{}
	_, err = f.Create(ctx, weak)
	wantReason(t, "weak password", err, provisioning.DirectoryWeakPassword, false)
	wantReason(t, "no seats", f.License(ctx, made.ID, student), provisioning.DirectoryNoSeats, false)
	wantReason(t, "no such sku", f.License(ctx, made.ID, groupID), provisioning.DirectoryRefused, true)
	wantReason(t, "no such user yet", f.License(ctx, groupID, student), provisioning.DirectoryNotReady, false)
	_, err = f.Entry(ctx, groupID)
	wantReason(t, "no such user", err, provisioning.DirectoryNotFound, true)
	const full = "The directory object quota limit for the Tenant has been exceeded."
	f.tenant.Fail(graphfake.Fault{Op: "users.create", Status: http.StatusForbidden, Code: "Directory_QuotaExceeded", Message: full})
	_, err = f.Create(ctx, teacher(t, 5))
	wantReason(t, "a full tenant, which is no missing permission", err, provisioning.DirectoryRefused, true)
}

// A list whose page token expired can be read again from its beginning.
func TestAnExpiredPageToken(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	f.tenant.Fail(graphfake.Fault{Op: "users.list", Times: 3, Status: http.StatusBadRequest, Code: "Directory_ExpiredPageToken"})
	look := provisioning.Lookup{Address: teacher(t, 1).Address}
	_, err := f.Find(t.Context(), look)
	wantReason(t, "expired", err, provisioning.DirectoryUnavailable, false)
	if _, err := f.Find(t.Context(), look); err != nil {
		t.Error(err)
	}
}

func TestMissingPermissions(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setting) {
		s.tenant.Apps[0].Roles = []string{"User.Read.All"}
		s.tenant.Apps[0].UserAdministrator = false
	})
	_, err := f.Create(t.Context(), teacher(t, 1))
	wantReason(t, "create", err, provisioning.DirectoryNoPermission, true)
	id, _ := f.tenant.Seed(map[string]any{"userPrincipalName": "x@" + domain})
	_, err = f.SetPassword(t.Context(), id, password(t))
	wantReason(t, "password", err, provisioning.DirectoryNoPermission, true)
	wantReason(t, "sessions", f.RevokeSessions(t.Context(), id), provisioning.DirectoryNoPermission, true)
}

// An address that looks like one of Graph's type casts.
func TestAnAddressThatLooksLikeATypeCast(t *testing.T) {
	t.Parallel()
	f := open(t, nil)
	u := teacher(t, 1)
	u.Address, u.Stamp = "graph.user@"+domain, ""
	made, err := f.Create(t.Context(), u)
	if err != nil {
		t.Fatal(err)
	}
	if e, err := f.Entry(t.Context(), string(u.Address)); err != nil || e.ID != made.ID {
		t.Errorf("read by address: %+v, %v", e, err)
	}
}

// If mailNicknames must be unique and a user of another domain has the same one, the account gets
// the address with another mailNickname.
func TestANicknameOfAnotherDomain(t *testing.T) {
	t.Parallel()
	f := open(t, func(s *setting) { s.tenant.UniqueNicknames = true })
	u := teacher(t, 1)
	if _, err := f.tenant.Seed(map[string]any{"userPrincipalName": u.Address.Local() + "@seducoahuila.gob.mx", "mailNickname": u.Address.Local()}); err != nil {
		t.Fatal(err)
	}
	e, err := f.Create(t.Context(), u)
	if err != nil || e.Address != u.Address {
		t.Fatalf("create: %+v, %v", e, err)
	}
	again, err := f.Create(t.Context(), u)
	if err != nil || again.ID != e.ID || again.Nickname != u.Address.Local()+"."+string(u.Stamp) {
		t.Errorf("create again: %+v, %v", again, err)
	}
}
