package catalogue

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The catalogue lies in pages, "0001" and on, so that reading it is a few reads; its
// edition, under "now", is another each time that it is replaced.
const (
	pagesKind   = "centres"
	editionKind = "centres-edition"
	pageSize    = 500
)

// Save puts a catalogue in place of the one before; of centres with the same CCT the
// last is kept. edition is a name that no catalogue had.
func Save(tx provisioning.Tx, all []Centre, edition string) error {
	keys, err := pageKeys(tx)
	if err != nil {
		return err
	}
	for _, key := range keys {
		if err := tx.Drop(pagesKind, key); err != nil {
			return err
		}
	}
	n := 0
	for page := range slices.Chunk(settled(all), pageSize) {
		n++
		if err := tx.Save(pagesKind, fmt.Sprintf("%04d", n), page); err != nil {
			return err
		}
	}
	return tx.Save(editionKind, "now", edition)
}

// settled returns the centres by CCT, each once.
func settled(all []Centre) []Centre {
	last := make(map[provisioning.CCT]Centre, len(all))
	for _, c := range all {
		last[c.CCT] = c
	}
	one := make([]Centre, 0, len(last))
	for _, c := range last {
		one = append(one, c)
	}
	slices.SortFunc(one, func(a, b Centre) int { return cmp.Compare(a.CCT, b.CCT) })
	return one
}

func pageKeys(tx provisioning.Tx) ([]string, error) {
	var keys []string
	for key, err := range tx.Keys(pagesKind, "") {
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func load(tx provisioning.Tx) ([]Centre, error) {
	keys, err := pageKeys(tx)
	if err != nil {
		return nil, err
	}
	var all []Centre
	for _, key := range keys {
		var page []Centre
		if _, err := tx.Load(pagesKind, key, &page); err != nil {
			return nil, err
		}
		all = append(all, page...)
	}
	return all, nil
}

func editionOf(tx provisioning.Tx) (edition string, err error) {
	_, err = tx.Load(editionKind, "now", &edition)
	return edition, err
}

// maxPlace bounds the name of a municipality or town, in characters.
const maxPlace = 80

// Parse returns a line of a list as a centre, its cells by the names of Columns. The
// errors are *provisioning.Error: a key or a name that is none.
func Parse(cells map[string]string) (Centre, error) {
	cct, err := provisioning.ParseCCT(cells["cct"])
	name, badName := provisioning.ParseCentreName(cells["name"])
	place := []rune(strings.Join(strings.Fields(cells["place"]), " "))
	return Centre{CCT: cct, Name: name, Place: string(place[:min(maxPlace, len(place))])}, errors.Join(err, badName)
}

// Columns are the words by which lists of work centres head their columns, SEP's own
// among them, as roster.Shape wants them: CV_CCT, NOMBRECT, inmueble_c_nom_mun.
var Columns = map[string]string{
	"cct": "clave cct|cct|clave del centro de trabajo|clave centro de trabajo cct|clave de centro|clave de escuela|clave cct escuela|cct escuela|cct centro|clave",
	"name": "nombre del centro de trabajo|nombre cct|nombre centro de trabajo cct|nombre del centro|nombre escuela|nombre cct escuela|" +
		"nombre|centro de trabajo|escuela|centro",
	"place": "nombre del municipio|municipio|nombre de la localidad|localidad",
}

// Needed are the columns without which a list is none of work centres.
func Needed() []string { return []string{"cct", "name"} }
