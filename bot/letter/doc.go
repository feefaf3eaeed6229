// Package letter gives people the oficio de respuesta: its card in the office's channel, by which it
// is numbered, marked as sent and annulled; its file, through Teams or by a link; and the page on
// which its code is verified.
package letter
