package service_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// said is what somebody writes, and a part of the answer; % is the folio of the story, # that of
// another request.
type said struct{ words, answer string }

// stillAsked writes each of the texts in a conversation and fails if one of them decides.
func (o *office) stillAsked(stage, where, folio, other string, all []said) {
	o.t.Helper()
	for _, s := range all {
		words := strings.NewReplacer("%", folio, "#", other).Replace(s.words)
		p := o.rosa
		if stage == "subdirector" {
			p = o.ernesto
		}
		o.writes(p, where, words, strings.NewReplacer("%", folio, "#", other).Replace(s.answer))
	}
	o.approval(stage, folio) // can still be decided
}

// Rosa asks, hesitates, or writes "no": she is told how to type a decision.
func TestWordsInDoubtDecideNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio, other := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40)), o.sends(o.martha, aTeacher("Íñigo", "Solís", "Rey", 41))
	thread := o.thread("director", folio)
	const doubt = "No quedó claro si lo decide, y no se decidió nada"
	o.stillAsked("director", thread, folio, other, []said{
		{"¿turnar?", doubt}, {"turnar?", doubt}, {"¿aprobar ya?", doubt}, {"turnar ok?", doubt}, {"Hola, ¿turnar?", doubt},
		{"turnar …", doubt}, {"turnar…", doubt}, {"turnar ...", doubt}, {"turnar . . .", doubt}, {"turnar %…", doubt},
		{"turnar con indicaciones: ¿urge?", doubt}, {"turnar… con indicaciones: urge", doubt},
		{"turnar con indicaciones", "Falta la indicación"}, {"turnar % con indicaciones: gracias", "Falta la indicación; escríbala después de «con indicaciones»"},
		{"turnar ya no", "turnar con indicaciones"}, {"turnar 👎", "turnar con indicaciones"}, {"turnar ->no", "turnar con indicaciones"},
		{"turnar no %", "turnar con indicaciones"}, {"aprobar por favor no la %", "aprobar con indicaciones"},
		{"turnar con #", "Contesta a la tarjeta de %"},
		{"¿devolver?", doubt}, {"¿devolver: falta la CURP?", doubt}, {"devolver? falta la CURP", doubt},
		{"devolver no %: está bien así", doubt}, {"devolver no, está bien así", doubt}, {"devolver mejor no", doubt}, {"devolver: no espera", doubt}, {"devolver espera", doubt}, {"rechazar por favor no la %", doubt},
		{"devolver %?", "Escriba el motivo"}, {"devolver por favor", "Escriba el motivo"}, {"devolver ...", doubt},
		{"devolver %-0002", "Escriba el motivo"}, {"rechazar % línea 2", "Escriba el motivo"},
		{"turnar %-0002", "vale para la solicitud completa"}, {"aprobar %, cuenta 2", "vale para la solicitud completa"}, {"turnar % línea 2", "vale para la solicitud completa"},
	})
	o.stillAsked("director", o.channels["director"], folio, other, []said{
		{"turnar no %", "Falta saber de qué solicitud"}, {"aprobar por favor no la %", "Falta saber de qué solicitud"},
		{"turnar con %", "Falta saber de qué solicitud"}, {"devolver no %: está bien así", "Falta saber de qué solicitud"},
		{"turnar % no", "turnar % con indicaciones"}, {"turnar %-0002", "excluir % 2: ya no labora ahí"}, {"turnar %-0000", "vale para la solicitud completa"},
	})
	o.stop()
	if got := append(o.decided(folio), o.decided(other)...); len(got) > 0 {
		t.Errorf("decided: %q", got)
	}
}

// A folio of another request in the words, anywhere before a reason, makes them ambiguous.
func TestWordsThatNameAnotherRequest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio, other := o.sends(o.silvia, lucia, luis), o.sends(o.martha, aTeacher("Ana", "Olvera", "Cruz", 40), aTeacher("Íñigo", "Solís", "Rey", 41))
	thread := o.thread("director", folio)
	o.thread("director", other)
	const two = "Contesta a la tarjeta de % y escribió #"
	o.stillAsked("director", thread, folio, other, []said{
		{"excluir 2 de # ya no labora ahí", two}, {"excluir la línea 2 de #: ya no labora ahí", two},
		{"devolver también la línea 1 de #, la CURP no es suya", two}, {"rechazar es la misma que #", two},
		{"turnar #-0002", two}, {"turnar % y #", "Escribió % y también #"},
	})
	o.stillAsked("director", o.channels["director"], folio, other, []said{
		{"turnar % y #", "Escribió % y también #"}, {"devolver % la CURP no coincide con la de #-0002", "Escribió % y también #"},
	})
	o.stop()
	if got := append(o.decided(folio), o.decided(other)...); len(got) > 0 {
		t.Errorf("decided: %q", got)
	}
}

