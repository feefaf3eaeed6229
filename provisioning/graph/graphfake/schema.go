package graphfake

import (
	_ "embed"
	"encoding/xml"
	"fmt"
	"maps"
	"strings"
	"sync"
)

//go:embed schema.xml
var schemaXML []byte

// schema is the part of Microsoft's metadata against which bodies are checked.
type schema struct {
	rules
	types   map[string]*entityType
	enums   map[string]map[string]bool
	actions map[string]*entityType // an action's parameters, as properties of a type
}

type entityType struct {
	name  string
	props map[string]property
}

type property struct {
	kind       string // Edm.String, graph.passwordProfile …
	collection bool
	nullable   bool
}

type xmlType struct {
	Name       string        `xml:"Name,attr"`
	BaseType   string        `xml:"BaseType,attr"`
	Properties []xmlProperty `xml:"Property"`
	Parameters []xmlProperty `xml:"Parameter"`
	Members    []xmlProperty `xml:"Member"`
}

type xmlProperty struct {
	Name     string `xml:"Name,attr"`
	Type     string `xml:"Type,attr"`
	Nullable string `xml:"Nullable,attr"`
}

// microsoftSchema parses the metadata once for all tenants; it is not modified.
var microsoftSchema = sync.OnceValues(func() (*schema, error) { return parseSchema(schemaXML) })

func parseSchema(data []byte) (*schema, error) {
	var doc struct {
		Entities  []xmlType `xml:"EntityType"`
		Complexes []xmlType `xml:"ComplexType"`
		Enums     []xmlType `xml:"EnumType"`
		Actions   []xmlType `xml:"Action"`
	}
	if err := xml.Unmarshal(data, &doc); err != nil {
		return nil, fmt.Errorf("graphfake: read schema: %w", err)
	}
	s := &schema{rules: newRules(), types: map[string]*entityType{}, enums: map[string]map[string]bool{}, actions: map[string]*entityType{}}
	for _, x := range append(doc.Entities, doc.Complexes...) {
		s.types[x.Name] = newType(x.Name, x.Properties)
	}
	for _, x := range doc.Entities {
		s.inherit(x)
	}
	for _, x := range doc.Enums {
		s.enums[x.Name] = map[string]bool{}
		for _, m := range x.Members {
			s.enums[x.Name][m.Name] = true
		}
	}
	for _, x := range doc.Actions {
		s.actions[x.Name] = newType(x.Name, x.Parameters)
		delete(s.actions[x.Name].props, "bindingParameter")
	}
	return s, nil
}

// inherit copies the properties of the base types, entity and directoryObject.
func (s *schema) inherit(x xmlType) {
	for _, base := range []string{strings.TrimPrefix(x.BaseType, "graph."), "entity"} {
		if b := s.types[base]; b != nil {
			maps.Copy(s.types[x.Name].props, b.props)
		}
	}
}

func newType(name string, props []xmlProperty) *entityType {
	t := &entityType{name: name, props: map[string]property{}}
	for _, p := range props {
		kind, isCollection := strings.CutPrefix(p.Type, "Collection(")
		t.props[p.Name] = property{
			kind:       strings.TrimSuffix(kind, ")"),
			collection: isCollection,
			nullable:   p.Nullable != "false",
		}
	}
	return t
}
