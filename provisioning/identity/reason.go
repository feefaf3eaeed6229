package identity

// The reasons of errors and warnings about input: keys of the text catalogues, which have a
// sentence for each, with the arguments it may use.
const (
	reasonCURPEmpty         = "curp.empty"
	reasonCURPLength        = "curp.length"    // got, want
	reasonCURPCharacter     = "curp.character" // position, character
	reasonCURPLetter        = "curp.letter"    // position, character
	reasonCURPVowel         = "curp.vowel"     // position, character
	reasonCURPConsonant     = "curp.consonant" // position, character
	reasonCURPDigit         = "curp.digit"     // position, character
	reasonCURPSex           = "curp.sex"       // position, character
	reasonCURPEntity        = "curp.entity"    // entity
	reasonCURPDate          = "curp.date"      // date, dd/mm/yy
	reasonCURPCheckDigit    = "curp.check_digit"
	reasonCURPGivenNames    = "curp.given_names_mismatch"
	reasonCURPFirstSurname  = "curp.first_surname_mismatch"
	reasonCURPSecondSurname = "curp.second_surname_mismatch"
	reasonCURPGeneric       = "curp.generic"
	reasonCURPFuture        = "curp.future_birth"
	reasonCURPMinorTeacher  = "curp.minor_teacher" // age

	reasonCCTEmpty       = "cct.empty"
	reasonCCTLength      = "cct.length"    // got, want
	reasonCCTCharacter   = "cct.character" // position, character
	reasonCCTLetter      = "cct.letter"    // position, character
	reasonCCTDigit       = "cct.digit"     // position, character
	reasonCCTCheckLetter = "cct.check_letter"
	reasonCCTOtherEntity = "cct.other_entity" // entity

	reasonAddressLetters  = "address.no_latin_letters"
	reasonAddressLong     = "address.too_long"
	reasonAddressNone     = "address.none"
	reasonAddressFormat   = "address.format"
	reasonAddressReserved = "address.reserved" // local
	reasonAddressDomain   = "address.domain"   // domain

)