// Nobody is authorised who may have been meant to be excluded: ambiguous numbers, and numbers
// without a clear meaning, are not guessed.
func TestLeavingOutIsBeyondDoubt(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40), aTeacher("Íñigo", "Solís", "Rey", 41))
	o.approves(o.rosa, "director", folio)
	thread, channel := o.thread("subdirector", folio), o.channels["subdirector"]
	const unclear = "No quedó claro a quién dejar fuera"
	var all []said
	for _, words := range []string{
		"2 (Luis) y 3 (Ana): ya no laboran ahí", "2 Luis Ibarra y 3 Ana Olvera, ya no laboran ahí", "2 + 3 ya no laboran", "2 / 3 ya no laboran",
		"2, también 3, ya no laboran", "2, tres: ya no laboran", "2 no, es correcto", "2 ¿o 3?", "2; la 3 también, ya no laboran", "2, 3 faltas sin justificar",
		"2: y 3 también", "2: ¿y Ana?", "2 por tres faltas", "2 en adelante ya no laboran", "a 2 personas: ya no laboran", "no 2: es correcto", "2... ya no labora",
	} {
		all = append(all, said{"excluir " + words, unclear})
	}
	o.stillAsked("subdirector", thread, folio, "", append(all,
		said{"excluir 2 Luis Ibarra con Ana Olvera ya no laboran", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2: Luis y la maestra olvera ya no laboran", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2: Ana ya no labora ahí", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2: ya no labora ahí; la 3 tampoco", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2: se jubiló, 3: está con licencia", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2 por jubilación; tres por licencia", "si también queda fuera Ana Olvera Cruz"},
		said{"excluir 2: por favor", "Escriba el motivo"},
	))
	o.stillAsked("subdirector", channel, folio, "", []said{
		{"excluir % línea 2, 3 ya no laboran ahí", unclear}, {"excluir %-0002, 3 ya no laboran ahí", unclear}, {"excluir % cuenta 1: 3 no procede", unclear},
		{"excluir % 2, 3 faltas sin justificar", unclear}, {"excluir no 2 % ya no labora", "Falta saber de qué solicitud"},
		{"excluir % no 2 ya no labora", "excluir % 2 y 4: ya no laboran ahí"},
	})
	o.writes(o.ernesto, channel, "excluir "+folio+" línea 2, 3 y 4: ya no laboran ahí", "Autorizada por", "Luis Ibarra Peña quedó fuera", "Ana Olvera Cruz quedó fuera", "Íñigo Solís Rey quedó fuera")
	o.announced(o.silvia, luciaMail)
	o.stop()
	if made := o.stamped(); len(made) != 1 || made[0].UserPrincipalName != luciaMail {
		t.Errorf("accounts made: %+v", made)
	}
	if diff := cmp.Diff([]string{"approval.approve", "approval.approve"}, o.decided(folio)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// An unambiguous command excludes the lines that it names, in one message, in all common forms.
func TestWaysOfLeavingOut(t *testing.T) {
	t.Parallel()
	for words, left := range map[string][]string{
		"excluir 2 ya no labora ahí":                        {"Luis"},
		"excluir 2 y 4 ya no laboran ahí":                   {"Luis", "Íñigo"},
		"excluir 2, 3 y 4: ya no laboran":                   {"Luis", "Ana", "Íñigo"},
		"excluir 2-4: cambiaron de plantel":                 {"Luis", "Ana", "Íñigo"},
		"excluir %-0002: faltó 3 veces":                     {"Luis"},
		"excluir % línea 2 ya no labora ahí":                {"Luis"},
		"excluir a la 2, por favor: no labora ahí":          {"Luis"},
		"excluir no. 2 porque Luis Ibarra ya no labora ahí": {"Luis"},
	} {
		t.Run(words, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40), aTeacher("Íñigo", "Solís", "Rey", 41))
			answer := o.writes(o.rosa, o.thread("director", folio), strings.ReplaceAll(words, "%", folio), "Folio "+folio+" (", "Lucía Ñáñez Garza", "Turnada por")
			var out []string
			for _, name := range []string{"Lucía", "Luis", "Ana", "Íñigo"} {
				if _, behind, _ := strings.Cut(answer, "Turnada por"); strings.Contains(behind, name) {
					out = append(out, name)
				}
			}
			if diff := cmp.Diff(left, out); diff != "" {
				t.Errorf("left out (-want +got):\n%s\n%s", diff, answer)
			}
		})
	}
}

// A line number after the folio of a return is part of its reason.
func TestAReturnNamesALine(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis)
	o.thread("director", folio)
	o.writes(o.rosa, o.channels["director"], "devolver "+folio+" línea 2: la CURP no es de él", "Folio "+folio+" (", "Lucía Ñáñez Garza", "Devuelta por")
	o.told(o.silvia, folio, "línea 2: la CURP no es de él")
}

// After a colon a reason may name another request, and begin with "no".
func TestAReasonMayNameAnotherRequest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	o.thread("director", other)
	reason := "no, ya se pidió en la solicitud " + folio
	o.writes(o.rosa, o.thread("director", other), "devolver: "+reason, "Folio "+other+" (", "Devuelta por")
	o.told(o.martha, other, reason)
	o.writes(o.rosa, o.thread("director", folio), "por favor turnar con instrucciones: va junto con la "+other, "Folio "+folio+" (", "Turnada por")
	o.approval("subdirector", folio)
}
