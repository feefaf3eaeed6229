package sandbox

import (
	"strings"
	"testing"
)

// What the sandbox tells to do are the words of commands and buttons that there are.
func TestTheInstructionsNameWhatThereIs(t *testing.T) {
	t.Parallel()
	var said strings.Builder
	printInstructions(&said, "http://localhost:1", "http://localhost:2", newStaff())
	for _, want := range []string{"escriba: solicitar\n", "oprima «Turnar».", "oprima «Autorizar».", "oprima «Mostrar contraseña».", "@Altas pendientes»", "escriba: recuperar "} {
		if !strings.Contains(said.String(), want) {
			t.Errorf("it does not say %q", want)
		}
	}
	if strings.Contains(said.String(), "«»") || strings.Contains(said.String(), "%!") {
		t.Errorf("something has no name:\n%s", said.String())
	}
}
