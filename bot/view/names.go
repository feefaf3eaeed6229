package view

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// AlsoNamed returns the name of a person who would be approved but is named in the reason for
// excluding others: by a given name, the first surname, a code, or the line number. "" for none.
func (rd *Reader) AlsoNamed(ctx context.Context, act provisioning.Act) (name string, err error) {
	reason := " " + words.Of(act.Comment) + "  " + words.Of(listMark.ReplaceAllString(act.Comment, " mark ")) + " "
	err = rd.Store.View(ctx, func(tx provisioning.Tx) error {
		name = ""
		var out []string
		for _, n := range act.Excluded {
			a, err := tx.Account(provisioning.NewStamp(act.Folio, n))
			if err != nil && problem.CodeOf(err) != problem.CodeNotFound {
				return err
			}
			out = append(out, words.NamesOf(a)...)
		}
		for a, err := range tx.AccountsOf(act.Folio, 0) {
			if err != nil {
				return err
			}
			names := func(n string) bool { return strings.Contains(reason, " "+n+" ") && !slices.Contains(out, n) }
			if !a.State.Final() && !slices.Contains(act.Excluded, a.Number) && slices.ContainsFunc(words.NamesOf(a), names) {
				name = a.Holder.DisplayName()
				return nil
			}
		}
		return nil
	})
	return name, err
}

// listMark matches what separates the items of a list: "jubilado, 3: con licencia".
var listMark = regexp.MustCompile(`[,;.:(+&]`)
