package input

// The reasons of errors and warnings about input: keys of the text catalogues, which have a
// sentence for each, with the arguments it may use.
const (
	reasonNameEmpty     = "name.empty"
	reasonNameLength    = "name.length"    // max, got
	reasonNameDigit     = "name.digit"     // character
	reasonNameCharacter = "name.character" // character
	reasonNameInvisible = "name.invisible"
	reasonNameScript    = "name.script" // character

	reasonMediumUnknown  = "medium.unknown"
	reasonOficioEmpty    = "oficio.empty"
	reasonDateFormat     = "date.format"
	reasonDateFuture     = "date.future"
	reasonDateOld        = "date.old"
	reasonPhoneFormat    = "phone.format"
	reasonPhoneLength    = "phone.length" // got
	reasonEmployeeNumber = "employee_number.format"
	reasonTextEmpty      = "text.empty"
	reasonTextLength     = "text.length"    // max, got
	reasonTextCharacter  = "text.character" // character
)
