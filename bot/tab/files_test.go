package tab

import (
	"crypto/sha256"
	"encoding/hex"
	"testing"
)

// teamsLibrary is the SHA-256 of dist/umd/MicrosoftTeams.min.js in npm's @microsoft/teams-js 2.58.0, whose
// package has the integrity
// sha512-g4M1pWqdOgH4V3YjppuMzuYFcFnNk92/C0RlebTlxRIzKW0q/4QWYFBoRHt4xbDFRwHOedHueDz+I0ecpM/GaA==.
const teamsLibrary = "1737ae2e319c8ab56d71d2218fd5a49d96a8ad70eb01ff2e9ab7e35093b93379"

func TestTeamsLibraryIsTheOnePinned(t *testing.T) {
	t.Parallel()
	body, err := files.ReadFile("files/MicrosoftTeams.min.js")
	if err != nil {
		t.Fatal(err)
	}
	if sum := sha256.Sum256(body); hex.EncodeToString(sum[:]) != teamsLibrary {
		t.Errorf("MicrosoftTeams.min.js has the SHA-256 %x", sum)
	}
}
