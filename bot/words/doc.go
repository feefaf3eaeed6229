// Package words reads what people type: which request, line or people their words are
// about, and whether they leave room for doubt. It knows neither store nor network.
//
// Words are an act only where they are beyond doubt. What asks, trails off or is followed by
// something that is not understood decides nothing.
package words
