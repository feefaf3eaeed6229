package cards

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// samplePicture is a PNG of one pixel.
const samplePicture = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP6DwABBQECz6AuzQAAAABJRU5ErkJggg=="

func (g *gallery) flows() {
	decides := []flow.Event{flow.Returned, flow.Rejected}
	stops := []flow.Event{flow.Exists, flow.Attention}
	creates := flow.Flow{
		Kind: provisioning.Create, Cancels: true, Expire: flow.Wait{Days: 10}, Correct: flow.Wait{Days: 20},
		Steps: []flow.Step{
			{Role: flow.Requester, Act: flow.Submit, Activities: []int{1}},
			{Role: flow.Role(provisioning.Director), Act: flow.Turn, Activities: []int{2}, Exits: decides},
			{Role: flow.Role(provisioning.Subdirector), Act: flow.Authorize, Activities: []int{3, 4}, Exits: decides},
			{Role: flow.Software, Act: flow.Act(provisioning.AccountPending), Activities: []int{5, 6}, Exits: stops},
			{Role: flow.Software, Act: flow.Act(provisioning.AccountRecorded), Activities: []int{10}, Exits: stops},
			{Role: flow.Sender, Act: flow.Send, Activities: []int{11}},
		},
	}
	recovers := flow.Flow{
		Kind: recovery.Kind, Cancels: true, Expire: flow.Wait{Hours: 5}, Correct: flow.Wait{Hours: 1}, Recent: 7 * 24 * time.Hour,
		Steps: []flow.Step{
			{Role: flow.Requester, Act: flow.Submit},
			{Role: flow.Role(provisioning.Subdirector), Act: flow.Authorize, Exits: decides},
			{Role: flow.Software, Act: flow.Act(provisioning.AccountPending), Exits: []flow.Event{flow.Attention}},
		},
	}
	g.add("flow", g.t.Flow(creates, FlowPicture{
		Chart: g.t.Chart(creates), PNG: "https://altas.example.mx/flujo.png", Page: "https://altas.example.mx/flujo.svg",
	}))
	g.add("flow-recovery", g.t.Flow(recovers, FlowPicture{Chart: g.t.Chart(recovers), PNG: samplePicture}))
}
