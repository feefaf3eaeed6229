package connector

import (
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// A proof is valid for its own header only.
func TestAProofIsOfOneHeader(t *testing.T) {
	t.Parallel()
	const service = "https://smba.trafficmanager.net/amer/"
	v := newValidator("app", "issuer", newHosts(nil), newKeyring(nil, time.Now, sleep), time.Now)
	proven := &proof{header: "Bearer a", claims: jwt.MapClaims{"serviceurl": service}, key: &signingKey{endorsements: []string{ChannelTeams}}}
	activity := schema.Activity{ServiceURL: service, ChannelID: ChannelTeams}
	for header, want := range map[string]bool{"Bearer a": true, "Bearer b": false, "": false} {
		if _, err := v.AuthenticateRequest(proven.in(t.Context()), activity, header, nil, ""); (err == nil) != want {
			t.Errorf("header %q: %v, want let in = %v", header, err, want)
		}
	}
}
