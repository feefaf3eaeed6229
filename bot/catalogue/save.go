package catalogue

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// The catalogue is stored in pages, "0001" and following, so that it takes few reads. Its edition,
// under "now", changes each time it is replaced.
const (
	pagesKind   = "centres"
	editionKind = "centres-edition"
	pageSize    = 500
)

// Save replaces the catalogue; of centres with the same CCT the last is kept. edition must be a
// name that no earlier catalogue had.
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

// settled returns the centres sorted by CCT, without duplicates.
func settled(all []Centre) []Centre {
	last := make(map[identity.CCT]Centre, len(all))
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

// maxPlace is the maximum length of the name of a municipality or town, in characters; longer
// ones are truncated.
const maxPlace = 80

// Parse converts a line of a list, its cells by the keys of Columns, to a centre. Its errors are
// *problem.Error, for an invalid CCT or name.
func Parse(cells map[string]string) (Centre, error) {
	cct, err := identity.ParseCCT(cells["cct"])
	name, badName := input.ParseCentreName(cells["name"])
	place := []rune(strings.Join(strings.Fields(cells["place"]), " "))
	return Centre{CCT: cct, Name: name, Place: string(place[:min(maxPlace, len(place))])}, errors.Join(err, badName)
}

// Columns are the known column headings of lists of work centres, as in roster.Shape, including
// those of SEP's own lists: CV_CCT, NOMBRECT, inmueble_c_nom_mun.
var Columns = map[string]string{
	"cct": "clave cct|cct|clave del centro de trabajo|clave centro de trabajo cct|clave de centro|clave de escuela|clave cct escuela|cct escuela|cct centro|clave",
	"name": "nombre del centro de trabajo|nombre cct|nombre centro de trabajo cct|nombre del centro|nombre escuela|nombre cct escuela|" +
		"nombre|centro de trabajo|escuela|centro",
	"place": "nombre del municipio|municipio|nombre de la localidad|localidad",
}

// Needed returns the required columns of a list of work centres.
func Needed() []string { return []string{"cct", "name"} }
