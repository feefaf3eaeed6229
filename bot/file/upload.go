package file

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"
)

// maxUploads is how many files are uploaded at once: each takes one of the replies that may be sent
// at once (bot/turn), and its size in memory. Further ones fail at once, and are asked for again.
const maxUploads = 32

// uploadWithin bounds one upload; a reply may take three minutes.
const uploadWithin = 2 * time.Minute

// upload puts the whole content to the address of an upload. No token is sent: the address is the
// permission. Errors contain no address.
// https://learn.microsoft.com/graph/api/driveitem-createuploadsession#upload-bytes-to-the-upload-session
func (f *Files) upload(ctx context.Context, address string, data []byte) error {
	if len(data) == 0 || len(data) > MaxSize {
		return fmt.Errorf("upload: %d bytes, want 1 to %d", len(data), MaxSize)
	}
	select {
	case f.slots <- struct{}{}:
		defer func() { <-f.slots }()
	default:
		return errors.New("upload: too many at once")
	}
	ctx, cancel := context.WithTimeout(ctx, uploadWithin)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, address, bytes.NewReader(data))
	if err != nil {
		return errors.New("upload: unusable address")
	}
	req.Header.Set("Content-Type", "application/octet-stream")
	req.Header.Set("Content-Range", fmt.Sprintf("bytes 0-%d/%d", len(data)-1, len(data)))
	resp, err := f.client.Do(req)
	if err != nil {
		return fmt.Errorf("upload to %s: %w", req.URL.Host, withoutAddress(err))
	}
	defer resp.Body.Close()
	_, _ = io.CopyN(io.Discard, resp.Body, 64<<10) // so that the connection is used again
	if resp.StatusCode != http.StatusOK && resp.StatusCode != http.StatusCreated {
		return fmt.Errorf("upload to %s: status %d", req.URL.Host, resp.StatusCode)
	}
	return nil
}

// withoutAddress returns an error of an HTTP client without the address of the request.
func withoutAddress(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

// strict returns a client that follows no redirect, which could lead to a host that is not trusted,
// and sends no cookies.
func strict(given *http.Client) *http.Client {
	client := http.Client{}
	if given != nil {
		client.Transport = given.Transport
	}
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &client
}
