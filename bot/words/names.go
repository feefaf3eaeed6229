package words

import (
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// NamesOf returns the words, folded as by Of, that name a line in a sentence.
func NamesOf(a provisioning.Account) []string {
	h := a.Holder
	names := slices.DeleteFunc(strings.Fields(Of(h.Person.GivenNames+" "+h.Person.FirstSurname)), func(w string) bool {
		return slices.Contains(particles, w)
	})
	for _, whole := range []string{string(h.CCT()), string(h.Person.CURP), h.Centre.Name, h.Centre.Responsible} {
		if whole != "" {
			names = append(names, Of(whole))
		}
	}
	for _, before := range beforeNumber {
		names = append(names, before+" "+strconv.Itoa(a.Number))
		if i := a.Number - 2; i >= 0 && i < len(spanishNumbers) {
			names = append(names, before+" "+spanishNumbers[i])
		}
	}
	return names
}

var (
	particles      = strings.Fields("de del la las los y da das do dos e")
	beforeNumber   = strings.Fields("mark la el las los y e o linea lineas numero cuenta persona and or line number account person")
	spanishNumbers = strings.Fields("dos tres cuatro cinco seis siete ocho nueve diez")
)
