package provisioningtest

import (
	"cmp"
	"encoding/json"
	"reflect"
)

// Reread decodes a stored record into a type and encodes it again. It returns the JSON values
// before and after, to be compared: a field that the type lacks is missing after.
func Reread(raw []byte, into reflect.Type) (was, is any, err error) {
	v := reflect.New(into)
	if err := json.Unmarshal(raw, v.Interface()); err != nil {
		return nil, nil, err
	}
	again, err := json.Marshal(v.Interface())
	if err != nil {
		return nil, nil, err
	}
	err = cmp.Or(json.Unmarshal(raw, &was), json.Unmarshal(again, &is))
	return was, is, err
}
