package reconcile

import (
	"context"
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Mend mends a difference that needs no judgement, and reports whether it is
// mended: our line and its row are made to say what the directory says. What
// concerns accounts stays for the head of department. Doing it twice equals once.
func Mend(ctx context.Context, p *provisioning.Executor, d Difference) (bool, error) {
	var err error
	switch {
	case d.Kind == RowMissing, d.Kind == AddressDiffers && d.Line == d.User:
	case d.Kind == AddressDiffers && d.Line.Domain() == d.User.Domain():
		err = p.Renamed(ctx, d.Stamp, d.ObjectID, d.User)
	case d.Kind == StateDiffers:
		err = p.Sighted(ctx, d.Stamp, d.State != provisioning.ReceiptDisabled)
	default:
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("note what the directory says of %s: %w", d.Stamp, err)
	}
	if err := p.Receipt(ctx, job.Job{Kind: provisioning.JobReceipt, Key: string(d.Stamp)}); err != nil {
		return false, err
	}
	return true, nil
}
