package bot_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Saúl stands in for Elena from Friday to Tuesday: in the director's channel he finds what came to
// her, on those days and no others.
func TestASubstituteFindsWhileItLasts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-15 15:00")
	f := string(o.submit(1))
	o.say(o.elena, provisioning.Director, "suplente @Saúl Valdés del 16/09/2022 al 20/09/2022", o.saul)
	for _, day := range []struct {
		at   string
		word bool
	}{{"2022-09-15 16:00", false}, {"2022-09-16 09:00", true}, {"2022-09-20 18:00", true}, {"2022-09-21 09:00", false}} {
		o.until(day.at)
		for _, words := range []string{"estado " + f, "buscar Garza"} {
			said := strings.Join(o.answers(func() { o.say(o.saul, provisioning.Director, words) }), "\n")
			refused := strings.Contains(said, "Aquí consulta quien decide en esta etapa")
			if refused == day.word || !refused && !strings.Contains(said, "director: [") {
				t.Errorf("%s, %s: %q", day.at, words, said)
			}
		}
	}
}
