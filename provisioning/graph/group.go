package graph

import (
	"context"
	"slices"

	"github.com/microsoftgraph/msgraph-sdk-go/groups"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
	"github.com/microsoftgraph/msgraph-sdk-go/users"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// maxGroups is the maximum number of groups in one checkMemberGroups.
const maxGroups = 20

// MemberOf returns those of the groups (object ids) of which the person is a member.
func (c *Client) MemberOf(ctx context.Context, objectID string, groupIDs []string) ([]string, error) {
	var member []string
	for chunk := range slices.Chunk(groupIDs, maxGroups) {
		body := users.NewItemCheckMemberGroupsPostRequestBody()
		body.SetGroupIds(chunk)
		info, err := c.users().ByUserId(objectID).CheckMemberGroups().ToPostRequestInformation(ctx, body, nil)
		r, err := c.ask(ctx, info, err, readGroups)
		if err != nil {
			return nil, err
		}
		page, err := decode[users.ItemCheckMemberGroupsPostResponseable](c, r, users.CreateItemCheckMemberGroupsPostResponseFromDiscriminatorValue)
		if err != nil {
			return nil, err
		}
		member = append(member, page.GetValue()...)
	}
	return member, nil
}

// Join adds the user to the groups, concurrently. Being a member already is no error. Of several
// errors a permanent one is returned.
func (c *Client) Join(ctx context.Context, objectID string, groupIDs []string) error {
	failures := make(chan error, len(groupIDs))
	for _, id := range groupIDs {
		go func() { failures <- c.join(ctx, objectID, id) }()
	}
	var worst error
	for range groupIDs {
		if err := <-failures; err != nil && (worst == nil || job.IsPermanent(err)) {
			worst = err
		}
	}
	return worst
}

func (c *Client) join(ctx context.Context, objectID, group string) error {
	reference := models.NewReferenceCreate()
	target := c.config.URL + "/directoryObjects/" + objectID
	reference.SetOdataId(&target)
	path := c.path()
	path["group%2Did"] = group
	info, err := groups.NewItemMembersRefRequestBuilderInternal(path, c.adapter).ToPostRequestInformation(ctx, reference, nil)
	_, err = c.ask(ctx, info, err, writeIdempotent)
	if problem.ReasonOf(err) == provisioning.DirectoryAddressTaken {
		return nil // "added object references already exist": already a member
	}
	return notReady(err)
}
