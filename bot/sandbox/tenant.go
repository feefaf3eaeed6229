package sandbox

import (
	"fmt"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// staff are the people of the sandbox; their names are invented.
type staff struct {
	Requester, Director, Subdirector, Head, Outsider teamsfake.Person
}

func newStaff() staff {
	return staff{
		Requester:   newPerson(1, "Silvia Treviño Sánchez", "Silvia", "Treviño Sánchez", "silvia.trevino"),
		Director:    newPerson(2, "Rosa Elena Cárdenas Flores", "Rosa Elena", "Cárdenas Flores", "rosa.cardenas"),
		Subdirector: newPerson(3, "Ernesto Ramos Dávila", "Ernesto", "Ramos Dávila", "ernesto.ramos"),
		Head:        newPerson(4, "Gabriela Montemayor Luna", "Gabriela", "Montemayor Luna", "gabriela.montemayor"),
		Outsider:    newPerson(5, "Óscar Villarreal Peña", "Óscar", "Villarreal Peña", "oscar.villarreal"),
	}
}

func newPerson(n int, name, given, surname, local string) teamsfake.Person {
	address := local + "@seducoahuila.gob.mx"
	return teamsfake.Person{
		ID: fmt.Sprintf("aaaaaaaa-0000-4000-8000-%012d", n), TeamsID: fmt.Sprintf("29:sandbox-%d", n),
		Name: name, GivenName: given, Surname: surname, UPN: address, Email: address, TenantID: tenantID,
	}
}

func (s staff) all() []teamsfake.Person {
	return []teamsfake.Person{s.Requester, s.Director, s.Subdirector, s.Head, s.Outsider}
}

// newTenant returns a tenant with licences and existing accounts: those of the staff, and one of a
// namesake of a person who may be requested.
func newTenant() (*graphfake.Tenant, error) {
	t, err := graphfake.New(graphfake.Config{
		TenantID: tenantID,
		Apps:     []graphfake.App{{ID: graphClientID, Secret: graphClientSecret, Roles: graphfake.AltasRoles(), UserAdministrator: true}},
		Domains:  []string{"seducoahuila.gob.mx", "docentecoahuila.gob.mx", "alumnocoahuila.gob.mx"},
		SKUs: []graphfake.SKU{
			{ID: studentSKU, PartNumber: "STANDARDWOFFPACK_STUDENT", Enabled: 500},
			{ID: facultySKU, PartNumber: "STANDARDWOFFPACK_FACULTY", Enabled: 200},
		},
	})
	if err != nil {
		return nil, err
	}
	for _, p := range newStaff().all() {
		if _, err := t.Seed(map[string]any{"userPrincipalName": p.UPN, "displayName": p.Name, "id": p.ID}); err != nil {
			return nil, fmt.Errorf("seed %s: %w", p.UPN, err)
		}
	}
	_, err = t.Seed(map[string]any{
		"userPrincipalName": "mariana.torres@docentecoahuila.gob.mx", "displayName": "Mariana Torres Aguilar", "department": "05DPR0221C",
	})
	return t, err
}

// rules returns the sandbox's altas.yaml.
func rules(s staff, channels map[string]string) string {
	return fmt.Sprintf(`types:
  docente: {domain: docentecoahuila.gob.mx, licences: [%[1]s], attributes: {department: "{cct}", companyName: SEDU Coahuila, jobTitle: Docente}}
  alumno: {domain: alumnocoahuila.gob.mx, licences: [%[2]s], attributes: {department: "{cct}", officeLocation: "{nivel} {grado} {grupo}", companyName: SEDU Coahuila, jobTitle: Alumno, minorConsent: Granted}}
  centro: {domain: seducoahuila.gob.mx, licences: [%[1]s], attributes: {department: "{cct}", companyName: SEDU Coahuila, jobTitle: Centro de trabajo}}
stages:
  - {name: director, channel: {channelId: %[3]q}, approvers: [%[4]s]}
  - {name: subdirector, channel: {channelId: %[5]q}, approvers: [%[6]s]}
platform: {channel: {channelId: %[7]q}}
administrators: [%[8]s]
recovery: {recentDays: 0} # so that a stage decides, to be seen
`, facultySKU, studentSKU, channels["director"], s.Director.ID, channels["subdirector"], s.Subdirector.ID, channels["platform"], s.Head.ID)
}
