package provisioning

import "time"

// Access answers who may ask, see, correct and decide, from the rules, the substitutes
// named and the groups that people belong to.
type Access struct {
	Rules *Rules
	Now   func() time.Time
}

// Authority returns who may decide now.
func (a *Access) Authority(tx Tx) (Authority, error) {
	named, err := namedSubstitutes(tx)
	return a.Rules.Authority(a.Now(), named), err
}
