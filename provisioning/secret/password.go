package secret

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Password is a temporary password. Printed, logged or encoded it is "[redacted]"; only Reveal
// returns it. It is behind a pointer so that fmt, which also prints unexported fields, prints an
// address. The zero value has none.
type Password struct {
	secret *string
}

const redacted = "[redacted]"

// Reveal returns the password, "" for the zero value.
func (p Password) Reveal() string {
	if p.secret == nil {
		return ""
	}
	return *p.secret
}

// String returns "[redacted]".
func (p Password) String() string { return redacted }

// GoString returns "[redacted]".
func (p Password) GoString() string { return redacted }

// Format writes "[redacted]" for every verb.
func (p Password) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, redacted) }

// LogValue returns "[redacted]".
func (p Password) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText returns "[redacted]", for every encoding.
func (p Password) MarshalText() ([]byte, error) { return []byte(redacted), nil }

// MarshalJSON returns "[redacted]" as a JSON string.
func (p Password) MarshalJSON() ([]byte, error) { return []byte(`"` + redacted + `"`), nil }

// syllables are read and spelled in one way in Spanish, so that a password can be dictated: of b
// and v only b, of c, s and z only s, no g or j before e and i, no h but in ch, and no l, which
// looks like I and 1.
const syllables = `
	ba be bi bo bu  da de di do du  fa fe fi fo fu  ga go gu  ka ke ki ko ku  ma me mi mo mu
	na ne ni no nu  pa pe pi po pu  ra re ri ro ru  sa se si so su  ta te ti to tu  cha che chi cho chu`

const (
	passwordSymbols = "+-*=#@%?"
	passwordDigits  = "23456789"
)

// rude are the words that syllables must not form, in the spelling of syllables.
const rude = `
	kaka kago kaga kagu kaki kuka puta puto putu peda pedo pene pito pipi popo pupu teta teto tete mame mamo mamada
	nako naka meko meka moko kogo chichi chicha chocho choche pucha puche puchi bobo boba tarado tarada marika mariko
	sopeka rata roba robo mata sida seno feto buso fuku fuka fuko kuni niga nigu dike kike sado puke susi nasi fasi`

// maxDraws limits the draws of NewPassword. For long names one draw in four is refused; a thousand
// in a row means another fault.
const maxDraws = 1000

// NewPassword draws a password such as "Badofuga+Kimotare4827": two words of four syllables, a
// symbol between them, four digits. random is crypto/rand.Reader except in tests.
//
// Entropy: 8 of 58 syllables, 1 of 8 symbols, 4 of 8 digits, each drawn uniformly: 8·log2(58) + 3 +
// 4·3 = 46.8 + 15 = 61.8 bits. Draws refused because of avoid cost the logarithm of their share,
// 0.5 bits for long names; if two in three were refused, 60 would remain.
//
// It contains no three consecutive letters or digits of anything in avoid (the holder's names and
// address: the directory refuses passwords that contain them), no rude word, and none of 0 O 1 l I.
// It has all four classes of characters and is 21 to 29 ASCII characters long. The error is
// random's, or that no draw was acceptable.
func NewPassword(random io.Reader, avoid ...string) (Password, error) {
	refused := append(piecesOf(avoid), strings.Fields(rude)...)
	for range maxDraws {
		secret, err := drawPassword(random)
		if err != nil {
			return Password{}, fmt.Errorf("draw password: %w", err)
		}
		if !holdsAny(secret, refused) {
			return Password{&secret}, nil
		}
	}
	return Password{}, errors.New("draw password: every draw held a piece of the names")
}

func drawPassword(random io.Reader) (string, error) {
	d, sounds := dice{random: random}, strings.Fields(syllables)
	word := func() string {
		w := d.pick(sounds) + d.pick(sounds) + d.pick(sounds) + d.pick(sounds)
		return strings.ToUpper(w[:1]) + w[1:]
	}
	digits := strings.Split(passwordDigits, "")
	secret := word() + d.pick(strings.Split(passwordSymbols, "")) + word() +
		d.pick(digits) + d.pick(digits) + d.pick(digits) + d.pick(digits)
	return secret, d.err
}

// dice draws uniformly; err is the first failure of random.
type dice struct {
	random io.Reader
	err    error
}

// pick returns one of at most 256 choices. Bytes above the last whole multiple of their number are
// drawn again, so that all are equally likely.
func (d *dice) pick(choices []string) string {
	n := len(choices)
	var b [1]byte
	for d.err == nil {
		if _, d.err = io.ReadFull(d.random, b[:]); d.err == nil && int(b[0]) < 256-256%n {
			return choices[int(b[0])%n]
		}
	}
	return choices[0]
}

// piecesOf returns every three consecutive letters or digits of the texts.
func piecesOf(texts []string) []string {
	var pieces []string
	for _, text := range texts {
		for _, word := range input.PlainWords(text) {
			for i := 0; i+3 <= len(word); i++ {
				pieces = append(pieces, word[i:i+3])
			}
		}
	}
	return pieces
}

func holdsAny(secret string, pieces []string) bool {
	secret = strings.ToLower(secret)
	for _, piece := range pieces {
		if strings.Contains(secret, piece) {
			return true
		}
	}
	return false
}
