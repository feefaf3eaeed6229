package recipient

import (
	"cmp"
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
)

// deciders returns those who decide at a stage now: whom the rules name, then the substitutes; at the
// platform, the administrators. Members of an approver group are not known here. A person's name is that
// of their chat with Altas or of their substitution; "" if neither is known.
func (reg *Registry) deciders(tx provisioning.Tx, stage provisioning.StageName) []provisioning.Actor {
	ids := reg.Rules.Administrators
	if s, ok := reg.Rules.Stages.Get(stage); ok {
		ids = s.Approvers
	}
	people := make([]provisioning.Actor, 0, len(ids)+1)
	for _, id := range ids {
		people = append(people, provisioning.Actor{ID: id})
	}
	if substitutes, err := reg.Access.Substituting(tx, stage); err == nil {
		for _, s := range substitutes {
			people = append(people, provisioning.Actor{ID: s.To.ID, Name: s.To.Name})
		}
	}
	for i, p := range people {
		if c, _, err := chats.Get(tx, p.ID); err == nil {
			people[i].Name = cmp.Or(c.Name, p.Name)
		}
	}
	return people
}

// named gives those without a known name the name of their office, numbered from the second on: Teams
// notifies by the id, and shows the text of the mention as it is.
func named(people []provisioning.Actor, office string) []provisioning.Actor {
	nameless := 0
	for i, p := range people {
		if p.Name != "" {
			continue
		}
		if nameless++; nameless == 1 {
			people[i].Name = office
			continue
		}
		people[i].Name = office + " " + strconv.Itoa(nameless)
	}
	return people
}
