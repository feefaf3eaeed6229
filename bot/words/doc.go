// Package words parses what people type: which request, line or people a text is about, and
// whether it is ambiguous. It uses neither store nor network.
//
// A command is carried out only if its text is unambiguous. A question, a text that trails off,
// and one with parts that are not understood decide nothing.
package words
