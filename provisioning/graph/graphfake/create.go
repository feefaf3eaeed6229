package graphfake

import (
	"crypto/sha256"
	"regexp"
	"strings"
	"time"
	"unicode"
)

var upnPattern = regexp.MustCompile(`^[A-Za-z0-9'._\-!#^~]{1,64}@[A-Za-z0-9.\-]+$`)

func (t *Tenant) createUser(c *call) answer {
	object, f := decodeObject(c.body)
	if f == nil {
		f = t.schema.checkUserBody(object)
	}
	if f == nil {
		f = t.checkNewUser(object)
	}
	if f != nil {
		return t.refuse(c, f)
	}
	u := t.addUser(t.newID(), object, c.now)
	return created(t.withContext(c, "users/$entity", t.schema.show(u, u.newest(), defaultProperties())))
}

// checkNewUser checks a valid body against the rules of creation.
func (t *Tenant) checkNewUser(object map[string]any) *fault {
	for _, name := range []string{"accountEnabled", "displayName", "mailNickname", "userPrincipalName", "passwordProfile"} {
		if object[name] == nil {
			return missingProperty(name)
		}
	}
	profile, _ := object["passwordProfile"].(map[string]any)
	if profile["password"] == nil {
		return missingProperty("passwordProfile.password")
	}
	if f := checkPassword(text(profile, "password"), text(object, "userPrincipalName")); f != nil {
		return f
	}
	if f := t.checkAddress(text(object, "userPrincipalName"), nil); f != nil {
		return f
	}
	return t.checkNickname(object, nil)
}

// checkNickname checks the mailNickname of a body, if it has one, for the user owner; nil for a new one.
func (t *Tenant) checkNickname(object map[string]any, owner *user) *fault {
	nickname := text(object, "mailNickname")
	if strings.ContainsAny(nickname, `@()/\[]";:<>, `) {
		return invalidValue("mailNickname")
	}
	if nickname != "" && t.config.UniqueNicknames && t.liveWith("mailNickname", nickname, owner) {
		return conflict("mailNickname")
	}
	return nil
}

// checkAddress checks a userPrincipalName for the user owner; nil for a new one.
func (t *Tenant) checkAddress(upn string, owner *user) *fault {
	local, domain, _ := strings.Cut(upn, "@")
	if !upnPattern.MatchString(upn) || strings.HasSuffix(local, ".") || strings.HasPrefix(local, ".") {
		return invalidValue("userPrincipalName")
	}
	if !t.domains[fold(domain)] {
		f := badRequest("The domain portion of the userPrincipalName property is invalid. You must use one of the verified domain names in your organization.")
		f.details = []detail{{Code: "InvalidValue", Message: f.message, Target: "userPrincipalName"}}
		return f
	}
	if t.liveWith("userPrincipalName", upn, owner) {
		return conflict("userPrincipalName")
	}
	if t.liveWith("proxyAddresses", "smtp:"+upn, owner) {
		f := conflict("proxyAddresses")
		f.details = append(f.details, detail{Code: "ConflictingObjects", Message: "ConflictingObjects", Target: "proxyAddresses"})
		return f
	}
	return nil
}

// liveWith reports whether a user other than owner, not deleted, has the value now.
func (t *Tenant) liveWith(name, value string, owner *user) bool {
	for _, u := range t.index.find(name, value) {
		v := u.newest()
		if u == owner || v.deleted || v.purged {
			continue
		}
		if strings.EqualFold(text(v.props, name), value) {
			return true
		}
		for _, item := range texts(v.props, name) {
			if strings.EqualFold(item, value) {
				return true
			}
		}
	}
	return false
}

// checkPassword checks a password against Entra's rules: 8–256 ASCII characters, of three of four
// classes, without banned words.
func checkPassword(password, upn string) *fault {
	weak := badRequest("The specified password does not comply with password complexity requirements. Please provide a different password.")
	weak.details = []detail{{Code: "PasswordComplexity", Message: weak.message, Target: "passwordProfile.password"}}
	if len(password) < 8 || len(password) > 256 {
		return weak
	}
	var lower, upper, digit, symbol int
	for _, r := range password {
		switch {
		case r > unicode.MaxASCII || r < ' ':
			return weak
		case r >= 'a' && r <= 'z':
			lower = 1
		case r >= 'A' && r <= 'Z':
			upper = 1
		case r >= '0' && r <= '9':
			digit = 1
		default:
			symbol = 1
		}
	}
	if lower+upper+digit+symbol < 3 {
		return weak
	}
	plain := fold(password)
	for _, banned := range []string{"password", "contraseñ", "qwerty", "12345678", "letmein"} {
		if strings.Contains(plain, banned) {
			return weak
		}
	}
	if local, _, _ := strings.Cut(fold(upn), "@"); len(local) >= 4 && strings.Contains(plain, local) {
		return weak
	}
	return nil
}

// dates returns the timestamps that a creation sets.
func dates() []string {
	return []string{"createdDateTime", "lastPasswordChangeDateTime", "signInSessionsValidFromDateTime"}
}

// addUser adds the user of a checked body. The caller holds t.mu.
func (t *Tenant) addUser(id string, object map[string]any, now time.Time) *user {
	u := &user{id: id}
	stamp := now.UTC().Format(time.RFC3339)
	props := map[string]any{"userType": "Member"}
	for name, value := range object {
		if value != nil && name != "passwordProfile" && !strings.HasPrefix(name, "@") {
			props[name] = asJSON(value)
		}
	}
	for _, name := range dates() {
		props[name] = stamp
	}
	t.setPassword(u, object["passwordProfile"])
	u.push(version{at: now, props: props}, t.versionLifetime())
	t.users[u.id] = u
	t.order = append(t.order, u)
	t.index.add(u, props)
	return u
}

// setPassword stores the password's hash; the password itself is not kept.
func (t *Tenant) setPassword(u *user, profile any) {
	object, _ := profile.(map[string]any)
	u.password = sha256.Sum256([]byte(text(object, "password")))
	u.mustChange = true // Entra's default
	if force, isSet := object["forceChangePasswordNextSignIn"].(bool); isSet {
		u.mustChange = force
	}
}

// asJSON converts a seeded []string to the type of a decoded JSON list.
func asJSON(value any) any {
	list, ok := value.([]string)
	if !ok {
		return value
	}
	out := make([]any, len(list))
	for i, item := range list {
		out[i] = item
	}
	return out
}
